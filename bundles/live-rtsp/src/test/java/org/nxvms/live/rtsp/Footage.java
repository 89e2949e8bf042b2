// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.media.ClockSource;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.fmp4.InitSegment;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;

/** Footage in memory as the archive keeps it: 25 pictures a second, a group each {@link Stage#GOP}, two fragments a group. */
final class Footage {
    static final long PICTURE_US = 40_000;
    private static final int PICTURE_BYTES = 3_000;
    private static final int FRAGMENT_PICTURES = Stage.GOP / 2;
    private static final String INIT = "ab";

    private final StreamFormat format = new StreamFormat(List.of(Stage.H264, Stage.G711));
    private final List<Segment> segments = new ArrayList<>();
    private final Map<UUID, byte[]> files = new HashMap<>();
    private final Map<UUID, List<FragmentEntry>> indexes = new HashMap<>();
    private int picture;
    private UUID runId = UUID.randomUUID();
    private long inRun;
    private int sequence;
    private long startUs = Stage.START_US;

    /** Nothing was recorded for so long. */
    Footage gap(long us) {
        startUs += us;
        runId = UUID.randomUUID();
        inRun = 0;
        sequence = 0;
        return this;
    }

    /** A segment of so many groups of pictures, with sound. */
    Footage segment(int groups) {
        ByteBuffer file = ByteBuffer.allocate(1 << 20);
        file.put(InitSegment.build(format));
        List<FragmentEntry> index = new ArrayList<>();
        long from = startUs;
        for (int i = 0; i < 2 * groups; i++) {
            index.add(fragment(file, i));
        }
        UUID id = UUID.randomUUID();
        byte[] bytes = new byte[file.position()];
        file.get(0, bytes);
        files.put(id, bytes);
        indexes.put(id, index);
        segments.add(new Segment(
                id,
                Stage.MAIN,
                new UUID(0, 1),
                new UUID(0, 2),
                "p",
                runId,
                sequence++,
                from,
                startUs,
                bytes.length,
                false,
                INIT,
                600,
                "avc1.640028,alaw",
                1920,
                1080,
                true,
                ClockSource.ARRIVAL,
                0,
                Optional.empty()));
        return this;
    }

    private FragmentEntry fragment(ByteBuffer file, int number) {
        FragmentBuilder builder = new FragmentBuilder(2, 64);
        builder.begin(number + 1);
        ByteBuffer data = ByteBuffer.allocate(1 << 16);
        for (int i = 0; i < FRAGMENT_PICTURES; i++) {
            boolean key = inRun % Stage.GOP == 0;
            builder.add(0, inRun * 3_600, inRun * 3_600, PICTURE_BYTES, key);
            int at = data.position();
            data.putInt(PICTURE_BYTES - 4)
                    .put((byte) (key ? 0x65 : 0x41))
                    .put((byte) 0x88)
                    .putInt(picture++);
            data.position(at + PICTURE_BYTES);
            builder.add(1, inRun * 320, inRun * 320, 320, true);
            data.position(data.position() + 320);
            inRun++;
        }
        builder.wallClock(startUs);
        int at = file.position();
        builder.writeHeader(file);
        file.put(data.flip());
        FragmentEntry entry = new FragmentEntry(
                at, file.position() - at, startUs, FRAGMENT_PICTURES * PICTURE_US, number % 2 == 0, FRAGMENT_PICTURES);
        startUs += FRAGMENT_PICTURES * PICTURE_US;
        return entry;
    }

    Archive archive() {
        return (Archive) Proxy.newProxyInstance(
                Footage.class.getClassLoader(),
                new Class<?>[] {Archive.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "segments" -> overlapping((long) arguments[1], (long) arguments[2], (int) arguments[3]);
                    case "index" -> indexes.get(arguments[0]);
                    case "init" -> Optional.of(InitSegment.build(format));
                    case "open" -> new Bytes(files.get(arguments[0]));
                    case "range" ->
                        Optional.of(new Archive.TimeRange(segments.get(0).startUs(), startUs));
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private List<Segment> overlapping(long fromUs, long toUs, int limit) {
        return segments.stream()
                .filter(segment -> segment.startUs() < toUs && segment.endUs() > fromUs)
                .limit(limit)
                .toList();
    }

    private record Bytes(byte[] file) implements Archive.SegmentBytes {
        @Override
        public long size() {
            return file.length;
        }

        @Override
        public int read(ByteBuffer target, long offset) {
            // A little at a time, as a disk may.
            int bytes = Math.min(Math.min(700, target.remaining()), file.length - (int) offset);
            target.put(file, (int) offset, bytes);
            return bytes;
        }

        @Override
        public long transferTo(long offset, long length, WritableByteChannel target) {
            throw new UnsupportedOperationException("not here");
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
