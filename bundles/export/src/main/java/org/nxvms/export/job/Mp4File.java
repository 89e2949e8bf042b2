// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.export.cut.Fragments;
import org.nxvms.export.cut.Group;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.fmp4.InitSegment;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.rest.kit.problem.Times;

/** An MP4 file of a package while it is written: footage of one format, and what was encoded anew to fit it. One thread. */
final class Mp4File {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    final PackageFile file;
    private final String initId;
    private final Optional<Group.Made> made;
    private final StreamFormat format;
    private final FragmentTimes times;

    private Mp4File(PackageFile file, String initId, Optional<Group.Made> made, StreamFormat format) {
        this.file = file;
        this.initId = initId;
        this.made = made;
        this.format = format;
        this.times = new FragmentTimes(format);
    }

    /** {@return the name of a file with footage from then on} */
    static String name(long startUs) {
        return NAME.format(Times.instant(startUs)) + ".mp4";
    }

    /**
     * Begins one.
     *
     * @param init of the footage
     * @param made of what was encoded anew and stands at its beginning
     */
    static Mp4File begin(PackageFile file, String initId, byte[] init, Optional<Group.Made> made)
            throws IOException, Toll.UnwantedException, Mp4Exception {
        StreamFormat format = made.isPresent()
                ? made.get().format()
                : InitReader.read(ByteBuffer.wrap(init)).format();
        file.write(ByteBuffer.wrap(made.isPresent() ? InitSegment.build(format) : init));
        return new Mp4File(file, initId, made, format);
    }

    /** {@return whether footage of this format can follow in it, as it was recorded} */
    boolean takes(String otherInitId) {
        return initId.equals(otherInitId) && made.map(Group.Made::joins).orElse(true);
    }

    /** {@return whether what was encoded anew can follow in it} */
    boolean takes(String otherInitId, Optional<Group.Made> anew) {
        return anew.isEmpty() ? takes(otherInitId) : initId.equals(otherInitId) && made.equals(anew);
    }

    /**
     * Copies a fragment.
     *
     * @param moof of it, and within it; is changed
     */
    void copy(ByteBuffer fragment, ByteBuffer moof, UUID runId, FragmentEntry entry)
            throws IOException, Toll.UnwantedException, Mp4Exception {
        times.place(moof, runId, entry);
        file.write(fragment);
        file.covers(entry);
    }

    /** Writes a fragment of its own. */
    void write(Group.Part part, UUID runId) throws IOException, Toll.UnwantedException, Mp4Exception {
        ByteBuffer fragment = Fragments.fragment(format, part.samples());
        FragmentEntry entry = new FragmentEntry(
                0, fragment.remaining(), part.fromUs(), part.toUs() - part.fromUs(), true, part.leading());
        copy(fragment, fragment.slice(0, fragment.getInt(0)), runId, entry);
        if (part.made().isPresent()) {
            file.encoded(part.fromUs(), part.toUs());
        }
    }

    /** Ends it; {@return what there is of it, if there is any} */
    Optional<Done> end() throws IOException {
        if (file.hasFootage()) {
            return Optional.of(file.end(times.anchors()));
        }
        // Its only fragments were damaged.
        file.drop();
        return Optional.empty();
    }
}
