// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

/**
 * Wall time of a track: the host's clock at the first access unit, advanced by RTP time and pulled slowly towards the
 * earliest arrivals, so that network jitter does not show and a drifting camera clock does not run away. Allocates nothing.
 */
public final class ArrivalClock {
    /** What the caller should do after {@link #observe}. */
    public enum Verdict {
        FINE,
        /** RTP time jumped against real time; the mapping was mended, the time stamps need mending too. */
        JUMPED
    }

    private static final long WINDOW_US = 10_000_000;
    /** Half a percent of the window: faster than any crystal drifts, too slow to be seen. */
    private static final long SLEW_US_MAX = 50_000;
    /** B-frames step back by some frame times; more is a jump. */
    private static final long BACK_US_MAX = 2_000_000;
    /** A stalled connection delivers late, never this early. */
    private static final long FORWARD_US_MAX = 5_000_000;

    private final long clockRate;
    private boolean started;
    private long anchorTicks;
    private long anchorUs;
    private long lastTicks;
    private long lastArrivalUs;
    private long windowStartUs;
    private long smallestErrorUs;
    private long jumpTicks;

    public ArrivalClock(int clockRate) {
        this.clockRate = clockRate;
    }

    public void restart() {
        started = false;
    }

    public long wallUs(long ticks) {
        return anchorUs + ticksToUs(ticks - anchorTicks);
    }

    /** {@return by how many ticks the time stamps jumped, after {@link Verdict#JUMPED}} */
    public long jumpTicks() {
        return jumpTicks;
    }

    /** Takes note of an access unit that has just become whole. */
    public Verdict observe(long ticks, long arrivalUs) {
        if (!started) {
            started = true;
            anchor(ticks, arrivalUs);
            return Verdict.FINE;
        }
        long stepUs = ticksToUs(ticks - lastTicks);
        long realStepUs = arrivalUs - lastArrivalUs;
        if (stepUs < -BACK_US_MAX || stepUs > realStepUs + FORWARD_US_MAX) {
            // Goes on as if the camera's clock had advanced by the real time.
            long expected = lastTicks + Math.max(1, realStepUs * clockRate / 1_000_000);
            jumpTicks = ticks - expected;
            anchorTicks += jumpTicks;
            note(ticks, arrivalUs);
            return Verdict.JUMPED;
        }
        note(ticks, arrivalUs);
        long errorUs = arrivalUs - wallUs(ticks);
        smallestErrorUs = Math.min(smallestErrorUs, errorUs);
        if (arrivalUs - windowStartUs >= WINDOW_US) {
            anchorUs += Math.max(-SLEW_US_MAX, Math.min(SLEW_US_MAX, smallestErrorUs / 4));
            windowStartUs = arrivalUs;
            smallestErrorUs = Long.MAX_VALUE;
        }
        return Verdict.FINE;
    }

    private void anchor(long ticks, long arrivalUs) {
        anchorTicks = ticks;
        anchorUs = arrivalUs;
        windowStartUs = arrivalUs;
        smallestErrorUs = Long.MAX_VALUE;
        note(ticks, arrivalUs);
    }

    private void note(long ticks, long arrivalUs) {
        lastTicks = ticks;
        lastArrivalUs = arrivalUs;
    }

    private long ticksToUs(long ticks) {
        return ticks * 1_000_000 / clockRate;
    }
}
