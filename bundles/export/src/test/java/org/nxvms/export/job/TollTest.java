// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The pace of an export: no faster, however fast the disks are. How slow it may be nobody promises. */
class TollTest {
    private static final int PIECE = 64 << 10;
    private static final int BYTES_PER_SECOND = 8 << 20;
    /** What passes at once after a pause. */
    private static final long AHEAD_MS = 100;

    private static long passMs(Toll toll, int pieces) throws Exception {
        long beganNs = System.nanoTime();
        for (int i = 0; i < pieces; i++) {
            toll.pass(PIECE);
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs);
    }

    @Test
    void noMoreBytesPassInATimeThanMay() throws Exception {
        Toll toll = new Toll(bytes -> {}, BYTES_PER_SECOND, () -> false);
        // Half a second's bytes.
        assertThat(passMs(toll, 64)).isGreaterThanOrEqualTo(500 - AHEAD_MS);
    }

    /** Who has waited for the database or for room is not let through all the faster. */
    @Test
    void aPauseIsNotMadeUpFor() throws Exception {
        List<Long> asked = new ArrayList<>();
        Toll toll = new Toll(
                bytes -> {
                    // A pause as long as all that passes behind it.
                    long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(400);
                    while (System.nanoTime() < untilNs) {
                        Thread.onSpinWait();
                    }
                    asked.add(bytes);
                },
                BYTES_PER_SECOND,
                () -> false);
        toll.pass(1);
        assertThat(asked).hasSize(1);
        assertThat(passMs(toll, 50)).isGreaterThanOrEqualTo(390 - AHEAD_MS);
        assertThat(asked).as("asked each 8 MiB").hasSize(1);
    }

    @Test
    void whoIsNotWantedAnyMoreDoesNotWaitForHisTurn() {
        AtomicBoolean unwanted = new AtomicBoolean();
        // At a byte a second it would be its turn in years.
        Toll toll = new Toll(bytes -> unwanted.set(true), 1, unwanted::get);
        assertThatThrownBy(() -> toll.pass(1 << 30)).isInstanceOf(Toll.UnwantedException.class);
    }
}
