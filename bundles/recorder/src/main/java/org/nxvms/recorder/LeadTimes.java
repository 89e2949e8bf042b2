// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import org.nxvms.media.GapCause;
import org.nxvms.media.StreamReader;

/** Where the leading track stands in wall time and media time, and whether the next unit continues it. */
final class LeadTimes {
    /** Pictures that overtake each other stay within this. */
    private static final long BACK_US_MAX = 2_000_000;
    /** A longer silence within a run is missing footage. */
    private static final long AHEAD_US_MAX = 5_000_000;

    private static final long FRAME_US_DEFAULT = 40_000;
    private static final long FRAME_US_MAX = 1_000_000;

    private long wallUs;
    private long timestamp;
    private long frameUs = FRAME_US_DEFAULT;

    void start(StreamReader unit) {
        wallUs = unit.wallUs();
        timestamp = unit.timestamp();
    }

    void took(StreamReader unit) {
        long stepUs = unit.wallUs() - wallUs;
        if (stepUs > 0) {
            frameUs = Math.min(stepUs, FRAME_US_MAX);
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

    boolean hasJumped(StreamReader unit, int clockRate) {
        long stepUs = unit.wallUs() - wallUs;
        long ticks = Math.abs(unit.timestamp() - timestamp);
        return stepUs < -BACK_US_MAX
                || stepUs > AHEAD_US_MAX
                || ticks > clockRate * (AHEAD_US_MAX + BACK_US_MAX) / 1_000_000;
    }

    Explanation explainJump(StreamReader unit, int clockRate) {
        long stepUs = unit.wallUs() - wallUs;
        long mediaUs = (unit.timestamp() - timestamp) / clockRate * 1_000_000;
        boolean silent = stepUs > 0 && Math.abs(stepUs - mediaUs) <= 2_000_000;
        return silent
                ? new Explanation(GapCause.STREAM_STALLED, "no picture came for " + stepUs / 1_000_000 + " s")
                : new Explanation(
                        GapCause.CLOCK_JUMP,
                        "wall time moved by " + stepUs / 1000 + " ms, media time by " + mediaUs / 1_000_000 + " s");
    }
}
