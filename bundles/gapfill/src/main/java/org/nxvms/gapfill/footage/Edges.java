// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.footage;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;

/** What the archive has beside a gap: the last picture before it, and the first one behind it. Blocks on disk. */
public final class Edges {
    /** Pictures of minutes without a key frame are not looked through for the one that they begin with. */
    private static final int FRAGMENTS_MAX = 600;

    private final Archive archive;

    public Edges(Archive archive) {
        this.archive = archive;
    }

    /**
     * A picture that the archive has.
     *
     * @param timeUs by the server's clock
     * @param hash as {@link PictureHash}
     * @param keyUs when its key frame was, by the server's clock; of a run that has a lead, not before the run
     * @param keyHash that key frame's
     * @param behindKey how many pictures later it was than that
     */
    public record Known(long timeUs, String hash, long keyUs, String keyHash, int behindKey) {}

    /** {@return the last picture of a segment; empty when it is of another codec, or of no key frame} */
    public Optional<Known> last(Segment segment) throws IOException, Mp4Exception {
        Reading reading = new Reading(segment);
        List<FragmentEntry> all = archive.index(segment.id());
        int begin = all.size() - 1;
        while (begin >= 0 && !all.get(begin).key() && all.size() - begin < FRAGMENTS_MAX) {
            begin--;
        }
        if (reading.codec.isEmpty() || begin < 0 || !all.get(begin).key()) {
            return Optional.empty();
        }
        Picture key = reading.pictures(all.get(begin)).get(0);
        List<Picture> end = reading.pictures(all.get(all.size() - 1));
        Picture last = end.get(end.size() - 1);
        int pictures = all.subList(begin, all.size()).stream()
                .mapToInt(FragmentEntry::accessUnits)
                .sum();
        return Optional.of(new Known(last.timeUs(), reading.hash(last), key.timeUs(), reading.hash(key), pictures - 1));
    }

    /** {@return the first picture of a segment; empty when it is of another codec, or no key frame} */
    public Optional<Known> first(Segment segment) throws IOException, Mp4Exception {
        Reading reading = new Reading(segment);
        List<FragmentEntry> all = archive.index(segment.id());
        if (reading.codec.isEmpty() || all.isEmpty() || !all.get(0).key()) {
            return Optional.empty();
        }
        Picture key = reading.pictures(all.get(0)).get(0);
        String hash = reading.hash(key);
        return Optional.of(new Known(key.timeUs(), hash, key.timeUs(), hash, 0));
    }

    private final class Reading {
        private final Segment segment;
        private final StreamFormat format;
        private final Optional<Codec> codec;

        Reading(Segment segment) throws IOException, Mp4Exception {
            this.segment = segment;
            byte[] init = archive.init(segment.initId())
                    .orElseThrow(() -> new IOException("how segment " + segment.id() + " begins is not there"));
            this.format = InitReader.read(ByteBuffer.wrap(init)).format();
            this.codec = format.video().map(TrackFormat::codec).filter(one -> one == Codec.H264 || one == Codec.HEVC);
        }

        String hash(Picture picture) {
            return PictureHash.of(codec.orElseThrow(), picture.data());
        }

        List<Picture> pictures(FragmentEntry fragment) throws IOException, Mp4Exception {
            ByteBuffer bytes = ByteBuffer.allocate(fragment.length());
            try (Archive.SegmentBytes file = archive.open(segment.id())) {
                while (bytes.hasRemaining()) {
                    if (file.read(bytes, fragment.offset() + bytes.position()) < 0) {
                        throw new EOFException("segment " + segment.id() + " is shorter than its index says");
                    }
                }
            }
            List<Picture> pictures = new ArrayList<>(FragmentPictures.of(format, bytes.flip(), fragment.startUs()));
            if (pictures.isEmpty()) {
                throw new Mp4Exception("segment " + segment.id() + " has a fragment without pictures");
            }
            return pictures;
        }
    }
}
