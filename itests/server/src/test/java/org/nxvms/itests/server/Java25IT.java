// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;

/** The packed server on the newest Java it promises to run on; it is built with the oldest. */
final class Java25IT {
    private static final Path JAVA_25 = Path.of(System.getProperty("nxvms.java25"));

    @Test
    void bootsRecordsAndComesBackOnJava25() throws Exception {
        try (CameraFarm farm = Farms.start(1);
                PackedServer server = PackedServer.unpacked("java25").with("JAVA_HOME", JAVA_25.toString())) {
            Api api = server.start();
            assertThat(Commands.run(Path.of("/"), "readlink", "/proc/" + server.pid() + "/exe"))
                    .as("the server's java")
                    .startsWith(JAVA_25.toRealPath().toString());
            Instant added = Instant.now();
            String camera = api.addCamera("Gate", Farms.main(farm, 1));
            awaitFootageAfter(api, camera, added.plusSeconds(3));

            server.stop();
            Instant again = Instant.now();
            awaitFootageAfter(server.start(), camera, again.plusSeconds(2));
        }
    }

    private static void awaitFootageAfter(Api api, String camera, Instant instant) {
        Waiting.until(
                "footage after " + instant,
                60,
                () -> api.get("/api/v1/archive/" + camera + "/range?stream=main")
                                .expect(200)
                                .json()
                                .path("last")
                                .asLong()
                        > instant.toEpochMilli());
    }
}
