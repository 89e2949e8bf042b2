// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.rtsp.Camera;

/**
 * How soon pictures of the archive come: of a moment that somebody jumps to, its thumbnail, its key frame alone. Two cameras are
 * recorded meanwhile, in an index that holds days of many others.
 */
final class PlaybackBench {
    static final Set<String> OPTIONS = Set.of("cameras", "days", "seconds", "requests");
    private static final int RECORDED = 2;
    private static final int SERVER_SECONDS_MAX = 120;
    private static final long SEED = 11;
    /** As players fetch: a part of some seconds. */
    private static final int READ_BYTES = 64 << 10;

    private final int cameras;
    private final int days;
    private final int seconds;
    private final int requests;
    private final Random random = new Random(SEED);
    private final HttpClient client = HttpClient.newHttpClient();

    PlaybackBench(Options options) {
        cameras = options.number("cameras", 50, 1, 128);
        days = options.number("days", 30, 1, 400);
        seconds = options.number("seconds", 120, 20, 3_600);
        requests = options.number("requests", 200, 20, 10_000);
    }

    /** A recorded key frame. */
    private record Moment(String camera, String segment, long startMs, long offset, int length) {}

    Map<String, Object> run() throws Exception {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("bench", "playback");
        figures.put("cameras", cameras);
        figures.put("days", days);
        figures.put("requests", requests);
        try (CameraFarm farm = CameraFarm.builder()
                        .cameras(RECORDED)
                        .data(Path.of(System.getProperty("nxvms.work")).resolve("simulator"))
                        .start();
                PackedServer server = PackedServer.unpacked("playback")) {
            server.start();
            server.stop();
            Bench.say("filling the database with " + days + " days of " + cameras + " cameras");
            figures.put("chunks", FilledArchive.of(server.data(), cameras, days).chunks());
            Api api = server.start();
            List<String> recorded = record(api, farm);
            List<Moment> moments = moments(api, recorded);
            figures.put("keyFrames", moments.size());
            ask(api, moments, figures);
        }
        return figures;
    }

    private List<String> record(Api api, CameraFarm farm) {
        List<String> recorded = new ArrayList<>();
        for (int n = 1; n <= RECORDED; n++) {
            recorded.add(api.addCamera("Playback " + n, farm.camera(n).uri(Camera.Role.MAIN)));
        }
        Instant begin = Instant.now();
        Bench.say("recording " + seconds + " s");
        for (String camera : recorded) {
            Waiting.until(
                    "footage of " + camera,
                    seconds + SERVER_SECONDS_MAX,
                    () -> api.footage(camera, begin, Instant.now()).seconds() >= seconds);
        }
        return recorded;
    }

    private static List<Moment> moments(Api api, List<String> recorded) {
        List<Moment> moments = new ArrayList<>();
        for (String camera : recorded) {
            for (JsonNode segment : api.segments(camera, Instant.EPOCH, Instant.now())) {
                String id = segment.get("id").asText();
                JsonNode index = api.get("/api/v1/archive/segments/" + id + "/index")
                        .expect(200)
                        .json();
                for (JsonNode fragment : index.get("fragments")) {
                    if (fragment.get("key").asBoolean()) {
                        moments.add(new Moment(
                                camera,
                                id,
                                fragment.get("startMs").asLong(),
                                fragment.get("offset").asLong(),
                                fragment.get("length").asInt()));
                    }
                }
            }
        }
        return moments;
    }

    private void ask(Api api, List<Moment> moments, Map<String, Object> figures) throws Exception {
        // What runs for the first time is compiled; a server that is watched has done so.
        seeks(api, moments);
        Percentiles.put(figures, "seek", seeks(api, moments));
        Percentiles.put(figures, "coldSeek", coldSeeks(api, moments));
        Percentiles.put(figures, "keyFrame", keyFrames(api, moments));
        double[] first = thumbnails(api, moments, true);
        figures.put("thumbnailsFirst", first.length);
        Percentiles.put(figures, "thumbnailFirst", first);
        Percentiles.put(figures, "thumbnailCached", thumbnails(api, moments, false));
    }

    /** The player knows segment and index, as who watches does: from the request to the first byte of media. */
    private double[] seeks(Api api, List<Moment> moments) throws Exception {
        double[] ms = new double[requests];
        for (int i = 0; i < requests; i++) {
            Moment to = moments.get(random.nextInt(moments.size()));
            ms[i] = firstByte(api, "/media/v1/segments/" + to.segment(), range(to));
        }
        return ms;
    }

    /** The player knows the moment only: it asks for the segment and its index first. */
    private double[] coldSeeks(Api api, List<Moment> moments) throws Exception {
        double[] ms = new double[requests];
        for (int i = 0; i < requests; i++) {
            Moment to = moments.get(random.nextInt(moments.size()));
            api.token();
            long begin = System.nanoTime();
            api.get("/api/v1/archive/" + to.camera() + "/segments?limit=1&from=" + to.startMs() + "&to="
                            + (to.startMs() + 1))
                    .expect(200);
            api.get("/api/v1/archive/segments/" + to.segment() + "/index").expect(200);
            double asked = ms(begin);
            ms[i] = asked + firstByte(api, "/media/v1/segments/" + to.segment(), range(to));
        }
        return ms;
    }

    private double[] keyFrames(Api api, List<Moment> moments) throws Exception {
        double[] ms = new double[requests];
        for (int i = 0; i < requests; i++) {
            Moment to = moments.get(random.nextInt(moments.size()));
            ms[i] = firstByte(api, "/media/v1/keyframes/" + to.segment() + "/" + to.offset() + ".m4s", "");
        }
        return ms;
    }

    /** Each key frame's once. The server rests after each picture as long as that took; who looks at one at a time does, too. */
    private double[] thumbnails(Api api, List<Moment> moments, boolean rests) throws Exception {
        double[] ms = new double[Math.min(requests, moments.size())];
        for (int i = 0; i < ms.length; i++) {
            Moment of = moments.get(i);
            ms[i] = firstByte(
                    api, "/media/v1/archive/" + of.camera() + "/thumbnail.jpg?width=320&at=" + of.startMs(), "");
            if (rests) {
                LockSupport.parkNanos((long) (ms[i] * 1e6));
            }
        }
        return ms;
    }

    private static String range(Moment of) {
        return "bytes=" + of.offset() + "-" + (of.offset() + Math.min(READ_BYTES, of.length()) - 1);
    }

    private double firstByte(Api api, String path, String range) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(api.base() + path)).header("Authorization", "Bearer " + api.token());
        if (!range.isEmpty()) {
            request.header("Range", range);
        }
        long begin = System.nanoTime();
        HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            int first = body.read();
            double ms = ms(begin);
            if (answer.statusCode() / 100 != 2 || first < 0) {
                throw new IllegalStateException(path + " answered " + answer.statusCode());
            }
            body.readAllBytes();
            return ms;
        }
    }

    private static double ms(long beginNs) {
        return Math.round((System.nanoTime() - beginNs) / 1e4) / 100.0;
    }
}
