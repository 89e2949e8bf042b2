// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/**
 * A driver is exchanged again and again while all its cameras are recorded. What counts is the frames in the files, by
 * the numbers the cameras wrote into them, and what is left of each exchange in the server.
 */
final class SwapBench {
    static final Set<String> OPTIONS = Set.of("cameras", "swaps");

    private static final Path WORK = Path.of(System.getProperty("nxvms.work"));
    private static final Path ROOT = Path.of(System.getProperty("nxvms.root"));
    private static final String PLUGIN = "org.nxvms.bench.driver";
    /** Of the driver that serves the cameras; the one that came with the server has another of this name. */
    private static final String DRIVER_CLASS = "org.nxvms.driver.rtsp.RtspDriver";
    /** What is made once and kept has been made by then. */
    private static final int SWAPS_BEFORE = 5;

    private static final int QUIET_SECONDS = 5;

    private final int cameras;
    private final int swaps;

    SwapBench(Options options) {
        cameras = options.number("cameras", 50, 1, 1000);
        swaps = options.number("swaps", 100, 1, 10_000);
    }

    /** What a process holds. */
    private record Held(long threads, long openFiles, long driverLoaders) {}

    Map<String, Object> run() throws Exception {
        Path footage = Files.createTempDirectory(Files.createDirectories(WORK), "nxvms-bench-");
        try (Bystanders bystanders = new Bystanders(WORK, footage);
                PackedServer server = PackedServer.unpacked("swap")
                        .with("NXVMS_DATA", footage.resolve("server").toString())) {
            Files.createDirectories(footage.resolve("server/etc"));
            Files.writeString(footage.resolve("server/etc/org.nxvms.plugins.cfg"), "frameWindowMs = 0\n");
            bystanders.prepare();
            return run(server, bystanders, footage);
        } finally {
            Commands.run(footage.getParent(), "rm", "-rf", footage.getFileName().toString());
        }
    }

    private Map<String, Object> run(PackedServer server, Bystanders bystanders, Path footage) throws Exception {
        Bench.say("server: starting");
        Api api = server.start();
        bystanders.startCameras(freePort(), 0);
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < cameras; n++) {
            ids.add(api.addCamera("Swap " + (n + 1), bystanders.url("nxvms", n)));
        }
        Waiting.until("all cameras record", 120, () -> recording(api) == cameras);
        Instant from = Instant.now();
        install(api, driver(footage, "9.0.0"));
        post(api, "/update", driver(footage, "9.1.0"));
        for (int swap = 0; swap < SWAPS_BEFORE; swap++) {
            rollback(api);
        }
        Held before = held(server.pid());

        Bench.say("exchanging the driver of " + cameras + " cameras " + swaps + " times");
        List<Double> milliseconds = new ArrayList<>();
        int bundlesCompared = 0;
        for (int swap = 1; swap <= swaps; swap++) {
            long begin = System.nanoTime();
            JsonNode done = rollback(api);
            milliseconds.add((System.nanoTime() - begin) / 1e6);
            bundlesCompared = checked(api, done);
            if (swap % 25 == 0) {
                Bench.say(swap + " of " + swaps);
            }
        }
        TimeUnit.SECONDS.sleep(QUIET_SECONDS);
        Held after = held(server.pid());
        Instant to = Instant.now();
        long gaps = 0;
        for (String id : ids) {
            gaps += api.gaps(id, from, to).size();
        }
        Bench.say("counting the frames in the files");
        server.stop();
        FrameNumbers.Count count = FrameNumbers.of(footage.resolve("server/archive"));
        if (count.cameras() != cameras) {
            throw new IllegalStateException("footage of " + count.cameras() + " cameras was found, not " + cameras);
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("bench", "swap");
        figures.put("kind", "driver");
        figures.put("cameras", cameras);
        figures.put("swaps", swaps);
        figures.put("framesInFiles", count.frames());
        figures.put("lostFrames", count.lost());
        figures.put("lostSessions", count.restarts());
        figures.put("gaps", gaps);
        figures.put("bundlesCompared", bundlesCompared);
        figures.put("swapMsMedian", Math.round(Contender.median(milliseconds)));
        figures.put("swapMsMax", Math.round(Collections.max(milliseconds)));
        figures.put("threadsMore", after.threads() - before.threads());
        figures.put("openFilesMore", after.openFiles() - before.openFiles());
        figures.put("driverLoaders", after.driverLoaders());
        return figures;
    }

    /** {@return how many other bundles were found to be as before} */
    private static int checked(Api api, JsonNode done) {
        JsonNode receipt = api.get(
                        "/api/v1/plugins/receipts/" + done.get("receipt").asText())
                .expect(200)
                .json();
        if (!receipt.get("outcome").asText().equals("done")
                || !receipt.get("detail").asText().isEmpty()) {
            throw new IllegalStateException("an exchange went wrong: " + receipt);
        }
        return receipt.get("bundlesCompared").asInt();
    }

    private static Held held(long pid) throws IOException, InterruptedException {
        JvmProbe jvm = new JvmProbe(pid);
        jvm.collect();
        return new Held(Load.threads(pid), Load.openFiles(pid), jvm.loadersOf(DRIVER_CLASS));
    }

    private static void install(Api api, Path driver) {
        api.post("/api/v1/plugins", Map.of("url", driver.toUri().toString(), "allowUnsigned", true))
                .expect(201);
    }

    private static void post(Api api, String operation, Path driver) {
        api.post(
                        "/api/v1/plugins/" + PLUGIN + operation,
                        Map.of("url", driver.toUri().toString(), "allowUnsigned", true))
                .expect(200);
    }

    private static JsonNode rollback(Api api) {
        return api.postText("/api/v1/plugins/" + PLUGIN + "/rollback", "")
                .expect(200)
                .json();
    }

    /** The RTSP driver as a plugin of this version, newer than the one that came with the server. */
    private static Path driver(Path folder, String version) throws IOException {
        Path built;
        try (Stream<Path> files = Files.list(ROOT.resolve("drivers/rtsp/target"))) {
            built = files.filter(f -> f.getFileName().toString().matches("nxvms-driver-rtsp-[0-9.]+\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("drivers/rtsp is not built"));
        }
        Path target = folder.resolve("driver-" + version + ".jar");
        try (JarFile source = new JarFile(built.toFile());
                OutputStream file = Files.newOutputStream(target)) {
            Manifest manifest = source.getManifest();
            manifest.getMainAttributes().putValue("Bundle-SymbolicName", PLUGIN);
            manifest.getMainAttributes().putValue("Bundle-Version", version);
            try (JarOutputStream jar = new JarOutputStream(file, manifest)) {
                for (JarEntry entry : Collections.list(source.entries())) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        jar.putNextEntry(new JarEntry(entry.getName()));
                        try (InputStream in = source.getInputStream(entry)) {
                            in.transferTo(jar);
                        }
                        jar.closeEntry();
                    }
                }
            }
        }
        return target;
    }

    private static long recording(Api api) {
        long count = 0;
        for (JsonNode camera :
                api.get("/api/v1/cameras?limit=1000").expect(200).json().get("items")) {
            count += camera.at("/status/state").asText().equals("recording") ? 1 : 0;
        }
        return count;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
