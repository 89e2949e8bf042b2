// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
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
    /**
     * Groups have two seconds, and cameras begin theirs at other times: wherever this begins it holds a whole group, which is copied.
     * Of pictures that overtake each other parts of groups are not.
     */
    private static final int RANGE_MS = 4_500;
    /** Amid a group of pictures, and when it is known where pictures are in time. */
    private static final int FROM_MS = 6_700;
    /** So many have to be recorded of each camera. */
    static final int SECONDS = (FROM_MS + RANGE_MS) / 1_000 + 2;
    /** Of the recording, so many are looked at. */
    private static final int PICTURES_MAX = 600;
    /** Times are told in milliseconds, each rounded. */
    private static final double ROUNDED_MS = 2;
    /**
     * Where pictures are in time is found out more exactly as they come; the first are placed by when they arrived, which on a
     * machine that is busy is late. Less than a group of pictures.
     */
    private static final double CLOCK_MS = 1_500;

    private ExactExport() {}

    /** A picture as it was recorded: its time by the clock, and its hash. */
    private record Recorded(double wallMs, String hash) {}

    /**
     * Exports a range of cameras that were recorded for {@value #SECONDS} seconds.
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
            files.put(id, Files.move(save.apply(segment), folder.resolve(id + "-recorded.mp4")));
            recordings.put(id, recorded(files.get(id), segment.get("startMs").asLong()));
            fromMs = Math.max(fromMs, segment.get("startMs").asLong() + FROM_MS);
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
            List<String> hashes = new ArrayList<>();
            List<byte[]> shown = new ArrayList<>();
            double encodedMs = 0;
            for (JsonNode file : exported.items(id)) {
                Path path = exported.save(file);
                List<String> its = Decoded.pictures(path);
                hashes.addAll(its);
                shown.addAll(LikeFilm.grey(folder, its.size(), "-i", path.toString()));
                for (JsonNode span : file.get("encoded")) {
                    encodedMs += ms(span, "to") - ms(span, "from");
                }
            }
            List<JsonNode> files = exported.items(id);
            double beginMs = ms(files.get(0), "from");
            int first = place(hashes, beginMs);
            int last = first + hashes.size() - 1;
            double pictureMs = (wallMs(last) - wallMs(first)) / (last - first);
            double endMs = ms(files.get(files.size() - 1), "to");
            // It begins and ends with the asked pictures.
            assertBetween("the first of " + id, beginMs, fromMs, fromMs + pictureMs + ROUNDED_MS);
            assertBetween("the end of the last of " + id, endMs, toMs - ROUNDED_MS, toMs + pictureMs + ROUNDED_MS);
            assertBetween("when it was taken", beginMs, wallMs(first) - CLOCK_MS, wallMs(first) + CLOCK_MS);
            // In between all is as it was recorded, but for the edges that are said not to be.
            int copied = 0;
            while (copied < hashes.size() && !isAsRecorded(hashes, copied, first)) {
                copied++;
            }
            int behind = hashes.size();
            while (behind > copied && !isAsRecorded(hashes, behind - 1, first)) {
                behind--;
            }
            for (int i = copied; i < behind; i++) {
                assertThat(isAsRecorded(hashes, i, first))
                        .as("picture %d of %s", i, id)
                        .isTrue();
            }
            assertThat((copied + hashes.size() - behind) * pictureMs)
                    .as("ms of %s that are encoded anew", id)
                    .isBetween(encodedMs - 2 * pictureMs, encodedMs + 2 * pictureMs);
            assertThat(behind - copied).as("pictures as recorded").isPositive();
            List<byte[]> grey = LikeFilm.grey(folder, last + 1, "-i", recording.toString());
            for (int i = 0; i < hashes.size(); i++) {
                assertShows(grey, first + i, shown.get(i));
            }
        }

        private static void assertBetween(String what, double ms, double least, double most) {
            if (ms < least || ms > most) {
                throw new AssertionError(what + ": " + ms + ", which is not " + least + " to " + most);
            }
        }

        private static double ms(JsonNode span, String field) {
            return Instant.parse(span.get(field).asText()).toEpochMilli();
        }

        private double wallMs(int number) {
            return recorded.get(number).wallMs();
        }

        private boolean isAsRecorded(List<String> hashes, int number, int first) {
            return hashes.get(number).equals(recorded.get(first + number).hash());
        }

        /**
         * {@return where in the recording most of the pictures are found, one behind the other}
         *
         * @param beginMs about when: the film begins anew, and has the same pictures again
         */
        private int place(List<String> hashes, double beginMs) {
            int best = 0;
            int most = -1;
            for (int first = 0; first + hashes.size() <= recorded.size(); first++) {
                int alike = 0;
                for (int i = 0; i < hashes.size(); i++) {
                    alike += isAsRecorded(hashes, i, first) ? 1 : 0;
                }
                if (alike > most
                        || alike == most && Math.abs(wallMs(first) - beginMs) < Math.abs(wallMs(best) - beginMs)) {
                    best = first;
                    most = alike;
                }
            }
            return best;
        }

        /** It is like the one that was recorded, and like none of those around it more. */
        private void assertShows(List<byte[]> grey, int number, byte[] shown) {
            double apart = LikeFilm.apart(shown, grey.get(number));
            assertThat(apart)
                    .as("grey levels from picture %d of %s", number, id)
                    .isLessThan(LikeFilm.APART_MAX);
            for (int other = Math.max(0, number - 10); other < grey.size() && other <= number + 10; other++) {
                assertThat(LikeFilm.apart(shown, grey.get(other)))
                        .as("picture %d of %s, shown for %d", other, id, number)
                        .isGreaterThanOrEqualTo(apart * 0.7 - 0.2);
            }
        }
    }
}
