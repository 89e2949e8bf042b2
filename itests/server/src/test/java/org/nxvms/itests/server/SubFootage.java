// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.rtsp.Camera;

/** A camera that records its sub stream alone: that is there to be played. */
final class SubFootage {
    private static final long ENOUGH_MS = 6_000;

    private SubFootage() {}

    static void isPlayedWhereThereIsNoOther(PackedServer server, Api api, CameraFarm farm) {
        Map<String, Object> draft = Map.of(
                "name",
                "Small",
                "driver",
                "rtsp",
                "address",
                Farms.main(farm, 1),
                "subAddress",
                farm.camera(1).uri(Camera.Role.SUB),
                "recording",
                Map.of("mode", "continuous", "streams", List.of("sub")));
        String camera =
                api.post("/api/v1/cameras", draft).expect(201).json().get("id").asText();
        Waiting.until("some of the sub stream is recorded", 60, () -> length(api, camera, "sub") > ENOUGH_MS);

        JsonNode there = range(api, camera, "auto");
        assertThat(range(api, camera, "main").has("first")).isFalse();
        long first = there.get("first").asLong();
        assertThat(first).isEqualTo(range(api, camera, "sub").get("first").asLong());
        JsonNode lane = lane(api, camera, "auto", first, first + ENOUGH_MS);
        assertThat(lane.get("spans").toString()).isEqualTo("[[" + first + "," + (first + ENOUGH_MS) + "]]");
        assertThat(lane.get("gaps")).isEmpty();
        assertThat(lane(api, camera, "main", first, first + ENOUGH_MS).get("spans"))
                .isEmpty();
        assertThat(streams(api, camera, first)).containsOnly("sub");
        String picture = "/media/v1/archive/" + camera + "/thumbnail.jpg?exact=true&at=" + (first + 3_000);
        api.get(picture).expect(404);
        assertThat(api.get(picture + "&stream=auto").expect(200).bytes()).startsWith(0xff, 0xd8);
        Commands.Result told = server.shell("nxvms:coverage " + camera);
        assertThat(told.status()).isZero();
        assertThat(told.output()).contains("sub").doesNotContain("main").doesNotContain("Nothing is known");
        api.delete("/api/v1/cameras/" + camera).expect(204);
    }

    private static JsonNode range(Api api, String camera, String stream) {
        return api.get("/api/v1/archive/" + camera + "/range?stream=" + stream)
                .expect(200)
                .json();
    }

    private static long length(Api api, String camera, String stream) {
        JsonNode range = range(api, camera, stream);
        return range.path("last").asLong() - range.path("first").asLong();
    }

    private static JsonNode lane(Api api, String camera, String stream, long from, long to) {
        return api.get("/api/v1/timeline?cameras=" + camera + "&from=" + from + "&to=" + to + "&buckets=4000&stream="
                        + stream)
                .expect(200)
                .json()
                .at("/cameras/0");
    }

    /** {@return of which stream what is played is, one after the other, each once} */
    private static List<String> streams(Api api, String camera, long from) {
        List<JsonNode> all = new ArrayList<>();
        api.get("/api/v1/archive/" + camera + "/segments?stream=auto&from=" + from + "&to=" + (from + 3_600_000))
                .expect(200)
                .json()
                .get("items")
                .forEach(all::add);
        return all.stream().map(item -> item.get("stream").asText()).distinct().collect(Collectors.toList());
    }
}
