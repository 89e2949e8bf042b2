// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.onvif.OnvifDialect;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.CameraSettings;

/**
 * How long it takes to add simulated ONVIF cameras by their addresses and a login: one by one, then all in one batch, while those
 * that are there already are recorded.
 */
final class SetupBench {
    static final Set<String> OPTIONS = Set.of("cameras", "ones", "clip");
    private static final int BATCH_SECONDS_MAX = 600;
    private static final String USER = "root";
    private static final String PASSWORD = "pass";

    private final int cameras;
    private final int ones;
    private final ClipSpec clip;

    SetupBench(Options options) {
        cameras = options.number("cameras", 50, 1, 256);
        ones = options.number("ones", 10, 1, 100);
        clip = switch (options.text("clip", "standard")) {
            case "standard" -> ClipSpec.STANDARD;
            case "small" -> ClipSpec.SMALL;
            default -> throw new IllegalArgumentException("--clip: standard or small");
        };
    }

    Map<String, Object> run() throws IOException {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("bench", "setup");
        figures.put("cameras", cameras);
        try (CameraFarm farm = CameraFarm.builder()
                        .cameras(cameras)
                        .clip(clip)
                        .data(Path.of(System.getProperty("nxvms.work")).resolve("simulator"))
                        .settings(number -> CameraSettings.DEFAULT.withLogin(AuthScheme.DIGEST_MD5_QOP, USER, PASSWORD))
                        .dialect(OnvifDialect::new)
                        .start();
                PackedServer server = PackedServer.unpacked("setup")) {
            Api api = server.start();
            one(api, farm, figures);
            batch(api, farm, figures);
        }
        return figures;
    }

    private static String host(CameraFarm farm, int number) {
        return farm.httpUri(number).replace("http://", "");
    }

    /** One camera again and again: the first time code runs that never ran before. */
    private void one(Api api, CameraFarm farm, Map<String, Object> figures) {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < ones; i++) {
            api.token();
            long begin = System.nanoTime();
            JsonNode added = api.post(
                            "/api/v1/cameras/setup",
                            Map.of("address", host(farm, 1), "username", USER, "password", PASSWORD))
                    .expect(201)
                    .json();
            seconds.add(seconds(begin));
            api.delete("/api/v1/cameras/" + added.at("/camera/id").asText()).expect(204);
        }
        Bench.say("one by one: " + seconds + " s");
        figures.put("firstSeconds", seconds.get(0));
        figures.put("oneSecondsMedian", Contender.median(seconds));
        figures.put("oneSecondsMax", Collections.max(seconds));
    }

    private void batch(Api api, CameraFarm farm, Map<String, Object> figures) {
        List<Map<String, String>> addresses = IntStream.rangeClosed(1, cameras)
                .mapToObj(number -> Map.of("address", host(farm, number)))
                .toList();
        api.token();
        long begin = System.nanoTime();
        JsonNode[] batch = {
            api.post("/api/v1/cameras/setups", Map.of("cameras", addresses, "username", USER, "password", PASSWORD))
                    .expect(202)
                    .json()
        };
        String path = "/api/v1/cameras/setups/" + batch[0].get("id").asText();
        Waiting.until("the batch is through", BATCH_SECONDS_MAX, () -> {
            batch[0] = api.get(path + "?after=" + batch[0].get("revision").asLong())
                    .expect(200)
                    .json();
            return !batch[0].get("runs").asBoolean();
        });
        figures.put("batchSeconds", seconds(begin));
        int added = 0;
        for (JsonNode item : batch[0].get("items")) {
            if (item.get("state").asText().equals("added")) {
                added++;
            } else {
                Bench.say("not added: " + item);
            }
        }
        figures.put("added", added);
        int wanted = added;
        Waiting.until("all that were added are recorded", BATCH_SECONDS_MAX, () -> Farm.recording(api) >= wanted);
        figures.put("recordedAfterSeconds", seconds(begin));
    }

    private static double seconds(long beginNanos) {
        return Math.round((System.nanoTime() - beginNanos) / 1e7) / 100.0;
    }
}
