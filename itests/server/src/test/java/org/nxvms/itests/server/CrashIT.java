// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;

/**
 * The power goes while cameras are recorded. Every file plays, at most a second is lost, the index is
 * right by itself, and the time between is a gap that says why. {@code -Dnxvms.kills=20} for the long run.
 */
class CrashIT {
    private static final int KILLS = Integer.getInteger("nxvms.kills", 3);

    @Test
    void killedWhileRecordingItLosesAtMostASecondEachTime(@TempDir Path folder) throws Exception {
        try (CameraFarm farm = Farms.start(2);
                PackedServer server = PackedServer.unpacked("crash")) {
            Api api = server.start();
            String camera = api.addCamera("Gate", Farms.main(farm, 1));
            api.addCamera("Door", Farms.main(farm, 2));
            for (int kill = 1; kill <= KILLS; kill++) {
                killOnceAndCheck(server, camera, folder, kill);
            }
        }
    }

    private static void killOnceAndCheck(PackedServer server, String camera, Path folder, int kill) {
        Api api = new Api(server.httpPort());
        Instant resumed = Instant.now();
        Waiting.until("some seconds are recorded", 60, () -> lastFootage(api, camera)
                .isAfter(resumed.plusMillis(2500 + kill * 370L % 1000)));
        Instant signalled = Instant.now();
        server.kill();
        Instant killed = Instant.now();

        Api again = server.start();
        Waiting.until("it records again", 30, () -> lastFootage(again, camera).isAfter(killed.plusSeconds(2)));

        List<JsonNode> gaps = again.gaps(camera, killed.minusSeconds(3), killed.plusSeconds(2));
        assertThat(gaps).as("kill %d", kill).hasSize(1);
        assertThat(gaps.get(0).get("cause").asText()).isEqualTo("server_down");
        Instant lostFrom = Instant.ofEpochMilli(gaps.get(0).get("start").asLong());
        // The signal stops recording at once; until the process is gone the system still frees its memory.
        assertThat(Duration.between(lostFrom, signalled))
                .as("lost by kill %d", kill)
                .isLessThanOrEqualTo(Duration.ofMillis(1000));
        server.footage()
                .forEach(file -> Commands.run(
                        folder, "ffprobe", "-v", "error", "-count_packets", "-show_streams", file.toString()));
        assertIndexEqualsFiles(again, camera, killed);
    }

    private static void assertIndexEqualsFiles(Api api, String camera, Instant killed) {
        List<JsonNode> segments = api.segments(camera, killed.minusSeconds(60), killed);
        assertThat(segments).isNotEmpty();
        for (JsonNode segment : segments) {
            Api.Answer bytes = api.get("/media/v1/segments/" + segment.get("id").asText());
            assertThat(bytes.status()).isEqualTo(200);
            assertThat(bytes.bytes().length).isEqualTo(segment.get("bytes").asInt());
        }
    }

    private static Instant lastFootage(Api api, String camera) {
        JsonNode last = api.get("/api/v1/archive/" + camera + "/range?stream=main")
                .expect(200)
                .json()
                .get("last");
        return last == null ? Instant.EPOCH : Instant.ofEpochMilli(last.asLong());
    }
}
