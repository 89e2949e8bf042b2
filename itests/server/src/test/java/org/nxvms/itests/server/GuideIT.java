// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;

/**
 * The driver guide, its commands run as they are written, from nothing to a recorded camera; then files that are refused,
 * and the guide to extensions of the console.
 * Twenty other cameras are recorded meanwhile and miss nothing. {@code -Dnxvms.guideLoop=true} also lets the dev loop see a
 * file saved.
 */
class GuideIT {
    private static final int OTHERS = 20;
    private static final boolean LOOP = Boolean.getBoolean("nxvms.guideLoop");
    private static final String NAME = "org.example.acme.driver";
    private static final Duration GUIDE_MAX = Duration.ofMinutes(6);
    private static final Path ROOT =
            Path.of(System.getProperty("nxvms.root")).toAbsolutePath().normalize();

    @Test
    void theGuideLeadsToARecordedCamera(@TempDir Path folder) throws Exception {
        try (CameraFarm farm = Farms.start(OTHERS);
                PackedServer server = PackedServer.unpacked("guide")) {
            Api api = server.start();
            List<String> others = new ArrayList<>();
            for (int camera = 1; camera <= OTHERS; camera++) {
                others.add(api.addCamera("Camera " + camera, Farms.main(farm, camera)));
            }
            Waiting.until("they record", 60, () -> others.stream()
                    .allMatch(camera -> api.state(camera).equals("recording")));
            Instant begun = Instant.now();
            // It looks from now on as if ./nxvms run had started it.
            shell(server, "nxvms:drivers");

            Path project = folder.resolve("nxvms-guide/acme-driver");
            Map<String, String> environment = environment(server, folder);
            try {
                follow(
                        environment,
                        folder,
                        commands("docs/driver-guide.md", "archetype", "plugin-install", "camera-add", "dev.sh"));
                String yard = find(api, "Yard");
                Waiting.until(
                        "the guide's camera records", 30, () -> api.state(yard).equals("recording"));
                Waiting.until("what that camera delivers is told", 30, () -> moves(api, yard));
                assertTried(project.resolve("target/conformance/conformance.json"));
                assertBothVersions(api);
                refusals(server, project.resolve("target/acme-driver-1.0.0.kar"), folder);
                follow(
                        environment,
                        folder,
                        commands("docs/console-extensions.md", "extension.json", "jar --create", "plugin-install"));
                assertThat(api.get("/api/v1/console/extensions")
                                .expect(200)
                                .json()
                                .at("/items/0/id"))
                        .as("the extension of the other guide is listed")
                        .hasToString("\"plates\"");
                if (LOOP) {
                    save(api, environment, project);
                }
                assertThat(api.state(yard)).isEqualTo("recording");
            } finally {
                end(project.resolve("simulator.pid"));
            }
            for (String camera : others) {
                assertThat(api.state(camera)).isEqualTo("recording");
                assertThat(api.gaps(camera, begun, Instant.now()))
                        .as("the others were recorded meanwhile")
                        .isEmpty();
            }
        }
    }

    private static Map<String, String> environment(PackedServer server, Path folder) throws IOException {
        String java = System.getProperty("java.home");
        return Map.of(
                "JAVA_HOME", java,
                "PATH", java + "/bin:" + System.getenv("PATH"),
                "NXVMS", checkout(folder).toString(),
                "NXVMS_DATA", server.data().toString(),
                "NXVMS_SSH_PORT", String.valueOf(server.sshPort()),
                "NXVMS_HTTP_PORT", String.valueOf(server.httpPort()),
                "TMPDIR", folder.toString(),
                "MAVEN_OPTS", "-Dmaven.repo.local=" + repository(folder));
    }

    private static void follow(Map<String, String> environment, Path folder, String commands) throws Exception {
        // Each command with the time when it began, for whoever looks why it took so long.
        Path script = Files.writeString(folder.resolve("guide.sh"), "PS4='+ $(date +%T) '\nset -eux\n" + commands);
        ProcessBuilder guide = new ProcessBuilder("bash", script.toString())
                .directory(Path.of(environment.get("NXVMS")).toFile());
        guide.environment().putAll(environment);
        Commands.logged(guide, Path.of(System.getProperty("nxvms.work"), "guide", "guide.log"), GUIDE_MAX);
    }

    /** The dev loop brings the driver as it is, and again when a file is saved. */
    private static void save(Api api, Map<String, String> environment, Path project) throws IOException {
        String before = version(api);
        ProcessBuilder loop = new ProcessBuilder("bash", "dev.sh", environment.get("NXVMS") + "/nxvms")
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(project.resolve("dev.log").toFile());
        loop.environment().putAll(environment);
        Process running = loop.start();
        try {
            Waiting.until("it is brought as it is", 120, () -> !version(api).equals(before));
            String asItWas = version(api);
            Files.writeString(project.resolve("src/main/java/saved.txt"), "saved");
            Waiting.until("what was saved is brought", 120, () -> !version(api).equals(asItWas));
        } finally {
            running.descendants().forEach(ProcessHandle::destroy);
            running.destroy();
        }
    }

    private static String version(Api api) {
        return api.get("/api/v1/plugins/" + NAME)
                .expect(200)
                .json()
                .at("/current/version")
                .asText();
    }

    private static boolean moves(Api api, String camera) {
        return !api.get("/api/v1/events?kinds=camera.motion&cameras=" + camera)
                .expect(200)
                .json()
                .get("items")
                .isEmpty();
    }

    /** The rules on what cameras deliver were not left out, but for those on feeds without a thread: it has none. */
    private static void assertTried(Path score) throws IOException {
        JsonNode told = new ObjectMapper().readTree(score.toFile());
        assertThat(told.get("failed").asInt()).isZero();
        assertThat(told.get("skippedRules"))
                .extracting(JsonNode::textValue)
                .noneMatch(rule -> rule.startsWith("push."))
                .filteredOn(rule -> rule.startsWith("events."))
                .isSubsetOf("events.dead", "events.async-returns", "events.async-closed", "events.async-waited-for");
    }

    /** The signed one, and what the dev loop put in its place. */
    private static void assertBothVersions(Api api) {
        JsonNode plugin = api.get("/api/v1/plugins/" + NAME).expect(200).json();
        assertThat(plugin.at("/state").asText()).isEqualTo("active");
        assertThat(version(api)).startsWith("1.0.0.dev");
        assertThat(plugin.at("/previous/version").asText()).isEqualTo("1.0.0");
        assertThat(plugin.at("/previous/signer/subject").asText()).isEqualTo("CN=Example");
        assertThat(plugin.at("/previous/conformance/failed").asInt(-1))
                .as("the signed one brought its score")
                .isZero();
        assertThat(plugin.at("/previous/conformance/passed").asInt()).isGreaterThan(40);
    }

    /** Each is refused with its reason, and nothing is changed. */
    private static void refusals(PackedServer server, Path kar, Path folder) throws IOException {
        String before = everything(server);
        assertRefused(
                server,
                "nxvms:plugin-install",
                AlteredKar.tampered(kar, folder.resolve("tampered.kar")),
                "Refused, signature:");
        assertRefused(
                server,
                "nxvms:plugin-install",
                AlteredKar.unsigned(kar, folder.resolve("unsigned.kar")),
                "Refused, signature: Nobody signed the file.");
        String another = "org.example.another.driver";
        assertRefused(
                server,
                "nxvms:plugin-install --allow-unsigned",
                AlteredKar.with(
                        kar,
                        Map.of("Bundle-SymbolicName", another, "Import-Package", "org.example.nowhere"),
                        folder.resolve("missing.kar")),
                "Refused, Import-Package: It imports org.example.nowhere");
        assertRefused(
                server,
                "nxvms:plugin-install --allow-unsigned",
                AlteredKar.with(
                        kar,
                        Map.of(
                                "Bundle-SymbolicName",
                                another,
                                "Export-Package",
                                "org.nxvms.driver.spi;version=\"1.3\""),
                        folder.resolve("refreshing.kar")),
                "Refused, Export-Package:");
        assertThat(everything(server)).isEqualTo(before);
    }

    private static void assertRefused(PackedServer server, String command, Path file, String reason) {
        Commands.Result result = server.shell(command + " " + file.toUri());
        assertThat(result.status()).as(file + " is refused").isNotZero();
        assertThat(result.output() + result.errors()).contains(reason);
    }

    /** {@return each bundle with its number, state and version, and the plugins} */
    private static String everything(PackedServer server) {
        return shell(server, "bundle:list -t 0") + shell(server, "nxvms:plugin-list");
    }

    private static String shell(PackedServer server, String command) {
        Commands.Result done = server.shell(command);
        assertThat(done.status()).as(done.output() + done.errors()).isZero();
        return done.output();
    }

    private static void end(Path pid) throws IOException {
        if (Files.exists(pid)) {
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).ifPresent(ProcessHandle::destroy);
        }
    }

    private static String find(Api api, String name) {
        for (JsonNode camera : api.get("/api/v1/cameras").expect(200).json().get("items")) {
            if (camera.get("name").asText().equals(name)) {
                return camera.get("id").asText();
            }
        }
        throw new AssertionError("there is no camera " + name);
    }

    /** What stands in a guide between {@code ```sh} and {@code ```}; some of it is certainly there. */
    private static String commands(String guide, String... words) throws IOException {
        StringBuilder commands = new StringBuilder();
        boolean within = false;
        for (String line : Files.readAllLines(ROOT.resolve(guide))) {
            if (line.equals("```sh")) {
                within = true;
            } else if (line.equals("```")) {
                within = false;
            } else if (within) {
                commands.append(line).append('\n');
            }
        }
        assertThat(commands).contains(words);
        return commands.toString();
    }

    /** A copy of what the guide needs of the checkout, as its commands build in it, and this build goes on. */
    private static Path checkout(Path folder) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("checkout"));
        Commands.run(
                ROOT,
                "bash",
                "-c",
                "tar -cf - nxvms scripts pom.xml */pom.xml */*/pom.xml sdk | tar -xf - -C \"$0\"",
                copy.toString());
        return copy;
    }

    /** The local Maven repository as it is, with a place of its own for what the guide installs. */
    private static Path repository(Path folder) throws IOException {
        Path known =
                Path.of(System.getProperty("maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));
        Path own = Files.createDirectories(folder.resolve("repository"));
        linkAll(known, own, "org");
        linkAll(known.resolve("org"), Files.createDirectories(own.resolve("org")), "nxvms");
        return own;
    }

    private static void linkAll(Path from, Path to, String except) throws IOException {
        try (Stream<Path> all = Files.list(from)) {
            for (Path one : all.filter(Files::isDirectory).toList()) {
                if (!one.getFileName().toString().equals(except)) {
                    Files.createSymbolicLink(to.resolve(one.getFileName()), one.toAbsolutePath());
                }
            }
        }
    }
}
