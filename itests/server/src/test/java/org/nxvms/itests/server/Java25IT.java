// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
            theShellKnowsItsUser(server);
            theShellLetsNobodyElseIn(server);

            server.stop();
            Instant again = Instant.now();
            awaitFootageAfter(server.start(), camera, again.plusSeconds(2));
            assertThat(server.shell("nxvms:cameras").output())
                    .as("the shell of a server that starts from its cache")
                    .contains("Gate");
            assertThat(server.console())
                    .as("what Java says of code that a later one will not run")
                    .content()
                    .doesNotContain("terminally deprecated", "restricted method");
        }
    }

    /** Karaf's shell is where Java 24 broke it: who calls, and in which of the threads that run a command (ADR 29). */
    private static void theShellKnowsItsUser(PackedServer server) {
        Commands.Result cameras = server.shell("nxvms:cameras");
        assertThat(cameras.status()).as(cameras.errors()).isZero();
        assertThat(cameras.output()).contains("Gate");

        assertThat(server.shell("jaas:whoami").output()).contains("nxvms");
        assertThat(server.shell("jaas:whoami --roles | grep systembundles").output())
                .as("roles, asked in a thread of a pipe")
                .contains("systembundles");

        Commands.Result failed = server.shell("nxvms:camera-remove nobody-has-this-name");
        assertThat(failed.status()).as("the status of a command that fails").isEqualTo(1);
        assertThat(failed.output() + failed.errors()).contains("There is no camera");
        assertThat(server.data().resolve("log/nxvms.log")).content().doesNotContain("getSubject");
    }

    private static void theShellLetsNobodyElseIn(PackedServer server) {
        Path key = server.data().resolve("stranger");
        Commands.run(server.data(), "ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", key.toString());
        assertRefused(ssh(server, "nxvms", "-i", key.toString()));
        assertRefused(ssh(server, "karaf", "-o", "PubkeyAuthentication=no"));
    }

    /** Neither the key nor the password of one of the server's users. */
    private static void assertRefused(Commands.Result attempt) {
        assertThat(attempt.status()).isEqualTo(255);
        assertThat(attempt.errors()).contains("Permission denied (publickey,password).");
        assertThat(attempt.output()).isEmpty();
    }

    private static Commands.Result ssh(PackedServer server, String user, String... options) {
        List<String> command = new ArrayList<>(List.of("ssh", "-F", "none", "-n", "-T"));
        command.addAll(List.of("-p", String.valueOf(server.sshPort()), "-o", "IdentitiesOnly=yes"));
        command.addAll(List.of("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"));
        command.addAll(List.of(options));
        command.addAll(List.of(user + "@127.0.0.1", "nxvms:cameras"));
        return Commands.attempt(server.data(), command.toArray(String[]::new));
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
