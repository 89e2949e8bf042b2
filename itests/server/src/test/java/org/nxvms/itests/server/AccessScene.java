// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;

/** A server with a camera at the gate in the north and one at the vault in the south, and users to be made. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AccessScene {
    static final String PASSWORD = "Look-at-this-9-gate";

    PackedServer server;
    private CameraFarm farm;
    Api admin;
    UUID gate;
    UUID vault;

    @BeforeAll
    void aGateAndAVault() throws Exception {
        farm = Farms.start(1);
        server = PackedServer.unpacked("identity");
        admin = server.start();
        gate = UUID.fromString(camera("Gate", "North/Gate"));
        vault = UUID.fromString(camera("Vault", "South"));
    }

    @AfterAll
    void stop() throws Exception {
        if (server != null) {
            server.close();
        }
        if (farm != null) {
            farm.close();
        }
    }

    private String camera(String name, String group) {
        return admin.post(
                        "/api/v1/cameras",
                        Map.of("name", name, "driver", "rtsp", "address", Farms.main(farm, 1), "group", group))
                .expect(201)
                .json()
                .get("id")
                .asText();
    }

    final String user(String name, String role) {
        return admin.post(
                        "/api/v1/users",
                        Map.of("username", name, "password", PASSWORD, "role", role, "mustChangePassword", false))
                .expect(201)
                .json()
                .get("id")
                .asText();
    }

    final String grant(String user, String role, String scope) {
        return admin.post("/api/v1/users/" + user + "/grants", Map.of("role", role, "scope", scope))
                .expect(201)
                .json()
                .get("id")
                .asText();
    }

    final String token(String name) {
        return admin.login(name, PASSWORD).expect(200).json().get("accessToken").asText();
    }

    /** {@return a segment of a camera's footage} It records since the server started. */
    final JsonNode segment(UUID camera) {
        return segment(camera, 1);
    }

    /** As {@link #segment(UUID)}, one of so many bytes at least. */
    final JsonNode segment(UUID camera, long bytesMin) {
        Instant begun = Instant.now().minusSeconds(3_600);
        AtomicReference<JsonNode> found = new AtomicReference<>();
        Waiting.until(
                bytesMin + " bytes of footage of " + camera,
                60,
                () -> admin.segments(camera.toString(), begun, Instant.now()).stream()
                        .filter(segment -> segment.get("bytes").asLong() >= bytesMin)
                        .peek(found::set)
                        .findFirst()
                        .isPresent());
        return found.get();
    }

    /** {@return an export of a second of each camera, once it is done} */
    final UUID exported(UUID... cameras) {
        long fromMs = 0;
        for (UUID camera : cameras) {
            fromMs = Math.max(fromMs, segment(camera).get("startMs").asLong());
        }
        return exported(fromMs, fromMs + 1_000, cameras);
    }

    /** {@return an export of that time of each camera, once it is done} */
    final UUID exported(long fromMs, long toMs, UUID... cameras) {
        Instant to = Instant.ofEpochMilli(toMs);
        for (UUID camera : cameras) {
            Waiting.until(
                    "footage of " + camera,
                    60,
                    () -> admin.lastFootage(camera.toString()).compareTo(to) >= 0);
        }
        String id = admin.post(
                        "/api/v1/exports",
                        Map.of(
                                "cameraIds",
                                List.of(cameras),
                                "from",
                                Long.toString(fromMs),
                                "to",
                                Long.toString(to.toEpochMilli())))
                .expect(201)
                .json()
                .get("id")
                .asText();
        Waiting.until("the package is done", 60, () -> admin.get("/api/v1/exports/" + id)
                .expect(200)
                .json()
                .get("state")
                .asText()
                .equals("done"));
        return UUID.fromString(id);
    }
}
