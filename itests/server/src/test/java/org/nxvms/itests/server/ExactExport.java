// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;

/** Holds a package that was cut exactly against the recording that it was cut from, picture by picture, as ffmpeg sees both. */
final class ExactExport {
    private static final int RANGE_MS = 3_000;
    /** Amid a group of pictures, of which each has two seconds. */
    private static final int FROM_MS = 2_700;
    /** Of the recording, so many are looked at. */
    private static final int PICTURES_MAX = 300;
    /** Times of pictures are told in milliseconds. */
    private static final double ROUNDED_MS = 2;

    private ExactExport() {}

    /** A picture as it was recorded: its time by the clock, and its hash. */
    private record Recorded(double wallMs, String hash) {}

    /**
     * Exports a range of cameras that were recorded for ten seconds.
     *
     * @param save puts a segment into a file
     */
    static void assertCutToThePicture(Api api, List<String> cameras, Path folder, Function<JsonNode, Path> save)
            throws IOException, InterruptedException {
        Map<String, Path> files = new LinkedHashMap<>();
        Map<String, List<Recorded>> recordings = new LinkedHashMap<>();
        long fromMs = 0;
        for (String id : cameras) {
            JsonNode segment = api.segments(id, Instant.EPOCH, Instant.now()).get(0);
            files.put(id, save.apply(segment));
            recordings.put(id, recorded(files.get(id), segment.get("startMs").asLong()));
            fromMs = Math.max(fromMs, segment.get("startMs").asLong() + FROM_MS);
        }
        while (isDoubtful(recordings, fromMs) || isDoubtful(recordings, fromMs + RANGE_MS)) {
            fromMs++;
        }
        ExportedFootage exported =
                ExportedFootage.of(api, cameras, fromMs, fromMs + RANGE_MS, folder, Map.of("cut", "exact"));
        for (String id : cameras) {
            Camera camera = new Camera(id, files.get(id), recordings.get(id), exported, folder);
            camera.assertPictures(fromMs, fromMs + RANGE_MS);
        }
        assertThat(exported.manifest().get("cameras").findValues("gaps")).allMatch(JsonNode::isEmpty);
        assertThat(ExportedFootage.verify(api, exported.zip()).get("faults")).isEmpty();
        api.delete("/api/v1/exports/" + exported.id()).expect(204);
    }

    private static boolean isDoubtful(Map<String, List<Recorded>> recordings, long ms) {
        return recordings.values().stream()
                .flatMap(List::stream)
                .anyMatch(picture -> Math.abs(picture.wallMs() - ms) < ROUNDED_MS);
    }

    private static List<Recorded> recorded(Path file, long startMs) {
        String[] lines = Commands.run(
                        file.toAbsolutePath().getParent(),
                        "ffmpeg",
                        "-v",
                        "error",
                        "-i",
                        file.toString(),
                        "-map",
                        "0:v:0",
                        "-frames:v",
                        String.valueOf(PICTURES_MAX),
                        "-fps_mode",
                        "passthrough",
                        "-enc_time_base",
                        "1:90000",
                        "-f",
                        "framemd5",
                        "-")
                .split("\n");
        List<Recorded> pictures = new ArrayList<>();
        double first = -1;
        for (String line : lines) {
            if (!line.startsWith("#")) {
                String[] fields = line.split(",\\s*");
                double ms = Long.parseLong(fields[2].strip()) / 90.0;
                first = first < 0 ? ms : first;
                pictures.add(new Recorded(startMs + ms - first, fields[5].strip()));
            }
        }
        return pictures;
    }

    /** One of the cameras. */
    private record Camera(String id, Path recording, List<Recorded> recorded, ExportedFootage exported, Path folder) {
        void assertPictures(long fromMs, long toMs) throws IOException {
            int from = 0;
            while (recorded.get(from).wallMs() < fromMs) {
                from++;
            }
            int to = from;
            while (recorded.get(to).wallMs() < toMs) {
                to++;
            }
            List<byte[]> grey = LikeFilm.grey(folder, to + 1, "-i", recording.toString());
            int at = from;
            int pictures = 0;
            int copied = 0;
            for (JsonNode file : exported.items(id)) {
                Path path = exported.save(file);
                List<String> hashes = Decoded.pictures(path);
                List<byte[]> shown = LikeFilm.grey(folder, hashes.size(), "-i", path.toString());
                for (int i = 0; i < hashes.size() && at < to; i++, at++) {
                    if (isEncoded(file, recorded.get(at).wallMs())) {
                        assertShows(grey, at, shown.get(i));
                    } else {
                        assertThat(hashes.get(i))
                                .as("picture %d of %s", at, file)
                                .isEqualTo(recorded.get(at).hash());
                        copied++;
                    }
                }
                pictures += hashes.size();
            }
            assertThat(pictures)
                    .as("pictures of %s, from %d to %d", id, from, to)
                    .isEqualTo(to - from);
            assertThat(copied).as("pictures of %s that are as recorded", id).isPositive();
        }

        private static boolean isEncoded(JsonNode file, double wallMs) {
            for (JsonNode span : file.get("encoded")) {
                if (wallMs >= Instant.parse(span.get("from").asText()).toEpochMilli() - ROUNDED_MS
                        && wallMs < Instant.parse(span.get("to").asText()).toEpochMilli() - ROUNDED_MS) {
                    return true;
                }
            }
            return false;
        }

        /** It is like the one that was recorded, and like none of those around it more. */
        private void assertShows(List<byte[]> grey, int number, byte[] shown) {
            double apart = LikeFilm.apart(shown, grey.get(number));
            assertThat(apart)
                    .as("grey levels from picture %d of %s", number, id)
                    .isLessThan(LikeFilm.APART_MAX);
            for (int other = Math.max(0, number - 10); other < grey.size() && other <= number + 10; other++) {
                if (!recorded.get(other).hash().equals(recorded.get(number).hash())) {
                    assertThat(LikeFilm.apart(shown, grey.get(other)))
                            .as("picture %d of %s, shown for %d", other, id, number)
                            .isGreaterThan(apart * 0.9);
                }
            }
        }
    }
}
