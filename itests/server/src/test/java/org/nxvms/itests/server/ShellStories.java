// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Ports;
import org.nxvms.itests.harness.Waiting;

/** Who may come into the shell of the packed server, when it ends, and what of all that is done there is in the audit. */
abstract class ShellStories extends HostileInput {
    private static final String PASSWORD = "Another-horse-8-battery";

    @Test
    void theShellIsForUsersWhoMayManageEverything() throws Exception {
        Api api = new Api(server.httpPort());
        api.post("/api/v1/users", Map.of("username", "watcher", "password", PASSWORD, "role", "operator"))
                .expect(201);
        Path folder = Files.createDirectories(server.data().resolveSibling("ssh"));

        Commands.Result admin = shellOf("admin", PackedServer.PASSWORD, folder);
        assertThat(admin.status()).as(admin.errors()).isZero();
        assertThat(admin.output()).contains("admin");
        assertThat(shellOf("admin", PASSWORD, folder).status())
                .as("a wrong password")
                .isNotZero();
        assertThat(shellOf("watcher", PASSWORD, folder).status())
                .as("too few rights")
                .isNotZero();
        assertThat(server.shell("nxvms:status").status())
                .as("the key of the machine")
                .isZero();

        assertThat(api.get("/api/v1/audit?action=shell.*").expect(200).json().at("/items"))
                .extracting(item -> item.get("action").asText() + " "
                        + item.get("user").asText() + " " + item.get("done").asBoolean())
                .contains("shell.login admin true", "shell.login admin false", "shell.refused watcher false");
    }

    @Test
    void whoGetsNoShellIsToldWhyAndWhatToDo() throws Exception {
        Path keys = server.data().resolve("keys");
        assertThat(server.shell("nxvms:status").errors())
                .as("of one that works")
                .isEmpty();
        int free = Ports.free();
        assertNoShell(shellAt(free), "nothing listens at 127.0.0.1:" + free, "NXVMS_SSH_PORT=");
        assertNoShell(
                shellAt(server.httpPort()), "no connection to the shell at 127.0.0.1:" + server.httpPort() + ": ");

        Path key = keys.resolve("shell");
        Path own = Files.move(key, keys.resolve("shell.own"));
        try {
            Commands.run(
                    keys,
                    "ssh-keygen",
                    "-q",
                    "-t",
                    "ecdsa",
                    "-N",
                    "",
                    "-f",
                    keys.resolve("stranger").toString());
            Files.copy(keys.resolve("stranger"), key, StandardCopyOption.COPY_ATTRIBUTES);
            assertNoShell(
                    server.shell("nxvms:status"), "refuses the key " + key, "./nxvms stop, ./nxvms run", "admin@");
        } finally {
            Files.move(own, key, StandardCopyOption.REPLACE_EXISTING);
        }

        Path host = keys.resolve("shell-host.pub");
        Path known = Files.move(host, keys.resolve("shell-host.pub.own"));
        try {
            Files.copy(keys.resolve("stranger.pub"), host);
            assertNoShell(server.shell("nxvms:status"), "is not this server", host.toString());
        } finally {
            Files.move(known, host, StandardCopyOption.REPLACE_EXISTING);
        }
        assertThat(server.shell("nxvms:status").status()).isZero();
    }

    @Test
    void theScriptFindsAServerThatItDidNotStart() throws Exception {
        Files.deleteIfExists(server.data().resolve("run/server.pid"));

        Commands.Result status = script("NXVMS_DATA=" + server.data(), "status");
        assertThat(status.status()).as(status.output()).isZero();
        assertThat(status.output())
                .contains("server     running, process " + server.pid() + ", data " + server.data())
                .contains("not by ./nxvms run")
                .contains("\"ready\":true")
                .contains("https://localhost:" + server.httpsPort() + "/console/");
        Commands.Result shell = script("NXVMS_DATA=" + server.data(), "shell", "nxvms:status");
        assertThat(shell.status()).as(shell.errors()).isZero();

        Commands.Result byPort = script("NXVMS_HTTP_PORT=" + server.httpPort(), "shell", "nxvms:status");
        assertThat(byPort.status()).as(byPort.errors()).isZero();
        assertThat(byPort.errors()).contains("this is the server of " + server.data());

        Commands.Result stop = script("NXVMS_DATA=" + server.data(), "stop");
        assertThat(stop.status()).as("what it did not start it does not end").isEqualTo(1);
        assertThat(stop.errors()).contains("kill " + server.pid());
        assertThat(script("NXVMS_DATA=" + server.data(), "run", "--no-demo").errors())
                .contains("a server runs on " + server.data() + " already, process " + server.pid());

        String elsewhere = server.data().resolveSibling("nobody").toString();
        Commands.Result none = script("NXVMS_DATA=" + elsewhere, "status");
        assertThat(none.status()).isEqualTo(3);
        assertThat(none.output())
                .contains("server     not running (data " + elsewhere + ")")
                .contains("a server runs on the data folder " + server.data() + ", process " + server.pid());
        assertThat(script("NXVMS_DATA=" + elsewhere, "shell", "nxvms:status").errors())
                .contains("no server runs on " + elsewhere);
    }

    private Commands.Result script(String setting, String... arguments) {
        List<String> command = new ArrayList<>(List.of("env", "-u", "NXVMS_DATA", setting, "./nxvms"));
        command.addAll(List.of(arguments));
        return Commands.attempt(Path.of(System.getProperty("nxvms.root")), command.toArray(String[]::new));
    }

    private Commands.Result shellAt(int port) {
        Map<String, String> its = server.forScript();
        return Commands.attempt(
                Path.of(its.get("NXVMS_ROOT")),
                "env",
                "NXVMS_DATA=" + its.get("NXVMS_DATA"),
                "NXVMS_SSH_PORT=" + port,
                "./nxvms",
                "shell",
                "nxvms:status");
    }

    private static void assertNoShell(Commands.Result attempt, String... said) {
        assertThat(attempt.status()).isEqualTo(255);
        assertThat(attempt.errors()).startsWith("nxvms: ").contains(said);
        assertThat(attempt.output()).isEmpty();
    }

    @Test
    void aShellThatIsOpenEndsWithTheRightToIt() throws Exception {
        Api api = new Api(server.httpPort());
        String user = api.post(
                        "/api/v1/users", Map.of("username", "second", "password", PASSWORD, "role", "administrator"))
                .expect(201)
                .json()
                .get("id")
                .asText();
        Path folder = Files.createDirectories(server.data().resolveSibling("ssh-open"));
        Path said = folder.resolve("said");
        Process shell = new ProcessBuilder(ssh("second", PASSWORD, folder, "-tt"))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            shell.getOutputStream().write("jaas:whoami\n".getBytes(StandardCharsets.UTF_8));
            shell.getOutputStream().flush();
            Waiting.until("it answers", 60, () -> Files.readString(said).contains("Name"));
            api.patch("/api/v1/users/" + user, Map.of("role", "operator"), "*").expect(200);
            Waiting.until("it is ended", 60, () -> !shell.isAlive());
            assertThat(api.get("/api/v1/audit?action=shell.ended")
                            .expect(200)
                            .json()
                            .at("/items"))
                    .extracting(item -> item.get("user").asText())
                    .containsExactly("second");
        } finally {
            shell.destroy();
        }
    }

    /** Asks the shell who one is, as OpenSSH's own client does with a password. */
    final Commands.Result shellOf(String user, String password, Path folder) throws IOException {
        List<String> command = new ArrayList<>(ssh(user, password, folder));
        command.add("jaas:whoami");
        return Commands.attempt(folder, command.toArray(String[]::new));
    }

    private List<String> ssh(String user, String password, Path folder, String... more) throws IOException {
        Path typing = Files.writeString(folder.resolve("typing"), "#!/bin/sh\nprintf '%s\\n' '" + password + "'\n");
        assertThat(typing.toFile().setExecutable(true)).isTrue();
        List<String> command = new ArrayList<>(
                List.of(("env SSH_ASKPASS=" + typing + " SSH_ASKPASS_REQUIRE=force ssh -F none -p " + server.sshPort()
                                + " -o PreferredAuthentications=password -o PubkeyAuthentication=no"
                                + " -o NumberOfPasswordPrompts=1 -o StrictHostKeyChecking=no"
                                + " -o UserKnownHostsFile=" + folder.resolve("known"))
                        .split(" ")));
        command.addAll(List.of(more));
        command.add(user + "@127.0.0.1");
        return command;
    }

    @Test
    void whatIsDoneToTheContainerIsInTheAuditWithWhoDidIt() throws Exception {
        Path folder = Files.createDirectories(server.data().resolveSibling("ssh-audit"));
        Api api = new Api(server.httpPort());
        assertThat(noted(api, "bundle.*"))
                .as("what the server consists of nobody installs")
                .noneMatch(line -> line.startsWith("system "));
        Path jar = bundle(folder, "acme.typed");
        List<String> typed = new ArrayList<>(ssh("admin", PackedServer.PASSWORD, folder));
        typed.add("bundle:install " + jar.toUri() + "; bundle:uninstall acme.typed; bundle:list -t 0;"
                + " config:property-set -p org.nxvms.acme clientSecret hunter2hunter2");
        Commands.Result shell = Commands.attempt(folder, typed.toArray(String[]::new));
        assertThat(shell.status()).as(shell.output() + shell.errors()).isZero();
        assertThat(noted(api, "shell.command"))
                .contains("admin shell bundle:install, bundle:uninstall, config:property-set");
        assertThat(noted(api, "bundle.*"))
                .containsSubsequence(
                        "admin shell bundle/acme.typed bundle.uninstalled",
                        "admin shell bundle/acme.typed bundle.installed");

        Path acme = server.data().resolve("etc/org.nxvms.acme.cfg");
        Waiting.until("who changed the settings is in the audit", 60, () -> noted(api, "config.changed")
                .contains("admin shell settings/org.nxvms.acme"));
        assertThat(acme).content().contains("hunter2hunter2");
        assertThat(new String(api.get("/api/v1/audit?limit=200").expect(200).bytes(), StandardCharsets.UTF_8))
                .contains("clientSecret ***")
                .doesNotContain("hunter2");
        Files.delete(acme);

        Path deploy = Files.createDirectories(server.data().resolveSibling("deploy"));
        server.configured(
                "org.apache.felix.fileinstall-deploy",
                "felix.fileinstall.dir = " + deploy,
                "felix.fileinstall.poll = 200",
                "felix.fileinstall.noInitialDelay = true");
        Path laid = Files.move(
                bundle(folder, "acme.laid"), deploy.resolve("acme.laid.jar"), StandardCopyOption.ATOMIC_MOVE);
        Waiting.until("what was laid into the folder is in the audit", 60, () -> noted(api, "bundle.installed")
                .contains("deploy folder file bundle/acme.laid"));
        Files.delete(laid);
        Waiting.until("what was taken away is in the audit", 60, () -> noted(api, "bundle.uninstalled")
                .contains("deploy folder file bundle/acme.laid"));
        Files.delete(server.data().resolve("etc/org.apache.felix.fileinstall-deploy.cfg"));
    }

    /** {@return who, from where and what, the newest first; of a family with the action} */
    private static List<String> noted(Api api, String action) {
        JsonNode items = api.get("/api/v1/audit?limit=200&action=" + action)
                .expect(200)
                .json()
                .at("/items");
        return StreamSupport.stream(items.spliterator(), false)
                .map(item -> item.get("user").asText() + " "
                        + item.get("address").asText() + " "
                        + item.get("subject").asText()
                        + (action.endsWith("*") ? " " + item.get("action").asText() : ""))
                .toList();
    }

    private static Path bundle(Path folder, String name) throws IOException {
        Manifest manifest = new Manifest();
        Attributes of = manifest.getMainAttributes();
        of.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        of.putValue("Bundle-ManifestVersion", "2");
        of.putValue("Bundle-SymbolicName", name);
        of.putValue("Bundle-Version", "1.0.0");
        Path jar = folder.resolve(name + ".jar");
        try (OutputStream out = Files.newOutputStream(jar)) {
            new JarOutputStream(out, manifest).close();
        }
        return jar;
    }
}
