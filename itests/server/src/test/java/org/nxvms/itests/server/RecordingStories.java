// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
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
import org.nxvms.simulator.CameraFarm;

/**
 * What every server does whatever its database: records what it is given, shows it, and says clearly
 * what cannot work. Run once per database by its subclasses.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RecordingStories {
    private static final int CAMERAS = 4;

    CameraFarm farm;
    PackedServer server;
    Api api;
    final List<String> ids = new ArrayList<>();

    /** {@return an unpacked server with its database chosen, not started} */
    abstract PackedServer server() throws IOException;

    @BeforeAll
    void aServerWithFourCameras() throws IOException {
        farm = Farms.start(CAMERAS);
        server = server();
        api = server.start();
        for (int n = 1; n <= CAMERAS; n++) {
            ids.add(api.addCamera("Camera " + n, Farms.main(farm, n)));
        }
        Waiting.until("all cameras record", 30, () -> allRecord());
    }

    @AfterAll
    void end() throws Exception {
        if (server != null) {
            server.close();
        }
        if (farm != null) {
            farm.close();
        }
    }

    boolean allRecord() {
        JsonNode items = api.get("/api/v1/cameras").expect(200).json().get("items");
        for (JsonNode camera : items) {
            if (!camera.at("/status/state").asText().equals("recording")) {
                return false;
            }
        }
        return items.size() == CAMERAS;
    }

    @Test
    void thePlaylistOfARangeGivesEveryFrameToAPlayer(@TempDir Path folder) {
        String camera = ids.get(0);
        Instant from = footageOfAtLeast(camera, 6);
        Instant to = from.plusSeconds(5);
        String url = api.base() + "/media/v1/archive/" + camera + "/index.m3u8?stream=main&from="
                + Api.escaped(from.toString()) + "&to=" + Api.escaped(to.toString());
        String counted = Commands.run(
                folder,
                "ffprobe",
                "-v",
                "error",
                "-headers",
                "Authorization: Bearer " + api.token() + "\r\n",
                "-count_packets",
                "-select_streams",
                "v",
                "-show_entries",
                "stream=nb_read_packets",
                "-of",
                "csv=p=0",
                url);
        assertThat(Long.parseLong(counted.strip().replaceAll("\\D.*", "")))
                .as(
                        "frames: the range, cut to whole fragments, while wall time is drawn to arrivals by a tenth at most")
                .isBetween(5 * 22L, 5 * 28L + 2 * 25L);
    }

    /** It reads the list again before each segment. */
    @Test
    void aPlayerOfDashIsShownEachLivePictureOnceAsLongAsItWatches(@TempDir Path folder) throws IOException {
        int count = 25 * 25;
        List<Integer> numbers = new HttpPlayer(api, folder).liveNumbers("manifest.mpd?stream=main", ids.get(0), count);
        assertThat(numbers).hasSize(count);
        for (int i = 1; i < count; i++) {
            int last = numbers.get(i - 1);
            assertThat(numbers.get(i))
                    .as("picture " + i + " behind " + last + ", or the first of the loop")
                    .matches(number -> number == last + 1 || number == 0);
        }
        assertThat(numbers.stream().filter(number -> number == 0).count()).isLessThanOrEqualTo(2);
    }

    @Test
    void theKeyFramesOfARangeArePicturesToAPlayer(@TempDir Path folder) {
        String camera = ids.get(0);
        Instant from = footageOfAtLeast(camera, 6);
        String path = "/media/v1/archive/" + camera + "/keyframes.m3u8?stream=main&step=0&from="
                + Api.escaped(from.toString()) + "&to="
                + Api.escaped(from.plusSeconds(5).toString());
        byte[] playlist = api.get(path).expect(200).bytes();
        long listed = new String(playlist, StandardCharsets.US_ASCII)
                .lines()
                .filter(line -> line.startsWith("#EXTINF:"))
                .count();
        String decoded = Commands.run(
                folder,
                "ffmpeg",
                "-v",
                "error",
                "-headers",
                "Authorization: Bearer " + api.token() + "\r\n",
                "-i",
                api.base() + path,
                "-map",
                "0:v",
                "-fps_mode",
                "passthrough",
                "-f",
                "framemd5",
                "-");
        assertThat(listed).isGreaterThanOrEqualTo(2);
        assertThat(decoded.lines().filter(line -> !line.startsWith("#"))).hasSize((int) listed);
    }

    @Test
    void aSegmentIsAFileThatAnyPlayerReads(@TempDir Path folder) throws IOException {
        String camera = ids.get(1);
        Instant from = footageOfAtLeast(camera, 4);
        JsonNode segment = api.segments(camera, from, Instant.now()).get(0);
        Api.Answer whole =
                api.get("/media/v1/segments/" + segment.get("id").asText()).expect(200);
        assertThat(whole.type()).isEqualTo("video/mp4");
        Path file = folder.resolve("segment.mp4");
        Files.write(file, whole.bytes());
        String decoded = Commands.run(
                folder, "ffmpeg", "-v", "error", "-i", file.toString(), "-map", "0:v", "-f", "framemd5", "-");
        assertThat(decoded.lines().filter(l -> !l.startsWith("#")).count()).isGreaterThan(50);
    }

    @Test
    void aPartOfASegmentIsServedByByteRange() {
        String camera = ids.get(1);
        Instant from = footageOfAtLeast(camera, 2);
        String path = "/media/v1/segments/"
                + api.segments(camera, from, Instant.now()).get(0).get("id").asText();
        Api.Answer head = api.get(path, "Range", "bytes=0-99").expect(206);
        assertThat(head.bytes()).hasSize(100);
        assertThat(head.response().headers().firstValue("content-range").orElse(""))
                .startsWith("bytes 0-99/");
        assertThat(new String(head.bytes(), 4, 4, java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("ftyp");
        api.get(path, "Range", "bytes=99999999999-").expect(416);
    }

    @Test
    void theTimelineShowsOneUnbrokenStretch() {
        String camera = ids.get(2);
        Instant from = footageOfAtLeast(camera, 4);
        Instant to = Instant.now();
        JsonNode lane = api.get("/api/v1/timeline?cameras=" + camera + "&buckets=100&from="
                        + Api.escaped(from.toString()) + "&to=" + Api.escaped(to.toString()))
                .expect(200)
                .json()
                .at("/cameras/0");
        assertThat(lane.get("spans")).hasSize(1);
    }

    @Test
    void nothingIsServedToStrangers() {
        String camera = ids.get(0);
        JsonNode paths = api.get("/api/v1/openapi.json").expect(200).json().get("paths");
        assertThat(paths.size()).as("documented paths").isGreaterThan(15);
        List<String> closed = new ArrayList<>();
        paths.fieldNames().forEachRemaining(p -> {
            if (paths.get(p).has("get") && !AccessStories.FOR_NOBODY.contains("GET " + p)) {
                closed.add(p.replaceAll("\\{[^}]*}", camera));
            }
        });
        assertThat(closed).contains("/media/v1/segments/" + camera, "/metrics");
        for (String path : closed) {
            assertThat(api.open(path).status()).as(path).isEqualTo(401);
        }
        assertThat(api.login("admin", "wrong").status()).isEqualTo(401);
        assertThat(webSocketOpens("/ws/v1/live/" + camera)).isFalse();
        assertThat(api.open("/api/v1/health").json().toString()).doesNotContain("serverName");
    }

    @Test
    void whatCannotWorkIsSaidWithItsFieldAndCause() {
        assertProblem(api.postText("/api/v1/cameras", "{\"name\":"), 400, "malformed", "");
        assertProblem(
                api.post("/api/v1/cameras", Map.of("name", "x", "driver", "rtsp", "adress", "rtsp://127.0.0.1/a")),
                400,
                "malformed",
                "adress");
        assertProblem(
                api.post("/api/v1/cameras", Map.of("name", "", "driver", "rtsp", "address", "rtsp://127.0.0.1/a")),
                422,
                "validation",
                "name");
        assertProblem(
                api.post("/api/v1/cameras", Map.of("name", "x", "driver", "nosuch", "address", "rtsp://127.0.0.1/a")),
                422,
                "validation",
                "driver");
        assertProblem(
                api.post("/api/v1/cameras", Map.of("name", "x", "driver", "rtsp", "address", "http://127.0.0.1/a")),
                422,
                "validation",
                "address");
        assertProblem(
                api.get("/api/v1/timeline?cameras=" + ids.get(0) + "&from=yesterday&to=1"), 400, "malformed", "from");
        assertProblem(
                api.get("/api/v1/timeline?cameras=" + ids.get(0) + "&from=2000&to=1000"), 422, "validation", "to");
        assertProblem(api.get("/api/v1/cameras/not-a-uuid"), 404, "not-found", "");
        assertProblem(api.get("/api/v1/cameras?colour=red"), 400, "malformed", "colour");
        assertThat(allRecord()).as("nothing else was disturbed").isTrue();
    }

    @Test
    void tryingACameraSaysWhatIsWrongWithItWithinTenSeconds() throws IOException {
        try (Sockets sockets = new Sockets()) {
            assertProbe("rtsp://127.0.0.1:" + sockets.closed() + "/x", "camera-unreachable");
            assertProbe("rtsp://127.0.0.1:" + sockets.silent() + "/x", "camera-unreachable", "camera-protocol");
            assertProbe("rtsp://127.0.0.1:" + sockets.notRtsp() + "/x", "camera-protocol");
            assertProbe("rtsp://no-such-host.invalid/x", "camera-unreachable");
            assertProbe(Farms.main(farm, 1).replaceAll("/main$", "/nosuch"), "camera-protocol", "camera-config");
        }
        JsonNode report = api.post("/api/v1/cameras/probe", Map.of("driver", "rtsp", "address", Farms.main(farm, 1)))
                .expect(200)
                .json();
        assertThat(report.at("/streams/0/width").asInt()).isEqualTo(1920);
        assertThat(report.at("/streams/0/codecs").asText()).startsWith("avc1.");
        assertThat(allRecord()).as("nothing else was disturbed").isTrue();
    }

    @Test
    void aStaleChangeIsRefusedAndAGoodOneKeepsTheRecordingGoing() {
        String camera = ids.get(3);
        Api.Answer seen = api.get("/api/v1/cameras/" + camera).expect(200);
        String etag = seen.response().headers().firstValue("etag").orElseThrow();
        Instant before = Instant.now();
        api.patch("/api/v1/cameras/" + camera, Map.of("name", "Gate"), etag).expect(200);
        assertProblem(
                api.patch("/api/v1/cameras/" + camera, Map.of("name", "Door"), etag), 412, "precondition-failed", "");
        footageOfAtLeast(camera, 1);
        Waiting.until("footage beyond the change", 20, () -> lastFootage(camera).isAfter(before.plusSeconds(3)));
        assertThat(api.gaps(camera, before, before.plusSeconds(3))).isEmpty();
        assertThat(api.segments(camera, before, before.plusSeconds(3)).stream()
                        .map(s -> s.get("runId"))
                        .distinct())
                .hasSize(1);
    }

    @Test
    void plainHttpIsForTheMachineItselfOnly() throws IOException {
        String port = String.format(":%04X", server.httpPort());
        try (Stream<String> sockets =
                Stream.concat(Files.lines(Path.of("/proc/net/tcp")), Files.lines(Path.of("/proc/net/tcp6")))) {
            List<String> listening = sockets.map(l -> l.strip().split("\\s+"))
                    .filter(f -> f.length > 3 && f[3].equals("0A") && f[1].endsWith(port))
                    .map(f -> f[1])
                    .toList();
            assertThat(listening)
                    .isNotEmpty()
                    .allMatch(a -> a.equals("0100007F" + port) || a.matches("0{8}0{8}F{4}0{4}0100007F" + port));
        }
    }

    private void assertProbe(String url, String... types) {
        Instant begin = Instant.now();
        Api.Answer answer = api.post("/api/v1/cameras/probe", Map.of("driver", "rtsp", "address", url));
        assertThat(Duration.between(begin, Instant.now()))
                .as(url + ": 10 s are promised; the rest is for a machine that stands still")
                .isLessThan(Duration.ofSeconds(20));
        assertThat(answer.status()).as(url + " " + answer.json()).isEqualTo(422);
        assertThat(List.of(types)).contains(answer.json().get("type").asText().replace("/problems/", ""));
        assertThat(answer.json().get("detail").asText()).isNotBlank();
    }

    static void assertProblem(Api.Answer answer, int status, String type, String field) {
        assertThat(answer.status()).as(String.valueOf(answer.json())).isEqualTo(status);
        assertThat(answer.type()).startsWith("application/problem+json");
        assertThat(answer.json().get("type").asText()).isEqualTo("/problems/" + type);
        if (!field.isEmpty()) {
            assertThat(answer.json().get("errors").findValuesAsText("field")).contains(field);
        }
    }

    private boolean webSocketOpens(String path) {
        try {
            HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + server.httpPort() + path), new WebSocket.Listener() {})
                    .join()
                    .abort();
            return true;
        } catch (CompletionException e) {
            return false;
        }
    }

    private Instant lastFootage(String camera) {
        JsonNode last = api.get("/api/v1/archive/" + camera + "/range?stream=main")
                .expect(200)
                .json()
                .get("last");
        return last == null ? Instant.EPOCH : Instant.ofEpochMilli(last.asLong());
    }

    /** Waits for so many seconds of footage; {@return the moment they begin}. */
    Instant footageOfAtLeast(String camera, int seconds) {
        Instant[] from = new Instant[1];
        Waiting.until(seconds + " s of footage", 60, () -> {
            JsonNode range = api.get("/api/v1/archive/" + camera + "/range?stream=main")
                    .expect(200)
                    .json();
            if (!range.has("first")) {
                return false;
            }
            from[0] = Instant.ofEpochMilli(range.get("first").asLong());
            return Instant.ofEpochMilli(range.get("last").asLong()).isAfter(from[0].plusSeconds(seconds));
        });
        return from[0];
    }
}
