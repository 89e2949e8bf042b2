// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.rtsp.AudioCodec;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.CameraSettings;

/**
 * What it costs the server to be watched, how soon who asks has a first picture of a camera that is connected, and how old pictures
 * are when Chromium shows them: a recorded camera of 720p25 and 2 Mbit/s, a key frame in two seconds, without sound, over loopback.
 */
final class LiveBench {
    static final Set<String> OPTIONS = Set.of("viewers", "seconds", "first", "browser");

    private static final Path WORK = Path.of(System.getProperty("nxvms.work"));
    private static final ClipSpec CLIP = new ClipSpec(
            new ClipSpec.Rendition(1280, 720, 2_000_000), new ClipSpec.Rendition(640, 360, 500_000), 25, 50, 30);
    private static final double CLIP_MEGABITS = 2;
    private static final int FIRST_PICTURE_SECONDS = 30;
    private static final int SETTLE_SECONDS = 5;
    private static final int VIEWERS_MAX = 64;

    private final List<Integer> viewers;
    private final int seconds;
    private final int first;
    private final int browserSeconds;
    private final HttpClient client = HttpClient.newHttpClient();

    LiveBench(Options options) {
        viewers = numbers(options.text("viewers", "1,10,50"));
        seconds = options.number("seconds", 20, 5, 600);
        first = options.number("first", 50, 20, 1_000);
        browserSeconds = options.number("browser", 20, 0, 300);
    }

    private static List<Integer> numbers(String text) {
        List<Integer> numbers = new ArrayList<>();
        for (String number : text.split(",", -1)) {
            if (!number.matches("[1-9]\\d?") || Integer.parseInt(number) > VIEWERS_MAX) {
                throw new IllegalArgumentException(
                        "--viewers wants numbers of 1.." + VIEWERS_MAX + " with commas between, not \"" + text + "\"");
            }
            numbers.add(Integer.valueOf(number));
        }
        return numbers;
    }

    /** Begins to watch. */
    @FunctionalInterface
    private interface Watching {
        LiveViewer begin() throws Exception;
    }

    Map<String, Object> run() throws Exception {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("bench", "live");
        try (CameraFarm farm = CameraFarm.builder()
                        .cameras(1)
                        .clip(CLIP)
                        .settings(number -> CameraSettings.DEFAULT.withAudio(AudioCodec.NONE))
                        .data(WORK.resolve("simulator-720p"))
                        .start();
                PackedServer server = PackedServer.unpacked("live")) {
            Api api = server.start();
            Camera camera = farm.camera(1);
            String id = api.addCamera("Live", camera.uri(Camera.Role.MAIN));
            Waiting.until("the camera is recorded", 60, () -> Farm.recording(api) == 1);
            Files.createDirectories(WORK);
            WhepIdentity identity = WhepIdentity.make(WORK);
            Map<String, Watching> ways = new LinkedHashMap<>();
            ways.put("webrtc", () -> new WhepViewer(client, api, identity, id));
            ways.put("ws", () -> new SocketViewer(client, api, id));
            for (Map.Entry<String, Watching> way : ways.entrySet()) {
                firstPictures(way.getKey(), way.getValue(), figures);
            }
            long pid = server.pid();
            double unwatched = percentOfACore(pid);
            figures.put("unwatchedPercentOfACore", rounded(unwatched, 2));
            for (Map.Entry<String, Watching> way : ways.entrySet()) {
                for (int count : viewers) {
                    watched(way.getKey(), way.getValue(), count, pid, figures);
                }
            }
            targets(figures);
            if (browserSeconds > 0) {
                new BrowserLatency(farm, camera, browserSeconds).measure(api, figures);
            }
        }
        return figures;
    }

    /** One after the other, as somebody goes from camera to camera. Those before are not counted: code runs for the first time. */
    private void firstPictures(String way, Watching watching, Map<String, Object> figures) throws Exception {
        double[] ms = new double[first];
        for (int i = -first / 2; i < first; i++) {
            try (LiveViewer viewer = watching.begin()) {
                awaitFirst(way, viewer);
                ms[Math.max(0, i)] = viewer.firstPictureMs();
            }
        }
        Percentiles.put(figures, way + "FirstPicture", ms);
        Bench.say(way + ": first picture after " + figures.get(way + "FirstPictureP95Ms") + " ms (p95)");
    }

    private static void awaitFirst(String way, LiveViewer viewer) {
        Waiting.until("a first picture by " + way, FIRST_PICTURE_SECONDS, () -> viewer.firstPictureMs() >= 0);
    }

    private double percentOfACore(long pid) throws InterruptedException {
        double before = Load.cpuSeconds(List.of(pid));
        long beginNs = System.nanoTime();
        TimeUnit.SECONDS.sleep(seconds);
        return (Load.cpuSeconds(List.of(pid)) - before) / ((System.nanoTime() - beginNs) / 1e9) * 100;
    }

    private void watched(String way, Watching watching, int count, long pid, Map<String, Object> figures)
            throws Exception {
        List<LiveViewer> all = new ArrayList<>();
        double before = percentOfACore(pid);
        try {
            for (int i = 0; i < count; i++) {
                all.add(watching.begin());
            }
            all.forEach(viewer -> awaitFirst(way, viewer));
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            long bytes = all.stream().mapToLong(LiveViewer::bytes).sum();
            long pictures = all.stream().mapToLong(LiveViewer::pictures).sum();
            long beginNs = System.nanoTime();
            double watched = percentOfACore(pid);
            double watchedSeconds = (System.nanoTime() - beginNs) / 1e9;
            bytes = all.stream().mapToLong(LiveViewer::bytes).sum() - bytes;
            pictures = all.stream().mapToLong(LiveViewer::pictures).sum() - pictures;
            double megabits = bytes * 8 / 1e6 / watchedSeconds / count;
            double each = (watched - before) / count;
            String name = way + count;
            figures.put(name + "PercentOfACore", rounded(watched, 2));
            figures.put(name + "PercentOfACorePerViewer", rounded(each, 3));
            figures.put(name + "PercentOfACorePer2Megabits", rounded(each * CLIP_MEGABITS / megabits, 3));
            figures.put(name + "MegabitsPerViewer", rounded(megabits, 2));
            figures.put(name + "PicturesPerSecond", rounded(pictures / watchedSeconds / count, 1));
            Bench.say(name + ": " + figures.get(name + "PercentOfACorePerViewer") + " % of a core per viewer, "
                    + figures.get(name + "PicturesPerSecond") + " pictures a second");
        } finally {
            all.forEach(LiveViewer::close);
        }
    }

    private static void targets(Map<String, Object> figures) {
        figures.put("percentOfACorePer2MegabitsTarget", Map.of("webrtc", 0.15, "ws", 0.1));
        figures.put("percentOfACorePer2MegabitsMust", Map.of("webrtc", 0.3, "ws", 0.2));
        figures.put("firstPictureP95MsTarget", Map.of("webrtc", 200, "ws", 150));
        figures.put("firstPictureP95MsMust", Map.of("webrtc", 400, "ws", 300));
    }

    private static double rounded(double value, int digits) {
        double scale = Math.pow(10, digits);
        return Math.round(value * scale) / scale;
    }
}
