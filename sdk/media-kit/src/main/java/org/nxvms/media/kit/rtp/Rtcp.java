// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;

/**
 * Reads sender reports and BYE out of compound RTCP packets and writes receiver reports (RFC 3550 6.4 to 6.6). Reused from
 * packet to packet. One thread at a time.
 */
public final class Rtcp {
    private static final int SR = 200;
    private static final int RR = 201;
    private static final int SDES = 202;
    private static final int BYE = 203;
    private static final long NTP_EPOCH_OFFSET_S = 2_208_988_800L;

    private boolean senderReport;
    private boolean bye;
    private int senderSsrc;
    private long ntp;
    private long rtpTimestamp;

    /** Reads a compound packet; {@return false when it is damaged}; what was whole before the damage is kept. */
    public boolean parse(ByteBuffer in, int offset, int length) {
        senderReport = false;
        bye = false;
        int at = offset;
        int end = offset + length;
        while (end - at >= 4) {
            int head = in.getInt(at);
            int bytes = 4 * ((head & 0xFFFF) + 1);
            int type = head >> 16 & 0xFF;
            if (head >>> 30 != 2 || bytes > end - at) {
                return false;
            }
            if (type == SR && bytes >= 28) {
                senderReport = true;
                senderSsrc = in.getInt(at + 4);
                ntp = in.getLong(at + 8);
                rtpTimestamp = in.getInt(at + 16) & 0xFFFF_FFFFL;
            } else if (type == BYE) {
                bye = true;
            }
            at += bytes;
        }
        return at == end;
    }

    /** {@return whether the last packet held a sender report; the accessors below are of it} */
    public boolean hasSenderReport() {
        return senderReport;
    }

    public boolean hasBye() {
        return bye;
    }

    public int senderSsrc() {
        return senderSsrc;
    }

    /** {@return the sender's clock in microseconds since 1970, or a negative number when it has none} */
    public long senderWallUs() {
        if (ntp == 0) {
            return -1;
        }
        long seconds = (ntp >>> 32) - NTP_EPOCH_OFFSET_S;
        // Bit 31 clear means after 7 February 2036 (RFC 4330 3).
        seconds += ntp >= 0 ? 1L << 32 : 0;
        return seconds * 1_000_000L + ((ntp & 0xFFFF_FFFFL) * 1_000_000L >>> 32);
    }

    /** {@return RTP time of the same moment} */
    public long rtpTimestamp() {
        return rtpTimestamp;
    }

    /** {@return middle 32 bits of the NTP time, as receiver reports repeat them} */
    public int lastSenderReport() {
        return (int) (ntp >>> 16);
    }

    /** Writes a sender report with no report blocks and a CNAME: what a camera sends. */
    public static void writeSenderReport(
            ByteBuffer out, int ssrc, long wallUs, long rtpTimestamp, int[] packetsOctets) {
        long seconds = Math.floorDiv(wallUs, 1_000_000L) + NTP_EPOCH_OFFSET_S;
        long fraction = (Math.floorMod(wallUs, 1_000_000L) << 32) / 1_000_000L;
        out.putInt(2 << 30 | SR << 16 | 6).putInt(ssrc);
        out.putLong(seconds << 32 | Math.min(fraction + 1, 0xFFFF_FFFFL)).putInt((int) rtpTimestamp);
        out.putInt(packetsOctets[0]).putInt(packetsOctets[1]);
        writeCname(out, ssrc);
    }

    /**
     * Writes a receiver report with one block and a CNAME, 44 bytes.
     *
     * @param ssrc ours
     * @param source the sender's
     * @param tracker of the sender's packets; its fraction lost is taken
     * @param jitterTicks interarrival jitter
     * @param lastSenderReport from {@link #lastSenderReport()}, 0 when none
     * @param delaySinceUs since that report arrived
     */
    public static void writeReceiverReport(
            ByteBuffer out,
            int ssrc,
            int source,
            SequenceTracker tracker,
            int jitterTicks,
            int lastSenderReport,
            long delaySinceUs) {
        out.putInt(2 << 30 | 1 << 24 | RR << 16 | 7).putInt(ssrc);
        out.putInt(source).putInt(tracker.takeFractionLost() << 24 | (int) Math.min(tracker.lost(), 0x7F_FFFF));
        out.putInt(tracker.extendedHighest()).putInt(jitterTicks);
        out.putInt(lastSenderReport);
        out.putInt(lastSenderReport == 0 ? 0 : (int) (delaySinceUs * 65536 / 1_000_000));
        writeCname(out, ssrc);
    }

    /** Writes an empty receiver report, 8 bytes: opens the way through a firewall (RFC 3550 6.4.2). */
    public static void writeEmptyReport(ByteBuffer out, int ssrc) {
        out.putInt(2 << 30 | RR << 16 | 1).putInt(ssrc);
    }

    private static void writeCname(ByteBuffer out, int ssrc) {
        out.putInt(2 << 30 | 1 << 24 | SDES << 16 | 2).putInt(ssrc);
        // CNAME, 1 byte "n", end of list: padded to a word.
        out.put((byte) 1).put((byte) 1).put((byte) 'n').put((byte) 0);
    }
}
