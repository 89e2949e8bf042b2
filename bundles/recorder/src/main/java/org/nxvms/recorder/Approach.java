// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import org.nxvms.media.StreamReader;

/**
 * The way from where a cursor stands to the access unit with which footage begins: what lies on it is not wanted, or
 * written already, so it is no loss when the ring's writer overtakes the cursor there. One thread.
 */
final class Approach {
    private static final long ARRIVED = -1;

    private long first = ARRIVED;
    private boolean overtaken;
    private long missed;

    /** For a new cursor. {@code sequence}: where footage begins; negative when with whatever comes. */
    void restart(long sequence) {
        first = Math.max(ARRIVED, sequence);
        overtaken = false;
    }

    /** Footage begins there, but not before a place that was told already and is not reached. */
    void to(long sequence) {
        restart(Math.max(first, sequence));
    }

    boolean isOver() {
        return first == ARRIVED;
    }

    /** Whether the entry that was polled is to be passed over; only while the way is not over. */
    boolean passes(int entry, StreamReader reader) {
        boolean unit = entry == StreamReader.ACCESS_UNIT;
        if (entry == StreamReader.LAPPED) {
            // The oldest key frame that is left may still lie on the way.
            overtaken = true;
            return true;
        }
        if (entry == StreamReader.RUN_START) {
            return false;
        }
        if (unit && reader.sequence() < first || entry == StreamReader.RUN_END && reader.sequence() <= first) {
            return true;
        }
        missed = overtaken && entry != StreamReader.CLOSED ? reader.sequence() - first : 0;
        first = ARRIVED;
        return false;
    }

    /** {@return access units that the ring's writer took from the begin of the footage; once the way is over} */
    long missed() {
        return missed;
    }
}
