// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

/**
 * Whether a connection must be looked at often, since what comes between two looks of the longer tick fills the kernel's
 * buffer, and the camera would have to wait. A key frame alone, which may be half of a buffer, is no reason: one camera in
 * haste keeps the whole loop awake. Loop thread only.
 */
final class Haste {
    /** How long a camera is looked at often after that. */
    private static final long HASTE_NS = 1_000_000_000L;

    private int roomBytes = Integer.MAX_VALUE;
    private boolean muchBefore;
    private long untilNs;

    Haste(long nowNs) {
        untilNs = nowNs;
    }

    /** What the kernel's buffer holds. */
    void room(int bytes) {
        roomBytes = bytes;
    }

    /** So much was found at a look. */
    void found(int bytes, long nowNs) {
        boolean much = bytes > roomBytes / 2;
        boolean nearlyFull = bytes > roomBytes - roomBytes / 8;
        if (nearlyFull || much && muchBefore) {
            untilNs = nowNs + HASTE_NS;
        }
        muchBefore = much;
    }

    boolean isOver(long nowNs) {
        return nowNs - untilNs >= 0;
    }
}
