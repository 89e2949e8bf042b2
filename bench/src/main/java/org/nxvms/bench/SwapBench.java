// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
 * A part of the server is exchanged again and again while cameras are recorded. What counts is the frames in the files, by
 * the numbers the cameras wrote into them, and what is left of each exchange in the server.
 */
final class SwapBench {
    static final Set<String> OPTIONS = Set.of("cameras", "swaps", "what", "route");

    private static final Path WORK = Path.of(System.getProperty("nxvms.work"));
    private static final String PLUGIN_ROUTE = "plugin";
    private static final String FEATURE_ROUTE = "feature";
    /** What is made once and kept has been made by then. */
    private static final int SWAPS_BEFORE = 5;

    private static final int BACK_SECONDS_MAX = 60;
    private static final int QUIET_SECONDS = 5;
    /** Until it is known how long an exchange takes. */
    private static final int BEGIN_SECONDS = 120;

    private static final int GOP_MS = 2_000;

    private final int cameras;
    private final int swaps;
    private final Part part;
    private final String route;

    SwapBench(Options options) {
        cameras = options.number("cameras", 50, 1, 1000);
        swaps = options.number("swaps", 100, 1, 10_000);
        part = Part.named(options.text("what", Part.DRIVER.label()));
        route = options.text("route", part == Part.DRIVER ? PLUGIN_ROUTE : FEATURE_ROUTE);
        if (!route.equals(FEATURE_ROUTE) && !(route.equals(PLUGIN_ROUTE) && part == Part.DRIVER)) {
            throw new IllegalArgumentException(
                    "--route: feature, or plugin for a driver, not \"" + route + "\" for " + part.label());
        }
    }

    /** What was seen from outside. */
    private record Seen(
            List<SwapFrames.Window> windows,
            Bystanders.Sent sent,
            List<String> touched,
            Holdings before,
            Holdings after) {}

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
        DiskRoom.demand(footage, (long) cameras * BEGIN_SECONDS);
        Bench.say("server: starting");
        Api api = server.start();
        // How long a camera lets wait for its first key frame is not what is measured.
        bystanders.startCameras(Farm.freePort(), 0, part == Part.INGEST ? 0 : GOP_MS);
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < cameras; n++) {
            ids.add(api.addCamera("Swap " + (n + 1), bystanders.url("nxvms", n)));
        }
        Waiting.until("all cameras record", 120, () -> Farm.recording(api) == cameras);
        Exchange exchange = route.equals(PLUGIN_ROUTE)
                ? new PluginExchange(server, api, footage, cameras)
                : new FeatureExchange(server, api, part, cameras, footage.resolve("server/log/nxvms.log"));
        exchange.prepare();
        Instant first = Instant.now();
        int before = Math.min(swaps, SWAPS_BEFORE);
        for (int swap = 0; swap < before; swap++) {
            exchange(exchange);
        }
        long eachMs = first.until(Instant.now(), ChronoUnit.MILLIS) / before;
        DiskRoom.demand(footage, cameras * (swaps * (eachMs + eachMs / 4) / 1000 + 2 * QUIET_SECONDS));
        Holdings atBegin = Holdings.of(server.pid(), api);

        Bench.say("exchanging " + part.label() + " " + swaps + " times, " + cameras + " cameras are recorded");
        List<SwapFrames.Window> windows = new ArrayList<>();
        Map<String, Object> evidence = new LinkedHashMap<>();
        try (Evidence found = new Evidence(api, server.pid(), ids, WORK);
                Outage outage = new Outage(api, part)) {
            TimeUnit.SECONDS.sleep(QUIET_SECONDS);
            for (int swap = 1; swap <= swaps; swap++) {
                windows.add(exchange(exchange));
                if (swap % 25 == 0) {
                    Bench.say(swap + " of " + swaps);
                }
            }
            TimeUnit.SECONDS.sleep(QUIET_SECONDS);
            evidence.put("awayMsMax", outage.longestMs());
            found.addTo(evidence);
        }
        List<String> touched = exchange.touched();
        Holdings atEnd = Holdings.of(server.pid(), api);
        Bench.say("counting the frames in the files");
        server.stop();
        Bystanders.Sent sent = bystanders.stopCameras();
        SwapFrames frames = new SwapFrames(FrameNumbers.byStream(footage.resolve("server/archive")), windows);
        return figures(frames, new Seen(windows, sent, touched, atBegin, atEnd), evidence);
    }

    private SwapFrames.Window exchange(Exchange exchange) throws Exception {
        Instant from = Instant.now();
        exchange.once();
        Waiting.until("what was exchanged is at work again", BACK_SECONDS_MAX, exchange::isBack);
        return new SwapFrames.Window(from, Instant.now());
    }

    private Map<String, Object> figures(SwapFrames frames, Seen seen, Map<String, Object> evidence) {
        Bystanders.Sent sent = seen.sent();
        FrameNumbers.Count count = frames.count();
        if (count.cameras() != cameras) {
            throw new IllegalStateException("footage of " + count.cameras() + " cameras was found, not " + cameras);
        }
        List<Double> milliseconds = seen.windows().stream()
                .map(window -> (double) window.from().until(window.to(), ChronoUnit.MILLIS))
                .toList();
        Map<String, Object> left = new LinkedHashMap<>();
        Holdings.addTo(left, part, seen.before(), seen.after());
        boolean kept = count.lost() == 0
                && frames.missingAtTheBegin() == 0
                && (part.breakMsMax == 0 ? count.restarts() == 0 : frames.longestBreakMs() <= part.breakMsMax)
                && seen.touched().isEmpty()
                && seen.after().gone(part, seen.before()).isEmpty()
                && seen.after().loadersOf(part) <= 1;
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("bench", "swap");
        figures.put("what", part.label());
        figures.put("route", route);
        figures.put("cameras", cameras);
        figures.put("swaps", swaps);
        figures.put("promisedBreakMsMax", part.breakMsMax);
        figures.put("kept", kept);
        figures.put("framesInFiles", count.frames());
        figures.put("lostFrames", count.lost());
        figures.put("lostSessions", count.restarts());
        figures.put("missingAtTheBegin", frames.missingAtTheBegin());
        figures.put("writtenTwice", count.repeated());
        figures.put("longestBreakMs", frames.longestBreakMs());
        figures.put("sentFrames", sent.frames());
        figures.put("notSentFrames", sent.dropped());
        figures.put("sessions", sent.sessions());
        figures.put("senderBacklogBytesMax", sent.backlogBytesMax());
        figures.put("swapMsMedian", Math.round(Contender.median(milliseconds)));
        figures.put("swapMsMax", Math.round(Collections.max(milliseconds)));
        figures.put("bundlesTouched", seen.touched());
        figures.putAll(left);
        figures.putAll(evidence);
        figures.put("breaks", frames.breaks());
        figures.put("beforeDuringAfterLost", frames.byCamera());
        return figures;
    }
}
