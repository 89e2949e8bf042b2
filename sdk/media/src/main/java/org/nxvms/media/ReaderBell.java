// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * What ends the rest of a thread that reads streams. The hub rings it when something was written to one of them ({@link
 * StreamReader#ringAt}), anybody else who has something for that thread may ring it too. One thread rests at it, and looks at
 * all its streams each time {@link #rest} returns.
 *
 * <p>Nothing gets lost in between: what is rung while the thread looks ends its next rest at once. Whoever rings takes no lock and
 * allocates nothing, and calls the operating system only when the thread rests: once for all that is rung until it looks.
 *
 * @since 0.1
 */
public final class ReaderBell {
    private static final int AWAKE = 0;
    private static final int RESTING = 1;
    private static final int RUNG = 2;

    private final AtomicInteger state = new AtomicInteger(AWAKE);
    private volatile Thread resting;

    /**
     * Rests until somebody rings, or has rung since the last rest ended, and no longer than that. Ends early too when the thread is
     * unparked or interrupted. The thread that reads.
     *
     * @param ns at most so long
     */
    public void rest(long ns) {
        resting = Thread.currentThread();
        if (state.compareAndSet(AWAKE, RESTING)) {
            LockSupport.parkNanos(this, ns);
        }
        resting = null;
        heard();
    }

    /**
     * The thread is about to look at all its streams, though it comes from no rest: what was rung until now is no reason to look
     * once more. The thread that reads.
     */
    public void heard() {
        state.set(AWAKE);
    }

    /** {@return whether somebody has rung since the thread began to look} Any thread. */
    public boolean isRung() {
        return state.get() == RUNG;
    }

    /** Ends the rest, or the next one. Any thread; wait-free. */
    public void ring() {
        if (state.get() != RUNG && state.getAndSet(RUNG) == RESTING) {
            LockSupport.unpark(resting);
        }
    }
}
