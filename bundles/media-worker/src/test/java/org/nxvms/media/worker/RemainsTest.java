// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Years of crashes leave a few reports. */
class RemainsTest {
    @TempDir
    private Path work;

    @Test
    void theNewestReportsAreKeptAndTheOldGo() throws Exception {
        Files.writeString(work.resolve("child-of-a-killed-server.err"), "last words");
        Remains remains = new Remains(work);
        Path errors = remains.errors();
        assertThat(work.resolve("child-of-a-killed-server.err")).doesNotExist();
        for (int pid = 1; pid <= 50; pid++) {
            Path report = Remains.reports(work).resolve("hs_err_" + pid + ".log");
            Files.writeString(report, "# A fatal error has been detected");
            Files.setLastModifiedTime(report, FileTime.fromMillis(pid * 1_000L));
            assertThat(remains.bury(pid)).contains(report);
            assertThat(remains.bury(1_000 + pid))
                    .as("of a child that left none")
                    .isEmpty();
        }
        try (Stream<Path> left = Files.list(Remains.reports(work))) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "hs_err_46.log", "hs_err_47.log", "hs_err_48.log", "hs_err_49.log", "hs_err_50.log");
        }
        assertThat(errors).exists();
        assertThat(remains.errors()).isNotEqualTo(errors);
        assertThat(errors).as("of a child that lives").exists();
    }
}
