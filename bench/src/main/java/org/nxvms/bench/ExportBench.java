// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/**
 * How fast a package is made, beside {@code cp} of the same bytes and {@code ffmpeg -c copy} of the same footage, while all cameras
 * go on being recorded and some are looked at; and whether a frame of them is lost. A package is durable when it is done, so what the others wrote is made
 * durable too, and all read what the machine has in its memory. In turn, so that what else the machine does falls on each.
 */
final class ExportBench {
    static final Set<String> OPTIONS = Set.of("cameras", "camera-minutes", "rounds", "starts", "disk");

    private static final Path WORK = Path.of(System.getProperty("nxvms.work"));
    private static final int PACKAGE_WAIT_SECONDS = 1_800;
    /** Faster than any disk: what is measured is not the pace that an administrator sets. */
    private static final int MEBIBYTES_PER_SECOND = 10_000;
    /** What is recorded, its copy for the others, and four that packages and their copies take: chunks are longer than what is asked. */
    private static final int COPIES_AT_ONCE = 6;

    private static final int BURNED_SECONDS_MAX = 60;

    /** A package is of so many; the others are recorded beside it. */
    private static final int CAMERAS_OF_ONE_MAX = 64;

    private final int cameras;
    private final int cameraMinutes;
    private final int rounds;
    private final int starts;
    private final String disk;

    ExportBench(Options options) {
        cameras = options.number("cameras", 50, 1, 100);
        cameraMinutes = options.number("camera-minutes", 60, 1, 1_000);
        rounds = options.number("rounds", 5, 1, 20);
        starts = options.number("starts", 50, 0, 1_000);
        disk = options.text("disk", WORK.toString());
    }

    Map<String, Object> run() throws Exception {
        Path folder = Files.createTempDirectory(Files.createDirectories(Path.of(disk)), "nxvms-bench-");
        try (Bystanders bystanders = new Bystanders(WORK, folder);
                PackedServer server = PackedServer.unpacked("export")
                        .with("NXVMS_DATA", folder.resolve("server").toString())) {
            DiskRoom.demand(folder, COPIES_AT_ONCE * cameraMinutes * 60L);
            bystanders.prepare();
            return run(server, bystanders, folder);
        } finally {
            Commands.run(folder.getParent(), "rm", "-rf", folder.getFileName().toString());
        }
    }

    private Map<String, Object> run(PackedServer server, Bystanders bystanders, Path folder) throws Exception {
        Path settings = Files.createDirectories(folder.resolve("server/etc"));
        Files.writeString(
                settings.resolve("org.nxvms.export.cfg"), "mebibytesPerSecond=" + MEBIBYTES_PER_SECOND + "\n");
        Api api = server.start();
        Bench.say("cameras: " + cameras);
        bystanders.startCameras(Farm.freePort(), 0);
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < cameras; n++) {
            ids.add(api.addCamera("Bench " + (n + 1), bystanders.url("nxvms", n)));
        }
        Waiting.until("all cameras record", 120, () -> Farm.recording(api) == cameras);
        Instant from = Instant.now();
        long seconds = cameraMinutes * 60L / cameras + 1;
        Bench.say("recording " + cameraMinutes + " minutes of all cameras together, for " + seconds + " s");
        TimeUnit.SECONDS.sleep(seconds);
        Instant to = from.plusSeconds(seconds);

        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("bench", "export");
        figures.put("cameras", cameras);
        figures.put("cameraMinutes", cameraMinutes);
        figures.put("rounds", rounds);
        figures.put("disk", Files.getFileStore(folder).type());
        if (starts > 0) {
            watchEachAfterTheOther(api, ids, figures);
        }
        List<String> exported = ids.subList(0, Math.min(ids.size(), CAMERAS_OF_ONE_MAX));
        measure(api, new Order(exported, from, to), folder, figures);
        burned(api, exported.get(0), from, to, figures);
        long gaps = 0;
        for (String id : ids) {
            gaps += api.gaps(id, from, Instant.now()).size();
        }
        server.stop();
        FrameNumbers.Count count = FrameNumbers.of(folder.resolve("server/archive"));
        Bystanders.Sent sent = bystanders.stopCameras();
        figures.put("framesRecorded", count.frames());
        figures.put("framesLost", count.lost());
        figures.put("sessionsLost", count.restarts());
        figures.put("framesNotSent", sent.dropped());
        figures.put("gaps", gaps);
        return figures;
    }

    /** Each camera is shown for the first time since it is recorded: what a start costs falls on the recording of all. */
    private void watchEachAfterTheOther(Api api, List<String> ids, Map<String, Object> figures) throws Exception {
        Map<String, FirstPictures.Watching> ways = FirstPictures.ways(api, WhepIdentity.make(WORK));
        for (String way : ways.keySet()) {
            FirstPictures.measure(way, ways.get(way), ids, starts, figures);
        }
        figures.put("liveStarts", (starts + starts / 2) * ways.size());
    }

    /** Every picture of one camera decoded, written into and encoded anew: at the pace that is left beside the recording. */
    private void burned(Api api, String camera, Instant from, Instant to, Map<String, Object> figures) {
        Instant end = Collections.min(List.of(to, from.plusSeconds(BURNED_SECONDS_MAX)));
        Map<String, Object> order = new LinkedHashMap<>(new Order(List.of(camera), from, end).body("mp4"));
        order.put("overlay", Map.of("text", "NXvms", "time", true, "zone", "UTC"));
        long beginNs = System.nanoTime();
        remove(api, made(api, order));
        double seconds = (System.nanoTime() - beginNs) / 1e9;
        double footage = Duration.between(from, end).toMillis() / 1_000.0;
        figures.put("burnedTimesRealTime", rounded(footage / seconds, 2));
        Bench.say("text burned into " + footage + " s of one camera: " + figures.get("burnedTimesRealTime")
                + " times real time");
    }

    private record Order(List<String> cameraIds, Instant from, Instant to) {
        Map<String, Object> body(String form) {
            return Map.of("cameraIds", cameraIds, "from", from.toString(), "to", to.toString(), "form", form);
        }
    }

    private void measure(Api api, Order order, Path folder, Map<String, Object> figures) throws Exception {
        Path packages = folder.resolve("server/exports");
        String first = made(api, order.body("chunks"));
        FootageCopies copies =
                FootageCopies.of(packages.resolve(first + ".zip"), Files.createDirectories(folder.resolve("copies")));
        remove(api, first);
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            Map<String, Double> once = new LinkedHashMap<>();
            for (String form : List.of("mp4", "chunks")) {
                long begin = System.nanoTime();
                String id = made(api, order.body(form));
                double seconds = (System.nanoTime() - begin) / 1e9;
                long bytes = Files.size(packages.resolve(id + ".zip"));
                figures.put(form + "Bytes", bytes);
                once.put(form, bytes / seconds / 1e6);
                // Of these very bytes: many gigabytes are written slower than a few.
                once.put(form + "Cp", cp(packages.resolve(id + ".zip"), folder.resolve("copy.zip")));
                remove(api, id);
            }
            once.put("ffmpeg", copies.ffmpeg());
            Bench.say((round == 0 ? "to become warm" : "round " + round + " of " + rounds) + ", MB/s: " + once);
            if (round > 0) {
                once.forEach((who, rate) ->
                        rates.computeIfAbsent(who, name -> new ArrayList<>()).add(rate));
            }
        }
        figures.put("footageBytes", copies.bytes());
        rates.forEach((who, of) -> figures.put(who + "MegabytesPerSecond", rounded(Contender.median(of), 1)));
        for (String form : List.of("mp4", "chunks")) {
            figures.put(form + "ToCp", ratio(rates.get(form), rates.get(form + "Cp")));
            figures.put(form + "ToFfmpeg", ratio(rates.get(form), rates.get("ffmpeg")));
        }
        figures.put("toCpTarget", 0.8);
        figures.put("toCpMust", 0.5);
    }

    /** {@return megabytes per second until the copy is durable} */
    private static double cp(Path made, Path copy) throws IOException {
        // It was written past the page cache, from which cp is to read as the package was.
        try (InputStream in = Files.newInputStream(made)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        long begin = System.nanoTime();
        Commands.run(copy.getParent(), "cp", "--reflink=never", "--sparse=never", made.toString(), copy.toString());
        Commands.run(copy.getParent(), "sync", copy.toString());
        double rate = Files.size(copy) / ((System.nanoTime() - begin) / 1e9) / 1e6;
        Files.delete(copy);
        return rate;
    }

    /** {@return the median over the rounds: within one the machine was the same for both} */
    private static double ratio(List<Double> ours, List<Double> theirs) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            ratios.add(ours.get(i) / theirs.get(i));
        }
        return rounded(Contender.median(ratios), 2);
    }

    private static String made(Api api, Map<String, Object> order) {
        String id =
                api.post("/api/v1/exports", order).expect(201).json().get("id").asText();
        Waiting.until("the package is made", PACKAGE_WAIT_SECONDS, () -> isDone(api, id));
        return id;
    }

    private static boolean isDone(Api api, String id) {
        JsonNode export = api.get("/api/v1/exports/" + id).expect(200).json();
        String state = export.get("state").asText();
        if (state.equals("failed")) {
            throw new AssertionError("the export failed: " + export);
        }
        return state.equals("done");
    }

    private static void remove(Api api, String id) {
        api.delete("/api/v1/exports/" + id).expect(204);
    }

    private static double rounded(double value, int digits) {
        double scale = Math.pow(10, digits);
        return Math.round(value * scale) / scale;
    }
}
