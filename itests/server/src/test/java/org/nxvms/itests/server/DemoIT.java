// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.rtsp.Camera;

/** The simulated cameras of {@code ./nxvms run}: {@code scripts/demo.mjs} brings them once, and leaves what people did with them. */
final class DemoIT {
    private static final int CAMERAS = 3;

    @Test
    void whatSomebodyRemovedOrSwitchedOffStaysSo() throws Exception {
        try (CameraFarm farm = Farms.start(CAMERAS);
                PackedServer server = PackedServer.unpacked("demo")) {
            Api api = server.start();
            Path folder = server.data().resolveSibling("demo-run");
            Path log = Files.createDirectories(folder).resolve("simulator.log");
            Files.write(
                    log,
                    IntStream.rangeClosed(1, CAMERAS)
                            .mapToObj(n -> "camera " + n + " main " + Farms.main(farm, n) + " phaseMs=0\n" + "camera "
                                    + n + " sub " + farm.camera(n).uri(Camera.Role.SUB) + " phaseMs=0")
                            .toList());

            assertThat(demo(server, folder)).contains("Cameras recording: 3 of 3");

            assertThat(names(api)).hasSize(CAMERAS);
            String second = idOf(api, "Simulated camera 02");
            api.delete("/api/v1/cameras/" + second).expect(204);
            api.patch("/api/v1/cameras/" + idOf(api, "Simulated camera 03"), Map.of("enabled", false), "*")
                    .expect(200);

            assertThat(demo(server, folder)).contains("removed from the server", "Cameras recording: 1 of 1");
            assertThat(names(api)).containsExactlyInAnyOrder("Simulated camera 01", "Simulated camera 03");

            Files.delete(folder.resolve("simulated"));
            assertThat(demo(server, folder)).contains("Cameras recording: 2 of 2");
            assertThat(names(api)).hasSize(CAMERAS);
        }
    }

    private static String demo(PackedServer server, Path folder) throws IOException {
        Path root = Path.of(System.getProperty("nxvms.root"));
        Path password = Files.writeString(folder.resolve("password"), PackedServer.PASSWORD + "\n");
        return Commands.run(
                root,
                "sh",
                "-c",
                "exec node scripts/demo.mjs \"$0\" \"$1\" \"$2\" 60 < \"$3\"",
                "http://127.0.0.1:" + server.httpPort() + "/api/v1",
                folder.resolve("simulator.log").toString(),
                folder.resolve("simulated").toString(),
                password.toString());
    }

    private static List<String> names(Api api) {
        return cameras(api).stream().map(camera -> camera.get("name").asText()).toList();
    }

    private static String idOf(Api api, String name) {
        return cameras(api).stream()
                .filter(camera -> camera.get("name").asText().equals(name))
                .findFirst()
                .orElseThrow()
                .get("id")
                .asText();
    }

    private static List<JsonNode> cameras(Api api) {
        JsonNode items = api.get("/api/v1/cameras").expect(200).json().get("items");
        return StreamSupport.stream(items.spliterator(), false).toList();
    }
}
