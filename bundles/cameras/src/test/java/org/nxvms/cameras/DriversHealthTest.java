// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.drivers.Places.Hanging;
import org.nxvms.platform.api.health.HealthCheck;

/** A driver that does not return has a name in the server's health. */
class DriversHealthTest {
    @Test
    void theCulpritIsNamedOnceWithAllItsCalls() {
        assertThat(DriversHealth.of(List.of()).status()).isEqualTo(HealthCheck.Status.UP);

        UUID one = new UUID(0, 1);
        UUID two = new UUID(0, 2);
        HealthCheck.Result result = DriversHealth.of(List.of(
                new Hanging("acme 1.2.0", 3, List.of(one, two)),
                new Hanging("acme 1.2.0", 1, List.of(two)),
                new Hanging("other 2.0.0", 1, List.of(one))));

        assertThat(result.status()).isEqualTo(HealthCheck.Status.DEGRADED);
        assertThat(result.detail())
                .contains("acme 1.2.0 does not return from 4 calls about 2 cameras", "other 2.0.0")
                .contains("Install another version");
        assertThat(result.figures()).isEqualTo(Map.of("hangingCalls", 5));
        assertThat(result.findings())
                .contains(new HealthCheck.Finding(
                        "driver_hangs", Map.of("driver", "acme 1.2.0", "calls", 4, "cameras", 2L)));
    }
}
