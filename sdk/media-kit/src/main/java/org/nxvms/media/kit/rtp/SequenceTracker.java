// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

/**
 * Follows the sequence numbers of one source (RFC 3550 appendix A.1) and counts what is missing. Meant for transports that
 * keep order, where a gap means that the camera dropped packets; a packet from the past is late or doubled.
 */
public final class SequenceTracker {
    /** {@link #accept}: a packet of the past; ignore it. */
    public static final int LATE = -1;

    /** A larger jump is a restart of the source, not a loss (RFC 3550 A.1, MAX_DROPOUT). */
    private static final int DROPOUT_MAX = 3000;
    /** A smaller step back is reordering (RFC 3550 A.1, MAX_MISORDER). */
    private static final int MISORDER_MAX = 100;

    private boolean started;
    private int highest;
    private long cycles;
    private long received;
    private long lost;
    private long late;
    private long restarts;
    private long lostReported;
    private long receivedReported;

    /** Goes on where another one of the same source stood. @param last the newest packet that it accepted */
    public void goOn(int last) {
        started = true;
        highest = last;
    }

    /** {@return packets missing before this one, 0 when none, or {@link #LATE}} */
    public int accept(int sequence) {
        received++;
        if (!started) {
            started = true;
            highest = sequence;
            return 0;
        }
        int step = (sequence - highest) & 0xFFFF;
        if (step == 0 || step > 0xFFFF - MISORDER_MAX) {
            late++;
            return LATE;
        }
        if (step > DROPOUT_MAX) {
            restarts++;
            highest = sequence;
            return 1;
        }
        cycles += sequence < highest ? 1 : 0;
        highest = sequence;
        lost += step - 1;
        return step - 1;
    }

    /** {@return highest sequence number with cycles above, as receiver reports want it (RFC 3550 6.4.1)} */
    public int extendedHighest() {
        return (int) (cycles << 16 | highest);
    }

    /** {@return packets lost since the last call in 256ths of those expected (RFC 3550 A.3)} */
    public int takeFractionLost() {
        long missing = lost - lostReported;
        long expected = missing + received - receivedReported;
        lostReported = lost;
        receivedReported = received;
        return expected <= 0 ? 0 : (int) Math.min(255, 256 * missing / expected);
    }

    public long received() {
        return received;
    }

    /** {@return packets missing so far} */
    public long lost() {
        return lost;
    }

    public long late() {
        return late;
    }

    public long restarts() {
        return restarts;
    }
}
