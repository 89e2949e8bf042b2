// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;

/** A volume that holds seconds of what is to be kept for days says so: as an event, in health and in the metrics. */
final class SmallVolumeIT {
    private static final String EARLY = "nxvms_volume_removed_early_segments_total";

    @Test
    void whatAFullVolumeGivesUpBeforeItsTimeIsTold() throws Exception {
        try (CameraFarm farm = Farms.start(1);
                PackedServer server = PackedServer.unpacked("small-volume")
                        .configured("org.nxvms.archive", "chunkMebibytes = 1", "retentionSeconds = 1")) {
            Api api = server.start();
            Path folder = Files.createDirectories(server.data().resolve("small"));
            api.post(
                            "/api/v1/storage/volumes",
                            Map.of(
                                    "name",
                                    "small",
                                    "path",
                                    folder.toString(),
                                    "create",
                                    true,
                                    "weight",
                                    0,
                                    "quotaBytes",
                                    5_000_000))
                    .expect(201);
            Waiting.until("the volume is used", 30, () -> isReady(api));
            api.post(
                            "/api/v1/cameras",
                            Map.of(
                                    "name",
                                    "Gate",
                                    "driver",
                                    "rtsp",
                                    "address",
                                    Farms.main(farm, 1),
                                    "recording",
                                    Map.of("mode", "continuous", "volumes", List.of("small"), "retentionDaysMax", 30)))
                    .expect(201);
            Waiting.until("it is told", 120, () -> !told(api).isEmpty());

            JsonNode event = told(api).get(0);
            assertThat(event.get("severity").asText()).isEqualTo("warning");
            assertThat(event.get("detail").asText())
                    .startsWith("Footage of Gate was removed before its retention of 30 days because volume small holds"
                            + " its quota of 4 MiB");
            assertThat(event.at("/attributes/cameraNames").asText()).isEqualTo("Gate");
            assertThat(event.at("/attributes/segments").asInt()).isPositive();
            Waiting.until("health names the camera", 30, () -> api.health("volumes")
                    .path("detail")
                    .asText()
                    .contains("footage of camera Gate reaches back only 0 of the 30 days asked for"));
            JsonNode finding = api.health("volumes").at("/findings/0");
            assertThat(finding.get("code").asText()).isEqualTo("footage_removed_early");
            assertThat(finding.at("/parameters/volume").asText()).isEqualTo("small");

            Waiting.until(
                    "more goes",
                    60,
                    () -> early(api) > event.at("/attributes/segments").asInt() + 3);
            assertThat(told(api)).as("told once an hour").hasSize(1);
        }
    }

    private static boolean isReady(Api api) {
        for (JsonNode volume :
                api.get("/api/v1/storage/volumes").expect(200).json().get("items")) {
            if (volume.get("name").asText().equals("small")) {
                return volume.get("status").asText().equals("ready");
            }
        }
        return false;
    }

    private static JsonNode told(Api api) {
        return api.get("/api/v1/events?kinds=recording.removed_early")
                .expect(200)
                .json()
                .get("items");
    }

    private static double early(Api api) {
        return api.metric(EARLY).values().stream().mapToDouble(value -> value).sum();
    }
}
