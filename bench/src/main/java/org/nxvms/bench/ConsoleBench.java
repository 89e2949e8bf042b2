// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.rtsp.Camera;

/**
 * What the web console is like to work with: how large it is, how soon a wall of small streams has pictures and what it costs,
 * how long the timeline takes to be drawn, how soon the picture of a moment is there, how fast footage can be played, how far
 * apart cameras are that are played together. In Chromium, which decodes on the CPU where there is no other:
 * {@code itests/browser/console.bench.ts}.
 */
final class ConsoleBench {
    static final Set<String> OPTIONS = Set.of("cameras", "seconds", "seeks");

    private final int cameras;
    private final int seconds;
    private final int seeks;

    ConsoleBench(Options options) {
        cameras = options.number("cameras", 16, 5, 16);
        seconds = options.number("seconds", 100, 60, 3_600);
        seeks = options.number("seeks", 40, 20, 1_000);
    }

    Map<String, Object> run() throws Exception {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("bench", "console");
        figures.put("cameras", cameras);
        try (CameraFarm farm = farm(ClipSpec.STANDARD);
                CameraFarm calm = farm(ClipSpec.CALM);
                PackedServer server = PackedServer.unpacked("console")) {
            Api api = server.start();
            Map<String, Camera> added = RecordedCameras.add(api, farm, cameras);
            RecordedCameras.await(api, added.keySet(), seconds);
            String phases = added.entrySet().stream()
                    .map(one -> one.getKey() + "=" + one.getValue().settings().phaseMs())
                    .collect(Collectors.joining(","));
            String watched = String.join(
                    ",", RecordedCameras.addUnrecorded(api, calm, cameras).keySet());
            Bench.say("Chromium");
            JsonNode seen = BrowserStory.tell(
                    "console",
                    api,
                    Map.of(
                            "CAMERAS",
                            phases,
                            "CALM",
                            watched,
                            "SEEKS",
                            String.valueOf(seeks),
                            "SECONDS",
                            String.valueOf(seconds)));
            told(seen, figures);
        }
        return figures;
    }

    private CameraFarm farm(ClipSpec clip) throws Exception {
        return CameraFarm.builder()
                .cameras(cameras)
                .clip(clip)
                .data(Path.of(System.getProperty("nxvms.work")).resolve("simulator"))
                .start();
    }

    /** Lists of times as their percentiles, all else as it is. */
    private static void told(JsonNode seen, Map<String, Object> figures) {
        for (Map.Entry<String, JsonNode> figure : seen.properties()) {
            JsonNode value = figure.getValue();
            if (value.isArray()) {
                List<Double> ms = new ArrayList<>();
                value.forEach(one -> ms.add(one.asDouble()));
                figures.put(figure.getKey() + "Count", ms.size());
                Percentiles.put(
                        figures,
                        figure.getKey(),
                        ms.stream().mapToDouble(Double::doubleValue).toArray());
            } else if (value.isNumber()) {
                figures.put(figure.getKey(), value.numberValue());
            } else {
                figures.put(figure.getKey(), value.asText());
            }
        }
    }
}
