// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Who may write a stream. A writer enters for the length of one operation (a copy of some bytes) with one
 * compare-and-set, which only fails when the lease is gone. Whoever takes the lease over waits for at most one such
 * operation.
 */
final class Lease {
    private static final long BUSY = 1;

    private final AtomicLong state = new AtomicLong();

    /** {@return whether the writer of this epoch may write now; then {@link #exit} must follow} */
    boolean enter(long epoch) {
        return state.compareAndSet(epoch << 1, epoch << 1 | BUSY);
    }

    void exit(long epoch) {
        state.setRelease(epoch << 1);
    }

    long epoch() {
        return state.get() >> 1;
    }

    /** Ends whatever lease there is and enters with a new epoch. {@return that epoch; {@link #exit} must follow} */
    long seize(long epoch) {
        while (true) {
            long now = state.get();
            if ((now & BUSY) == 0 && state.compareAndSet(now, epoch << 1 | BUSY)) {
                return epoch;
            }
            Thread.onSpinWait();
        }
    }
}
