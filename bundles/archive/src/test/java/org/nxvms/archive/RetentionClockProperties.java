// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever the wall clock does for less than a day, and however often the server restarts meanwhile, footage never grows
 * old faster than time passes; and once the clock has been right for a day, it is believed.
 */
class RetentionClockProperties {
    private static final long HOUR_US = TimeUnit.HOURS.toMicros(1);
    private static final int DOUBT_HOURS = 24;

    /** The clock is wrong by so much for some hours, maybe after the server was off. */
    record Stretch(int wrongHours, int hours, int offHours) {}

    @Provide
    Arbitrary<List<Stretch>> lives() {
        Arbitrary<Integer> wrong = Arbitraries.of(0, 0, 0, 2, 5, 100, 9_000, 400_000, -3, -50, -200_000);
        return Combinators.combine(
                        wrong,
                        Arbitraries.integers().between(1, DOUBT_HOURS - 1),
                        Arbitraries.of(0, 0, 1, 2, 60, 2_000))
                .as(Stretch::new)
                .list()
                .ofMaxSize(20);
    }

    private long trueUs;
    private long wrongUs;
    private RetentionClock clock;

    private void start() {
        clock = new RetentionClock(() -> trueUs + wrongUs, () -> trueUs * 1_000, DOUBT_HOURS);
    }

    @Property(tries = 2000)
    void footageNeverGrowsOldFasterThanTimePasses(@ForAll("lives") List<Stretch> life) {
        trueUs = 400_000 * HOUR_US;
        wrongUs = 0;
        start();
        clock.learn(trueUs - HOUR_US / 2);
        int before = 0;
        for (Stretch stretch : life) {
            // About the same wrong time for a day is what an administrator was told of and left; it is another story.
            boolean same = stretch.wrongHours() != 0 && Math.abs(stretch.wrongHours() - before) <= 2;
            int wrong = same ? before + 7 : stretch.wrongHours();
            before = wrong;
            wrongUs = wrong * HOUR_US;
            if (stretch.offHours() > 0) {
                long remembered = clock.expectedUs() - HOUR_US / 2;
                trueUs += stretch.offHours() * HOUR_US;
                start();
                clock.learn(remembered);
            }
            live(stretch.hours());
        }
        wrongUs = 0;
        live(DOUBT_HOURS + 1);
        assertThat(clock.nowUs()).as("a clock that is right is believed").isEqualTo(trueUs);
        assertThat(clock.trouble()).isEmpty();
    }

    private void live(int hours) {
        for (int i = 0; i < hours; i++) {
            assertThat(clock.nowUs() - trueUs)
                    .as("how much older than true, wrong by " + wrongUs / HOUR_US + " h")
                    .isLessThanOrEqualTo(HOUR_US);
            trueUs += HOUR_US;
        }
    }

    @Property(tries = 5)
    void aClockThatStandsForADayIsBelievedAndSaysSoUntilThen() {
        trueUs = 400_000 * HOUR_US;
        wrongUs = 0;
        start();
        clock.learn(trueUs);
        trueUs += HOUR_US;
        wrongUs = 5_000 * HOUR_US;
        assertThat(clock.nowUs()).isEqualTo(trueUs);
        assertThat(clock.trouble()).hasValueSatisfying(text -> assertThat(text)
                .contains("forward by 208 days")
                .contains("24 h")
                .contains("clockDoubtHours"));
        trueUs += (DOUBT_HOURS - 1) * HOUR_US;
        assertThat(clock.nowUs()).isEqualTo(trueUs);
        trueUs += HOUR_US;
        assertThat(clock.nowUs()).isEqualTo(trueUs + wrongUs);
        assertThat(clock.trouble()).isEmpty();
    }
}
