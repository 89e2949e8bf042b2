// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/**
 * CPU of recording N cameras, in the same minute and from the same simulated cameras: our server, the
 * floor (bytes from socket to file, in C) in two forms, and one {@code ffmpeg -c copy} per camera. The
 * unit is CPU seconds per camera-minute; ratios are what counts.
 */
final class RecordingBench {
    private static final int FIRST_PORT = 21_000;
    private static final Path ROOT = Path.of(System.getProperty("nxvms.root"));
    private static final Path WORK = Path.of(System.getProperty("nxvms.work"));

    private final int cameras;
    private final int warmupSeconds;
    private final int seconds;
    private final List<Process> started = new ArrayList<>();

    RecordingBench(int cameras, int warmupSeconds, int seconds) {
        this.cameras = cameras;
        this.warmupSeconds = warmupSeconds;
        this.seconds = seconds;
    }

    Map<String, Object> run() throws Exception {
        Files.createDirectories(WORK);
        Path floor = WORK.resolve("floor");
        Commands.run(ROOT, "cc", "-O2", "-o", floor.toString(), "bench/src/main/c/floor.c");
        try (PackedServer server = PackedServer.unpacked("recording")) {
            List<String> urls = startFarm();
            Bench.say("server: starting, adding " + cameras + " cameras");
            Api api = server.start();
            List<String> ids = new ArrayList<>();
            for (int n = 0; n < cameras; n++) {
                ids.add(api.addCamera("Bench " + (n + 1), urls.get(n)));
            }
            Waiting.until("all cameras record", 60, () -> recording(api) == cameras);
            Bench.say("floor and ffmpeg: starting");
            List<Long> naive = List.of(startFloor(floor, "naive", urls).pid());
            List<Long> aggregated =
                    List.of(startFloor(floor, "aggregated", urls).pid());
            List<Long> peers = new ArrayList<>();
            for (int n = 0; n < cameras; n++) {
                peers.add(startFfmpeg(n, urls.get(n)).pid());
            }
            return measure(api, ids, List.of(server.pid()), naive, aggregated, peers);
        } finally {
            for (Process process : started) {
                process.destroy();
            }
            for (Process process : started) {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            }
        }
    }

    private Map<String, Object> measure(
            Api api, List<String> ids, List<Long> ours, List<Long> naive, List<Long> aggregated, List<Long> peers)
            throws InterruptedException {
        Bench.say("warming up for " + warmupSeconds + " s");
        TimeUnit.SECONDS.sleep(warmupSeconds);
        Instant from = Instant.now();
        double[] before = cpu(ours, naive, aggregated, peers);
        Bench.say("measuring for " + seconds + " s");
        TimeUnit.SECONDS.sleep(seconds);
        double[] after = cpu(ours, naive, aggregated, peers);
        Instant to = Instant.now();
        double cameraMinutes = cameras * (to.toEpochMilli() - from.toEpochMilli()) / 60_000.0;
        double[] cost = new double[before.length];
        for (int i = 0; i < cost.length; i++) {
            cost[i] = (after[i] - before[i]) / cameraMinutes;
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("bench", "recording");
        figures.put("cameras", cameras);
        figures.put("seconds", seconds);
        figures.put("unit", "CPU seconds per camera-minute");
        figures.put("nxvms", rounded(cost[0]));
        figures.put("floorNaive", rounded(cost[1]));
        figures.put("floorAggregated", rounded(cost[2]));
        figures.put("ffmpegPerCamera", rounded(cost[3]));
        figures.put("nxvmsToFloorNaive", rounded(cost[0] / cost[1]));
        figures.put("nxvmsToFloorAggregated", rounded(cost[0] / cost[2]));
        figures.put("ffmpegToNxvms", rounded(cost[3] / cost[0]));
        figures.put("nxvmsResidentMiB", Load.residentMiB(ours));
        figures.put("ffmpegResidentMiB", Load.residentMiB(peers));
        figures.put("lostFrames", lostFrames(api, ids, from.plusSeconds(2), to.minusSeconds(4)));
        return figures;
    }

    private static double[] cpu(List<Long> ours, List<Long> naive, List<Long> aggregated, List<Long> peers) {
        return new double[] {
            Load.cpuSeconds(ours), Load.cpuSeconds(naive), Load.cpuSeconds(aggregated), Load.cpuSeconds(peers)
        };
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    /** Frames that the archive's index should name for its time at 25 a second, less those it names. */
    private static long lostFrames(Api api, List<String> ids, Instant from, Instant to) {
        Bench.say("counting frames");
        long lost = 0;
        for (String id : ids) {
            Api.Footage footage = api.footage(id, from, to);
            lost += Math.max(0, Math.round(footage.seconds() * 25) - footage.frames());
            lost += api.gaps(id, from, to).size();
        }
        return lost;
    }

    private static long recording(Api api) {
        long count = 0;
        for (var camera :
                api.get("/api/v1/cameras?limit=1000").expect(200).json().get("items")) {
            count += camera.at("/status/state").asText().equals("recording") ? 1 : 0;
        }
        return count;
    }

    private List<String> startFarm() throws IOException {
        Bench.say("cameras: starting " + cameras + " (the clip is made at the first time)");
        Process farm = start(
                WORK.resolve("farm.log"),
                "java",
                "-cp",
                ROOT.resolve("sdk/simulator/target/simulator") + "/*",
                "org.nxvms.simulator.SimulatorMain",
                "--cameras",
                String.valueOf(cameras),
                "--port",
                String.valueOf(FIRST_PORT),
                "--data",
                WORK.resolve("simulator").toString());
        awaitReady(farm, WORK.resolve("farm.log"), 180);
        List<String> urls = new ArrayList<>();
        for (int n = 0; n < cameras; n++) {
            urls.add("rtsp://127.0.0.1:" + (FIRST_PORT + n) + "/main");
        }
        return urls;
    }

    private Process startFloor(Path floor, String mode, List<String> urls) throws IOException {
        Path folder = Files.createDirectories(WORK.resolve("floor-" + mode));
        List<String> command = new ArrayList<>(List.of(floor.toString(), mode, "127.0.0.1", folder.toString()));
        urls.forEach(u -> command.add(u.substring("rtsp://127.0.0.1:".length())));
        Process process = start(WORK.resolve("floor-" + mode + ".log"), command.toArray(String[]::new));
        awaitReady(process, WORK.resolve("floor-" + mode + ".log"), 30);
        return process;
    }

    private Process startFfmpeg(int number, String url) throws IOException {
        Path folder = Files.createDirectories(WORK.resolve("ffmpeg"));
        return start(
                WORK.resolve("ffmpeg.log"),
                "ffmpeg",
                "-nostdin",
                "-loglevel",
                "error",
                "-rtsp_transport",
                "tcp",
                "-i",
                url,
                "-c",
                "copy",
                "-f",
                "segment",
                "-segment_time",
                "60",
                "-segment_format",
                "mp4",
                "-segment_format_options",
                "movflags=+frag_keyframe+empty_moov+default_base_moof",
                "-y",
                folder.resolve(number + "_%03d.mp4").toString());
    }

    private Process start(Path log, String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        started.add(process);
        return process;
    }

    private static void awaitReady(Process process, Path log, int seconds) {
        Waiting.until("READY in " + log, seconds, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("ended with status " + process.exitValue() + "; see " + log);
            }
            try (BufferedReader lines = Files.newBufferedReader(log)) {
                return lines.lines().anyMatch(l -> l.contains("READY"));
            }
        });
    }
}
