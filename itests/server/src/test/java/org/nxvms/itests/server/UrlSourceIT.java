// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/**
 * Sources that are no RTSP, served by Debian's ffmpeg and a web server: recorded as they were sent, and what their processes
 * suffer stays theirs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UrlSourceIT {
    /** Pictures at the end of an open segment that may be incomplete: B-frames whose references were cut off. */
    private static final int TAIL_FRAMES = 5;

    private final List<Process> programs = new ArrayList<>();
    private Path folder;
    private WebSources web;
    private PackedServer server;
    private Api api;

    @BeforeAll
    void start() throws IOException {
        folder = Path.of(System.getProperty("nxvms.work"))
                .resolveSibling("url-sources")
                .toAbsolutePath();
        Files.createDirectories(folder.resolve("hls"));
        try (Stream<Path> old = Files.list(folder.resolve("hls"))) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        ffmpeg(
                "-f lavfi -i testsrc2=s=320x240:r=25:d=60 -f lavfi -i sine=d=60 -c:v libx264 -preset ultrafast -g 50 -bf 2"
                        + " -c:a aac -shortest film.mp4");
        ffmpeg("-f lavfi -i testsrc2=s=320x240:r=10:d=60 -c:v mjpeg -q:v 4 -f mjpeg film.mjpeg");
        ffmpeg("-f lavfi -i testsrc2=s=160x120:r=10:d=2 -c:v libvpx film.webm");
        web = new WebSources(folder.resolve("film.mjpeg"), folder.resolve("hls"));
        server = PackedServer.unpacked("url-sources").configured("org.nxvms.ingest.ffmpeg", "fileFolders = " + folder);
        api = server.start();
    }

    private void ffmpeg(String arguments) {
        Commands.run(folder, ("ffmpeg -nostdin -v error -y " + arguments).split(" "));
    }

    private void play(String arguments) throws IOException {
        programs.add(new ProcessBuilder(("ffmpeg -nostdin -v error -re -i film.mp4 -c copy " + arguments).split(" "))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("play.log").toFile())
                .start());
    }

    @AfterAll
    void stop() {
        programs.forEach(Process::destroyForcibly);
        if (server != null) {
            server.close();
        }
        if (web != null) {
            web.close();
        }
    }

    @Test
    void picturesAreRecordedAsTheyWereSent() throws IOException {
        int srt = Sockets.threeInARow();
        play("-f mpegts srt://127.0.0.1:" + srt + "?mode=listener");
        play("-f flv -listen 1 rtmp://127.0.0.1:" + (srt + 1) + "/live/cam");
        play("-f hls -hls_time 2 -hls_list_size 6 " + folder.resolve("hls/live.m3u8"));
        Waiting.until("the playlist is there", 20, () -> Files.exists(folder.resolve("hls/live.m3u8")));
        Map<String, Path> films = new LinkedHashMap<>();
        films.put(add("SRT", "srt://127.0.0.1:" + srt), folder.resolve("film.mp4"));
        films.put(add("RTMP", "rtmp://127.0.0.1:" + (srt + 1) + "/live/cam"), folder.resolve("film.mp4"));
        films.put(add("HLS", web.url("/files/live.m3u8")), folder.resolve("film.mp4"));
        films.put(add("file", "file://" + folder.resolve("film.mp4")), folder.resolve("film.mp4"));
        films.put(addMjpeg(), folder.resolve("film.mjpeg"));
        films.forEach((camera, film) -> {
            Waiting.until(
                    "8 s are recorded",
                    60,
                    () -> longest(camera).get("durationMs").asLong() > 8_000);
            assertRecorded(camera, film);
            assertSnapshot(camera);
            assertThumbnail(camera);
        });
        films.keySet().forEach(camera -> api.delete("/api/v1/cameras/" + camera).expect(204));
        // The one that made the snapshots waits a minute for more.
        Waiting.until("their processes are gone", 30, () -> processes().size() <= 1);
        Iterator<String> cameras = films.keySet().iterator();
        assertRemovedByHand(cameras.next(), cameras.next());
    }

    /** Footage of a camera is removed by hand; a locked one keeps its own. */
    private void assertRemovedByHand(String camera, String locked) {
        long nowMs = System.currentTimeMillis();
        long dayMs = 86_400_000;
        String range = ",\"from\":\"" + (nowMs - dayMs) + "\",\"to\":\"" + (nowMs + dayMs) + "\"";
        api.postText("/api/v1/locks", "{\"cameraIds\":[\"" + locked + "\"]" + range + "}")
                .expect(201);
        JsonNode held = sealed("{\"cameraId\":\"" + locked + "\"" + range + "}");
        assertThat(held.has("confirm")).as(held.toString()).isFalse();
        assertThat(held.at("/locked/segments").asInt()).isPositive();

        String draft = "{\"cameraId\":\"" + camera + "\"" + range;
        JsonNode seen = sealed(draft + "}");
        int segments = seen.at("/removable/segments").asInt();
        assertThat(segments).as(seen.toString()).isPositive();
        JsonNode done = removal(draft + ",\"confirm\":\"" + seen.get("confirm").asText() + "\"}");
        assertThat(done.at("/removed/segments").asInt()).as(done.toString()).isEqualTo(segments);
        assertThat(removal(draft + "}").has("removable")).isFalse();
        String query = "?from=" + (nowMs - dayMs) + "&to=" + (nowMs + dayMs);
        assertThat(api.get("/api/v1/archive/" + camera + "/segments" + query)
                        .expect(200)
                        .json()
                        .path("items"))
                .isEmpty();
        Waiting.until("it is written down", 30, () -> api.get("/api/v1/events?kinds=recording.deleted")
                .expect(200)
                .json()
                .toString()
                .contains(camera));
    }

    /** {@return what would be removed, once nothing is written any more} */
    private JsonNode sealed(String draft) {
        Waiting.until("all is sealed", 20, () -> !removal(draft).has("growing"));
        return removal(draft);
    }

    private JsonNode removal(String body) {
        return api.postText("/api/v1/removals", body).expect(200).json();
    }

    private void assertRecorded(String camera, Path film) {
        JsonNode segment = longest(camera);
        Path file = folder.resolve("recorded.mp4");
        try {
            Files.write(
                    file,
                    api.get("/media/v1/segments/" + segment.get("id").asText())
                            .expect(200)
                            .bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> recorded = Decoded.pictures(file);
        recorded = recorded.subList(0, recorded.size() - TAIL_FRAMES);
        assertThat(recorded).hasSizeGreaterThan(60);
        // Every picture of these films is another one, so where the recording begins is known.
        assertThat(Collections.indexOfSubList(Decoded.pictures(film), recorded))
                .as("the recorded pictures are a stretch of " + film.getFileName())
                .isNotNegative();
        if (film.toString().endsWith("mp4")) {
            assertThat(segment.get("codecs").asText()).contains("mp4a.40.2");
        }
    }

    private void assertSnapshot(String camera) {
        Api.Answer answer =
                api.get("/api/v1/cameras/" + camera + "/snapshot?width=160").expect(200);
        assertThat(answer.type()).isEqualTo("image/jpeg");
        assertThat(answer.response().headers().firstValue("X-NXvms-Captured")).isPresent();
        try {
            assertThat(ImageIO.read(new ByteArrayInputStream(answer.bytes())).getWidth())
                    .isEqualTo(160);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of a moment in the middle of the longest segment. */
    private void assertThumbnail(String camera) {
        JsonNode segment = longest(camera);
        long atMs = segment.get("startMs").asLong() + segment.get("durationMs").asLong() / 2;
        Api.Answer answer = api.get("/media/v1/archive/" + camera + "/thumbnail.jpg?width=150&at=" + atMs)
                .expect(200);
        assertThat(answer.type()).isEqualTo("image/jpeg");
        assertThat(Instant.parse(answer.response()
                        .headers()
                        .firstValue("X-NXvms-Captured")
                        .orElseThrow()))
                .isBetween(
                        Instant.parse(segment.get("start").asText()).minusMillis(1),
                        Instant.parse(segment.get("end").asText()));
        try {
            assertThat(ImageIO.read(new ByteArrayInputStream(answer.bytes())).getWidth())
                    .isEqualTo(160);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aLostProcessCostsItsOwnStreamSomeSecondsAndNothingElse() throws Exception {
        Set<Long> none = processes();
        String file = add("file", "file://" + folder.resolve("film.mp4"));
        Waiting.until("the file is recorded", 30, () -> api.state(file).equals("recording"));
        Set<Long> ofFile = minus(processes(), none);
        String mjpeg = addMjpeg();
        Waiting.until("the camera is recorded", 30, () -> api.state(mjpeg).equals("recording"));
        Set<Long> ofMjpeg =
                minus(processes(), Stream.concat(none.stream(), ofFile.stream()).collect(Collectors.toSet()));
        assertThat(ofFile).hasSize(1);
        assertThat(ofMjpeg).hasSize(1);

        Instant killed = Instant.now();
        signal("KILL", ofFile);
        Waiting.until(
                "the killed one's stream goes on", 30, () -> lastFootage(file).isAfter(killed.plusSeconds(1)));
        Set<Long> now = processes();
        assertThat(now).containsAll(ofMjpeg).doesNotContainAnyElementsOf(ofFile);

        Instant stopped = Instant.now();
        signal("STOP", ofMjpeg);
        Waiting.until(
                "the stopped one's stream goes on", 40, () -> lastFootage(mjpeg).isAfter(stopped.plusSeconds(3)));
        Waiting.until(
                "its gap is closed", 20, () -> gaps(mjpeg, killed).stream().anyMatch(g -> g.has("end")));
        assertThat(gaps(mjpeg, killed)).singleElement().satisfies(gap -> {
            assertThat(gap.get("cause").asText()).isEqualTo("worker_failed");
            assertThat(gap.get("detail").asText()).contains("no sign of life");
            assertThat(Duration.ofMillis(
                            gap.get("end").asLong() - gap.get("start").asLong()))
                    .as("4 s without a sign of life, and another process")
                    .isLessThanOrEqualTo(Duration.ofSeconds(20));
        });
        assertThat(gaps(file, stopped)).as("the other stream, meanwhile").isEmpty();
        Waiting.until(
                "the stopped process has ended", 20, () -> ofMjpeg.stream().noneMatch(UrlSourceIT::alive));
        for (String camera : List.of(file, mjpeg)) {
            api.delete("/api/v1/cameras/" + camera).expect(204);
        }
    }

    /** Last: leaves no server behind. */
    @Test
    @Order(Integer.MAX_VALUE)
    void noProcessOutlivesTheServer() {
        String file = add("file", "file://" + folder.resolve("film.mp4"));
        Waiting.until("the file is recorded", 30, () -> api.state(file).equals("recording"));
        Set<Long> before = processes();
        assertThat(before).isNotEmpty();
        server.kill();
        Waiting.until(
                "they ended with the killed server", 20, () -> before.stream().noneMatch(UrlSourceIT::alive));

        api = server.start();
        Waiting.until("the file is recorded again", 30, () -> api.state(file).equals("recording"));
        Set<Long> again = processes();
        assertThat(again).isNotEmpty();
        server.stop();
        Waiting.until("they ended with the server", 20, () -> again.stream().noneMatch(UrlSourceIT::alive));
    }

    @Test
    void whatCannotBeFetchedIsSaidWithinTenSeconds() throws IOException {
        try (Sockets sockets = new Sockets()) {
            Map<String, String> wanted = new LinkedHashMap<>();
            wanted.put("http://127.0.0.1:" + sockets.closed() + "/video", "camera-unreachable");
            wanted.put("http://127.0.0.1:" + sockets.silent() + "/video", "camera-unreachable");
            wanted.put(web.url("/files/nothing.m3u8"), "camera-config");
            wanted.put(web.url("/video"), "camera-auth");
            wanted.put("file:///etc/passwd", "camera-config");
            wanted.put("file://" + folder.resolve("film.webm"), "camera-unsupported");
            wanted.put("http://169.254.169.254/latest/meta-data", "validation");
            wanted.forEach((address, problem) -> {
                Instant asked = Instant.now();
                Api.Answer answer = api.post("/api/v1/cameras/probe", Map.of("driver", "url", "address", address));
                assertThat(Duration.between(asked, Instant.now()))
                        .as(address + ": 10 s are promised; the rest is for a machine that stands still")
                        .isLessThan(Duration.ofSeconds(20));
                assertThat(answer.status()).as(address).isEqualTo(422);
                assertThat(answer.json().get("type").asText()).as(address).isEqualTo("/problems/" + problem);
                assertThat(answer.json().get("detail").asText()).as(address).isNotBlank();
            });
        }
    }

    @Test
    void whereASourceLeadsIsRefusedByName() throws IOException {
        String metadata = "http://169.254.169.254/latest/meta-data/iam";
        Files.writeString(
                folder.resolve("hls/key.m3u8"),
                "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:1\n#EXT-X-KEY:METHOD=AES-128,URI=\""
                        + metadata + "\"\n#EXTINF:2,\nlive1.ts\n");
        for (String address : List.of(web.url("/to?" + metadata), web.url("/files/key.m3u8"))) {
            JsonNode problem = api.post("/api/v1/cameras/probe", Map.of("driver", "url", "address", address))
                    .expect(422)
                    .json();
            assertThat(problem.get("type").asText()).as(address).isEqualTo("/problems/camera-config");
            assertThat(problem.get("detail").asText())
                    .as(address)
                    .contains("a redirect or playlist leads on", "metadata service");
        }
        String camera = add("leads on", web.url("/files/key.m3u8"));
        Waiting.until("the gap says why", 30, () -> gaps(camera, Instant.EPOCH).stream()
                .anyMatch(gap -> gap.get("detail").asText().contains("metadata service")));
        assertThat(gaps(camera, Instant.EPOCH).toString()).doesNotContain("169.254.169.254");
        api.delete("/api/v1/cameras/" + camera).expect(204);
    }

    // ---- cameras and their processes ----

    private String add(String name, String address) {
        return api.post("/api/v1/cameras", Map.of("name", name, "driver", "url", "address", address))
                .expect(201)
                .json()
                .get("id")
                .asText();
    }

    private String addMjpeg() {
        Map<String, Object> draft =
                new HashMap<>(Map.of("name", "MJPEG", "driver", "url", "address", web.url("/video")));
        draft.put("credentials", Map.of("username", WebSources.USER, "password", WebSources.PASSWORD));
        return api.post("/api/v1/cameras", draft).expect(201).json().get("id").asText();
    }

    private JsonNode longest(String camera) {
        return api.segments(camera, Instant.EPOCH, Instant.now().plusSeconds(60)).stream()
                .max(Comparator.comparingLong(s -> s.get("durationMs").asLong()))
                .orElseThrow();
    }

    private Instant lastFootage(String camera) {
        JsonNode last = api.get("/api/v1/archive/" + camera + "/range?stream=main")
                .expect(200)
                .json()
                .get("last");
        return last == null ? Instant.EPOCH : Instant.ofEpochMilli(last.asLong());
    }

    private List<JsonNode> gaps(String camera, Instant from) {
        return api.gaps(camera, from, Instant.now());
    }

    private Set<Long> processes() {
        return ProcessHandle.of(server.pid())
                .map(jvm -> jvm.children()
                        .map(ProcessHandle::pid)
                        .filter(UrlSourceIT::alive)
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
    }

    private static Set<Long> minus(Set<Long> all, Set<Long> known) {
        return all.stream().filter(pid -> !known.contains(pid)).collect(Collectors.toSet());
    }

    /** {@return whether a media process of this number runs} */
    private static boolean alive(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .contains("WorkerMain");
        } catch (IOException gone) {
            return false;
        }
    }

    private void signal(String name, Set<Long> pids) {
        pids.forEach(pid -> Commands.run(folder, "kill", "-" + name, Long.toString(pid)));
    }
}
