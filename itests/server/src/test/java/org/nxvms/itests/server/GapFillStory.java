// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.clip.FrameStrip;

/**
 * A camera that was away for ten minutes, sixty times shorter, and recorded itself: all of it is in the archive then, each
 * picture once, by the numbers that stand in the pictures.
 */
final class GapFillStory {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 180;
    private static final int FRAMES = 25;
    /** What lasts yet ends with the range that is asked for. */
    private static final int AGO_MS = 500;
    /** A tick of 90 kHz is 11 us: what lasts so long is decoded in passing. */
    private static final double SHOWN_SECONDS_MIN = 0.001;

    private final Api api;
    private final String camera;

    GapFillStory(Api api, String camera) {
        this.api = api;
        this.camera = camera;
    }

    /** A picture of a file, as its number and how long it is shown. */
    private record Shown(int number, double seconds) {}

    void run(Instant begun) throws IOException {
        Waiting.until("it was not reached, and is again", 30, () -> {
            Instant until = Instant.now();
            List<JsonNode> before = api.gaps(camera, begun, until);
            return !before.isEmpty()
                    && before.stream().allMatch(gap -> gap.get("end").asLong() < until.toEpochMilli() - AGO_MS);
        });
        Instant now = Instant.now();
        JsonNode ordered = api.post(
                        "/api/v1/gap-fills", Map.of("cameraId", camera, "from", begun.toString(), "to", now.toString()))
                .expect(202)
                .json();
        String path = "/api/v1/gap-fills/" + ordered.get("id").asText();
        Waiting.until("what is missing is filled", 60, () -> {
            String state = api.get(path).expect(200).json().get("state").asText();
            return state.equals("done") || state.equals("failed");
        });
        JsonNode job = api.get(path).json();
        assertThat(job.get("state").asText()).as(job.toString()).isEqualTo("done");
        assertThat(job.get("placed").asText()).isEqualTo("by_pictures");
        assertThat(job.get("missingMs").asLong()).isGreaterThan(2_000);
        assertThat(job.get("filledMs").asLong())
                .as("all of it: " + job)
                .isEqualTo(job.get("missingMs").asLong());
        Waiting.until("no gap is left", 30, () -> api.gaps(camera, begun, now).isEmpty());
        eachPictureIsThereOnce(begun, now);
    }

    private void eachPictureIsThereOnce(Instant begun, Instant now) throws IOException {
        List<JsonNode> segments = api.segments(camera, begun, now);
        assertThat(segments).as("before, filled, behind").hasSizeGreaterThanOrEqualTo(3);
        List<Shown> all = new ArrayList<>();
        for (int i = 0; i < segments.size(); i++) {
            JsonNode segment = segments.get(i);
            if (i > 0) {
                assertThat(segment.get("start").asText())
                        .as("one behind the other")
                        .isEqualTo(segments.get(i - 1).get("end").asText());
            }
            all.addAll(pictures(segment.get("id").asText(), i));
        }
        List<Integer> numbers = all.stream()
                .filter(one -> one.seconds() > SHOWN_SECONDS_MIN)
                .map(Shown::number)
                .toList();
        assertThat(numbers).as("decoded in passing: the lead").hasSizeLessThan(all.size());
        double seconds = all.stream().mapToDouble(Shown::seconds).sum();
        assertThat((double) numbers.size())
                .as("25 a second, in " + seconds + " s")
                .isCloseTo(seconds * FRAMES, Offset.offset((double) FRAMES));
        for (int i = 1; i < numbers.size(); i++) {
            int last = numbers.get(i - 1);
            assertThat(numbers.get(i))
                    .as("picture " + i + " behind " + last + ", or the first of the loop")
                    .matches(number -> number == last + 1 || number == 0);
        }
    }

    /** {@return all pictures of a segment, decoded} */
    private List<Shown> pictures(String segment, int number) throws IOException {
        Path work = Path.of(System.getProperty("nxvms.work"));
        Path file = Files.write(
                work.resolve("filled-" + number + ".mp4"),
                api.get("/media/v1/segments/" + segment).expect(200).bytes());
        Path raw = work.resolve("filled-" + number + ".gray");
        Commands.run(
                work,
                "ffmpeg",
                "-v",
                "error",
                "-y",
                "-i",
                file.toString(),
                "-vsync",
                "passthrough",
                "-vf",
                "scale=" + WIDTH + ":" + HEIGHT,
                "-pix_fmt",
                "gray",
                "-f",
                "rawvideo",
                raw.toString());
        List<Double> shownAt = Commands.run(
                        work,
                        "ffprobe",
                        "-v",
                        "error",
                        "-select_streams",
                        "v",
                        "-show_entries",
                        "packet=pts_time",
                        "-of",
                        "csv=p=0",
                        file.toString())
                .lines()
                .map(line -> line.replace(",", "").strip())
                .filter(line -> !line.isEmpty())
                .map(Double::valueOf)
                .sorted()
                .toList();
        byte[] all = Files.readAllBytes(raw);
        Files.delete(raw);
        assertThat(all.length / (WIDTH * HEIGHT)).as("all are decoded").isEqualTo(shownAt.size());
        return IntStream.range(0, shownAt.size())
                .mapToObj(i -> new Shown(
                        number(all, i), i + 1 < shownAt.size() ? shownAt.get(i + 1) - shownAt.get(i) : 1.0 / FRAMES))
                .toList();
    }

    private static int number(byte[] all, int picture) {
        byte[] luma = java.util.Arrays.copyOfRange(all, picture * WIDTH * HEIGHT, (picture + 1) * WIDTH * HEIGHT);
        return FrameStrip.read(luma, WIDTH, WIDTH, HEIGHT).orElseThrow();
    }
}
