// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.DriverException.Kind;

/** Back-off, connect rate and runs, with a time of the test's own. */
class PaceTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @Test
    void aCameraThatIsAwayIsTriedMoreAndMoreSeldomButNeverLaterThanItMayResume() {
        Backoff backoff = new Backoff(() -> 0.5);
        assertThat(backoff.afterMs(Kind.UNREACHABLE)).isEqualTo(500);
        assertThat(backoff.afterMs(Kind.UNREACHABLE)).isEqualTo(1000);
        for (int i = 0; i < 50; i++) {
            assertThat(backoff.afterMs(Kind.UNREACHABLE)).isBetween(1000L, 6000L);
        }
        backoff.succeeded();
        assertThat(backoff.afterMs(Kind.UNREACHABLE)).isEqualTo(500);
    }

    @Test
    void jitterSpreadsTheCameras() {
        assertThat(new Backoff(() -> 0).afterMs(Kind.UNREACHABLE)).isEqualTo(375);
        assertThat(new Backoff(() -> 1).afterMs(Kind.UNREACHABLE)).isEqualTo(625);
    }

    @Test
    void badLoginsStopBeforeTheAccountIsLocked() {
        Backoff backoff = new Backoff(() -> 0.5);
        assertThat(backoff.afterMs(Kind.AUTH)).isLessThan(2000);
        assertThat(backoff.afterMs(Kind.AUTH)).isEqualTo(300_000);
        assertThat(backoff.afterMs(Kind.AUTH)).isEqualTo(300_000);
    }

    @Test
    void twoHundredCamerasReturningAtOnceKeepTheRateAndTheirOrder() {
        ConnectGate gate = new ConnectGate();
        int[] perSecond = new int[10];
        int[] perCamera = new int[200];
        for (long ms = 0; ms < 10_000; ms += 50) {
            for (int camera = 0; camera < 200; camera++) {
                // Each is refused by its camera and asks again at once.
                if (gate.tryEnter(camera, ms * 1_000_000, 20)) {
                    perSecond[(int) (ms / 1000)]++;
                    perCamera[camera]++;
                }
            }
        }
        assertThat(perCamera)
                .as("nobody goes a third time before everybody went twice")
                .containsOnly(1, 2);
        assertThat(perSecond[0]).isLessThanOrEqualTo(25);
        for (int second = 1; second < 10; second++) {
            assertThat(perSecond[second]).isBetween(19, 21);
        }
    }

    @Test
    void whoGivesUpWaitingHoldsNobodyUp() {
        ConnectGate gate = new ConnectGate();
        for (int i = 0; i < 100; i++) {
            gate.tryEnter("gone " + i, 0, 4);
        }
        assertThat(gate.tryEnter("waits", SECOND_NS, 4)).isFalse();
        assertThat(gate.tryEnter("waits", 4 * SECOND_NS, 4)).isTrue();
    }

    @Test
    void runsAreFewAndComeBackWithTime() {
        RunAllowance allowance = new RunAllowance();
        int begun = 0;
        for (long ms = 0; ms < 60_000; ms += 40) {
            begun += allowance.take(ms * 1_000_000) ? 1 : 0;
        }
        assertThat(begun).as("in a minute of one wish a picture").isBetween(19, 20);
        begun = 0;
        for (int i = 0; i < 100; i++) {
            begun += allowance.take(200 * SECOND_NS) ? 1 : 0;
        }
        assertThat(begun).as("after two quiet minutes").isEqualTo(RunAllowance.BURST_MAX);
    }
}
