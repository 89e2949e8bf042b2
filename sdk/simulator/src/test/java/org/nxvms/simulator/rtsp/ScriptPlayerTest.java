// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultScript;

class ScriptPlayerTest {
    private static final long START = -77;

    private final List<String> seen = new ArrayList<>();

    @Test
    void eachActionComesOnceWhenItIsDue() {
        ScriptPlayer player = player(0);
        look(player, 0, "");
        look(player, 999, "");
        look(player, 1000, "+silent");
        look(player, 1400, "");
        look(player, 1700, "-silent");
        assertThat(player.ended()).isTrue();
        look(player, 99_000, "");
    }

    @Test
    void aScriptThatRepeatsFinishesARoundBeforeTheNextAndLeavesOutThoseThatNobodySaw() {
        ScriptPlayer player = player(2000);
        look(player, 1100, "+silent");
        look(player, 2100, "-silent");
        look(player, 3000, "+silent");
        look(player, 1_000_000, "-silent");
        look(player, 1_001_000, "+silent");
        assertThat(player.ended()).isFalse();
    }

    private static ScriptPlayer player(long repeatMs) {
        return new ScriptPlayer(
                new FaultScript(List.of(new FaultScript.Step(1000, FaultKind.SILENT.fault(), 500)), repeatMs), START);
    }

    private void look(ScriptPlayer player, long elapsedMs, String expected) {
        seen.clear();
        player.tick(START + elapsedMs * 1_000_000, action -> seen.add((action.set() ? "+" : "-") + action.fault()));
        assertThat(String.join(" ", seen)).as("at " + elapsedMs).isEqualTo(expected);
    }
}
