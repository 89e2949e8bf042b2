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

    /** A key frame comes within two looks. */
    private static final int MUCH_IN_ROW = 3;

    private int roomBytes = Integer.MAX_VALUE;
    private int muchInRow;
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
        // Small segments take twice their bytes and more of the kernel's buffer, which is full when it holds 40 % of
        // it.
        boolean much = bytes > roomBytes / 8 * 3;
        boolean nearlyFull = bytes > roomBytes - roomBytes / 8;
        muchInRow = much ? muchInRow + 1 : 0;
        if (nearlyFull || muchInRow >= MUCH_IN_ROW) {
            untilNs = nowNs + HASTE_NS;
        }
    }

    boolean isOver(long nowNs) {
        return nowNs - untilNs >= 0;
    }
}
