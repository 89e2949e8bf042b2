// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Boots of the packed server on clean data folders; {@code itests/scripts/boot-check.sh 20} does more of them. */
final class BootIT {
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void onceReadyNothingAnswers404Or503ForAMinute() throws Exception {
        Path script = Path.of(System.getProperty("nxvms.root"), "itests/scripts/boot-check.sh")
                .toAbsolutePath()
                .normalize();
        ProcessBuilder boots = new ProcessBuilder(script.toString(), "3", "60", "3").inheritIO();
        // Side by side on a machine that builds; how soon one alone is ready is measured by hand.
        boots.environment().put("BOOT_CHECK_READY_SECONDS", "90");
        Process process = boots.start();

        assertThat(process.waitFor()).as("status of %s", script).isZero();
    }
}
