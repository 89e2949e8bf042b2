// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.PtzSpace.Axis;

/** When a head counts as standing, by a clock of its own. */
class StandingTest {
    private final Standing.Clock clock = new Standing.Clock() {
        @Override
        public long nanoTime() {
            return TimeUnit.MILLISECONDS.toNanos(nowMs);
        }

        @Override
        public void pause(long ms) {
            nowMs += ms;
        }
    };
    private long nowMs = 50_000;

    /** {@return after how long it stands, when this is where it looks, by the time since it was told to go} */
    private long standsAfterMs(LongToDoubleFunction panAfterMs) throws Exception {
        long begun = nowMs;
        new Standing(() -> Map.of(Axis.PAN, panAfterMs.applyAsDouble(nowMs - begun)), clock).await();
        return nowMs - begun;
    }

    @Test
    void whatIsRenewedOnceASecondStandsWhenItIsTheSameForLonger() throws Exception {
        // Begins 1.3 s late, turns for four seconds, and says so at whole seconds.
        assertThat(standsAfterMs(ms -> Math.max(0, Math.min(4_000, ms / 1_000 * 1_000 - 1_300))))
                .isBetween(8_000L, 10_000L);
    }

    @Test
    void whatIsThereAlreadyIsWaitedForUntilItWouldHaveBegun() throws Exception {
        assertThat(standsAfterMs(ms -> 7)).isBetween(5_000L, 5_400L);
        assertThat(standsAfterMs(ms -> ms < 4_000 ? 7 : 8)).isBetween(6_400L, 7_000L);
    }

    @Test
    void whatNeverStandsIsGivenUp() {
        assertThatThrownBy(() -> standsAfterMs(ms -> ms)).hasMessageContaining("nothing was changed");
        assertThat(nowMs).isBetween(75_000L, 76_000L);
    }

    @Test
    void whatSaysNothingIsRefusedBeforeItIsMoved() {
        assertThatThrownBy(() -> new Standing(Map::of, clock)).hasMessageContaining("does not say where it looks");
    }
}
