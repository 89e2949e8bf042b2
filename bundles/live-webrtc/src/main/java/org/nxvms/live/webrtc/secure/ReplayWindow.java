// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.secure;

/** Which of the newest 64 indices have come (RFC 3711 3.3.2). One thread at a time. */
final class ReplayWindow {
    private static final int SIZE = 64;

    private long highest = -1;
    private long seen;

    /** {@return whether an index has not come yet and is not too old to tell} */
    boolean isNew(long index) {
        if (index > highest) {
            return true;
        }
        long age = highest - index;
        return age < SIZE && (seen >>> age & 1) == 0;
    }

    /** Notes one that {@link #isNew} and whose packet was genuine. */
    void add(long index) {
        if (index > highest) {
            long ahead = index - highest;
            seen = ahead >= SIZE ? 1 : seen << ahead | 1;
            highest = index;
        } else {
            seen |= 1L << highest - index;
        }
    }
}
