// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** Who is woken for what comes of cameras, and how late each is found. */
class LookPaceTest {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;
    private static final long TICK_NS = 8 * MS;
    private static final int SECONDS = 60;

    private record Seen(double looksPerSecond, long latestNs) {}

    /** @param arrival when what has a number is there */
    private static Seen look(LongUnaryOperator arrival) {
        LookPace pace = new LookPace(0);
        long looks = 0;
        long latestNs = 0;
        long next = 0;
        long nowNs = 0;
        while (nowNs < SECONDS * SECOND) {
            // Woken by what comes next, but not before it may look.
            nowNs = Math.max(arrival.applyAsLong(next), nowNs + pace.pauseNs(nowNs, TICK_NS));
            pace.looked(nowNs, TICK_NS);
            looks++;
            while (arrival.applyAsLong(next) <= nowNs) {
                latestNs = Math.max(latestNs, nowNs - arrival.applyAsLong(next));
                next++;
            }
        }
        return new Seen(looks / (double) SECONDS, latestNs);
    }

    @Test
    void picturesOfACameraAreFoundAtOnceWithALookEach() {
        Seen seen = look(number -> number * 40 * MS);
        assertThat(seen.latestNs()).isZero();
        assertThat(seen.looksPerSecond()).isBetween(24.9, 25.1);
    }

    @Test
    void soundBetweenPicturesIsFoundAtOnce() {
        Seen seen = look(number -> number / 3 * 40 * MS + number % 3 * 2 * MS);
        assertThat(seen.latestNs()).isZero();
    }

    @Test
    void ofManyCamerasWhatComesWithinATickIsTakenAtOneLook() {
        Seen seen = look(number -> number * 3 * MS / 2);
        assertThat(seen.latestNs()).isPositive().isLessThanOrEqualTo(TICK_NS);
        assertThat(seen.looksPerSecond()).isBetween(100.0, 126.0);
    }

    @Test
    void afterARestSomeLooksMayFollowEachOtherAgain() {
        LookPace pace = new LookPace(0);
        for (int i = 0; i < 100; i++) {
            pace.looked(0, TICK_NS);
        }
        assertThat(pace.pauseNs(0, TICK_NS)).isEqualTo((100 - LookPace.AT_ONCE_MAX + 1) * TICK_NS);
        long laterNs = SECOND;
        for (int i = 0; i < LookPace.AT_ONCE_MAX; i++) {
            assertThat(pace.pauseNs(laterNs, TICK_NS)).as("look %d", i).isZero();
            pace.looked(laterNs, TICK_NS);
        }
        assertThat(pace.pauseNs(laterNs, TICK_NS)).isEqualTo(TICK_NS);
    }
}
