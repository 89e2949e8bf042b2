// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.thumbnail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.nxvms.media.StreamId;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;

/** Finds key frames in the archive and reads them. Any thread; blocks on disk and database. */
public final class KeyFrames {
    /** As far from a moment without footage its picture may be: the rounding of times, and of the grid. */
    static final long NEAR_US = 2_000_000;

    private static final int SEGMENTS_MAX = 64;
    /** Sealed segments whose key frames are remembered; about 20 KB each. */
    private static final int REMEMBERED_MAX = 64;
    /** What one still takes; see {@code StillOrder} of the media worker. */
    private static final int PICTURE_BYTES_MAX = 8 << 20;

    private static final int BOX_BYTES = 8;
    private static final int MOOF = 0x6d6f6f66;
    /** Before the {@code moof} stand a {@code prft} and, of footage that is encrypted, the box of its cipher. */
    private static final int BOXES_MAX = 3;

    private final Map<UUID, List<FragmentEntry>> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, List<FragmentEntry>> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    /** One coded picture. */
    public record Picture(TrackFormat track, ByteBuffer bytes) {}

    /** Where a picture lies in its segment, and its times. */
    private record Place(SampleTable table, int number, long offset) {}

    /** {@return all key frames of a segment, of one that grows those so far; none when it is gone} */
    public List<KeyFrame> of(Archive archive, Segment segment) throws IOException {
        return keys(archive, segment).stream()
                .map(fragment -> KeyFrame.of(segment, fragment))
                .toList();
    }

    /** {@return the key frame that begins at an offset of a segment; empty when none does} */
    public Optional<KeyFrame> at(Archive archive, Segment segment, long offset) throws IOException {
        return keys(archive, segment).stream()
                .filter(fragment -> fragment.offset() == offset)
                .findFirst()
                .map(fragment -> KeyFrame.of(segment, fragment));
    }

    /**
     * {@return a fragment of the key frame alone, for players that show nothing else: {@code prft moof mdat}}
     *
     * @throws NoSuchFileException when its segment is gone
     * @throws Mp4Exception when what lies there is no picture
     */
    public ByteBuffer alone(Archive archive, KeyFrame frame) throws IOException, Mp4Exception {
        List<TrackFormat> tracks = tracks(archive, frame.initId());
        int video = video(tracks);
        try (Archive.SegmentBytes bytes = archive.open(frame.segmentId())) {
            bytes.check(frame.offset());
            Place place = place(bytes, frame, video);
            int size = place.table().size()[place.number()];
            long decoded = place.table().decodeTime()[place.number()];
            FragmentBuilder builder = new FragmentBuilder(tracks.size(), 1);
            builder.begin(1);
            builder.wallClock(frame.startUs());
            builder.add(video, decoded, place.table().presentationTime()[place.number()], size, true);
            builder.endAt(video, decoded + Integer.toUnsignedLong(place.table().duration()[place.number()]));
            ByteBuffer fragment = ByteBuffer.allocate(builder.headerBytes() + size);
            builder.writeHeader(fragment);
            return fragment.put(read(bytes, place.offset(), size, frame.offset() + frame.length()))
                    .flip();
        }
    }

    /**
     * {@return the key frame nearest to a moment: of the segment that has it, else of those that begin or end not far from it;
     * empty when there is none}
     */
    Optional<KeyFrame> nearest(Archive archive, StreamId stream, long atUs) throws IOException {
        List<KeyFrame> near = new ArrayList<>();
        for (Segment segment : archive.segments(stream, atUs - NEAR_US, atUs + NEAR_US, SEGMENTS_MAX)) {
            Optional<KeyFrame> here = keys(archive, segment).stream()
                    .min(Comparator.comparingLong(fragment -> Math.abs(fragment.startUs() - atUs)))
                    .map(fragment -> KeyFrame.of(segment, fragment));
            if (here.isPresent() && segment.startUs() <= atUs && segment.endUs() > atUs) {
                return here;
            }
            here.ifPresent(near::add);
        }
        return near.stream()
                .filter(frame -> Math.abs(frame.startUs() - atUs) <= NEAR_US)
                .min(Comparator.comparingLong(frame -> Math.abs(frame.startUs() - atUs)));
    }

    private List<FragmentEntry> keys(Archive archive, Segment segment) throws IOException {
        if (!segment.open()) {
            synchronized (remembered) {
                List<FragmentEntry> keys = remembered.get(segment.id());
                if (keys != null) {
                    return keys;
                }
            }
        }
        List<FragmentEntry> keys;
        try {
            keys = archive.index(segment.id()).stream()
                    .filter(FragmentEntry::key)
                    .toList();
        } catch (NoSuchFileException removed) {
            // Retention removed it since it was found: there is no footage any more.
            return List.of();
        }
        if (!segment.open()) {
            synchronized (remembered) {
                remembered.put(segment.id(), keys);
            }
        }
        return keys;
    }

    /**
     * Reads a key frame.
     *
     * @throws NoSuchFileException when its segment is gone
     * @throws Mp4Exception when what lies there is no picture
     */
    public Picture read(Archive archive, KeyFrame frame) throws IOException, Mp4Exception {
        List<TrackFormat> tracks = tracks(archive, frame.initId());
        int video = video(tracks);
        try (Archive.SegmentBytes bytes = archive.open(frame.segmentId())) {
            bytes.check(frame.offset());
            Place place = place(bytes, frame, video);
            int size = place.table().size()[place.number()];
            return new Picture(tracks.get(video), read(bytes, place.offset(), size, frame.offset() + frame.length()));
        }
    }

    static List<TrackFormat> tracks(Archive archive, String initId) throws IOException, Mp4Exception {
        byte[] head = archive.init(initId).orElseThrow(() -> new NoSuchFileException(initId));
        return InitReader.read(ByteBuffer.wrap(head)).format().tracks();
    }

    static int video(List<TrackFormat> tracks) throws Mp4Exception {
        return IntStream.range(0, tracks.size())
                .filter(number -> tracks.get(number).isVideo())
                .findFirst()
                .orElseThrow(() -> new Mp4Exception("no pictures are in it"));
    }

    private static Place place(Archive.SegmentBytes bytes, KeyFrame frame, int track) throws IOException, Mp4Exception {
        Moof moof = moof(bytes, frame.offset(), frame.length());
        SampleTable table = FragmentHeader.parse(moof.bytes())
                .track(track)
                .orElseThrow(() -> new Mp4Exception("no pictures are in the fragment"));
        int key = IntStream.range(0, table.count())
                .filter(i -> table.key()[i])
                .findFirst()
                .orElseThrow(() -> new Mp4Exception("no key frame is in the fragment"));
        return new Place(table, key, moof.offset() + table.offset()[key]);
    }

    /** What describes a fragment, and where it lies in the segment. */
    public record Moof(long offset, ByteBuffer bytes) {}

    /** {@return what describes the fragment at a place of a segment} */
    public static Moof moof(Archive.SegmentBytes bytes, long offset, int length) throws IOException, Mp4Exception {
        long end = offset + length;
        long at = offset;
        for (int box = 0; box < BOXES_MAX; box++) {
            ByteBuffer header = read(bytes, at, BOX_BYTES, end);
            long size = Integer.toUnsignedLong(header.getInt());
            if (header.getInt() == MOOF) {
                if (size > FragmentHeader.MOOF_BYTES_MAX) {
                    throw new Mp4Exception("a moof of " + size + " bytes");
                }
                return new Moof(at, read(bytes, at, (int) size, end));
            }
            at += size;
        }
        throw new Mp4Exception("no moof where a fragment begins");
    }

    static ByteBuffer read(Archive.SegmentBytes bytes, long at, int length, long end) throws IOException, Mp4Exception {
        if (length < 1 || length > PICTURE_BYTES_MAX || at + length > end) {
            throw new Mp4Exception(length + " bytes at " + at + " are not within the fragment that ends at " + end);
        }
        ByteBuffer target = ByteBuffer.allocate(length);
        while (target.hasRemaining()) {
            int read = bytes.read(target, at + target.position());
            if (read <= 0) {
                throw new Mp4Exception("the segment ends within the fragment");
            }
        }
        return target.flip();
    }
}
