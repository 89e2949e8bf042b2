// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wall time from RTP time and arrivals, with a network and a crystal of the test's own. */
class ArrivalClockTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long START_US = 1_763_800_000_000_000L;
    private static final int FPS = 25;

    /** A farm whose crystals are off by as much as any standard allows stays together within a tenth of a second. */
    @ParameterizedTest
    @ValueSource(ints = {-500, -50, 0, 50, 500})
    void wallTimeStaysTogetherWhateverTheCrystal(int ppm) {
        ArrivalClock clock = new ArrivalClock(90_000);
        Random random = new Random(42);
        long lastWall = Long.MIN_VALUE;
        long worst = 0;
        for (int frame = 0; frame < FPS * 3600; frame++) {
            long realUs = START_US + frame * 40_000L;
            long ticks = (long) (frame * 40_000L * (1 + ppm / 1e6) * 0.09);
            assertThat(clock.observe(ticks, realUs + random.nextInt(60_000))).isEqualTo(ArrivalClock.Verdict.FINE);
            long wall = clock.wallUs(ticks);
            assertThat(wall).as("frame %d", frame).isGreaterThan(lastWall);
            lastWall = wall;
            worst = Math.max(worst, Math.abs(wall - realUs));
        }
        assertThat(worst).as("microseconds off within the first hour").isLessThan(100_000);
        assertThat(clock.skewPpm()).isBetween(ppm - 5.0, ppm + 5.0);
    }

    /** Many cameras send what they have kept of the present group of pictures at once. */
    @Test
    void aBacklogAtTheStartIsPutRightWithinHalfAMinuteAndWithoutAStepBack() {
        ArrivalClock clock = new ArrivalClock(90_000);
        long lastWall = Long.MIN_VALUE;
        for (int frame = 0; frame < FPS * 120; frame++) {
            long captureUs = START_US + frame * 40_000L;
            long arrivalUs = Math.max(captureUs, START_US + 1_500_000);
            clock.observe(frame * 3600L, arrivalUs);
            long wall = clock.wallUs(frame * 3600L);
            assertThat(wall).isGreaterThan(lastWall);
            lastWall = wall;
            if (frame > FPS * 30) {
                assertThat(Math.abs(wall - captureUs)).as("frame %d", frame).isLessThan(100_000);
            }
        }
    }

    /** An engine was away for seven seconds; what came meanwhile is worked off, twice as fast as it comes. */
    @Test
    void whatWasKeptOnItsWayIsNoJumpOfTheCamera() {
        ArrivalClock clock = new ArrivalClock(90_000);
        clock.observe(0, START_US);
        clock.late();
        for (int frame = 1; frame < FPS * 60; frame++) {
            long captureUs = START_US + frame * 40_000L;
            long arrivalUs = Math.max(captureUs, START_US + 7_000_000 + frame * 20_000L);
            assertThat(clock.observe(frame * 3600L, arrivalUs))
                    .as("frame %d", frame)
                    .isEqualTo(ArrivalClock.Verdict.FINE);
            assertThat(Math.abs(clock.wallUs(frame * 3600L) - captureUs)).isLessThan(100_000);
        }
    }

    @Test
    void aCameraWhoseTimeStoodStillIsMendedWithoutWaitingForIt() {
        ArrivalClock clock = new ArrivalClock(90_000);
        int jumps = 0;
        for (int frame = 0; frame < FPS * 60; frame++) {
            long pauseUs = frame < FPS * 20 ? 0 : 8_000_000;
            long arrivalUs = START_US + frame * 40_000L + pauseUs;
            jumps += clock.observe(frame * 3600L, arrivalUs) == ArrivalClock.Verdict.JUMPED ? 1 : 0;
            if (frame > FPS * 45) {
                assertThat(Math.abs(clock.wallUs(frame * 3600L) - arrivalUs)).isLessThan(100_000);
            }
        }
        assertThat(jumps).isEqualTo(1);
    }

    @Test
    void aJumpOfTheTimeStampsIsMendedAndADelayIsNotOne() {
        ArrivalClock clock = new ArrivalClock(90_000);
        assertThat(clock.observe(0, SECOND_NS)).isEqualTo(ArrivalClock.Verdict.FINE);
        assertThat(clock.observe(3600, SECOND_NS + 8_000_000)).as("8 s late").isEqualTo(ArrivalClock.Verdict.FINE);
        assertThat(clock.observe(7200, SECOND_NS + 8_000_100)).isEqualTo(ArrivalClock.Verdict.FINE);

        long jump = 1_000_000_000L;
        assertThat(clock.observe(10_800 + jump, SECOND_NS + 8_040_000)).isEqualTo(ArrivalClock.Verdict.JUMPED);
        assertThat(clock.jumpTicks()).isBetween(jump - 90_000, jump + 90_000);
        assertThat(clock.wallUs(10_800 + jump)).isBetween(SECOND_NS, SECOND_NS + 8_200_000);
        assertThat(clock.observe(14_400 + jump, SECOND_NS + 8_080_000)).isEqualTo(ArrivalClock.Verdict.FINE);
        assertThat(clock.observe(0, SECOND_NS + 8_120_000)).isEqualTo(ArrivalClock.Verdict.JUMPED);
    }

    @Test
    void aCamerasOwnTimeIsToldAndItsSettingCounted() {
        CameraTime time = new CameraTime();
        time.report(-1, START_US);
        assertThat(time.known()).isFalse();
        time.report(START_US + 3_600_000_000L, START_US);
        time.report(START_US + 3_600_500_000L + 5_000_000, START_US + 5_000_000);
        assertThat(time.offsetUs()).isEqualTo(3_600_500_000L);
        assertThat(time.settings()).isZero();
        time.report(START_US + 10_000_000, START_US + 10_000_000);
        assertThat(time.settings()).isEqualTo(1);
        assertThat(time.offsetUs()).isZero();
    }
}
