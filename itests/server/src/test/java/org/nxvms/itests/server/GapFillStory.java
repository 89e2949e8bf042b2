// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
 * A camera that was away for ten minutes and recorded itself: all of it is in the archive then, without anybody's doing, each
 * picture once, by the numbers that stand in the pictures.
 */
final class GapFillStory {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 180;
    /** Of the height: where the number stands. */
    private static final int STRIP = 16;

    private static final int FRAMES = 25;
    /** A tick of 90 kHz is 11 us: what lasts so long is decoded in passing. */
    private static final double SHOWN_SECONDS_MIN = 0.001;

    /** Of 1024 samples at 48 kHz. */
    private static final double SOUND_FRAMES = 46.875;
    /** At the edges of segments. */
    private static final double SOUND_FRAMES_OFF = 30;

    private final Api api;
    private final String camera;
    /** Frames of sound. */
    private long heard;

    GapFillStory(Api api, String camera) {
        this.api = api;
        this.camera = camera;
    }

    /** A picture of a file, as its number and how long it is shown. */
    private record Shown(int number, double seconds) {}

    /**
     * @param ahead how far the server's clock is set ahead
     * @param away how long it was not reached, at least
     */
    void run(Instant begun, Duration ahead, Duration away) throws IOException {
        Waiting.until("what was missed is fetched by itself", 120, () -> filled().stream()
                .anyMatch(job -> job.get("filledMs").asLong() >= away.toMillis()));
        assertThat(filled()).allSatisfy(job -> {
            assertThat(job.get("placed").asText()).isEqualTo("by_pictures");
            assertThat(job.get("filledMs").asLong())
                    .as("all of it: " + job)
                    .isEqualTo(job.get("missingMs").asLong());
            assertThat(job.has("createdBy")).as("nobody asked for it: " + job).isFalse();
        });
        Waiting.until("no gap is left", 30, () -> api.gaps(
                        camera, begun, Instant.now().plus(ahead))
                .isEmpty());
        Instant now = api.lastFootage(camera);
        assertThat(coverage(begun, now).get("percent").asDouble()).isEqualTo(100);
        askedForAgainThereIsNothingToDo(begun, now);
        eachPictureIsThereOnce(begun, now);
    }

    /** {@return jobs that have put something into the camera's archive} */
    private List<JsonNode> filled() {
        List<JsonNode> jobs = new ArrayList<>();
        api.get("/api/v1/gap-fills").expect(200).json().get("items").forEach(job -> {
            if (job.get("cameraId").asText().equals(camera)
                    && job.get("state").asText().equals("done")
                    && job.get("filledMs").asLong() > 0) {
                jobs.add(job);
            }
        });
        return jobs;
    }

    private JsonNode coverage(Instant begun, Instant now) {
        return api.get("/api/v1/archive/" + camera + "/coverage?zone=UTC&from=" + begun + "&to=" + now)
                .expect(200)
                .json()
                .get("all");
    }

    private void askedForAgainThereIsNothingToDo(Instant begun, Instant now) {
        JsonNode ordered = api.post(
                        "/api/v1/gap-fills", Map.of("cameraId", camera, "from", begun.toString(), "to", now.toString()))
                .expect(202)
                .json();
        String path = "/api/v1/gap-fills/" + ordered.get("id").asText();
        Waiting.until("it is looked for", 60, () -> {
            String state = api.get(path).expect(200).json().get("state").asText();
            return state.equals("done") || state.equals("failed");
        });
        JsonNode job = api.get(path).json();
        assertThat(job.get("state").asText()).as(job.toString()).isEqualTo("done");
        assertThat(job.get("missingMs").asLong()).as(job.toString()).isZero();
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
        // Without the lead, which there is unless the gap happens to begin with a key frame.
        List<Integer> numbers = all.stream()
                .filter(one -> one.seconds() > SHOWN_SECONDS_MIN)
                .map(Shown::number)
                .toList();
        double seconds = all.stream().mapToDouble(Shown::seconds).sum();
        assertThat((double) numbers.size())
                .as("25 a second, in " + seconds + " s")
                .isCloseTo(seconds * FRAMES, Offset.offset((double) FRAMES));
        assertThat((double) heard)
                .as("sound beside them")
                .isCloseTo(seconds * SOUND_FRAMES, Offset.offset(seconds + SOUND_FRAMES_OFF));
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
                "scale=" + WIDTH + ":" + HEIGHT + ",crop=" + WIDTH + ":" + STRIP + ":0:0",
                "-pix_fmt",
                "gray",
                "-f",
                "rawvideo",
                raw.toString());
        List<String> packets = Commands.run(
                        work,
                        "ffprobe",
                        "-v",
                        "error",
                        "-show_entries",
                        "packet=codec_type,pts_time",
                        "-of",
                        "csv=p=0",
                        file.toString())
                .lines()
                .toList();
        heard += packets.stream().filter(line -> line.startsWith("audio")).count();
        List<Double> shownAt = packets.stream()
                .filter(line -> line.startsWith("video"))
                .map(line -> Double.valueOf(line.split(",")[1].strip()))
                .sorted()
                .toList();
        byte[] all = Files.readAllBytes(raw);
        Files.delete(raw);
        assertThat(all.length / (WIDTH * STRIP)).as("all are decoded").isEqualTo(shownAt.size());
        return IntStream.range(0, shownAt.size())
                .mapToObj(i -> new Shown(
                        number(all, i), i + 1 < shownAt.size() ? shownAt.get(i + 1) - shownAt.get(i) : 1.0 / FRAMES))
                .toList();
    }

    private static int number(byte[] all, int picture) {
        return FrameStrip.read((x, y) -> all[(picture * STRIP + y) * WIDTH + x] & 0xff, WIDTH, HEIGHT)
                .orElseThrow()
                .number();
    }
}
