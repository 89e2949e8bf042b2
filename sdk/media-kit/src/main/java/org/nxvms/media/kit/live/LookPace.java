// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.live;

/**
 * When to look at a stream again. Cameras send evenly: for most of the time between two pictures there is nothing to be found, and
 * each look costs a wake-up of the thread, which is most of what a single viewer costs. So after something was found nobody looks
 * for three quarters of the shortest time that passed lately between two finds, and then at each tick until the next is there. It
 * allocates nothing. One thread.
 */
public final class LookPace {
    /** Nobody looks less often: who joins, pauses or changes the stream waits no longer. */
    public static final long PAUSE_NS_MAX = 40_000_000;

    /** A stream in which nothing is found for so long rests. */
    private static final long SILENT_NS = 2_000_000_000L;

    private long foundNs;
    private long gapNs;

    /** @param nowNs a clock for intervals */
    public LookPace(long nowNs) {
        foundNs = nowNs;
    }

    /** Something was found; what else is found at the same look says nothing more. */
    public void found(long nowNs) {
        long lately = nowNs - foundNs;
        if (lately <= 0) {
            return;
        }
        foundNs = nowNs;
        // A shorter time counts at once, a longer one bit by bit: looking too early costs little, too late is seen.
        gapNs = lately < gapNs ? lately : gapNs + Math.min(lately - gapNs, PAUSE_NS_MAX) / 8;
    }

    /**
     * {@return for how long nobody has to look, at least a tick}
     *
     * @param tickNs between two looks when something is to come
     */
    public long pauseNs(long tickNs, long nowNs) {
        long sinceNs = nowNs - foundNs;
        long pauseNs = sinceNs > SILENT_NS ? PAUSE_NS_MAX : gapNs / 4 * 3 - sinceNs;
        return Math.max(tickNs, Math.min(PAUSE_NS_MAX, pauseNs));
    }
}
