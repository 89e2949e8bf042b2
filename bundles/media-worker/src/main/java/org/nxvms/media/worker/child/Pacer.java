// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

/**
 * Lets media out as fast as it was made. Segments, files and the bursts of an opening come at once; written as they come they
 * would give every picture of a burst the same wall time. Runs half a percent fast, so that what once was late and was
 * waited for since is caught up, and a source whose clock is faster than ours never piles up. Allocates nothing.
 */
final class Pacer {
    /** More than a pause between pictures, or a step back, is a jump of the source's time. */
    private static final long FORWARD_US_MAX = 10_000_000;

    private static final long BACK_US_MAX = 1_000_000;
    private static final long FASTER = 200;

    private boolean started;
    private long anchorUs;
    private long anchorNs;
    private long lastUs;
    private boolean jumped;

    /** {@return nanoseconds to wait before a unit of this decode time may go out, 0 when it is due} */
    long waitNs(long decodeUs, long nowNs) {
        long stepUs = decodeUs - lastUs;
        jumped = started && (stepUs > FORWARD_US_MAX || stepUs < -BACK_US_MAX);
        if (!started || jumped) {
            started = true;
            anchor(decodeUs, nowNs);
        }
        lastUs = decodeUs;
        long mediaNs = (decodeUs - anchorUs) * 1000;
        long wait = anchorNs + mediaNs - mediaNs / FASTER - nowNs;
        if (wait < 0) {
            anchor(decodeUs, nowNs);
            return 0;
        }
        return wait;
    }

    /** {@return whether the last unit's time did not follow from the one before} */
    boolean jumped() {
        return jumped;
    }

    private void anchor(long decodeUs, long nowNs) {
        anchorUs = decodeUs;
        anchorNs = nowNs;
    }
}
