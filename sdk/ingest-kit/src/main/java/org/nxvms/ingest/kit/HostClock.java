// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

/**
 * The server's wall clock as one run sees it. Administrators and time services set the clock while cameras send: the run
 * goes on by the time it began with, so that nothing in it jumps, and the next one begins by the new time. Allocates
 * nothing. One thread at a time.
 */
public final class HostClock {
    /** Time services correct smaller differences by changing the clock's pace. */
    private static final long SET_US_MIN = 1_000_000;

    private long offsetUs;
    private long setUs;

    public HostClock(long wallUs, long monotonicNs) {
        offsetUs = wallUs - monotonicNs / 1000;
    }

    /** {@return the time by which the present run goes on} */
    public long us(long wallUs, long monotonicNs) {
        long offset = wallUs - monotonicNs / 1000;
        if (Math.abs(offset - offsetUs) > SET_US_MIN) {
            setUs += offset - offsetUs;
        }
        offsetUs = offset;
        return wallUs - setUs;
    }

    /** {@return by how much the clock was set since the run began; 0 when it was not} */
    public long setUs() {
        return setUs;
    }

    /** A run begins, by the clock as it stands now. */
    public void restart() {
        setUs = 0;
    }
}
