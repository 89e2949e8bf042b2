// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.nxvms.itests.harness.Api;
import org.nxvms.media.kit.fmp4.ChunkScan;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.SampleTable;

/**
 * Which frames a recording holds, from the footage files themselves, or as they are served: the benchmark's cameras
 * write each frame's number into it (cameras.c), and no counter of the server is asked.
 */
final class FrameNumbers {
    private static final byte[] MARK = "nxvms-bench-clip".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGITS = 10;
    /** Length of the NAL unit, its type, the SEI's type and size; then mark and digits. */
    private static final int MARK_AT = 4 + 3;

    private static final int HEAD_BYTES = MARK_AT + MARK.length + DIGITS;

    /**
     * @param frames in all files
     * @param lost numbers missing between the first and the last frame of each camera
     * @param restarts how often a camera's numbers began again: its session was lost
     * @param repeated frames that are there twice: a file begins with a key frame, and what of a GOP the file before
     *     already had is then in both
     */
    record Count(long cameras, long frames, long lost, long restarts, long repeated) {
        Count plus(Count other) {
            return new Count(
                    cameras + other.cameras,
                    frames + other.frames,
                    lost + other.lost,
                    restarts + other.restarts,
                    repeated + other.repeated);
        }
    }

    private FrameNumbers() {}

    /**
     * A frame that was found.
     *
     * @param number given by its camera
     * @param wallUs when it arrived
     */
    record Frame(long number, long wallUs) {
        /** {@return whether this one, behind that one in the files, is a frame that was written again} */
        boolean repeats(Frame before) {
            return number <= before.number && wallUs <= before.wallUs;
        }
    }

    /** Counts below a volume: {@code camera/stream/...}. */
    static Count of(Path volume) throws IOException {
        return of(byStream(volume).values());
    }

    static Count of(Collection<List<Frame>> streams) {
        Count sum = new Count(0, 0, 0, 0, 0);
        for (List<Frame> frames : streams) {
            Stretch stretch = new Stretch();
            stretch.add(frames);
            sum = sum.plus(stretch.count());
        }
        return sum;
    }

    /** {@return the frames below a volume, by {@code camera/stream}, in the order of the files} */
    static Map<Path, List<Frame>> byStream(Path volume) throws IOException {
        List<Path> chunks;
        try (Stream<Path> files = Files.walk(volume)) {
            chunks = files.filter(f -> f.getFileName().toString().endsWith(".mp4"))
                    .sorted()
                    .toList();
        }
        Map<Path, List<Frame>> byStream = new TreeMap<>();
        for (Path chunk : chunks) {
            byStream.computeIfAbsent(volume.relativize(chunk).subpath(0, 2), stream -> new ArrayList<>())
                    .addAll(frames(chunk));
        }
        return byStream;
    }

    /**
     * Counts what the server serves, for footage that lies encrypted on its volume; while it still records, so that there
     * are more frames than in the files of a server that was stopped.
     *
     * @param scratch a file that may be written
     */
    static Count served(Api api, List<String> cameras, Instant from, Path scratch) throws IOException {
        Count sum = new Count(0, 0, 0, 0, 0);
        for (String camera : cameras) {
            Stretch stretch = new Stretch();
            for (JsonNode segment : api.segments(camera, from, Instant.now())) {
                String path = "/media/v1/segments/" + segment.get("id").asText();
                stretch.add(
                        frames(Files.write(scratch, api.get(path).expect(200).bytes())));
            }
            sum = sum.plus(stretch.count());
        }
        Files.deleteIfExists(scratch);
        return sum;
    }

    /** The chunks of one stream, in order. */
    private static final class Stretch {
        private long frames;
        private long lost;
        private long restarts;
        private long repeated;
        private Frame before;

        void add(List<Frame> chunk) {
            for (Frame frame : chunk) {
                if (before != null && frame.repeats(before)) {
                    repeated += before.number() + 1 - frame.number();
                } else if (before != null && frame.number() <= before.number()) {
                    restarts++;
                } else if (before != null) {
                    lost += frame.number() - before.number() - 1;
                }
                before = frame;
                frames++;
            }
        }

        Count count() {
            return new Count(frames > 0 ? 1 : 0, frames, lost, restarts, repeated);
        }
    }

    private static List<Frame> frames(Path chunk) throws IOException {
        List<Frame> frames = new ArrayList<>();
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        try (FileChannel file = FileChannel.open(chunk)) {
            ChunkScan scan = ChunkScan.of(file);
            double usPerTick = 1e6 / scan.init().format().tracks().get(0).clockRate();
            for (ChunkScan.Fragment fragment : scan.fragments()) {
                SampleTable video = fragment.header().tracks().get(0);
                for (int i = 0; i < video.count(); i++) {
                    head.clear();
                    file.read(head, fragment.moofOffset() + video.offset()[i]);
                    long sinceUs = Math.round((video.decodeTime()[i] - video.decodeTime()[0]) * usPerTick);
                    frames.add(new Frame(number(head.array(), chunk), fragment.wallUs() + sinceUs));
                }
            }
        } catch (Mp4Exception damaged) {
            throw new IOException(chunk + ": " + damaged.getMessage(), damaged);
        }
        return frames;
    }

    private static long number(byte[] head, Path chunk) throws IOException {
        if (!Arrays.equals(head, MARK_AT, MARK_AT + MARK.length, MARK, 0, MARK.length)) {
            throw new IOException(chunk + " holds a frame without a number");
        }
        return Long.parseLong(new String(head, MARK_AT + MARK.length, DIGITS, StandardCharsets.US_ASCII));
    }
}
