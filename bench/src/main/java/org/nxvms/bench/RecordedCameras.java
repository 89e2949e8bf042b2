// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.rtsp.Camera;

/** Simulated cameras with both of their streams, recorded, as the console shows them. */
final class RecordedCameras {
    private static final int SERVER_SECONDS_MAX = 180;

    private RecordedCameras() {}

    /** {@return the first cameras of the farm, by their id} */
    static Map<String, Camera> add(Api api, CameraFarm farm, int count) {
        return add(api, farm, count, "Console", Map.of("mode", "continuous", "streams", List.of("main", "sub")));
    }

    /** As {@link #add(Api, CameraFarm, int)}, cameras that are watched only. */
    static Map<String, Camera> addUnrecorded(Api api, CameraFarm farm, int count) {
        return add(api, farm, count, "Calm", Map.of("mode", "off"));
    }

    private static Map<String, Camera> add(
            Api api, CameraFarm farm, int count, String name, Map<String, Object> recording) {
        Map<String, Camera> added = new LinkedHashMap<>();
        for (int n = 1; n <= count; n++) {
            Camera camera = farm.camera(n);
            Map<String, Object> wanted = Map.of(
                    "name",
                    name + " " + n,
                    "driver",
                    "rtsp",
                    "address",
                    camera.uri(Camera.Role.MAIN),
                    "subAddress",
                    camera.uri(Camera.Role.SUB),
                    "recording",
                    recording);
            String id = api.post("/api/v1/cameras", wanted)
                    .expect(201)
                    .json()
                    .get("id")
                    .asText();
            added.put(id, camera);
        }
        return added;
    }

    /** Waits until there is so much footage of each. */
    static void await(Api api, Set<String> ids, int seconds) {
        Instant begin = Instant.now();
        Bench.say("recording " + seconds + " s");
        for (String id : ids) {
            Waiting.until(
                    "footage of " + id,
                    seconds + SERVER_SECONDS_MAX,
                    () -> api.footage(id, begin, Instant.now()).seconds() >= seconds);
        }
    }
}
