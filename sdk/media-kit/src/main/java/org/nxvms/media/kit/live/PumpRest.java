// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.live;

import java.util.concurrent.locks.LockSupport;
import org.nxvms.media.ReaderBell;

/**
 * How the thread that passes live streams on waits for them: it rests until one of its streams, or anybody, rings, and looks no more
 * often than once a tick in the mean. {@link #end} is for any thread, the rest is the pump's.
 */
public final class PumpRest {
    private static final long USUAL_NS_MAX = 100_000_000;

    private final long nsMax;
    private final ReaderBell bell = new ReaderBell();
    private final LookPace pace = new LookPace(System.nanoTime());

    public PumpRest() {
        this(USUAL_NS_MAX);
    }

    /** @param nsMax nobody rests longer who has something to do: there are wishes that do not ring, and clocks */
    public PumpRest(long nsMax) {
        this.nsMax = nsMax;
    }

    /** {@return how long a pump rests at most whose streams all ring} */
    public long nsMax() {
        return nsMax;
    }

    /** {@return what streams ring} */
    public ReaderBell bell() {
        return bell;
    }

    /** Ends the rest, or the next one: there is something to do. */
    public void end() {
        bell.ring();
    }

    /**
     * Returns when there is something, or when the time is over; then all that there is must be looked at.
     *
     * @param restNs at most so long
     * @param tickNs between two looks in the mean
     */
    public void until(long restNs, long tickNs) {
        long pauseNs = pace.pauseNs(System.nanoTime(), tickNs);
        if (pauseNs > 0) {
            LockSupport.parkNanos(this, pauseNs);
            bell.heard();
        } else {
            bell.rest(restNs);
        }
        pace.looked(System.nanoTime(), tickNs);
    }
}
