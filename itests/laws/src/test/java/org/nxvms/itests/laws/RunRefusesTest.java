// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.laws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code ./nxvms run} refuses by itself, it refuses before anything is built, deleted or started, and says why. */
class RunRefusesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "seven77,has 7 characters",
        "my-Admin-1,too easy to guess",
        "abababab,too easy to guess",
        "Sunshine1,tried first",
        "!Dragon2026,tried first",
    })
    void aPasswordThatTheServerWouldNotTake(String password, String why) throws Exception {
        String said = run(password);

        assertThat(said).startsWith("nxvms: NXVMS_ADMIN_PASSWORD").contains(why).contains("choose another");
        assertThat(said).doesNotContain(password);
        assertThat(folder.resolve("data")).doesNotExist();
    }

    private String run(String password) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("nxvms.root"));
        Path output = folder.resolve("output");
        ProcessBuilder command = new ProcessBuilder(root.resolve("nxvms").toString(), "run", "--no-demo")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        command.environment().put("NXVMS_DATA", folder.resolve("data").toString());
        command.environment().put("NXVMS_ADMIN_PASSWORD", password);
        Process process = command.start();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            return Files.readString(output);
        } finally {
            process.destroyForcibly();
        }
    }
}
