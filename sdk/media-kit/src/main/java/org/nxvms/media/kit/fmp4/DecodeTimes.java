// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import java.util.OptionalInt;

/**
 * Derives decode times of one track from presentation times that come in decode order, one access unit at a time and
 * without looking ahead. RTP carries presentation times only; with B-frames they jump back and forth, while
 * {@code tfdt} and sample durations (ISO/IEC 14496-12 8.8.12) need times that only grow.
 *
 * <p>The n-th decode time is the presentation time of the picture shown {@code depth} pictures earlier, where depth is how
 * many pictures may overtake another one. If it is unknown, it starts at 0 and grows when the stream proves it wrong.
 * Allocates nothing. One thread at a time.
 */
public final class DecodeTimes {
    /** MaxDpbFrames of H.264 A.3.1; more is a broken stream. */
    private static final int DEPTH_MAX = 16;

    /** The presentation times not yet given out as decode times, ascending. */
    private final long[] held = new long[DEPTH_MAX + 1];

    private int heldCount;
    private int depth;
    private boolean catchingUp;
    private long last = Long.MIN_VALUE;

    /** @param reorderDepth as told by the parameter sets, or empty */
    public DecodeTimes(OptionalInt reorderDepth) {
        this.depth = Math.min(DEPTH_MAX, Math.max(0, reorderDepth.orElse(0)));
    }

    /** {@return the decode time of the unit presented at {@code pts}; always more than the one before, never negative} */
    public long next(long pts) {
        if (pts >= last) {
            catchingUp = false;
        } else if (!catchingUp && depth < DEPTH_MAX) {
            // Decode times are ahead now; only what happens after they have been caught up with tells more.
            catchingUp = true;
            depth++;
        }
        insert(pts);
        long dts = held[0];
        if (heldCount > depth) {
            heldCount--;
            System.arraycopy(held, 1, held, 0, heldCount);
        }
        if (last != Long.MIN_VALUE) {
            dts = Math.max(dts, last + 1);
        }
        last = Math.max(0, dts);
        return last;
    }

    /** {@return pictures known to overtake another one so far} */
    public int depth() {
        return depth;
    }

    /** Forgets everything but the depth: a new run begins. */
    public void restart() {
        heldCount = 0;
        catchingUp = false;
        last = Long.MIN_VALUE;
    }

    private void insert(long pts) {
        int at = heldCount++;
        while (at > 0 && held[at - 1] > pts) {
            held[at] = held[at - 1];
            at--;
        }
        held[at] = pts;
    }
}
