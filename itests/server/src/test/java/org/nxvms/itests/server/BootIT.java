// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nxvms.itests.harness.Commands;

/** Boots of the packed server on clean data folders; {@code itests/scripts/boot-check.sh 20} does more of them. */
final class BootIT {
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void onceReadyNothingAnswers404Or503ForAMinute() throws Exception {
        Path script = Path.of(System.getProperty("nxvms.root"), "itests/scripts/boot-check.sh")
                .toAbsolutePath()
                .normalize();
        ProcessBuilder boots = new ProcessBuilder(script.toString(), "2", "60", "2");
        // Side by side on a machine that builds; how soon one alone is ready is measured by hand.
        boots.environment().put("BOOT_CHECK_READY_SECONDS", "90");
        // What is missing after a boot is missing at once; the minute is for what comes late in every boot.
        boots.environment().put("BOOT_CHECK_LATER_SECONDS", "20");
        Commands.logged(boots, Path.of(System.getProperty("nxvms.work"), "boots.log"), Duration.ofMinutes(9));
    }
}
