// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.util.List;
import java.util.function.Consumer;
import org.nxvms.simulator.fault.FaultScript;

/** Carries out one script on one camera, to the tenth of a second with which the farm looks. Farm's thread only. */
final class ScriptPlayer {
    private static final long MILLI = 1_000_000;

    private final FaultScript script;
    private final List<FaultScript.Action> actions;
    private final long startNano;
    private long round;
    private int next;

    ScriptPlayer(FaultScript script, long startNano) {
        this.script = script;
        this.actions = script.actions();
        this.startNano = startNano;
    }

    FaultScript script() {
        return script;
    }

    long elapsedMs(long now) {
        return (now - startNano) / MILLI;
    }

    boolean ended() {
        return script.repeatMs() == 0 && next == actions.size();
    }

    /** Hands out what is due. Rounds that passed unseen, as while the machine slept, are left out. */
    void tick(long now, Consumer<FaultScript.Action> apply) {
        long inRound = elapsedMs(now);
        if (script.repeatMs() > 0) {
            long current = inRound / script.repeatMs();
            inRound %= script.repeatMs();
            if (current > round) {
                drain(Long.MAX_VALUE, apply);
                round = current;
                next = 0;
            }
        }
        drain(inRound, apply);
    }

    private void drain(long untilMs, Consumer<FaultScript.Action> apply) {
        while (next < actions.size() && actions.get(next).atMs() <= untilMs) {
            apply.accept(actions.get(next++));
        }
    }
}
