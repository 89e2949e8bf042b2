// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/**
 * CPU of recording N cameras, in the same minute and from the same cameras: our packed server, the floor (bytes from
 * socket to file, in C) in two forms, and one {@code ffmpeg -c copy} per camera. The unit is CPU seconds per
 * camera-minute, everything a process used included; ratios are what counts, medians over the rounds.
 */
final class RecordingBench {
    static final Set<String> OPTIONS = Set.of(
            "cameras",
            "floor-cameras",
            "ffmpeg-cameras",
            "warmup",
            "settle",
            "seconds",
            "rounds",
            "pacing",
            "disk",
            "encryption",
            "server",
            "pause");

    private static final Path WORK = Path.of(System.getProperty("nxvms.work"));
    private static final String NO_ENCRYPTION = "none";
    private static final int IDLE_SECONDS = 10;
    /** Until floors and ffmpeg have got over their beginning. */
    private static final int OTHERS_SECONDS = 20;

    /** With less, the compilers' work would be counted for the cameras. */
    private static final int SETTLE_SECONDS_MIN = 120;

    private static final int FLOOR_CAMERAS_MAX = 100;
    private static final int FFMPEG_CAMERAS_MAX = 50;
    private static final int FRAMES_PER_SECOND = 25;

    private final int cameras;
    private final int floorCameras;
    private final int ffmpegCameras;
    private final int warmupSeconds;
    private final int settleSeconds;
    private final int seconds;
    private final int rounds;
    private final int packetsPerMs;
    private final String disk;
    private final String encryption;
    private final String archive;
    private final int pauseSeconds;

    RecordingBench(Options options) {
        cameras = options.number("cameras", 50, 1, 1000);
        floorCameras = options.number("floor-cameras", Math.min(cameras, FLOOR_CAMERAS_MAX), 1, 1000);
        ffmpegCameras = options.number("ffmpeg-cameras", Math.min(cameras, FFMPEG_CAMERAS_MAX), 0, 1000);
        warmupSeconds = options.number("warmup", 30, 0, 600);
        settleSeconds = options.number("settle", 900, 0, 3600);
        seconds = options.number("seconds", 30, 3, 3600);
        rounds = options.number("rounds", 3, 1, 100);
        String pacing = options.text("pacing", "burst");
        packetsPerMs = pacing.equals("burst") ? 0 : options.number("pacing", 0, 1, 100);
        disk = options.text("disk", WORK.toString());
        encryption = options.text("encryption", NO_ENCRYPTION);
        archive = options.text("server", "");
        pauseSeconds = options.number("pause", 0, 0, 3600);
    }

    Map<String, Object> run() throws Exception {
        Path footage = Files.createTempDirectory(
                disk.equals("tmpfs") ? Path.of("/dev/shm") : Files.createDirectories(Path.of(disk)), "nxvms-bench-");
        try (Bystanders bystanders = new Bystanders(WORK, footage);
                FullPageCache pageCache = new FullPageCache(WORK);
                PackedServer server =
                        packed().with("NXVMS_DATA", footage.resolve("server").toString())) {
            bystanders.prepare();
            return run(server, bystanders, pageCache, footage);
        } finally {
            Commands.run(footage.getParent(), "rm", "-rf", footage.getFileName().toString());
        }
    }

    private PackedServer packed() {
        return archive.isEmpty()
                ? PackedServer.unpacked("recording")
                : PackedServer.unpacked("recording", Path.of(archive));
    }

    private Map<String, Object> run(PackedServer server, Bystanders bystanders, FullPageCache pageCache, Path footage)
            throws Exception {
        int settleSecondsMax = settlingThatHasRoom(footage);
        Bench.say("server: starting");
        Api api = server.start();
        encrypt(api);
        TimeUnit.SECONDS.sleep(IDLE_SECONDS);
        Contender idle = new Contender(List.of(server.pid()), 1);
        idle.beginRound();
        TimeUnit.SECONDS.sleep(IDLE_SECONDS);
        idle.endRound();

        Bench.say("cameras: " + cameras + " for the server");
        Contender source = new Contender(
                List.of(bystanders.startCameras(Farm.freePort(), packetsPerMs).pid()),
                cameras + 2 * floorCameras + ffmpegCameras);
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < cameras; n++) {
            ids.add(api.addCamera("Bench " + (n + 1), bystanders.url("nxvms", n)));
        }
        Waiting.until("all cameras record", 120, () -> Farm.recording(api) == cameras);
        Instant from = Instant.now();
        Contender ours = new Contender(List.of(server.pid()), cameras);
        Bench.say("warming up for " + warmupSeconds + " s");
        TimeUnit.SECONDS.sleep(warmupSeconds);
        double settled = warmupSeconds + new Settling(server.pid(), settleSecondsMax).await();
        // What the others write fills the disk, so they begin when the server is ready to be measured.
        pageCache.fill();
        Bench.say("floors with " + floorCameras + " cameras each, ffmpeg with " + ffmpegCameras);
        Contender naive = bystanders.startFloor("naive", floorCameras);
        Contender aggregated = bystanders.startFloor("aggregated", floorCameras);
        Optional<Contender> ffmpeg =
                ffmpegCameras == 0 ? Optional.empty() : Optional.of(bystanders.startFfmpeg(ffmpegCameras));
        TimeUnit.SECONDS.sleep(OTHERS_SECONDS);

        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("bench", "recording");
        figures.put("cameras", cameras);
        figures.put("floorCameras", floorCameras);
        figures.put("ffmpegCameras", ffmpegCameras);
        figures.put("secondsBefore", rounded(settled, 0));
        figures.put("seconds", seconds);
        figures.put("rounds", rounds);
        figures.put("encryption", encryption);
        figures.put("pacing", packetsPerMs == 0 ? "burst" : String.valueOf(packetsPerMs));
        figures.put(
                "disk",
                disk.equals("tmpfs") ? disk : Files.getFileStore(footage).type());
        measure(figures, new Compared(ours, naive, aggregated, ffmpeg, source));
        figures.put("idlePercentOfOneCore", rounded(idle.cost() * 100 / 60, 2));
        if (pauseSeconds > 0) {
            Bench.say("paused for " + pauseSeconds + " s; the server is process " + server.pid());
            TimeUnit.SECONDS.sleep(pauseSeconds);
        }
        Instant to = Instant.now();
        long gaps = 0;
        for (String id : ids) {
            gaps += api.gaps(id, from, to).size();
        }
        Bench.say("counting the frames in the files");
        boolean isClear = encryption.equals(NO_ENCRYPTION);
        if (isClear) {
            server.stop();
        }
        FrameNumbers.Count count = isClear
                ? FrameNumbers.of(footage.resolve("server/archive"))
                : FrameNumbers.served(api, ids, from, footage.resolve("served.mp4"));
        if (count.cameras() != cameras) {
            throw new IllegalStateException("footage of " + count.cameras() + " cameras was found, not " + cameras);
        }
        figures.put("framesInFiles", count.frames());
        figures.put("lostFrames", count.lost());
        figures.put("lostSessions", count.restarts());
        figures.put("gaps", gaps);
        return figures;
    }

    /** {@return for how many seconds all cameras may be recorded before the rounds begin, at most what was asked for} */
    private int settlingThatHasRoom(Path footage) throws IOException {
        long rounds = (2L * floorCameras + ffmpegCameras) * (seconds + OTHERS_SECONDS)
                + (long) cameras * (warmupSeconds + seconds + OTHERS_SECONDS);
        int least = Math.min(settleSeconds, SETTLE_SECONDS_MIN);
        DiskRoom.demand(footage, rounds + (long) cameras * least);
        long room = (DiskRoom.cameraSeconds(footage) - rounds) / cameras;
        if (room < settleSeconds) {
            Bench.say("the disk has room to settle for " + room + " s at most, not " + settleSeconds);
        }
        return (int) Math.min(room, settleSeconds);
    }

    private void encrypt(Api api) {
        if (encryption.equals(NO_ENCRYPTION)) {
            return;
        }
        String volumes = "/api/v1/storage/volumes";
        String name = api.get(volumes).expect(200).json().at("/items/0/name").asText();
        api.patch(volumes + "/" + name, Map.of("encryption", encryption), "*").expect(200);
        Waiting.until("volume " + name + " encrypts", 30, () -> {
            JsonNode volume = api.get(volumes).expect(200).json().at("/items/0");
            return volume.path("encryption").asText().equals(encryption)
                    && volume.path("status").asText().equals("ready")
                    && !volume.has("encryptionTrouble");
        });
    }

    /** All who run at the same time. */
    private record Compared(
            Contender ours, Contender naive, Contender aggregated, Optional<Contender> ffmpeg, Contender source) {
        List<Contender> all() {
            List<Contender> all = new ArrayList<>(List.of(ours, naive, aggregated, source));
            ffmpeg.ifPresent(all::add);
            return all;
        }
    }

    private void measure(Map<String, Object> figures, Compared compared) throws IOException, InterruptedException {
        long pid = compared.ours().pids().get(0);
        JvmProbe jvm = new JvmProbe(pid);
        jvm.hotPathBytes();
        Map<String, Double> cpuBefore = jvm.cpuSeconds();
        Map<String, Long> allocatedBefore = jvm.hotPathBytes();
        long collections = jvm.collections();
        long bytes = Load.writtenBytes(pid);
        long begin = System.nanoTime();
        for (int round = 1; round <= rounds; round++) {
            compared.all().forEach(Contender::beginRound);
            TimeUnit.MILLISECONDS.sleep(seconds * 1000L / rounds);
            compared.all().forEach(Contender::endRound);
            Bench.say("round " + round + " of " + rounds + ": nxvms "
                    + rounded(compared.ours().costs().get(round - 1), 4) + ", naive "
                    + rounded(compared.naive().costs().get(round - 1), 4) + ", aggregated "
                    + rounded(compared.aggregated().costs().get(round - 1), 4));
        }
        double minutes = (System.nanoTime() - begin) / 60e9;
        bytes = Load.writtenBytes(pid) - bytes;
        collections = jvm.collections() - collections;
        Map<String, Long> allocated = jvm.hotPathBytes();
        Map<String, Double> cpu = jvm.cpuSeconds();

        Contender ours = compared.ours();
        figures.put("unit", "CPU seconds per camera-minute");
        figures.put("nxvms", rounded(ours.cost(), 4));
        figures.put("naive", rounded(compared.naive().cost(), 4));
        figures.put("aggregated", rounded(compared.aggregated().cost(), 4));
        compared.ffmpeg().ifPresent(ffmpeg -> figures.put("ffmpeg", rounded(ffmpeg.cost(), 4)));
        figures.put("cameraSide", rounded(compared.source().cost(), 4));
        figures.put("nxvmsToNaive", rounded(ours.costRelativeTo(compared.naive()), 2));
        figures.put("nxvmsToAggregated", rounded(ours.costRelativeTo(compared.aggregated()), 2));
        compared.ffmpeg().ifPresent(ffmpeg -> figures.put("ffmpegToNxvms", rounded(ffmpeg.costRelativeTo(ours), 2)));
        figures.put("percentOfOneCore", rounded(ours.cost() * cameras * 100 / 60, 1));
        // What of ours is work that none of the others does.
        double hashing = HashCost.secondsPerByte() * bytes / (cameras * minutes);
        figures.put("nxvmsHashing", rounded(hashing, 4));
        figures.put("megabytesPerCameraMinute", rounded(bytes / (cameras * minutes) / 1e6, 1));
        Map<String, Object> byGroup = new LinkedHashMap<>();
        cpu.forEach((group, used) ->
                byGroup.put(group, rounded((used - cpuBefore.getOrDefault(group, 0.0)) / (cameras * minutes), 4)));
        figures.put("nxvmsByThreads", byGroup);
        figures.put("residentMiB", Load.residentMiB(ours.pids()));
        figures.put("residentPeakMiB", Load.peakResidentMiB(pid));
        compared.ffmpeg().ifPresent(ffmpeg -> figures.put("ffmpegResidentMiB", Load.residentMiB(ffmpeg.pids())));
        figures.put("collections", collections);
        double units = cameras * minutes * 60 * FRAMES_PER_SECOND;
        Map<String, Object> byThreads = new LinkedHashMap<>();
        long sum = 0;
        for (Map.Entry<String, Long> group : allocated.entrySet()) {
            long more = group.getValue() - allocatedBefore.getOrDefault(group.getKey(), 0L);
            byThreads.put(group.getKey(), rounded(more / units, 2));
            sum += more;
        }
        figures.put("allocatedBytesPerAccessUnit", rounded(sum / units, 2));
        figures.put("allocatedByThreads", byThreads);
    }

    private static double rounded(double value, int digits) {
        double scale = Math.pow(10, digits);
        return Math.round(value * scale) / scale;
    }
}
