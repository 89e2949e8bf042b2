// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.Gap;

/**
 * A camera was away from the second to the eighth second, which was filled afterwards, and the server died in the tenth. It
 * reports again from the twentieth on; its volumes come one after the other, and the database knows the first two seconds.
 */
class DownTimeTest {
    private static final long SECOND = Footage.SECOND_US;

    private final Map<UUID, Gap> stored = new HashMap<>();
    private final GapLedger ledger = new GapLedger(new GapLedger.Sink() {
        @Override
        public void save(Gap gap) {
            stored.put(gap.id(), gap);
        }

        @Override
        public void drop(Gap gap) {
            stored.remove(gap.id());
        }
    });

    private void database() {
        ledger.previousEnd(Footage.CAMERA, 2 * SECOND);
    }

    private void volumeOfThePast() {
        fill(2, 8);
        ledger.previousPast(Footage.CAMERA, 8 * SECOND);
    }

    private void volumeOfTheEnd() {
        ledger.previousEnd(Footage.CAMERA, 10 * SECOND);
    }

    private void report() {
        ledger.runStarts(Footage.CAMERA, 20 * SECOND);
    }

    private void fill(int from, int to) {
        ledger.filled(Footage.CAMERA, from * SECOND, to * SECOND, List.copyOf(stored.values()));
    }

    private List<Tuple> gaps() {
        return stored.values().stream()
                .map(gap -> tuple(gap.fromUs() / SECOND, gap.toUs().orElse(-1) / SECOND, gap.cause()))
                .toList();
    }

    private static Tuple down(long from) {
        return tuple(from, 20L, GapCause.SERVER_DOWN);
    }

    @Test
    void inWhateverOrderTheyComeTheGapBeginsWhereFootageEnded() {
        for (int order = 0; order < 24; order++) {
            DownTimeTest story = new DownTimeTest();
            Runnable[] steps = {story::database, story::volumeOfThePast, story::volumeOfTheEnd, story::report};
            int rest = order;
            StringBuilder told = new StringBuilder();
            for (int left = steps.length; left > 0; left--) {
                int next = rest % left;
                rest /= left;
                steps[next].run();
                told.append(next);
                steps[next] = steps[left - 1];
            }
            assertThat(story.gaps()).as("order " + told).containsExactly(down(10));
        }
    }

    @Test
    void withoutDatabaseWhatWasPutIntoThePastSaysNothingOfWhereFootageEnded() {
        report();
        volumeOfThePast();
        assertThat(gaps()).isEmpty();

        volumeOfTheEnd();
        assertThat(gaps()).containsExactly(down(10));
    }

    @Test
    void untilTheOtherVolumeComesNothingIsMissingWhereItWasFilled() {
        database();
        volumeOfThePast();
        report();

        assertThat(gaps()).containsExactly(down(8));
    }

    @Test
    void whatIsFilledMeanwhileStaysSo() {
        database();
        report();
        fill(6, 11);
        assertThat(gaps()).containsExactlyInAnyOrder(tuple(2L, 6L, GapCause.SERVER_DOWN), down(11));

        ledger.previousEnd(Footage.CAMERA, 4 * SECOND);
        assertThat(gaps()).containsExactlyInAnyOrder(tuple(4L, 6L, GapCause.SERVER_DOWN), down(11));

        fill(11, 20);
        ledger.previousEnd(Footage.CAMERA, 7 * SECOND);
        assertThat(gaps()).isEmpty();
    }
}
