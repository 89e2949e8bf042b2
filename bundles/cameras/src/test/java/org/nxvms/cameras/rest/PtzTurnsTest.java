// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.rest.PtzTurns.Hold;
import org.nxvms.cameras.rest.PtzTurns.Mover;
import org.nxvms.rest.kit.problem.ProblemException;

/** Who moves a camera, and who goes on with one while others move others. */
class PtzTurnsTest {
    private static final UUID GATE = new UUID(0, 1);
    private static final UUID YARD = new UUID(0, 2);
    private static final Mover GUARD = new Mover(new UUID(1, 1), "guard", 50);
    private static final Mover CHIEF = new Mover(new UUID(1, 2), "chief", 60);

    private final AtomicLong now = new AtomicLong();
    private final PtzTurns turns = new PtzTurns(now::get);

    private void pass(int seconds) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void whoeverGoesBeforeIsNotDisturbedForTenSeconds() {
        turns.take(GATE, CHIEF);
        pass(9);
        assertThatThrownBy(() -> turns.take(GATE, GUARD))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("moved by chief");
        pass(1);
        assertThat(turns.take(GATE, GUARD).name()).isEqualTo("guard");
    }

    /** One answer of a slow camera takes up to twenty seconds. */
    @Test
    void whoHoldsACameraLongerThanATurnIsDisturbedByNobodyWhoMovesAnotherOne() {
        try (Hold hold = turns.hold(GATE, GUARD)) {
            pass(15);
            turns.take(YARD, CHIEF);
            assertThat(hold.goOn()).isTrue();
            assertThatThrownBy(() -> turns.take(GATE, new Mover(new UUID(1, 3), "visitor", 1)))
                    .as("it is held anew")
                    .isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void whoMovesAHeldCameraIsNoticedHoweverLongAgoThatWas() {
        try (Hold hold = turns.hold(GATE, GUARD)) {
            pass(1);
            turns.take(GATE, GUARD);
            assertThat(hold.goOn()).as("the same user, by another move").isFalse();
        }
        try (Hold hold = turns.hold(GATE, GUARD);
                Hold other = turns.hold(GATE, CHIEF)) {
            assertThat(other.goOn()).isTrue();
            pass(15);
            turns.take(YARD, CHIEF);
            assertThat(hold.goOn()).as("the other's turn is over").isFalse();
            assertThat(other.goOn()).isTrue();
        }
    }

    @Test
    void whatIsDoneHoldsNothingMore() {
        turns.hold(GATE, GUARD).close();
        pass(11);
        assertThat(turns.take(GATE, new Mover(new UUID(1, 3), "visitor", 1)).name())
                .isEqualTo("visitor");
    }
}
