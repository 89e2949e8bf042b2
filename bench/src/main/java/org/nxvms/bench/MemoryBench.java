// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.simulator.CameraFarm;

/**
 * What a page of the console keeps while it shows a wall by one way and by another, then footage that is sought in, then the wall
 * again; and what stays of an extension that is exchanged again and again, beside what the browser keeps of the same modules in a
 * page with nothing else. Looked at after garbage was collected: {@code itests/browser/memory.bench.ts}. Each part is shorter than
 * the hour it stands for; {@code factor} says by how much, {@code anHour} is the slope at which a figure went on.
 */
final class MemoryBench {
    static final Set<String> OPTIONS = Set.of("cameras", "minutes", "exchanges", "kib");
    private static final int RECORDED_SECONDS = 60;
    private static final int OTHER_MINUTES_MAX = 20;

    private final int cameras;
    private final int minutes;
    private final int exchanges;
    private final int kib;

    MemoryBench(Options options) {
        cameras = options.number("cameras", 16, 1, 16);
        minutes = options.number("minutes", 3, 1, 60);
        exchanges = options.number("exchanges", 40, 0, 200);
        kib = options.number("kib", 66, 1, 1_000);
    }

    Map<String, Object> run() throws Exception {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("bench", "memory");
        figures.put("cameras", cameras);
        figures.put("minutes", minutes);
        figures.put("moduleKiB", kib);
        try (CameraFarm farm = CameraFarm.builder()
                        .cameras(cameras)
                        .data(Path.of(System.getProperty("nxvms.work")).resolve("simulator"))
                        .start();
                PackedServer server = PackedServer.unpacked("memory")) {
            Api api = server.start();
            Set<String> added = RecordedCameras.add(api, farm, cameras).keySet();
            RecordedCameras.await(api, added, RECORDED_SECONDS);
            Bench.say("Chromium, three times " + minutes + " minutes and some");
            JsonNode seen = BrowserStory.tell(
                    "memory",
                    api,
                    Map.of(
                            "CAMERAS", String.join(",", added),
                            "MINUTES", String.valueOf(minutes),
                            "EXCHANGES", String.valueOf(exchanges),
                            "KIB", String.valueOf(kib)),
                    Duration.ofMinutes(3 * minutes + OTHER_MINUTES_MAX));
            seen.properties().forEach(figure -> figures.put(figure.getKey(), figure.getValue()));
        }
        return figures;
    }
}
