// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;

/** A package with a mask and the time in each picture, as ffmpeg decodes it. */
final class BurnedExport {
    private static final int RANGE_MS = 2_000;
    /** Amid a group of pictures, and when it is known where pictures are in time. */
    private static final int FROM_MS = 6_700;
    /** Times are told in milliseconds, each rounded. */
    private static final double ROUNDED_MS = 3;

    private static final List<List<Double>> MASK =
            List.of(List.of(0.2, 0.1), List.of(0.8, 0.1), List.of(0.8, 0.4), List.of(0.2, 0.4));
    /** Well within. */
    private static final String MASKED = "crop=iw/2:ih/4:iw/4:ih/8";

    private static final String BESIDE = "crop=iw/2:ih/4:iw/2:ih*5/8";
    /** The lowest line of text. */
    private static final String TIMED = "crop=iw*7/10:ih/30:0:ih-ih/30";

    private static final int WIDTH = 480;
    private static final int HEIGHT = 24;
    private static final int DARK_MAX = 30;
    private static final int BRIGHT_MIN = 120;

    private BurnedExport() {}

    /**
     * Exports a range of cameras that were recorded for ten seconds, as Matroska.
     *
     * @param cameras ids and pictures a second
     */
    static void assertInEveryPicture(Api api, Map<String, Integer> cameras, Path folder)
            throws IOException, InterruptedException {
        List<String> ids = List.copyOf(cameras.keySet());
        long fromMs = ids.stream()
                        .mapToLong(id -> api.segments(id, Instant.EPOCH, Instant.now())
                                .get(0)
                                .get("startMs")
                                .asLong())
                        .max()
                        .orElseThrow()
                + FROM_MS;
        List<Map<String, Object>> masks = ids.stream()
                .map(id -> Map.<String, Object>of("cameraId", id, "points", MASK))
                .toList();
        ExportedFootage exported = ExportedFootage.of(
                api,
                ids,
                fromMs,
                fromMs + RANGE_MS,
                folder,
                Map.of(
                        "cut",
                        "exact",
                        "form",
                        "mkv",
                        "overlay",
                        Map.of("text", "a story", "time", true, "zone", "UTC"),
                        "masks",
                        masks));
        assertThat(exported.manifest().at("/order/overlay/text").asText()).isEqualTo("a story");
        assertThat(exported.manifest().at("/order/masks")).hasSize(ids.size());
        for (String id : ids) {
            List<JsonNode> files = exported.items(id);
            assertThat(files).hasSize(1);
            assertThat(span(files.get(0).at("/encoded/0"))).isEqualTo(span(files.get(0)));
            assertPictures(exported.save(files.get(0)), cameras.get(id), folder);
        }
        assertThat(ExportedFootage.verify(api, exported.zip()).get("faults")).isEmpty();
        JsonNode noted = api.get("/api/v1/audit?action=export.ordered&limit=1")
                .expect(200)
                .json()
                .at("/items/0/after");
        assertThat(noted.get("overlay").asText()).isEqualTo("text a story, time UTC");
        assertThat(noted.get("masks").asText()).isEqualTo(String.valueOf(ids.size()));
        api.delete("/api/v1/exports/" + exported.id()).expect(204);
    }

    private static Duration span(JsonNode of) {
        return Duration.between(
                Instant.parse(of.get("from").asText()),
                Instant.parse(of.get("to").asText()));
    }

    private static void assertPictures(Path file, int framesPerSecond, Path folder) {
        int count = assertNoneIsMissing(file, 1_000.0 / framesPerSecond);
        List<byte[]> masked = grey(file, MASKED, folder);
        assertThat(masked.size()).as("pictures of %s", file).isEqualTo(count);
        for (int i = 0; i < masked.size(); i++) {
            assertThat(brightest(masked.get(i)))
                    .as("picture %d of %s behind the mask", i, file)
                    .isLessThan(DARK_MAX);
        }
        for (byte[] beside : grey(file, BESIDE, folder)) {
            assertThat(brightest(beside)).as("beside the mask of %s", file).isGreaterThan(2 * DARK_MAX);
        }
        List<byte[]> timed = grey(file, TIMED, folder);
        for (int i = 1; i < timed.size(); i++) {
            assertThat(brightest(timed.get(i)))
                    .as("the text of picture %d of %s", i, file)
                    .isGreaterThan(BRIGHT_MIN);
            assertThat(apart(timed.get(i - 1), timed.get(i)))
                    .as("what the text of picture %d of %s has otherwise than the one before", i, file)
                    .isPositive();
        }
    }

    /** By the file's own times: by the clock, which is put right meanwhile, a range has some more or fewer. {@return how many} */
    private static int assertNoneIsMissing(Path file, double pictureMs) {
        double[] times = Commands.run(
                        file.toAbsolutePath().getParent(),
                        "ffprobe",
                        "-v",
                        "error",
                        "-select_streams",
                        "v:0",
                        "-show_entries",
                        "packet=pts_time",
                        "-of",
                        "csv=p=0",
                        file.toString())
                .lines()
                .filter(line -> !line.isBlank())
                .mapToDouble(line -> Double.parseDouble(line.replace(",", "").strip()) * 1_000)
                .toArray();
        assertThat(times.length).as("pictures of %s", file).isGreaterThan((int) (RANGE_MS / pictureMs / 2));
        for (int i = 1; i < times.length; i++) {
            assertThat(times[i] - times[i - 1])
                    .as("ms from picture %d of %s to the next", i - 1, file)
                    .isBetween(pictureMs - ROUNDED_MS, pictureMs + ROUNDED_MS);
        }
        return times.length;
    }

    private static int brightest(byte[] picture) {
        int brightest = 0;
        for (byte one : picture) {
            brightest = Math.max(brightest, one & 0xFF);
        }
        return brightest;
    }

    private static int apart(byte[] one, byte[] other) {
        int apart = 0;
        for (int i = 0; i < one.length; i++) {
            apart += (one[i] & 0xFF) > BRIGHT_MIN != (other[i] & 0xFF) > BRIGHT_MIN ? 1 : 0;
        }
        return apart;
    }

    /** {@return a part of each picture, grey} */
    private static List<byte[]> grey(Path file, String part, Path folder) {
        Path raw = folder.resolve("part.raw");
        Commands.run(
                folder,
                "ffmpeg",
                "-v",
                "error",
                "-y",
                "-i",
                file.toString(),
                "-map",
                "0:v:0",
                "-fps_mode",
                "passthrough",
                "-vf",
                part + ",scale=" + WIDTH + ":" + HEIGHT + ":flags=area,format=gray",
                "-f",
                "rawvideo",
                raw.toString());
        try {
            byte[] all = Files.readAllBytes(raw);
            List<byte[]> pictures = new ArrayList<>();
            for (int at = 0; at + WIDTH * HEIGHT <= all.length; at += WIDTH * HEIGHT) {
                pictures.add(Arrays.copyOfRange(all, at, at + WIDTH * HEIGHT));
            }
            return pictures;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
