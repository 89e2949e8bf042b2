// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.util.Optional;
import org.nxvms.simulator.fault.Fault;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultScript;
import org.nxvms.simulator.fault.FaultSet;

/** The faults a camera has now, since when where that matters, and the script they follow. Changed on the farm's thread. */
final class FaultState {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private volatile FaultSet set = FaultSet.NONE;
    private long stallUntilNano = Long.MIN_VALUE;
    private long timestampJumpSeconds;
    private long rebootUntilNano;
    private ScriptPlayer player;

    /** From any thread. */
    FaultSet set() {
        return set;
    }

    void add(Fault fault) {
        set = set.with(fault);
        long now = System.nanoTime();
        switch (fault.kind()) {
            case STALL -> stallUntilNano = fault.value() == 0 ? Long.MAX_VALUE : now + fault.value() * SECOND_NANOS;
            case REBOOT -> rebootUntilNano = now + fault.value() * SECOND_NANOS;
            case TIMESTAMP_JUMP -> timestampJumpSeconds += fault.value();
            default -> {}
        }
    }

    void remove(FaultKind kind) {
        set = set.without(kind);
    }

    void clear() {
        set = FaultSet.NONE;
    }

    /** Until when no RTP is sent; in the past if there is no stall. */
    long stallUntilNano() {
        return set.has(FaultKind.STALL) ? stallUntilNano : Long.MIN_VALUE;
    }

    long timestampJumpSeconds() {
        return timestampJumpSeconds;
    }

    boolean rebootIsOver(long now) {
        return set.has(FaultKind.REBOOT) && now - rebootUntilNano >= 0;
    }

    void follow(FaultScript script) {
        player = script.steps().isEmpty() ? null : new ScriptPlayer(script, System.nanoTime());
    }

    Optional<ScriptPlayer> player() {
        return Optional.ofNullable(player);
    }
}
