// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/**
 * Cameras that are not ours: GStreamer's RTSP server plays a file, we record it, and the pictures decoded
 * from the archive are the file's, one by one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignCameraIT {
    /** Pictures at the end that may be incomplete: B-frames whose references were cut off with the range. */
    private static final int TAIL_FRAMES = 5;

    private static final Path CAMERAS =
            Path.of(System.getProperty("nxvms.root"), "itests", "cameras").toAbsolutePath();

    private Path clips;
    private int port;
    private Process camera;
    private PackedServer server;
    private Api api;

    @BeforeAll
    void start() throws IOException {
        clips = Path.of(System.getProperty("nxvms.work"))
                .resolveSibling("clips")
                .toAbsolutePath();
        Files.createDirectories(clips);
        Commands.run(clips, "bash", CAMERAS.resolve("prepare.sh").toString(), clips.toString());
        port = Sockets.threeInARow();
        Path log = clips.resolve("camera.log");
        camera = new ProcessBuilder(
                        "/usr/bin/python3",
                        CAMERAS.resolve("gst_camera.py").toString(),
                        "--port",
                        String.valueOf(port),
                        "--clips",
                        clips.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Waiting.until("the camera listens", 30, () -> Files.readString(log).contains("READY"));
        server = PackedServer.unpacked("foreign");
        api = server.start();
    }

    @AfterAll
    void stop() throws InterruptedException {
        if (server != null) {
            server.close();
        }
        if (camera != null) {
            camera.destroy();
            if (!camera.waitFor(10, TimeUnit.SECONDS)) {
                camera.destroyForcibly();
            }
        }
    }

    @Test
    void h264WithAacIsRecordedPictureByPicture(@TempDir Path folder) {
        String id = add("h264-aac", port, Map.of());
        assertRecordedAsPlayed(id, "h264-aac", folder);
        assertThat(api.segments(id, Instant.EPOCH, Instant.now())
                        .get(0)
                        .get("codecs")
                        .asText())
                .contains("mp4a.40.2");
    }

    @Test
    void picturesOutOfOrderComeBackInOrder(@TempDir Path folder) {
        assertRecordedAsPlayed(add("h264-bframes-pcmu", port, Map.of()), "h264-bframes-pcmu", folder);
    }

    @Test
    void aCameraThatWantsDigestGetsIt(@TempDir Path folder) {
        String id =
                add("h264-digest", port + 1, Map.of("credentials", Map.of("username", "admin", "password", "secret")));
        assertRecordedAsPlayed(id, "h264-aac", folder);
    }

    @Test
    void aWrongPasswordIsSaidAndNotTriedAgainAndAgain() {
        Api.Answer answer = api.post(
                "/api/v1/cameras/probe",
                Map.of(
                        "driver",
                        "rtsp",
                        "address",
                        "rtsp://127.0.0.1:" + (port + 1) + "/h264-digest",
                        "credentials",
                        Map.of("username", "admin", "password", "wrong")));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("type").asText()).isEqualTo("/problems/camera-auth");
        String id = add("h264-digest", port + 1, Map.of("credentials", Map.of("username", "admin", "password", "no")));
        Waiting.until("the camera is unauthorized", 15, () -> api.state(id).equals("unauthorized"));
        assertThat(api.delete("/api/v1/cameras/" + id).status()).isEqualTo(204);
    }

    @Test
    void aCodecWeCannotRecordIsNamed() {
        Api.Answer answer = api.post(
                "/api/v1/cameras/probe",
                Map.of("driver", "rtsp", "address", "rtsp://127.0.0.1:" + port + "/live-mjpeg-pcma"));
        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(422);
        assertThat(answer.json().get("type").asText()).isEqualTo("/problems/camera-unsupported");
        assertThat(answer.json().get("detail").asText()).containsIgnoringCase("jpeg");
    }

    private String add(String mount, int mountPort, Map<String, Object> more) {
        Map<String, Object> draft = new java.util.HashMap<>(more);
        draft.putAll(Map.of("name", mount, "driver", "rtsp", "address", "rtsp://127.0.0.1:" + mountPort + "/" + mount));
        return api.post("/api/v1/cameras", draft).expect(201).json().get("id").asText();
    }

    private void assertRecordedAsPlayed(String id, String clip, Path folder) {
        Waiting.until("8 s are recorded", 60, () -> seconds(id) > 8);
        JsonNode first = api.segments(id, Instant.EPOCH, Instant.now()).get(0);
        List<String> recorded = decoded(save(first, folder), folder);
        List<String> played = decoded(clip(clip), folder);
        assertThat(recorded).hasSizeGreaterThan(8 * 10);
        int compared = Math.min(recorded.size(), played.size()) - TAIL_FRAMES;
        assertThat(recorded.subList(0, compared)).isEqualTo(played.subList(0, compared));
        assertPlaylistEqualsSegment(id, first, recorded, folder);
        api.delete("/api/v1/cameras/" + id).expect(204);
    }

    /** The playlist over the segment's time gives the same pictures to a player that knows nothing of us. */
    private void assertPlaylistEqualsSegment(String id, JsonNode segment, List<String> recorded, Path folder) {
        Instant from = Instant.parse(segment.get("start").asText());
        String url =
                api.base() + "/media/v1/archive/" + id + "/index.m3u8?stream=main&from=" + Api.escaped(from.toString())
                        + "&to=" + Api.escaped(from.plusSeconds(6).toString());
        List<String> streamed = hashes(Commands.run(
                folder,
                "ffmpeg",
                "-v",
                "error",
                "-headers",
                "Authorization: Bearer " + api.token() + "\r\n",
                "-i",
                url,
                "-map",
                "0:v:0",
                "-fps_mode",
                "passthrough",
                "-f",
                "framemd5",
                "-"));
        assertThat(streamed).hasSizeGreaterThanOrEqualTo(6 * 10);
        assertThat(streamed.subList(0, streamed.size() - TAIL_FRAMES))
                .isEqualTo(recorded.subList(0, streamed.size() - TAIL_FRAMES));
    }

    private double seconds(String id) {
        List<JsonNode> segments = api.segments(id, Instant.EPOCH, Instant.now().plusSeconds(60));
        return segments.isEmpty() ? 0 : segments.get(0).get("durationMs").asLong() / 1000.0;
    }

    private Path save(JsonNode segment, Path folder) {
        try {
            return Files.write(
                    folder.resolve("segment.mp4"),
                    api.get("/media/v1/segments/" + segment.get("id").asText())
                            .expect(200)
                            .bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path clip(String name) {
        try (Stream<Path> files = Files.list(clips)) {
            return files.filter(f -> f.getFileName().toString().matches(name + "-\\d+s\\.m.*"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> decoded(Path file, Path folder) {
        return hashes(Commands.run(
                folder,
                "ffmpeg",
                "-v",
                "error",
                "-i",
                file.toString(),
                "-map",
                "0:v:0",
                "-fps_mode",
                "passthrough",
                "-f",
                "framemd5",
                "-"));
    }

    private static List<String> hashes(String framemd5) {
        return framemd5.lines()
                .filter(l -> !l.startsWith("#"))
                .map(l -> l.substring(l.lastIndexOf(',') + 1).strip())
                .toList();
    }
}
