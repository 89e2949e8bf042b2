// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.health.HealthCheck.Result;
import org.nxvms.platform.api.health.HealthCheck.Status;

class MachineCheckTest {
    private final HealthCheck check = new MachineCheck();

    @Test
    void itTellsHowBusyTheMachineIsAndWhatMemoryTheServerHas() {
        check.check();
        Result result = check.check();
        Map<String, Object> figures = result.figures();

        assertThat(result.status()).isEqualTo(Status.UP);
        assertThat(figures)
                .containsKeys("cores", "processCpuPercent", "systemCpuPercent", "load", "heapBytes", "heapMaxBytes");
        assertThat((Integer) figures.get("cores")).isPositive();
        assertThat((Double) figures.get("processCpuPercent")).isBetween(0.0, 100.0);
        assertThat((Double) figures.get("systemCpuPercent")).isBetween(0.0, 100.0);
        assertThat((Double) figures.get("load")).isNotNegative();
        assertThat((Long) figures.get("heapBytes")).isPositive().isLessThanOrEqualTo((Long)
                figures.get("heapMaxBytes"));
    }
}
