// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.laws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the start script makes of the environment. */
class StartSettingsTest {
    @TempDir
    Path folder;

    @Test
    void aDatabaseOnTheNetworkIsNotWaitedForEndlessly() throws Exception {
        assertThat(databaseUrl("jdbc:postgresql://db.example/nxvms"))
                .isEqualTo("jdbc:postgresql://db.example/nxvms?socketTimeout=60&tcpKeepAlive=true");
        assertThat(databaseUrl("jdbc:postgresql://db.example/nxvms?ssl=true"))
                .isEqualTo("jdbc:postgresql://db.example/nxvms?ssl=true&socketTimeout=60&tcpKeepAlive=true");
        assertThat(databaseUrl("jdbc:postgresql://db.example/nxvms?socketTimeout=5"))
                .as("who says it himself is right")
                .isEqualTo("jdbc:postgresql://db.example/nxvms?socketTimeout=5");
        assertThat(databaseUrl("jdbc:h2:mem:x")).isEqualTo("jdbc:h2:mem:x");
    }

    private String databaseUrl(String given) throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        Files.createDirectories(data.resolve("keys"));
        Files.createDirectories(data.resolve("karaf"));
        Files.createDirectories(folder.resolve("lib"));
        // What a first start would make, so that nothing is made here.
        for (String made : List.of("keys/https.p12", "keys/shell", "keys/shell.pub", "keys/shell-host")) {
            Files.writeString(data.resolve(made), "a b");
        }
        Files.writeString(folder.resolve("lib/build-id"), "1");
        Files.writeString(data.resolve("karaf/build-id"), "1");
        Path script =
                Path.of(System.getProperty("nxvms.root")).resolve("karaf-distribution/src/main/resources/bin/setenv");
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", ". " + script + " && printf %s \"$NXVMS_DB_URL\"")
                .redirectErrorStream(true);
        shell.environment().put("NXVMS_DATA", data.toString());
        shell.environment().put("NXVMS_DB_URL", given);
        shell.environment().put("DIRNAME", folder.resolve("bin").toString());
        Files.createDirectories(folder.resolve("bin"));
        Process process = shell.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }
}
