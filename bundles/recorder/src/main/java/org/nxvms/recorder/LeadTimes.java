// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.util.Arrays;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamWriter;

/** Where the leading track stands in wall time and media time, and whether the next unit continues it. */
final class LeadTimes {
    /** Pictures that overtake each other stay within this. */
    private static final long BACK_US_MAX = 2_000_000;
    /** A longer silence within a run is missing footage, and each such gap is a record. */
    private static final long AHEAD_US_MAX = 2_000_000;

    private static final long FRAME_US_DEFAULT = 40_000;
    private static final long FRAME_US_MAX = 1_000_000;
    /** A camera whose last steps were all long is a slow one; with fewer, a few bad seconds would look like that. */
    private static final int STEPS = 8;

    private long wallUs;
    private long timestamp;
    private long frameUs = FRAME_US_DEFAULT;
    private final long[] steps = new long[STEPS];
    private int nextStep;
    /** Number of the unit whose long step was remembered; one that is held is explained again and again. */
    private long explained = -1;

    LeadTimes() {
        Arrays.fill(steps, FRAME_US_DEFAULT);
    }

    void start(StreamReader unit) {
        wallUs = unit.wallUs();
        timestamp = unit.timestamp();
    }

    void took(StreamReader unit) {
        long stepUs = unit.wallUs() - wallUs;
        if (stepUs > 0) {
            frameUs = Math.min(stepUs, FRAME_US_MAX);
            remember(stepUs);
        }
        wallUs = Math.max(wallUs, unit.wallUs());
        timestamp = unit.timestamp();
    }

    /** {@return wall time of the newest unit taken} */
    long wallUs() {
        return wallUs;
    }

    /** {@return when the newest unit ends, if it is as long as the one before} */
    long endUs() {
        return wallUs + frameUs;
    }

    /** {@return {@code toldUs} when it can be the end of the newest unit, else an estimate} */
    long endUs(long toldUs) {
        return toldUs > wallUs && toldUs - wallUs < FRAME_US_MAX ? toldUs : endUs();
    }

    private void remember(long stepUs) {
        steps[nextStep] = stepUs;
        nextStep = (nextStep + 1) % STEPS;
    }

    /** The longest step that is no missing footage: a camera may take a picture every few seconds. */
    private long aheadUsMax() {
        long shortest = steps[0];
        for (int i = 1; i < STEPS; i++) {
            shortest = Math.min(shortest, steps[i]);
        }
        return Math.max(AHEAD_US_MAX, 2 * shortest);
    }

    boolean hasJumped(StreamReader unit, int clockRate) {
        long stepUs = unit.wallUs() - wallUs;
        long ticks = Math.abs(unit.timestamp() - timestamp);
        if (stepUs >= -BACK_US_MAX
                && stepUs <= AHEAD_US_MAX
                && ticks <= clockRate * (AHEAD_US_MAX + BACK_US_MAX) / 1_000_000) {
            return false;
        }
        long ahead = aheadUsMax();
        return stepUs < -BACK_US_MAX || stepUs > ahead || ticks > clockRate * (ahead + BACK_US_MAX) / 1_000_000;
    }

    Explanation explainJump(StreamReader unit, int clockRate) {
        long stepUs = unit.wallUs() - wallUs;
        long mediaUs = (unit.timestamp() - timestamp) / clockRate * 1_000_000;
        boolean silent = stepUs > 0 && Math.abs(stepUs - mediaUs) <= 2_000_000;
        if (silent) {
            if (unit.sequence() != explained) {
                explained = unit.sequence();
                remember(stepUs);
            }
            String howLong = stepUs / 1_000_000 + "." + stepUs / 100_000 % 10 + " s";
            return (unit.flags() & StreamWriter.AFTER_LOSS) != 0
                    ? new Explanation(
                            GapCause.PACKET_LOSS, "pictures of " + howLong + " were given up since packets were lost")
                    : new Explanation(GapCause.STREAM_STALLED, "no picture came for " + howLong);
        }
        return new Explanation(
                GapCause.CLOCK_JUMP,
                "wall time moved by " + stepUs / 1000 + " ms, media time by " + mediaUs / 1_000_000 + " s");
    }
}
