// SPDX-License-Identifier: Apache-2.0
package org.nxvms.test.kit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a state, never for a time, and leaves the processor to what it waits for. */
public final class Awaiting {
    /** For a machine that stands still for seconds; what is well takes a fraction of it. */
    private static final long SECONDS_MAX = 120;

    private static final long LOOK_NS = 1_000_000;

    private Awaiting() {}

    /**
     * Returns when the state is there. On the caller's thread.
     *
     * @throws AssertionError after two minutes without it
     */
    public static void until(String what, BooleanSupplier state) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        boolean isLate = false;
        while (!state.getAsBoolean()) {
            if (isLate) {
                throw new AssertionError("not within " + SECONDS_MAX + " s: " + what);
            }
            LockSupport.parkNanos(LOOK_NS);
            // Asked once more when the time is over: it may have passed between two looks.
            isLate = System.nanoTime() - end >= 0;
        }
    }
}
