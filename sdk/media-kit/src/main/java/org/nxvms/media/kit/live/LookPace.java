// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.live;

/**
 * How often somebody may look who is woken when there is something: once a tick in the mean, and a few times at once after some
 * rest. So one camera's picture is seen as soon as it is there, and of very many cameras, or packets that come one by one, what came
 * within a tick is taken at one look: they cost what looking at each tick costs. It allocates nothing. One thread.
 */
public final class LookPace {
    /** Looks that may follow each other at once: a picture and its sound, in two parts each. */
    static final int AT_ONCE_MAX = 4;

    /** When the next look would be due if each came a tick after the one before. */
    private long dueNs;

    /** @param nowNs a clock for intervals */
    public LookPace(long nowNs) {
        dueNs = nowNs;
    }

    /** Somebody looks now, woken or not. */
    public void looked(long nowNs, long tickNs) {
        dueNs = (dueNs - nowNs > 0 ? dueNs : nowNs) + tickNs;
    }

    /** {@return for how long nobody may look; 0: as soon as there is something} */
    public long pauseNs(long nowNs, long tickNs) {
        return Math.max(0, dueNs - nowNs - (AT_ONCE_MAX - 1) * tickNs);
    }
}
