// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

/**
 * Puts the times of runs on one line that only rises: the wall clock at a run's beginning, then the ticks of the run. So the
 * tracks of a stream lie beside each other, and a camera that begins anew does not turn the time back.
 */
final class RunClock {
    private final int ticksPerSecond;
    private final long atLeast;
    private boolean begun;
    private long first;
    private long base;
    private long newest;
    private long last;

    /** @param before clock of the run before, null when this is the first */
    RunClock(int ticksPerSecond, RunClock before) {
        this.ticksPerSecond = ticksPerSecond;
        this.atLeast = before == null ? Long.MIN_VALUE : before.last + 1;
    }

    /** {@return whether a time lies before one that was placed: pictures are not in the order they are shown} */
    boolean goesBack(long timestamp) {
        return begun && timestamp < newest;
    }

    /** {@return the time on the line} */
    long time(long timestamp, long wallUs) {
        if (!begun) {
            begun = true;
            first = timestamp;
            long seconds = wallUs / 1_000_000;
            base = Math.max(atLeast, seconds * ticksPerSecond + wallUs % 1_000_000 * ticksPerSecond / 1_000_000);
            newest = timestamp;
            last = base;
        }
        newest = Math.max(newest, timestamp);
        last = Math.max(last, base + timestamp - first);
        return base + timestamp - first;
    }
}
