// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.rtsp.Camera;

/**
 * The stories of {@code itests/browser}, told in Chromium against the packed server: login, live pictures
 * that move, seeking to the right frame.
 */
class BrowserIT {
    private static final Path STORIES = Path.of(System.getProperty("nxvms.root"), "itests", "browser")
            .toAbsolutePath()
            .normalize();
    private static final int CAMERAS = 4;

    @Test
    void theConsoleShowsWhatIsRecorded() throws Exception {
        Path reports = Path.of(System.getProperty("nxvms.work")).resolveSibling("node-reports");
        Files.createDirectories(reports);
        run("npm", "ci", "--no-audit", "--no-fund");
        try (CameraFarm farm = Farms.start(CAMERAS);
                PackedServer server = PackedServer.unpacked("browser")) {
            Api api = server.start();
            for (int n = 1; n <= CAMERAS; n++) {
                api.post(
                                "/api/v1/cameras",
                                java.util.Map.of(
                                        "name",
                                        "Simulated camera 0" + n,
                                        "driver",
                                        "rtsp",
                                        "address",
                                        Farms.main(farm, n),
                                        "subAddress",
                                        farm.camera(n).uri(Camera.Role.SUB)))
                        .expect(201);
            }
            Waiting.until(
                    "all cameras record",
                    30,
                    () -> api.get("/api/v1/health").json().toString().contains("\"recording\":" + CAMERAS));
            ProcessBuilder stories = process(
                    "npx",
                    "vitest",
                    "run",
                    "--reporter=default",
                    "--reporter=junit",
                    "--outputFile.junit=" + reports.resolve("TEST-browser.xml").toAbsolutePath());
            stories.environment().put("BASE_URL", "http://127.0.0.1:" + server.httpPort());
            stories.environment().put("ADMIN_PASSWORD", PackedServer.PASSWORD);
            await(stories);
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        await(process(command));
    }

    private static ProcessBuilder process(String... command) {
        return new ProcessBuilder(command)
                .directory(STORIES.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT);
    }

    private static void await(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).as("status of %s", builder.command()).isZero();
    }
}
