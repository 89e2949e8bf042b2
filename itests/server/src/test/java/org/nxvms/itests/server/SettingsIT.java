// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/** Settings belong to the data folder: an update exchanges the distribution and takes none of them with it. */
final class SettingsIT {
    private static final Path SCRIPTS = Path.of(System.getProperty("nxvms.root"), "scripts")
            .toAbsolutePath()
            .normalize();
    private static final String TLS = "org.ops4j.pax.web.ssl.protocols.included = ";
    private static final String HTTP2 = "org.nxvms.web.preferredProtocol = ";
    private static final String HUB = "etc/org.nxvms.streamhub.cfg";
    private static final String STALE = "etc/org.nxvms.stale.cfg";
    private static final String MAIN = "etc/org.nxvms.storage.file-main.cfg";

    @Test
    void settingsOutliveTheDistributionAndNewDefaultsArrive() throws IOException {
        try (PackedServer server = PackedServer.unpacked("settings")) {
            Files.writeString(server.home().resolve(STALE), "value = 1\n");
            Api api = server.start();
            Map<String, FileTime> packed = filesOf(server.home());
            Waiting.until(
                    "the audit has seen the settings",
                    20,
                    () -> Files.exists(server.data().resolve("settings-seen.properties")));
            assertThat(changes(api)).as("what a first start finds is no change").isEmpty();
            Path second = Files.createDirectories(server.data().resolve("second"));
            api.post("/api/v1/storage/volumes", Map.of("name", "second", "path", second.toString(), "create", true))
                    .expect(201);
            Waiting.until("the new volume is used", 20, () -> volumes(api).contains("second"));
            api.delete("/api/v1/storage/volumes/main").expect(204);
            Waiting.until(
                    "the first volume is out of use", 20, () -> !volumes(api).contains("main"));
            Path shell = server.data().resolve("etc/org.apache.karaf.shell.cfg");
            Files.writeString(shell, Files.readString(shell).replace("1800000", "900000"));
            assertThat(speaks(server, "TLSv1.2")).as("by default").isFalse();
            aWrongSettingIsToldAndStopsNothing(api, server, "org.nxvms.archive", "flushSeconds", "archive");
            Waiting.until("the audit has the change", 20, () -> changes(api).stream()
                    .anyMatch(entry -> entry.get("subject").asText().equals("settings/org.nxvms.archive")
                            && entry.path("after").path("flushSeconds").asText().equals("5")));
            server.configured("org.nxvms.ingest.rtsp", "stallTimeoutMs = abc");
            server.stop();
            replace(server, TLS + "TLSv1.3", TLS + "TLSv1.3,TLSv1.2");
            assertThat(filesOf(server.home()))
                    .as("the distribution is only read")
                    .isEqualTo(packed);

            server.updated(SettingsIT::anotherVersion);
            Api updated = server.start();
            Waiting.until(
                    "what was wrong at the start is told, and ingest is there",
                    30,
                    () -> isUp(updated, "ingest")
                            && updated.health("settings")
                                    .path("detail")
                                    .asText()
                                    .contains("org.nxvms.ingest.rtsp.cfg: stallTimeoutMs"));
            Waiting.until("what the update changed is in the audit", 20, () -> changes(updated).stream()
                    .anyMatch(entry -> entry.get("subject").asText().equals("settings/org.nxvms.streamhub")
                            && entry.path("after").path("memoryMaxMiB").asText().equals("1024")
                            && entry.path("after").path("seen").asText().equals("at the start")));
            server.configured("org.nxvms.ingest.rtsp", "stallTimeoutMs = 5000");
            awaitRight(updated);

            Waiting.until(
                    "the added volume is used", 20, () -> volumes(updated).equals(new TreeSet<>(List.of("second"))));
            assertThat(server.data().resolve(MAIN)).as("removed stays removed").doesNotExist();
            assertThat(shell).as("changed stays changed").content().contains("900000");
            assertThat(server.data().resolve(HUB))
                    .as("a default that nobody changed")
                    .hasContent("memoryMaxMiB = 1024");
            assertThat(server.data().resolve("etc/org.nxvms.fresh.cfg"))
                    .as("a setting that came with the update")
                    .exists();
            assertThat(server.data().resolve(STALE))
                    .as("a file that left with the update")
                    .doesNotExist();
            theWebServerTakesOlderClientsWhileThatIsSet(server);
        }
    }

    private static void theWebServerTakesOlderClientsWhileThatIsSet(PackedServer server) throws IOException {
        assertThat(speaks(server, "TLSv1.2")).as("as it was set").isTrue();
        assertThat(speaks(server, "TLSv1.3")).isTrue();
        assertThat(WebClient.isHttp2Spoken(server.httpsPort())).isTrue();
        replace(server, TLS + "TLSv1.3,TLSv1.2", TLS + "TLSv1.3", HTTP2 + "h2", HTTP2 + "http/1.1");
        Waiting.until(
                "older clients are refused and others are not, and nobody is offered HTTP/2",
                60,
                () -> !speaks(server, "TLSv1.2")
                        && speaks(server, "TLSv1.3")
                        && !WebClient.isHttp2Spoken(server.httpsPort()));
    }

    /** @param lines of the web server's settings, each with what comes in its place; all of them at once */
    private static void replace(PackedServer server, String... lines) throws IOException {
        Path web = server.data().resolve("etc/org.ops4j.pax.web.cfg");
        String text = Files.readString(web);
        for (int i = 0; i < lines.length; i += 2) {
            assertThat(text).contains(lines[i] + "\n");
            text = text.replace(lines[i] + "\n", lines[i + 1] + "\n");
        }
        Files.writeString(web, text);
    }

    /** {@return whether somebody who knows that version only is answered} */
    private static boolean speaks(PackedServer server, String protocol) throws IOException {
        try (WebClient web = WebClient.tls(server.httpsPort(), protocol)) {
            return web.ask("GET", "/api/v1/health").startsWith("HTTP/1.1 200");
        } catch (SSLException refused) {
            return false;
        }
    }

    private static void aWrongSettingIsToldAndStopsNothing(
            Api api, PackedServer server, String part, String key, String health) {
        server.configured(part, key + " = abc");
        Waiting.until(
                "the wrong setting is told",
                20,
                () -> api.health("settings").path("detail").asText().contains(part + ".cfg: " + key + " is \"abc\""));
        // A part whose settings change may be made anew, which takes a moment and no more.
        Waiting.until(
                "the part is there",
                20,
                () -> isUp(api, health) && !volumes(api).isEmpty());
        server.configured(part, key + " = 5");
        awaitRight(api);
    }

    private static List<JsonNode> changes(Api api) {
        List<JsonNode> entries = new ArrayList<>();
        api.get("/api/v1/audit?action=config.changed")
                .expect(200)
                .json()
                .get("items")
                .forEach(entries::add);
        return entries;
    }

    private static void awaitRight(Api api) {
        Waiting.until("settings are right again", 20, () -> isUp(api, "settings"));
    }

    private static boolean isUp(Api api, String part) {
        return api.health(part).path("status").asText().equals("up");
    }

    /** Before settings had a folder of their own they were in the unpacked server, which a build deletes. */
    @Test
    void settingsInTheServerFolderOfAnOlderBuildAreCarriedOver(@TempDir Path folder) throws IOException {
        Path old = Files.createDirectories(folder.resolve("old/etc")).getParent();
        Path data = Files.createDirectories(folder.resolve("data/karaf")).getParent();
        Files.writeString(data.resolve("karaf/build-id"), "old");
        delivered(old, "etc/org.nxvms.streamhub.cfg", "memoryMaxMiB = 1536\n");
        delivered(old, "etc/org.apache.karaf.shell.cfg", "sshPort = 8101\n");
        delivered(old, MAIN, "nxvms.volume.name = main\n");
        Files.writeString(old.resolve("etc/org.nxvms.streamhub.cfg"), "memoryMaxMiB = 900\n");
        Files.writeString(old.resolve("etc/org.nxvms.storage.file-second.cfg"), "nxvms.volume.name = second\n");
        Files.delete(old.resolve(MAIN));

        Commands.run(
                folder,
                "bash",
                "-c",
                "set -u; ROOT=. NXVMS_DATA=data; . " + SCRIPTS.resolve("common.sh") + "; . "
                        + SCRIPTS.resolve("build.sh") + "; save_settings old && adopt_settings");

        assertThat(data.resolve("etc/org.nxvms.streamhub.cfg")).hasContent("memoryMaxMiB = 900");
        assertThat(data.resolve("etc/org.nxvms.storage.file-second.cfg")).exists();
        assertThat(data.resolve("etc/org.apache.karaf.shell.cfg"))
                .as("not changed: the new distribution's is taken")
                .doesNotExist();
        assertThat(data.resolve("etc/defaults").resolve(Path.of(MAIN).getFileName()))
                .as("known as delivered, so that it is not put there again")
                .exists();
    }

    private static void delivered(Path server, String name, String text) throws IOException {
        Path file = Files.writeString(server.resolve(name), text);
        String sum = Commands.run(server, "sha256sum", name).split(" ")[0];
        Files.writeString(file.resolveSibling(file.getFileName() + ".SHA-256"), sum + "\n");
    }

    private static void anotherVersion(Path home) {
        try {
            Files.writeString(home.resolve(HUB), "memoryMaxMiB = 1024\n");
            Files.writeString(home.resolve("etc/org.nxvms.fresh.cfg"), "value = 1\n");
            Files.writeString(home.resolve("lib/build-id"), "another");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TreeSet<String> volumes(Api api) {
        TreeSet<String> names = new TreeSet<>();
        Api.Answer answer = api.get("/api/v1/storage/volumes");
        if (answer.status() == 200) {
            for (JsonNode volume : answer.json().get("items")) {
                names.add(volume.get("name").asText());
            }
        }
        return names;
    }

    private static Map<String, FileTime> filesOf(Path home) throws IOException {
        Map<String, FileTime> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(home)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(home.relativize(file).toString(), Files.getLastModifiedTime(file));
            }
        }
        return files;
    }
}
