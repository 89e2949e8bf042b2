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
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/**
 * Parts of the server are exchanged again and again while cameras are recorded. What counts is the frames in the files, by
 * the numbers the cameras wrote into them, and what is left of each exchange in the server.
 */
final class SwapBench {
    static final Set<String> OPTIONS = Set.of("cameras", "swaps", "what", "route");

    private static final Path WORK = Path.of(System.getProperty("nxvms.work"));
    private static final String PLUGIN_ROUTE = "plugin";
    private static final String FEATURE_ROUTE = "feature";
    /** What is made once and kept has been made by then; of each part two at least. */
    private static final int SWAPS_BEFORE = 5;

    private static final int BACK_SECONDS_MAX = 60;
    private static final int QUIET_SECONDS = 5;
    /** Until it is known how long an exchange takes. */
    private static final int BEGIN_SECONDS = 120;

    private final int cameras;
    private final int swaps;
    private final String what;
    private final List<Part> parts;
    private final String route;

    SwapBench(Options options) {
        cameras = options.number("cameras", 50, 1, 1000);
        swaps = options.number("swaps", 100, 1, 10_000);
        what = options.text("what", Part.DRIVER.label());
        parts = Part.named(what);
        boolean driver = parts.contains(Part.DRIVER);
        route = options.text("route", driver ? PLUGIN_ROUTE : FEATURE_ROUTE);
        if (!route.equals(FEATURE_ROUTE) && !(route.equals(PLUGIN_ROUTE) && driver)) {
            throw new IllegalArgumentException(
                    "--route: feature, or plugin for a driver, not \"" + route + "\" for " + what);
        }
    }

    /** What was seen from outside. */
    private record Seen(
            List<SwapFrames.Window> windows,
            Bystanders.Sent sent,
            Set<String> touched,
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
        bystanders.startCameras(Farm.freePort(), 0);
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < cameras; n++) {
            ids.add(api.addCamera("Swap " + (n + 1), bystanders.url("nxvms", n)));
        }
        Waiting.until("all cameras record", 120, () -> Farm.recording(api) == cameras);
        List<Exchange> exchanges = exchanges(server, api, footage);
        for (Exchange exchange : exchanges) {
            exchange.prepare();
        }
        Instant first = Instant.now();
        int before = Math.max(SWAPS_BEFORE, 2 * exchanges.size());
        for (int swap = 0; swap < before; swap++) {
            exchange(exchanges.get(swap % exchanges.size()));
        }
        long eachMs = first.until(Instant.now(), ChronoUnit.MILLIS) / before;
        DiskRoom.demand(footage, cameras * (swaps * (eachMs + eachMs / 4) / 1000 + 2 * QUIET_SECONDS));
        Holdings atBegin = Holdings.of(server.pid(), api);

        Bench.say("exchanging " + what + " " + swaps + " times, " + cameras + " cameras are recorded");
        List<SwapFrames.Window> windows = new ArrayList<>();
        Map<String, Object> evidence = new LinkedHashMap<>();
        try (Evidence found = new Evidence(api, server.pid(), ids, WORK);
                Outage outage = new Outage(api, parts)) {
            TimeUnit.SECONDS.sleep(QUIET_SECONDS);
            for (int swap = 1; swap <= swaps; swap++) {
                windows.add(exchange(exchanges.get(swap % exchanges.size())));
                if (swap % 25 == 0) {
                    Bench.say(swap + " of " + swaps);
                }
            }
            TimeUnit.SECONDS.sleep(QUIET_SECONDS);
            evidence.put("awayMsMax", outage.longestMs());
            found.addTo(evidence);
        }
        Set<String> touched = new TreeSet<>();
        for (Exchange exchange : exchanges) {
            touched.addAll(exchange.touched());
            exchange.addTo(evidence);
        }
        touched.removeIf(bundle -> parts.stream().anyMatch(part -> bundle.startsWith(part.bundle + "/")));
        Holdings atEnd = Holdings.of(server.pid(), api);
        Bench.say("counting the frames in the files");
        server.stop();
        Bystanders.Sent sent = bystanders.stopCameras();
        SwapFrames frames = new SwapFrames(FrameNumbers.byStream(footage.resolve("server/archive")), windows);
        return figures(frames, new Seen(windows, sent, touched, atBegin, atEnd), evidence);
    }

    private List<Exchange> exchanges(PackedServer server, Api api, Path footage) {
        Path log = footage.resolve("server/log/nxvms.log");
        return parts.stream()
                .<Exchange>map(part -> part == Part.DRIVER && route.equals(PLUGIN_ROUTE)
                        ? new PluginExchange(server, api, footage, cameras)
                        : new FeatureExchange(server, api, part, cameras, log))
                .toList();
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
        Map<String, Object> holdings = new LinkedHashMap<>();
        Holdings.addTo(holdings, parts, seen.before(), seen.after());
        List<String> leaks = seen.after().leftBehind(parts, seen.before(), swaps / parts.size());
        boolean kept = count.lost() == 0
                && frames.missingAtTheBegin() == 0
                && count.restarts() == 0
                && seen.touched().isEmpty()
                && seen.after().gone(parts, seen.before()).isEmpty()
                && leaks.isEmpty();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("bench", "swap");
        figures.put("what", what);
        figures.put("route", route);
        figures.put("cameras", cameras);
        figures.put("swaps", swaps);
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
        figures.put("leaks", leaks.size());
        figures.put("leftBehind", leaks);
        figures.putAll(holdings);
        figures.putAll(evidence);
        figures.put("breaks", frames.breaks());
        figures.put("beforeDuringAfterLost", frames.byCamera());
        return figures;
    }
}
