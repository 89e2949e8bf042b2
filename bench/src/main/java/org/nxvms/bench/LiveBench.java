// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
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
 * What it costs the server to be watched, beside what a program in C pays that only sends, how soon who asks has a first picture of a camera that is connected, and how old pictures
 * are when Chromium shows them: a recorded camera of 720p25 and 2 Mbit/s, a key frame in two seconds, without sound, over loopback.
 */
final class LiveBench {
    static final Set<String> OPTIONS = Set.of("viewers", "seconds", "rounds", "warm", "first", "browser");

    private static final Path WORK = Path.of(System.getProperty("nxvms.work"));
    private static final int PICTURES_PER_SECOND = 25;
    private static final ClipSpec CLIP = new ClipSpec(
            new ClipSpec.Rendition(1280, 720, 2_000_000),
            new ClipSpec.Rendition(640, 360, 500_000),
            PICTURES_PER_SECOND,
            50,
            30);
    private static final double CLIP_MEGABITS = 2;
    private static final int SETTLE_SECONDS = 3;
    private static final int FEED_KEPT_SECONDS = 6;
    private static final int LOOK_SECONDS = 5;
    private static final int QUIET_LOOKS = 3;
    /** Of the server's CPU. */
    private static final double COMPILERS_MAX = 0.03;

    private static final int THREADS_TOLD = 5;
    private static final int VIEWERS_MAX = 64;

    private final List<Integer> viewers;
    private final int seconds;
    private final int rounds;
    private final int warmSeconds;
    private final int first;
    private final int browserSeconds;

    LiveBench(Options options) {
        viewers = numbers(options.text("viewers", "1,10,50"));
        seconds = options.number("seconds", 20, 5, 600);
        rounds = options.number("rounds", 3, 1, 20);
        warmSeconds = options.number("warm", 180, 0, 900);
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
            Map<String, FirstPictures.Watching> ways = FirstPictures.ways(api, identity);
            for (String way : ways.keySet()) {
                FirstPictures.measure(way, ways.get(way), List.of(id), first, figures);
            }
            SenderFloor floor = new SenderFloor(WORK, PICTURES_PER_SECOND, CLIP_MEGABITS);
            long pid = server.pid();
            for (Map.Entry<String, FirstPictures.Watching> way : ways.entrySet()) {
                warmUp(way.getKey(), () -> way.getValue().begin(id), pid);
            }
            double unwatched = ThreadTimes.withoutCompilers(unwatched(pid)) / seconds * 100;
            figures.put("unwatchedPercentOfACore", rounded(unwatched, 2));
            for (Map.Entry<String, FirstPictures.Watching> way : ways.entrySet()) {
                for (int count : viewers) {
                    watched(way.getKey(), () -> way.getValue().begin(id), count, pid, floor, figures);
                }
            }
            targets(figures);
            if (browserSeconds > 0) {
                new BrowserLatency(farm, camera, browserSeconds).measure(api, figures);
            }
        }
        return figures;
    }

    /** The code that passes pictures on has run and is compiled before anything is counted. */
    private void warmUp(String way, Callable<LiveViewer> watching, long pid) throws Exception {
        List<LiveViewer> all =
                begin(way, watching, viewers.stream().max(Integer::compare).orElseThrow());
        try {
            int quiet = 0;
            for (int waited = 0; waited < warmSeconds && quiet < QUIET_LOOKS; waited += LOOK_SECONDS) {
                Map<String, Double> used = used(pid, LOOK_SECONDS);
                double whole =
                        used.values().stream().mapToDouble(Double::doubleValue).sum();
                double compilers = 1 - ThreadTimes.withoutCompilers(used) / whole;
                quiet = compilers < COMPILERS_MAX ? quiet + 1 : 0;
                Bench.say("%s, warming up: compilers %.0f %% of the server's CPU".formatted(way, compilers * 100));
            }
        } finally {
            all.forEach(LiveViewer::close);
        }
    }

    private List<LiveViewer> begin(String way, Callable<LiveViewer> watching, int count) throws Exception {
        List<LiveViewer> all = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                all.add(watching.call());
            }
            all.forEach(viewer -> FirstPictures.await(way, viewer));
            return all;
        } catch (Exception | Error e) {
            all.forEach(LiveViewer::close);
            throw e;
        }
    }

    /** {@return seconds of CPU by thread} */
    private static Map<String, Double> used(long pid, int seconds) throws InterruptedException {
        ThreadTimes before = ThreadTimes.of(pid);
        long beginNs = System.nanoTime();
        TimeUnit.SECONDS.sleep(seconds);
        Map<String, Double> used = ThreadTimes.of(pid).since(before);
        double scale = seconds / ((System.nanoTime() - beginNs) / 1e9);
        used.replaceAll((name, time) -> time * scale);
        return used;
    }

    /** What is watched and what is not, in turn, so that what else the server does then falls on both: the difference is the viewers'. */
    private void watched(
            String way,
            Callable<LiveViewer> watching,
            int count,
            long pid,
            SenderFloor floor,
            Map<String, Object> figures)
            throws Exception {
        Map<String, Double> more = new TreeMap<>();
        double watched = 0;
        double each = 0;
        double megabits = 0;
        double pictures = 0;
        double least = 0;
        Map<String, Double> before = unwatched(pid);
        for (int round = 0; round < rounds; round++) {
            List<LiveViewer> all = begin(way, watching, count);
            Map<String, Double> with;
            try {
                TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
                long bytesBefore = all.stream().mapToLong(LiveViewer::bytes).sum();
                long picturesBefore =
                        all.stream().mapToLong(LiveViewer::pictures).sum();
                long beginNs = System.nanoTime();
                with = used(pid, seconds);
                double perViewer = 1 / ((System.nanoTime() - beginNs) / 1e9) / count / rounds;
                megabits += (all.stream().mapToLong(LiveViewer::bytes).sum() - bytesBefore) * 8 / 1e6 * perViewer;
                pictures += (all.stream().mapToLong(LiveViewer::pictures).sum() - picturesBefore) * perViewer;
            } finally {
                all.forEach(LiveViewer::close);
            }
            Map<String, Double> after = unwatched(pid);
            least += floor.percentPerViewer(way, count, seconds) / rounds;
            double without = (ThreadTimes.withoutCompilers(before) + ThreadTimes.withoutCompilers(after)) / 2;
            watched += ThreadTimes.withoutCompilers(with) / seconds * 100 / rounds;
            each += (ThreadTimes.withoutCompilers(with) - without) / seconds * 100 / rounds / count;
            with.forEach((name, time) -> more.merge(name, time / seconds / rounds, Double::sum));
            before.forEach((name, time) -> more.merge(name, -time / seconds / rounds / 2, Double::sum));
            after.forEach((name, time) -> more.merge(name, -time / seconds / rounds / 2, Double::sum));
            before = after;
        }
        String name = way + count;
        figures.put(name + "PercentOfACore", rounded(watched, 2));
        figures.put(name + "PercentOfACorePerViewer", rounded(each, 3));
        figures.put(name + "PercentOfACorePer2Megabits", rounded(each * CLIP_MEGABITS / megabits, 3));
        figures.put(name + "FloorPercentOfACorePerViewer", rounded(least, 3));
        figures.put(name + "ToFloor", rounded(each / least, 2));
        figures.put(name + "MegabitsPerViewer", rounded(megabits, 2));
        figures.put(name + "PicturesPerSecond", rounded(pictures, 1));
        figures.put(name + "MillisecondsASecondByThread", ThreadTimes.most(more, THREADS_TOLD));
        Bench.say(name + ": " + figures.get(name + "PercentOfACorePerViewer") + " % of a core per viewer (floor "
                + figures.get(name + "FloorPercentOfACorePerViewer") + "), "
                + figures.get(name + "PicturesPerSecond") + " pictures a second; more by thread, ms a second: "
                + figures.get(name + "MillisecondsASecondByThread"));
    }

    private Map<String, Double> unwatched(long pid) throws InterruptedException {
        // A stream that nobody watches is read for some seconds more.
        TimeUnit.SECONDS.sleep(FEED_KEPT_SECONDS);
        return used(pid, seconds);
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
