// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

/**
 * Wall time of a track: the host's clock at the first access unit, advanced by RTP time at the pace the camera's crystal is
 * seen to have, and pulled slowly towards the earliest arrivals. So jitter of the network does not show, a drifting clock
 * does not run away, and wall time never steps back. Allocates nothing per access unit. One thread at a time.
 */
public final class ArrivalClock {
    /** What the caller should do after {@link #observe}. */
    public enum Verdict {
        FINE,
        /** RTP time jumped against real time; the mapping was mended, the time stamps need mending too. */
        JUMPED
    }

    private static final long WINDOW_US = 10_000_000;
    /** At first the windows are short: a camera that begins with a backlog is put right soon. */
    private static final long FIRST_WINDOW_US = 2_000_000;

    private static final int FIRST_WINDOWS = 10;
    /** Half a percent: no eye sees it, and ten times more than any crystal drifts. */
    private static final double SLEW_MAX = 0.005;
    /** Where the error is seen in any case, ten percent. */
    private static final double FAST_SLEW_MAX = 0.1;

    private static final long FAST_ERROR_US = 100_000;
    /** B-frames step back by some frame times; more is a jump. */
    private static final long BACK_US_MAX = 2_000_000;
    /** A stalled connection delivers late, never this early. */
    private static final long FORWARD_US_MAX = 5_000_000;
    /** When even the earliest picture of a window is so late, the camera's time stood still meanwhile. */
    private static final long LATE_US_MAX = 2_000_000;

    /** As many windows what was kept on its way may take to be worked off. */
    private static final int LATE_WINDOWS_MAX = 15;

    private final long clockRate;
    private final SkewEstimate skew = new SkewEstimate();
    private boolean started;
    private long originTicks;
    private long originUs;
    private long anchorTicks;
    private long anchorUs;
    private double rate = 1;
    private long lastTicks;
    private long lastArrivalUs;
    private long windowStartUs;
    private int windows;
    private int lateWindows;
    private long smallestErrorUs;
    private long smallestOffsetUs;
    private long errorUs;
    private long jumpTicks;

    public ArrivalClock(int clockRate) {
        this.clockRate = clockRate;
    }

    /** The next access unit is a first one; the skew learnt so far is kept, as it is the crystal's. */
    public void restart() {
        started = false;
    }

    /** What comes next was kept on its way: how late it is says nothing of the camera's clock until it has caught up. */
    public void late() {
        lateWindows = LATE_WINDOWS_MAX;
        // What came in time before is no sign that this has caught up.
        newWindow();
    }

    /** The host's clock was set by so much: what was noted by it moves along, and no error is seen in it. */
    public void hostSet(long us) {
        originUs += us;
        anchorUs += us;
        lastArrivalUs += us;
        windowStartUs += us;
    }

    public long wallUs(long ticks) {
        return anchorUs + Math.round(ticksToUs(ticks - anchorTicks) * rate);
    }

    /** {@return by how many ticks the time stamps jumped, after {@link Verdict#JUMPED}} */
    public long jumpTicks() {
        return jumpTicks;
    }

    /** {@return how much too fast the camera's clock runs, in parts per million; 0 while that is not known} */
    public double skewPpm() {
        return skew.ppm();
    }

    /** {@return by how much the earliest arrivals of the last window were later than wall time said} */
    public long errorUs() {
        return errorUs;
    }

    /** {@return by how much one of the present window came earlier than wall time says; 0 when none did} */
    public long earlyUs() {
        return Math.max(0, -smallestErrorUs);
    }

    /** Takes note of an access unit that has just become whole. */
    public Verdict observe(long ticks, long arrivalUs) {
        if (!started) {
            start(ticks, arrivalUs);
            return Verdict.FINE;
        }
        long stepUs = ticksToUs(ticks - lastTicks);
        long realStepUs = arrivalUs - lastArrivalUs;
        if (stepUs < -BACK_US_MAX || stepUs > realStepUs + FORWARD_US_MAX) {
            // Goes on as if the camera's clock had advanced by the real time.
            long expected = lastTicks + Math.max(1, realStepUs * clockRate / 1_000_000);
            mend(ticks - expected);
            note(ticks, arrivalUs);
            return Verdict.JUMPED;
        }
        note(ticks, arrivalUs);
        smallestErrorUs = Math.min(smallestErrorUs, arrivalUs - wallUs(ticks));
        smallestOffsetUs = Math.min(smallestOffsetUs, arrivalUs - originUs - ticksToUs(ticks - originTicks));
        long windowUs = windows < FIRST_WINDOWS ? FIRST_WINDOW_US : WINDOW_US;
        return arrivalUs - windowStartUs >= windowUs ? endWindow(ticks, arrivalUs) : Verdict.FINE;
    }

    private Verdict endWindow(long ticks, long arrivalUs) {
        windows++;
        if (lateWindows > 0 && smallestErrorUs > FAST_ERROR_US) {
            lateWindows--;
            windowStartUs = arrivalUs;
            newWindow();
            return Verdict.FINE;
        }
        lateWindows = 0;
        errorUs = smallestErrorUs;
        if (errorUs > LATE_US_MAX) {
            mend(-errorUs * clockRate / 1_000_000);
            windowStartUs = arrivalUs;
            newWindow();
            return Verdict.JUMPED;
        }
        skew.add(arrivalUs - originUs, smallestOffsetUs);
        // From here on at another pace, but without a step.
        anchorUs = wallUs(ticks);
        anchorTicks = ticks;
        double limit = Math.abs(errorUs) > FAST_ERROR_US ? FAST_SLEW_MAX : SLEW_MAX;
        double pull = Math.max(-limit, Math.min(limit, (double) errorUs / (2 * (arrivalUs - windowStartUs))));
        rate = 1 - skew.ppm() / 1e6 + pull;
        windowStartUs = arrivalUs;
        newWindow();
        return Verdict.FINE;
    }

    private void start(long ticks, long arrivalUs) {
        started = true;
        lateWindows = 0;
        originTicks = ticks;
        originUs = arrivalUs;
        anchorTicks = ticks;
        anchorUs = arrivalUs;
        rate = 1 - skew.ppm() / 1e6;
        windows = 0;
        skew.restart();
        windowStartUs = arrivalUs;
        newWindow();
        smallestErrorUs = 0;
        smallestOffsetUs = 0;
        note(ticks, arrivalUs);
    }

    private void newWindow() {
        smallestErrorUs = Long.MAX_VALUE;
        smallestOffsetUs = Long.MAX_VALUE;
    }

    /** Shifts the mapping: what is {@code jump} ticks later than it should be counts as in time. */
    private void mend(long jump) {
        jumpTicks = jump;
        anchorTicks += jump;
        originTicks += jump;
    }

    private void note(long ticks, long arrivalUs) {
        lastTicks = ticks;
        lastArrivalUs = arrivalUs;
    }

    private long ticksToUs(long ticks) {
        return ticks * 1_000_000 / clockRate;
    }
}
