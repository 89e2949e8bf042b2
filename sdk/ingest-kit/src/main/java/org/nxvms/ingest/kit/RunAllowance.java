// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

/**
 * How many runs a stream may begin. Each run is a file of its own, so a camera that changes its parameter sets with each
 * picture must not make hundreds a second: {@value #BURST_MAX} at once for a camera that is being set up, then one in
 * five seconds, which still serves a camera that reconnects all the time. Belongs to the stream, not to a session.
 * One thread at a time.
 */
public final class RunAllowance {
    public static final int BURST_MAX = 8;
    public static final long REFILL_NS = 5_000_000_000L;

    private int left = BURST_MAX;
    private long refilledNs;
    private boolean started;

    /** {@return whether a run may begin now, and count it} */
    public boolean take(long nowNs) {
        boolean may = isLeft(nowNs);
        left -= may ? 1 : 0;
        return may;
    }

    /** {@return whether a run may begin now} */
    public boolean isLeft(long nowNs) {
        if (!started || left == BURST_MAX) {
            started = true;
            refilledNs = nowNs;
        }
        long earned = (nowNs - refilledNs) / REFILL_NS;
        if (earned > 0) {
            left = (int) Math.min(BURST_MAX, left + earned);
            refilledNs += earned * REFILL_NS;
        }
        return left > 0;
    }
}
