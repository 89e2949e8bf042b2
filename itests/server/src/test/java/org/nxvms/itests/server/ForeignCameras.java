// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/**
 * Cameras that are not ours, recorded side by side since the beginning: GStreamer's RTSP server plays files in every payload
 * format it knows, over every way its packets travel.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ForeignCameras {
    /** Half a minute's work, if nobody else works. */
    private static final Duration PREPARED_WITHIN = Duration.ofMinutes(10);

    private static final Path CAMERAS =
            Path.of(System.getProperty("nxvms.root"), "itests", "cameras").toAbsolutePath();

    private static final Map<String, Map<String, String>> SETTINGS = Map.of(
            "tcp", Map.of("transport", "tcp"),
            "udp", Map.of("transport", "udp"),
            "multicast", Map.of("transport", "multicast", "multicast-interface", "127.0.0.1"));

    private Path clips;
    int port;
    private int groupPort;
    private final List<Process> cameras = new ArrayList<>();
    PackedServer server;
    Api api;
    final Map<Source, String> ids = new HashMap<>();

    @BeforeAll
    void start() throws IOException, InterruptedException {
        clips = Path.of(System.getProperty("nxvms.work"))
                .resolveSibling("clips")
                .toAbsolutePath();
        Files.createDirectories(clips);
        Commands.logged(
                new ProcessBuilder("bash", CAMERAS.resolve("prepare.sh").toString(), clips.toString()),
                clips.resolve("prepare.log"),
                PREPARED_WITHIN);
        port = Sockets.threeInARow();
        camera("gst_camera.py", "--port", String.valueOf(port), "--clips", clips.toString());
        groupPort = Sockets.threeInARow();
        camera("multicast_front.py", "--port", String.valueOf(groupPort), "--server", String.valueOf(port));
        server = PackedServer.unpacked("foreign");
        api = server.start();
        for (Source source : sources()) {
            ids.put(
                    source,
                    add(
                            source.mount(),
                            port(source),
                            source.locked() ? login("secret") : Map.of("settings", SETTINGS.get(source.transport()))));
        }
    }

    private int port(Source source) {
        if (source.transport().equals("multicast")) {
            return groupPort;
        }
        return source.locked() ? port + 1 : port;
    }

    private void camera(String program, String... options) throws IOException {
        Path log = clips.resolve(program + ".log");
        List<String> command = new ArrayList<>(
                List.of("/usr/bin/python3", CAMERAS.resolve(program).toString()));
        command.addAll(List.of(options));
        cameras.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
        Waiting.until(program + " listens", 30, () -> Files.readString(log).contains("READY"));
    }

    @AfterAll
    void stop() throws InterruptedException {
        if (server != null) {
            server.close();
        }
        for (Process camera : cameras) {
            camera.destroy();
            if (!camera.waitFor(10, TimeUnit.SECONDS)) {
                camera.destroyForcibly();
            }
        }
    }

    /**
     * What each camera sends and what it must become.
     *
     * @param locked whether it wants the login
     * @param transport how its packets travel, as the status names it
     * @param clip it plays
     * @param codecs of the recording
     */
    record Source(String mount, boolean locked, String transport, String clip, int framesPerSecond, String codecs) {
        Source(String mount, boolean locked, String clip, int framesPerSecond, String codecs) {
            this(mount, locked, "tcp", clip, framesPerSecond, codecs);
        }

        Source over(String other) {
            return new Source(mount, locked, other, clip, framesPerSecond, codecs);
        }

        /** {@return the codec of the pictures, as FFmpeg names it} */
        String picture() {
            return codecs.startsWith("avc1") ? "h264" : codecs.startsWith("hvc1") ? "hevc" : "mjpeg";
        }

        /** {@return the same of the sound, when players know it in MP4} */
        Optional<String> sound() {
            return codecs.endsWith("mp4a.40.2")
                    ? Optional.of("aac")
                    : codecs.endsWith("opus") ? Optional.of("opus") : Optional.empty();
        }

        /** {@return how many pictures may be sent before those that refer to them} */
        int ahead() {
            return mount.contains("bframes") ? 3 : 0;
        }

        @Override
        public String toString() {
            return mount + " over " + transport;
        }
    }

    static final Source BFRAMES = new Source("h264-bframes-pcmu", false, "h264-bframes-pcmu", 25, "avc1.64001F,ulaw");
    static final Source H265 = new Source("h265", false, "h265-aac", 25, "hvc1.1.6.L93.90,mp4a.40.2");
    static final Source MJPEG = new Source("mjpeg-pcma", false, "mjpeg-pcm", 10, "mp4v.6C,alaw");
    static final Source H264 = new Source("h264-opus", false, "h264-pcm", 25, "avc1.64001E,opus");

    static final Source AAC = new Source("h264-aac", false, "h264-aac", 25, "avc1.640028,mp4a.40.2");

    static List<Source> sources() {
        return List.of(
                AAC,
                BFRAMES,
                new Source("h264-digest", true, "h264-aac", 25, "avc1.640028,mp4a.40.2"),
                H265,
                MJPEG,
                H264,
                new Source("h264-latm", false, "h264-pcm", 25, "avc1.64001E,mp4a.40.2"),
                new Source("h264-g726", false, "h264-pcm", 25, "avc1.64001E,g726"),
                H264.over("udp"),
                BFRAMES.over("udp"),
                H265.over("udp"),
                MJPEG.over("udp"),
                H264.over("multicast"),
                BFRAMES.over("multicast"),
                H265.over("multicast"),
                MJPEG.over("multicast"));
    }

    String add(String mount, int mountPort, Map<String, Object> more) {
        Map<String, Object> draft = new HashMap<>(more);
        draft.putAll(Map.of("name", mount, "driver", "rtsp", "address", "rtsp://127.0.0.1:" + mountPort + "/" + mount));
        return api.post("/api/v1/cameras", draft).expect(201).json().get("id").asText();
    }

    static Map<String, Object> login(String password) {
        return Map.of("credentials", Map.of("username", "admin", "password", password));
    }

    double seconds(String id) {
        List<JsonNode> segments = api.segments(id, Instant.EPOCH, Instant.now().plusSeconds(60));
        return segments.isEmpty() ? 0 : segments.get(0).get("durationMs").asLong() / 1000.0;
    }

    Path save(JsonNode segment, Path folder) {
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

    Path clip(String name) {
        try (Stream<Path> files = Files.list(clips)) {
            return files.filter(f -> f.getFileName().toString().matches(name + "-\\d+s\\.m.*"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
