// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.nxvms.itests.harness.Api;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.rtsp.Camera;

/**
 * How old pictures are when Chromium hands them to its compositor: each picture's number is painted into it, and the simulated camera
 * says when it sent that one. So the way from the camera to the server is within. {@code itests/browser/latency.bench.ts} watches.
 */
final class BrowserLatency {
    private final CameraFarm farm;
    private final Camera camera;
    private final int seconds;

    BrowserLatency(CameraFarm farm, Camera camera, int seconds) {
        this.farm = farm;
        this.camera = camera;
        this.seconds = seconds;
    }

    void measure(Api api, Map<String, Object> figures) throws Exception {
        Bench.say("Chromium, for " + seconds + " s by each way");
        JsonNode ways = BrowserStory.tell("latency", api, Map.of("LATENCY_SECONDS", String.valueOf(seconds)));
        for (String way : List.of("webrtc", "ws", "hlsjs")) {
            JsonNode shown = ways.get(way);
            double[] ms = new double[shown.size()];
            for (int i = 0; i < ms.length; i++) {
                double atMs = shown.get(i).get("atMs").asDouble();
                ms[i] = atMs
                        - farm.capturedAtMs(camera, shown.get(i).get("number").asInt(), (long) atMs);
            }
            Percentiles.put(figures, way + "CameraToScreen", ms);
            figures.put(way + "PicturesShown", ms.length);
        }
        figures.put("cameraToScreenP50P95MsTarget", Map.of("webrtc", List.of(5, 20), "ws", List.of(35, 50)));
        figures.put("cameraToScreenP50P95MsMust", Map.of("webrtc", List.of(20, 50), "ws", List.of(60, 120)));
        figures.put("hlsjsCameraToScreenMsTargetAndMust", List.of(2_000, 3_000));
    }
}
