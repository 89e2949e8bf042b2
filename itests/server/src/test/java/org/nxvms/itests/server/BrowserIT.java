// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.http.Dialect;
import org.nxvms.simulator.onvif.OnvifDialect;
import org.nxvms.simulator.rtsp.AudioCodec;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.CameraSettings;
import org.nxvms.simulator.vapix.VapixDialect;

/**
 * The stories of {@code itests/browser}, told in Chromium against the packed server: login, live pictures
 * that move and are as old as they tell, seeking to the right frame, a driver that is brought, used and taken out,
 * what administrators do daily.
 */
@Tag("alone")
class BrowserIT {
    private static final Path STORIES = Path.of(System.getProperty("nxvms.root"), "itests", "browser")
            .toAbsolutePath()
            .normalize();
    private static final int CAMERAS = 4;
    /** The camera whose sound no browser knows. */
    private static final int TELEPHONE = 3;

    /** Each story has a limit of its own; this is for what hangs altogether, on a machine with much else to do. */
    private static final Duration LIMIT = Duration.ofMinutes(20);

    @Test
    void theConsoleShowsWhatIsRecorded() throws Exception {
        Path reports = Path.of(System.getProperty("nxvms.work")).resolveSibling("node-reports");
        Files.createDirectories(reports);
        Commands.logged(
                process("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund"), reports.resolve("npm.log"), LIMIT);
        try (CameraFarm farm = Farms.start(CAMERAS, TELEPHONE, AudioCodec.PCMU);
                CameraFarm device = device(VapixDialect::new);
                CameraFarm onvif = device(OnvifDialect::new);
                PackedServer server = PackedServer.unpacked("browser");
                ApiProxy proxy = ApiProxy.before(server)) {
            Api api = server.start();
            Path vault = server.data().resolve("vault");
            api.post(
                            "/api/v1/storage/volumes",
                            Map.of(
                                    "name",
                                    "vault",
                                    "path",
                                    vault.toString(),
                                    "create",
                                    true,
                                    "weight",
                                    0,
                                    "encryption",
                                    "aes-256-gcm"))
                    .expect(201);
            Waiting.until("the vault is ready", 30, () -> api.get("/api/v1/storage/volumes")
                    .json()
                    .get("items")
                    .findValuesAsText("status")
                    .equals(List.of("ready", "ready")));
            String last = "";
            for (int n = 1; n <= CAMERAS; n++) {
                boolean isSafe = n == CAMERAS;
                last = api.post(
                                "/api/v1/cameras",
                                Map.of(
                                        "name",
                                        "Simulated camera 0" + n,
                                        "driver",
                                        "rtsp",
                                        "address",
                                        Farms.main(farm, n),
                                        "subAddress",
                                        farm.camera(n).uri(Camera.Role.SUB),
                                        "recording",
                                        Map.of("mode", "continuous", "volumes", isSafe ? List.of("vault") : List.of())))
                        .expect(201)
                        .json()
                        .get("id")
                        .asText();
            }
            Waiting.until(
                    "all cameras record",
                    30,
                    () -> api.get("/api/v1/health").json().toString().contains("\"recording\":" + CAMERAS));
            Commands.Result installed = server.shell("feature:install nxvms-integration-webhook");
            Waiting.until(
                    "webhooks are there; the shell said " + installed,
                    30,
                    () -> api.get("/api/v1/webhooks").status() == 200);
            ProcessBuilder stories = process(
                    "node_modules/.bin/vitest",
                    "run",
                    "--reporter=default",
                    "--reporter=junit",
                    "--outputFile.junit=" + reports.resolve("TEST-browser.xml").toAbsolutePath());
            stories.environment().put("BASE_URL", proxy.base());
            stories.environment().put("ADMIN_PASSWORD", PackedServer.PASSWORD);
            stories.environment()
                    .put(
                            "DRIVER_JAR",
                            built("drivers/axis", "nxvms-driver-axis").toString());
            stories.environment()
                    .put(
                            "EXTENSION_JAR",
                            built("sdk/console-sample", "nxvms-console-sample").toString());
            long phaseMs = farm.camera(1).settings().phaseMs();
            stories.environment().put("CAMERA_PHASE_MS", String.valueOf(phaseMs));
            stories.environment().put("DEVICE_URL", device.httpUri(1));
            stories.environment().put("ONVIF_URL", onvif.httpUri(1));
            stories.environment().put("DEVICE_USER", "root");
            stories.environment().put("DEVICE_PASSWORD", "pass");
            stories.environment()
                    .put(
                            "SCREENS",
                            Files.createDirectories(reports.resolveSibling("screens"))
                                    .toString());
            stories.environment().putAll(server.forScript());
            Commands.logged(stories, reports.resolve("stories.log"), LIMIT);
            assertThat(vault.resolve(last))
                    .as("footage of the camera in the vault")
                    .isDirectory();
            assertThat(server.data().resolve("archive").resolve(last)).doesNotExist();
        }
    }

    /** A camera that a story brings the driver for, or speaks to itself. */
    private static CameraFarm device(Function<Device, Dialect> dialect) throws IOException {
        return CameraFarm.builder()
                .data(Path.of(System.getProperty("nxvms.work")).resolveSibling("simulator"))
                .settings(number -> CameraSettings.DEFAULT.withLogin(AuthScheme.DIGEST_MD5_QOP, "root", "pass"))
                .dialect(dialect)
                .start();
    }

    private static Path built(String room, String name) throws IOException {
        Path target = Path.of(System.getProperty("nxvms.root"))
                .resolve(room)
                .resolve("target")
                .toAbsolutePath();
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(f -> f.getFileName().toString().matches(name + "-[0-9.]+\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static ProcessBuilder process(String... command) {
        return new ProcessBuilder(command).directory(STORIES.toFile());
    }
}
