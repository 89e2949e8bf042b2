// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** Who looks for pictures of a camera, tick by tick, and how late each is found. */
class LookPaceTest {
    private static final long MS = 1_000_000;
    private static final long TICK_NS = 8 * MS;

    private record Seen(double looksPerSecond, long latestNs) {}

    /** @param arrival when the picture of a number is there */
    private static Seen look(LongUnaryOperator arrival, int seconds, long tickNs) {
        LookPace pace = new LookPace(0);
        long looks = 0;
        long latestNs = 0;
        long next = 0;
        for (long nowNs = 0; nowNs < seconds * 1_000 * MS; nowNs += pace.pauseNs(tickNs, nowNs)) {
            looks++;
            boolean found = false;
            while (arrival.applyAsLong(next) <= nowNs) {
                // At first it is learned how often pictures come.
                latestNs = next < 50 ? 0 : Math.max(latestNs, nowNs - arrival.applyAsLong(next));
                next++;
                found = true;
            }
            if (found) {
                pace.found(nowNs);
            }
        }
        return new Seen(looks / (double) seconds, latestNs);
    }

    @Test
    void picturesThatComeEvenlyAreLookedForHalfAsOftenAndFoundAsSoon() {
        Seen seen = look(number -> number * 40 * MS, 60, TICK_NS);
        assertThat(seen.looksPerSecond()).isLessThan(70);
        assertThat(seen.latestNs()).isLessThanOrEqualTo(TICK_NS);
    }

    @Test
    void thoseThatComeUnevenlyAreFoundWithinATickOrTwo() {
        Random random = new Random(4);
        long[] lateNs = random.longs(4_000, 0, 15 * MS).toArray();
        Seen seen = look(number -> number * 40 * MS + lateNs[(int) number], 60, TICK_NS);
        assertThat(seen.looksPerSecond()).isLessThan(90);
        assertThat(seen.latestNs()).isLessThanOrEqualTo(2 * TICK_NS);
    }

    @Test
    void soundBetweenPicturesIsFoundAsSoon() {
        Seen seen = look(number -> number * 13 * MS, 60, TICK_NS);
        assertThat(seen.latestNs()).isLessThanOrEqualTo(TICK_NS);
    }

    @Test
    void aStreamThatComesMoreOftenThanTheTickIsLookedAtEachTick() {
        Seen seen = look(number -> number * 3 * MS, 10, TICK_NS);
        assertThat(seen.latestNs()).isLessThanOrEqualTo(TICK_NS);
        assertThat(seen.looksPerSecond()).isGreaterThan(120);
    }

    @Test
    void aPictureASecondIsFoundWithinAPause() {
        Seen seen = look(number -> number * 1_000 * MS, 100, TICK_NS);
        assertThat(seen.latestNs()).isLessThanOrEqualTo(LookPace.PAUSE_NS_MAX);
    }

    @Test
    void aCameraThatSendsNothingIsLeftInPeace() {
        Seen seen = look(number -> Long.MAX_VALUE, 60, TICK_NS);
        assertThat(seen.looksPerSecond()).isLessThan(30);
    }

    @Test
    void picturesAndSoundThatAreFoundTogetherCountOnce() {
        LookPace pace = new LookPace(0);
        long nowNs = 0;
        for (int i = 0; i < 200; i++) {
            nowNs += 40 * MS;
            pace.found(nowNs);
            pace.found(nowNs);
        }
        assertThat(pace.pauseNs(TICK_NS, nowNs)).isGreaterThan(29 * MS);
    }

    @Test
    void aLongTickStaysWhatItIs() {
        assertThat(new LookPace(0).pauseNs(100 * MS, 50 * MS)).isEqualTo(100 * MS);
    }

    @Test
    void aCameraThatBeginsToSendMoreOftenIsFollowedWithItsFirstPicture() {
        LookPace pace = new LookPace(0);
        long nowNs = 0;
        for (int i = 0; i < 100; i++) {
            nowNs += 100 * MS;
            pace.found(nowNs);
        }
        nowNs += 20 * MS;
        pace.found(nowNs);
        assertThat(pace.pauseNs(TICK_NS, nowNs)).isEqualTo(15 * MS);
    }
}
