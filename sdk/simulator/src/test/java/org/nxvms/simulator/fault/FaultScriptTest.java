// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FaultScriptTest {
    @Test
    void stepsBecomeActionsInTheOrderOfTime() {
        FaultScript script = new FaultScript(
                List.of(step(200, FaultKind.BUSY, 100), step(100, FaultKind.SILENT, 0), step(300, FaultKind.BUSY, 50)),
                0);
        assertThat(script.actions())
                .containsExactly(
                        new FaultScript.Action(100, FaultKind.SILENT.fault(), true),
                        new FaultScript.Action(200, FaultKind.BUSY.fault(), true),
                        new FaultScript.Action(300, FaultKind.BUSY.fault(), false),
                        new FaultScript.Action(300, FaultKind.BUSY.fault(), true),
                        new FaultScript.Action(350, FaultKind.BUSY.fault(), false));
    }

    @Test
    void whatCannotBeCarriedOutIsRefusedByName() {
        assertRefused(0, "steps", step(0, FaultKind.BUSY, 100), step(50, FaultKind.BUSY, 100));
        assertRefused(100, "repeatMs", step(50, FaultKind.BUSY, 100));
        assertRefused(-1, "repeatMs");
        assertThatThrownBy(() -> step(0, FaultKind.BUSY, -5)).hasMessageStartingWith("forMs: -5 is out of range; give");
    }

    private static void assertRefused(long repeatMs, String field, FaultScript.Step... steps) {
        assertThatThrownBy(() -> new FaultScript(List.of(steps), repeatMs))
                .isInstanceOfSatisfying(BadInputException.class, problem -> assertThat(problem.field())
                        .isEqualTo(field));
    }

    private static FaultScript.Step step(long atMs, FaultKind kind, long forMs) {
        return new FaultScript.Step(atMs, kind.fault(), forMs);
    }
}
