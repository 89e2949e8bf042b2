// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a state, not for a time, and leaves the processor to what it waits for. */
final class Awaiting {
    private static final long MS_MAX = 60_000;

    private Awaiting() {}

    static void until(String what, BooleanSupplier state) {
        long deadline = System.nanoTime() + MS_MAX * 1_000_000;
        while (!state.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + MS_MAX + " ms: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
