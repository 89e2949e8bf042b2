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
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.rest.kit.problem.Times;

/** A file of a package while it is written: footage of one format, and what was encoded anew to fit it. One thread. */
final class FootageFile {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    final PackageFile file;
    private final String initId;
    private final Optional<Group.Made> made;
    private final StreamFormat format;
    private final Container container;
    private final FragmentTimes times;

    private FootageFile(
            PackageFile file, String initId, Optional<Group.Made> made, StreamFormat format, Container container) {
        this.file = file;
        this.initId = initId;
        this.made = made;
        this.format = format;
        this.container = container;
        this.times = new FragmentTimes(format);
    }

    /** {@return the name of a file with footage from then on, as far as its dot} */
    static String name(long startUs) {
        return NAME.format(Times.instant(startUs));
    }

    /**
     * Begins one.
     *
     * @param init of the footage
     */
    static FootageFile begin(PackageFile file, String initId, byte[] init, Beginning beginning)
            throws IOException, Toll.UnwantedException, Mp4Exception {
        Optional<Group.Made> made = beginning.made();
        StreamFormat format = made.isPresent()
                ? made.get().format()
                : InitReader.read(ByteBuffer.wrap(init)).format();
        Container container = beginning
                .maker()
                .of(new Container.Content(
                        format, made.isPresent() ? Optional.empty() : Optional.of(init), beginning.startUs()));
        file.write(container.begin());
        return new FootageFile(file, initId, made, format, container);
    }

    /**
     * How a file begins.
     *
     * @param maker of its container
     * @param startUs wall time of its first picture
     * @param made of what was encoded anew and stands at its beginning
     */
    record Beginning(Container.Maker maker, long startUs, Optional<Group.Made> made) {}

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
        file.write(container.of(fragment));
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
    Optional<PackageFile.Ended> end() throws IOException, Toll.UnwantedException {
        if (file.hasFootage()) {
            file.write(container.end());
            return Optional.of(file.end(times.anchors(), container.beginning()));
        }
        // Its only fragments were damaged.
        file.drop();
        return Optional.empty();
    }
}
