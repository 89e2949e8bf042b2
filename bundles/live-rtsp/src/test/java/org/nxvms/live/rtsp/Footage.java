// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.nxvms.media.ClockSource;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
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
    /** What a call of the archive, or a read of a file of it, ends with instead of its answer. */
    volatile Function<String, Optional<Exception>> trouble = call -> Optional.empty();

    /** Whether nothing is left of it. */
    volatile boolean forgotten;

    private volatile int archives;
    private volatile Archive archive = made();
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

    /** {@return the same footage by another archive; files that were opened by those before are closed} */
    Archive exchanged() {
        archives++;
        archive = made();
        return archive;
    }

    Archive archive() {
        return archive;
    }

    private void stumble(String call) throws Exception {
        Optional<Exception> now = trouble.apply(call);
        if (now.isPresent()) {
            throw now.get();
        }
    }

    private Archive made() {
        return (Archive) Proxy.newProxyInstance(
                Footage.class.getClassLoader(), new Class<?>[] {Archive.class}, (proxy, method, arguments) -> {
                    stumble(method.getName());
                    return answer(method.getName(), arguments);
                });
    }

    private Object answer(String call, Object[] arguments) {
        return switch (call) {
            case "segments" -> overlapping((long) arguments[1], (long) arguments[2], (int) arguments[3]);
            case "streams" -> forgotten ? List.of() : List.of(StreamId.main((UUID) arguments[0]));
            case "index" -> indexes.get(arguments[0]);
            case "init" -> Optional.of(InitSegment.build(format));
            case "open" -> new Bytes(files.get(arguments[0]), archives);
            case "range" -> Optional.of(new Archive.TimeRange(segments.get(0).startUs(), startUs));
            default -> throw new UnsupportedOperationException(call);
        };
    }

    private List<Segment> overlapping(long fromUs, long toUs, int limit) {
        return segments.stream()
                .filter(segment -> segment.startUs() < toUs && segment.endUs() > fromUs)
                .limit(limit)
                .toList();
    }

    private final class Bytes implements Archive.SegmentBytes {
        private final byte[] file;
        private final int opener;

        Bytes(byte[] file, int opener) {
            this.file = file;
            this.opener = opener;
        }

        @Override
        public long size() {
            return file.length;
        }

        @Override
        public int read(ByteBuffer target, long offset) throws IOException {
            if (opener != archives) {
                throw new ClosedChannelException();
            }
            Optional<Exception> now = trouble.apply("read");
            if (now.isPresent()) {
                throw (IOException) now.get();
            }
            // A little at a time, as a disk may.
            int bytes = Math.min(Math.min(700, target.remaining()), file.length - (int) offset);
            target.put(file, (int) offset, bytes);
            return bytes;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
