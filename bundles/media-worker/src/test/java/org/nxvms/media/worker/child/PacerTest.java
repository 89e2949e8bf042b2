// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Letting media out in its own time, with a time of the test's own. */
class PacerTest {
    private static final long SECOND_US = 1_000_000;
    private static final long SECOND_NS = 1_000_000_000L;

    private final Pacer pacer = new Pacer();

    @Test
    void aSegmentThatComesAtOnceIsSpreadOverItsTime() {
        long now = 5 * SECOND_NS;
        assertThat(pacer.waitNs(100 * SECOND_US, now)).isZero();
        long sent = now;
        for (int i = 1; i <= 50; i++) {
            sent += pacer.waitNs(100 * SECOND_US + i * 40_000L, sent);
        }
        assertThat(sent - now).as("two seconds, half a percent fast").isEqualTo(2 * SECOND_NS - 2 * SECOND_NS / 200);
    }

    @Test
    void whatIsLateGoesOutAtOnceAndTheRestFollowsFromThere() {
        pacer.waitNs(0, 0);
        assertThat(pacer.waitNs(SECOND_US, 4 * SECOND_NS)).isZero();
        assertThat(pacer.waitNs(2 * SECOND_US, 4 * SECOND_NS)).isBetween(SECOND_NS * 99 / 100, SECOND_NS);
    }

    @Test
    void aJumpOfTheSourcesTimeIsSaidAndNotWaitedFor() {
        pacer.waitNs(0, 0);
        assertThat(pacer.waitNs(3600 * SECOND_US, SECOND_NS)).isZero();
        assertThat(pacer.jumped()).isTrue();
        assertThat(pacer.waitNs(3600 * SECOND_US + 40_000, SECOND_NS)).isPositive();
        assertThat(pacer.jumped()).isFalse();
        assertThat(pacer.waitNs(0, 2 * SECOND_NS)).isZero();
        assertThat(pacer.jumped()).isTrue();
    }

    @Test
    void aSourceWhoseClockIsFasterThanOursDoesNotPileUp() {
        long behindUs = 0;
        long now = 0;
        pacer.waitNs(0, 0);
        for (int second = 1; second <= 600; second++) {
            // It makes 1.003 seconds of media a second.
            long made = second * 1_003_000L;
            now = Math.max(now, second * SECOND_NS);
            now += pacer.waitNs(made, now);
            behindUs = now / 1000 - second * SECOND_US;
        }
        assertThat(behindUs).isLessThan(SECOND_US / 100);
    }
}
