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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
     */
    record Count(long cameras, long frames, long lost, long restarts) {
        Count plus(Count other) {
            return new Count(
                    cameras + other.cameras, frames + other.frames, lost + other.lost, restarts + other.restarts);
        }
    }

    private FrameNumbers() {}

    /** Counts below a volume: {@code camera/stream/...}. */
    static Count of(Path volume) throws IOException {
        Map<Path, List<Path>> byStream = new HashMap<>();
        try (Stream<Path> files = Files.walk(volume)) {
            files.filter(f -> f.getFileName().toString().endsWith(".mp4"))
                    .sorted()
                    .forEach(f -> byStream.computeIfAbsent(
                                    volume.relativize(f).subpath(0, 2), stream -> new ArrayList<>())
                            .add(f));
        }
        Count sum = new Count(0, 0, 0, 0);
        for (List<Path> chunks : byStream.values()) {
            Stretch stretch = new Stretch();
            for (Path chunk : chunks) {
                stretch.add(chunk);
            }
            sum = sum.plus(stretch.count());
        }
        return sum;
    }

    /**
     * Counts what the server serves, for footage that lies encrypted on its volume; while it still records, so that there
     * are more frames than in the files of a server that was stopped.
     *
     * @param scratch a file that may be written
     */
    static Count served(Api api, List<String> cameras, Instant from, Path scratch) throws IOException {
        Count sum = new Count(0, 0, 0, 0);
        for (String camera : cameras) {
            Stretch stretch = new Stretch();
            for (JsonNode segment : api.segments(camera, from, Instant.now())) {
                String path = "/media/v1/segments/" + segment.get("id").asText();
                stretch.add(Files.write(scratch, api.get(path).expect(200).bytes()));
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
        private long next = -1;

        void add(Path chunk) throws IOException {
            for (long number : numbers(chunk)) {
                if (next >= 0 && number < next) {
                    restarts++;
                } else if (next >= 0) {
                    lost += number - next;
                }
                next = number + 1;
                frames++;
            }
        }

        Count count() {
            return new Count(frames > 0 ? 1 : 0, frames, lost, restarts);
        }
    }

    private static List<Long> numbers(Path chunk) throws IOException {
        List<Long> numbers = new ArrayList<>();
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        try (FileChannel file = FileChannel.open(chunk)) {
            for (ChunkScan.Fragment fragment : ChunkScan.of(file).fragments()) {
                SampleTable video = fragment.header().tracks().get(0);
                for (int i = 0; i < video.count(); i++) {
                    head.clear();
                    file.read(head, fragment.moofOffset() + video.offset()[i]);
                    numbers.add(number(head.array(), chunk));
                }
            }
        } catch (Mp4Exception damaged) {
            throw new IOException(chunk + ": " + damaged.getMessage(), damaged);
        }
        return numbers;
    }

    private static long number(byte[] head, Path chunk) throws IOException {
        if (!Arrays.equals(head, MARK_AT, MARK_AT + MARK.length, MARK, 0, MARK.length)) {
            throw new IOException(chunk + " holds a frame without a number");
        }
        return Long.parseLong(new String(head, MARK_AT + MARK.length, DIGITS, StandardCharsets.US_ASCII));
    }
}
