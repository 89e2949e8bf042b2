// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/** A disk with footage is taken away under the server, first by accident, then for good; the backup has it all. */
final class LostDisks {
    private static final String VOLUMES = "/api/v1/storage/volumes";
    private static final int SECONDS = 4;

    private final PackedServer server;
    private final Api api;
    private final String camera;
    private Instant from = Instant.EPOCH;

    private LostDisks(PackedServer server, Api api, String camera) {
        this.server = server;
        this.api = api;
        this.camera = camera;
    }

    static void costNothingThatHasACopy(PackedServer server, Api api, String url) throws IOException {
        add(server, api, "disk", Map.of("weight", 0));
        add(server, api, "safe", Map.of("role", "backup"));
        Waiting.until("both volumes are ready", 20, () -> isReady(api, "disk") && isReady(api, "safe"));
        Map<String, Object> draft = Map.of(
                "name",
                "Vault door",
                "driver",
                "rtsp",
                "address",
                url,
                "recording",
                Map.of("mode", "continuous", "volumes", List.of("disk"), "backup", List.of("safe")));
        String camera =
                api.post("/api/v1/cameras", draft).expect(201).json().get("id").asText();
        new LostDisks(server, api, camera).story();
        api.delete("/api/v1/cameras/" + camera).expect(204);
    }

    private static void add(PackedServer server, Api api, String name, Map<String, Object> more) {
        Map<String, Object> draft = new HashMap<>(more);
        draft.put("name", name);
        draft.put("create", true);
        draft.put("path", server.data().resolve(name).toString());
        api.post(VOLUMES, draft).expect(201);
    }

    private void story() throws IOException {
        Waiting.until("footage", 30, () -> last() - first() > SECONDS * 1_000);
        from = Instant.ofEpochMilli(first());
        switchOff();
        Waiting.until(
                "it has its copy",
                30,
                () -> backup().path("chunksCopied").asInt() > 0
                        && backup().path("chunksWaiting").asInt(-1) == 0);
        long frames = frames();
        assertThat(frames).isGreaterThanOrEqualTo(SECONDS * 20L);

        Path away = server.data().resolve("taken-away");
        Files.move(server.data().resolve("disk"), away);
        Waiting.until("the server noticed", 20, () -> !isReady(api, "disk"));
        assertThat(frames()).as("every frame, from the copy").isEqualTo(frames);
        assertThat(api.get("/media/v1/segments/" + segments().get(0).get("id").asText())
                        .expect(200)
                        .bytes())
                .isNotEmpty();
        Files.move(away, server.data().resolve("disk"));
        Waiting.until("the disk is back", 20, () -> isReady(api, "disk"));

        // Nothing on it is nowhere else, so it may go just like that; the backup is all there is then.
        api.delete(VOLUMES + "/disk").expect(204);
        Waiting.until("it is out of use", 20, () -> volume(api, "disk").isMissingNode());
        assertThat(frames()).isEqualTo(frames);
        assertThat(api.delete(VOLUMES + "/safe").status())
                .as("a backup that is all there is")
                .isEqualTo(409);
        assertThat(frames()).isEqualTo(frames);

        api.delete(VOLUMES + "/safe?keepFiles=true").expect(204);
        Waiting.until("its time is a gap", 20, () -> api.gaps(camera, from, Instant.now()).stream()
                .anyMatch(gap -> gap.path("cause").asText().equals("volume_absent")
                        && gap.path("detail").asText().contains("which was taken out of use")));
    }

    private void switchOff() {
        String path = "/api/v1/cameras/" + camera;
        String version = api.get(path).response().headers().firstValue("etag").orElseThrow();
        api.patch(path, Map.of("recording", Map.of("mode", "off")), version).expect(200);
    }

    private JsonNode range() {
        return api.get("/api/v1/archive/" + camera + "/range?stream=main")
                .expect(200)
                .json();
    }

    private long first() {
        return range().path("first").asLong();
    }

    private long last() {
        return range().path("last").asLong();
    }

    private List<JsonNode> segments() {
        return api.segments(camera, from, Instant.now());
    }

    private long frames() {
        return api.footage(camera, from, Instant.now()).frames();
    }

    private JsonNode backup() {
        return volume(api, "safe").path("backup");
    }

    private static boolean isReady(Api api, String name) {
        return volume(api, name).path("status").asText().equals("ready");
    }

    private static JsonNode volume(Api api, String name) {
        for (JsonNode volume : api.get(VOLUMES).expect(200).json().get("items")) {
            if (volume.get("name").asText().equals(name)) {
                return volume;
            }
        }
        return MissingNode.getInstance();
    }
}
