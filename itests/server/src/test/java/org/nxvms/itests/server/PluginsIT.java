// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;

/**
 * A driver comes, changes and goes as a plugin while its own camera is recorded, and the server is killed amid an update.
 * {@code -Dnxvms.pluginKills=20} for the long run, {@code -Dnxvms.pluginTrialSeconds=10} for a trial to its end.
 */
class PluginsIT {
    private static final String SCORE = "META-INF/nxvms/conformance.json";
    private static final String NAME = "org.example.driver.rtsp";
    private static final int KILLS = Integer.getInteger("nxvms.pluginKills", 1);
    private static final int TRIAL_SECONDS = Integer.getInteger("nxvms.pluginTrialSeconds", 0);

    @Test
    void aDriverIsExchangedWhileItsCameraIsRecorded(@TempDir Path folder) throws Exception {
        Vendor vendor = new Vendor(folder);
        Path first = vendor.signed(driver(folder, NAME, "9.0.0"));
        Path second = driver(folder, NAME, "9.1.0");
        try (CameraFarm farm = Farms.start(1);
                PackedServer server =
                        PackedServer.unpacked("plugins").configured("org.nxvms.plugins", "frameWindowMs = 1000")) {
            // For a player that asks as fast as it is answered.
            server.configured("org.nxvms.security.rates", "userRequestsPerSecond = 0");
            Api api = server.start();
            String camera = api.addCamera("Gate", Farms.main(farm, 1));
            Waiting.until("it records", 30, () -> api.state(camera).equals("recording"));
            Instant begun = Instant.now();

            refusals(api, folder, second, first);
            // Beside it a newer one would serve nobody, once it has settled which serves.
            shell(server, "feature:uninstall nxvms-driver-rtsp; feature:uninstall nxvms-driver-onvif");
            shell(server, "nxvms:plugin-trust " + vendor.certificate());
            assertRefused(api, vendor.tampered(first), true, "plugin-signature", "signature");
            JsonNode came = api.post(
                            "/api/v1/plugins", Map.of("url", first.toUri().toString()))
                    .expect(201)
                    .json();
            assertThat(came.at("/plugin/state").asText()).isEqualTo("active");
            assertThat(came.at("/plugin/current/signer/subject").asText()).isEqualTo("CN=Vendor");
            Waiting.until("the new driver serves the camera", 30, () -> serves(api, "9.0.0"));

            api.post(
                            "/api/v1/plugins/" + NAME + "/update",
                            Map.of("url", second.toUri().toString(), "allowUnsigned", true))
                    .expect(200);
            Waiting.until("the newer driver serves the camera", 30, () -> serves(api, "9.1.0"));
            assertReceipt(api, camera);
            trial(api, server, driver(folder, NAME, "9.2.0"));
            aDriverOfTheDistributionBringsItsScoreUnderASignature(api, vendor, folder);
            assertThat(api.state(camera)).isEqualTo("recording");
            assertThat(api.gaps(camera, begun, Instant.now())).isEmpty();

            shell(server, "feature:uninstall nxvms-driver-url; feature:install nxvms-driver-axis");
            Waiting.until(
                    "a driver of the distribution came", 30, () -> drivers(api).contains("axis"));
            MediaExchange.ofLiveStreams(server, api, camera);
            MediaExchange.ofTheArchive(server, api, camera);
            assertThat(api.gaps(camera, begun, Instant.now())).isEmpty();
            for (int kill = 1; kill <= KILLS; kill++) {
                killAmidAnOperation(server, new Random(kill));
            }
            Api last = new Api(server.httpPort());
            last.delete("/api/v1/plugins/" + NAME).expect(200);
            shell(server, "feature:install nxvms-driver-rtsp");
            Waiting.until("the server's own driver serves the camera again", 30, () -> serves(last, "0.1.0"));
        }
    }

    /** The kit has put the score into the jar while it was built; as a plugin comes what was a feature before. */
    private static void aDriverOfTheDistributionBringsItsScoreUnderASignature(Api api, Vendor vendor, Path folder)
            throws IOException {
        Path jar = Files.copy(built("onvif"), folder.resolve("onvif.jar"));
        try (JarFile tried = new JarFile(jar.toFile())) {
            assertThat(tried.getEntry(SCORE))
                    .as("OnvifConformance has run on " + built("onvif"))
                    .isNotNull();
        }
        JsonNode came = api.post(
                        "/api/v1/plugins",
                        Map.of("url", vendor.signed(jar).toUri().toString()))
                .expect(201)
                .json()
                .get("plugin");
        assertThat(came.at("/current/signer/subject").asText()).isEqualTo("CN=Vendor");
        assertThat(came.at("/current/conformance/failed").asInt(-1))
                .as("of this very content, or the installer had refused it: " + came)
                .isZero();
        assertThat(came.at("/current/conformance/passed").asInt()).isGreaterThan(60);
        Waiting.until("it serves", 30, () -> drivers(api).contains("onvif"));
        api.delete("/api/v1/plugins/" + came.get("name").asText()).expect(200);
    }

    private static void shell(PackedServer server, String command) {
        Commands.Result done = server.shell(command);
        assertThat(done.status()).as(done.output() + done.errors()).isZero();
    }

    /** The camera tries a version, which then goes again, or stays when it was tried to the end. */
    private static void trial(Api api, PackedServer server, Path version) {
        // One that is given up must not be over before, however slow the shell is.
        int soak = TRIAL_SECONDS == 0 ? 120 : Math.max(10, TRIAL_SECONDS);
        shell(server, "nxvms:plugin-update --allow-unsigned --try --soak " + soak + " " + NAME + " " + version);
        String receipt = newest(api).get("id").asText();
        Waiting.until("the camera tries it", 30, () -> serving(api).equals("9.2.0"));
        assertThat(plugin(api).at("/current/version").asText()).isEqualTo("9.1.0");
        assertThat(plugin(api).at("/tried/version").asText()).isEqualTo("9.2.0");
        api.delete("/api/v1/plugins/" + NAME).expect(409);
        if (TRIAL_SECONDS == 0) {
            api.get("/api/v1/drivers/rtsp/rollout").expect(200);
            api.delete("/api/v1/drivers/rtsp/rollout").expect(200);
        }
        String stays = TRIAL_SECONDS == 0 ? "9.1.0" : "9.2.0";
        Waiting.until("it is over", 3 * soak, () -> !plugin(api).has("tried"));
        Waiting.until(stays + " serves the camera", 30, () -> serving(api).equals(stays));
        assertThat(plugin(api).at("/current/version").asText()).isEqualTo(stays);
        Waiting.until("its receipt is closed", 30, () -> !outcome(api, receipt).equals("running"));
        assertThat(outcome(api, receipt)).isEqualTo(TRIAL_SECONDS == 0 ? "refused" : "done");
    }

    private static String outcome(Api api, String receipt) {
        return api.get("/api/v1/plugins/receipts/" + receipt)
                .expect(200)
                .json()
                .get("outcome")
                .asText();
    }

    private static JsonNode plugin(Api api) {
        return api.get("/api/v1/plugins/" + NAME).expect(200).json();
    }

    /** {@return the version of the driver that was asked for the camera last} */
    private static String serving(Api api) {
        return api.get("/api/v1/cameras")
                .expect(200)
                .json()
                .at("/items/0/status/device/driverVersion")
                .asText();
    }

    /** Each is refused with its reason, and nothing is changed. */
    private static void refusals(Api api, Path folder, Path unsigned, Path stranger) throws Exception {
        assertRefused(api, unsigned, false, "plugin-signature", "signature");
        assertRefused(api, stranger, true, "plugin-signature", "signature");
        assertRefused(
                api, driver(folder, "org.nxvms.driver.rtsp", "9.0.0"), true, "plugin-manifest", "Bundle-SymbolicName");
        assertRefused(
                api, with(folder, "Export-Package", "org.nxvms.driver.spi"), true, "plugin-manifest", "Export-Package");
        assertRefused(
                api,
                with(folder, "Import-Package", "org.nxvms.driver.spi;version=\"[7,8)\""),
                true,
                "plugin-manifest",
                "Import-Package");
        assertThat(api.get("/api/v1/plugins").expect(200).json().get("items")).isEmpty();
    }

    private static void assertRefused(Api api, Path file, boolean unsigned, String type, String field) {
        JsonNode problem = api.post(
                        "/api/v1/plugins", Map.of("url", file.toUri().toString(), "allowUnsigned", unsigned))
                .expect(422)
                .json();
        assertThat(problem.get("type").asText()).isEqualTo("/problems/" + type);
        assertThat(problem.at("/errors/0/field").asText()).isEqualTo(field);
    }

    private static void assertReceipt(Api api, String camera) {
        Waiting.until("the receipt is signed", 30, () -> newest(api).has("signature"));
        JsonNode receipt = newest(api);
        assertThat(receipt.get("operation").asText()).isEqualTo("update");
        assertThat(receipt.get("outcome").asText()).isEqualTo("done");
        assertThat(receipt.get("bundlesCompared").asInt()).isGreaterThan(50);
        JsonNode frames = receipt.at("/frames/0");
        assertThat(frames.at("/stream/cameraId").asText()).isEqualTo(camera);
        assertThat(frames.get("before").asInt()).isPositive();
        assertThat(frames.get("after").asInt()).isPositive();
        assertThat(frames.get("lost").asInt()).isZero();
    }

    private static JsonNode newest(Api api) {
        return api.get("/api/v1/plugins/receipts?limit=1").expect(200).json().at("/items/0");
    }

    private static boolean serves(Api api, String version) {
        for (JsonNode driver : api.get("/api/v1/drivers").expect(200).json().get("items")) {
            if (driver.get("id").asText().equals("rtsp")
                    && driver.get("version").asText().equals(version)) {
                return driver.get("cameras").asInt() == 1;
            }
        }
        return false;
    }

    private static void killAmidAnOperation(PackedServer server, Random random) throws Exception {
        Api api = new Api(server.httpPort());
        api.token();
        CountDownLatch begun = new CountDownLatch(1);
        Thread operator = new Thread(() -> {
            try {
                while (true) {
                    begun.countDown();
                    api.postText("/api/v1/plugins/" + NAME + "/rollback", "");
                }
            } catch (RuntimeException killed) {
                // The connection went with the server; that ends it.
                return;
            }
        });
        operator.start();
        begun.await();
        LockSupport.parkNanos(1_000_000_000L + random.nextInt(400_000_000));
        server.kill();
        operator.join();
        tearListOfFeatures(server);

        Api again = server.start();
        Waiting.until("one version of the plugin runs", 30, () -> {
            JsonNode plugin = again.get("/api/v1/plugins/" + NAME).expect(200).json();
            return plugin.get("state").asText().equals("active")
                    && versions(again)
                            .equals(List.of(plugin.at("/current/version").asText()));
        });
        for (JsonNode receipt :
                again.get("/api/v1/plugins/receipts").expect(200).json().get("items")) {
            assertThat(receipt.get("outcome").asText()).isNotEqualTo("running");
        }
        Waiting.until("a driver that came as a feature is there again", 30, () -> drivers(again)
                .contains("axis"));
        assertThat(drivers(again)).as("and not the one that was taken out").doesNotContain("url");
    }

    /** As if the server had been killed while Karaf wrote it. */
    private static void tearListOfFeatures(PackedServer server) throws IOException {
        try (Stream<Path> bundles = Files.list(server.data().resolve("karaf/cache"))) {
            for (Path bundle : bundles.toList()) {
                if (Files.exists(bundle.resolve("data/state.json"))) {
                    Files.write(bundle.resolve("data/state.json"), new byte[0]);
                    return;
                }
            }
        }
        throw new AssertionError("Karaf's list of features is not where it was");
    }

    private static List<String> versions(Api api) {
        List<String> versions = new ArrayList<>();
        for (JsonNode driver : api.get("/api/v1/drivers").expect(200).json().get("items")) {
            if (driver.get("bundle").asText().startsWith(NAME)) {
                versions.add(driver.get("version").asText());
            }
        }
        return versions;
    }

    private static List<String> drivers(Api api) {
        List<String> ids = new ArrayList<>();
        api.get("/api/v1/drivers")
                .expect(200)
                .json()
                .get("items")
                .forEach(d -> ids.add(d.get("id").asText()));
        return ids;
    }

    private static Path driver(Path folder, String name, String version) throws IOException {
        return copy(folder, Map.of("Bundle-SymbolicName", name, "Bundle-Version", version));
    }

    private static Path with(Path folder, String header, String value) throws IOException {
        return copy(folder, Map.of("Bundle-SymbolicName", NAME, "Bundle-Version", "9.0.0", header, value));
    }

    /** The real RTSP driver under other headers, and without its score, which is that of the jar as it was built. */
    private static Path copy(Path folder, Map<String, String> headers) throws IOException {
        Path target = Files.createTempFile(folder, "driver", ".jar");
        try (JarFile source = new JarFile(built("rtsp").toFile());
                OutputStream file = Files.newOutputStream(target)) {
            Manifest manifest = source.getManifest();
            headers.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
            try (JarOutputStream jar = new JarOutputStream(file, manifest)) {
                for (JarEntry entry : Collections.list(source.entries())) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)
                            && !entry.getName().equals(SCORE)) {
                        jar.putNextEntry(new JarEntry(entry.getName()));
                        try (InputStream in = source.getInputStream(entry)) {
                            in.transferTo(jar);
                        }
                        jar.closeEntry();
                    }
                }
            }
        }
        return target;
    }

    private static Path built(String driver) throws IOException {
        Path target = Path.of(System.getProperty("nxvms.root"))
                .resolve("drivers")
                .resolve(driver)
                .resolve("target");
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(f -> f.getFileName().toString().matches("nxvms-driver-" + driver + "-[0-9.]+\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
