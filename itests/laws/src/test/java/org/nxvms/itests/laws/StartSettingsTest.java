// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.laws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    @Test
    void aJvmIsGivenOnlyOptionsThatItKnows() throws Exception {
        String option = "--sun-misc-unsafe-memory-access=allow";
        Path knowing = java("exit 0");
        assertThat(setting("JAVA_OPTS", Map.of("JAVA", knowing.toString()))).contains(" " + option);
        Path refusing = java("case $1 in --*) exit 1 ;; esac");
        assertThat(setting("JAVA_OPTS", Map.of("JAVA", refusing.toString())))
                .contains("-Xmx")
                .doesNotContain(option);
    }

    @Test
    void hugePagesAreAskedForWhereTheKernelGivesThem() throws Exception {
        Path kernel = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
        boolean given = Files.exists(kernel) && !Files.readString(kernel).contains("[never]");
        assertThat(setting("JAVA_OPTS", Map.of()).contains(" -XX:+UseTransparentHugePages"))
                .isEqualTo(given);
    }

    @Test
    void aTornListOfFeaturesIsPutBack() throws Exception {
        Path folder = Files.createDirectories(this.folder.resolve("data/karaf/cache/bundle19/data"));
        Path state = folder.resolve("state.json");
        String whole = "{\"features\":{\"root\":[\"a\"]},\"managed\":{}}";
        Files.writeString(folder.resolve("state.saved.json"), whole);
        for (String torn : List.of("", "{", "{\"features\":{\"root\":[\"a\"]}", whole.substring(1))) {
            Files.writeString(state, torn);
            setting("NXVMS_DATA", Map.of());
            assertThat(state).as(torn).hasContent(whole);
        }
        String newer = "{\"features\":{},\"managed\":{}}\n";
        Files.writeString(state, newer);
        setting("NXVMS_DATA", Map.of());
        assertThat(state).as("what is whole counts").hasContent(newer);
        Files.writeString(state, "");
        Files.writeString(folder.resolve("state.saved.json"), "{");
        setting("NXVMS_DATA", Map.of());
        assertThat(state).as("nothing is made up").isEmptyFile();
    }

    private Path java(String script) throws IOException {
        Path java = Files.writeString(folder.resolve("java"), "#!/bin/sh\n" + script + "\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return java;
    }

    private String databaseUrl(String given) throws IOException, InterruptedException {
        return setting("NXVMS_DB_URL", Map.of("NXVMS_DB_URL", given));
    }

    private String setting(String name, Map<String, String> environment) throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        Files.createDirectories(data.resolve("keys"));
        Files.createDirectories(data.resolve("karaf"));
        Files.createDirectories(folder.resolve("etc"));
        Files.createDirectories(folder.resolve("lib"));
        // What a first start would make, so that nothing is made here.
        for (String made : List.of("keys/https.p12", "keys/shell", "keys/shell.pub", "keys/shell-host")) {
            Files.writeString(data.resolve(made), "a b");
        }
        Files.writeString(folder.resolve("lib/build-id"), "1");
        Files.writeString(data.resolve("karaf/build-id"), "1");
        Path script =
                Path.of(System.getProperty("nxvms.root")).resolve("karaf-distribution/src/main/resources/bin/setenv");
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", ". " + script + " && printf %s \"$" + name + "\"")
                .redirectErrorStream(true);
        shell.environment().put("NXVMS_DATA", data.toString());
        shell.environment().putAll(environment);
        shell.environment().put("DIRNAME", folder.resolve("bin").toString());
        Files.createDirectories(folder.resolve("bin"));
        Process process = shell.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }
}
