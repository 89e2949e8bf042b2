// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long is waited after a failure. */
class BackoffTest {
    @Test
    void itBacksOffLongerAndLongerAndAsLongAsItIsAsked() {
        Backoff backoff = new Backoff(1_000, 300_000, () -> 0.5);
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            waits.add(backoff.failedMs(0));
        }
        assertThat(waits)
                .containsExactly(
                        1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 64_000L, 128_000L, 256_000L, 300_000L,
                        300_000L);
        assertThat(backoff.failedMs(3_600_000)).isEqualTo(3_600_000);
        backoff.succeeded();
        assertThat(backoff.failedMs(500)).isEqualTo(1_000);
        assertThat(new Backoff(1_000, 300_000, () -> 0).failedMs(0)).isEqualTo(750);
        assertThat(new Backoff(1_000, 300_000, () -> 1).failedMs(0)).isEqualTo(1_250);
    }
}
