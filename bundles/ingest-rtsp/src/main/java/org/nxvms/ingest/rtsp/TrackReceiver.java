// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.nio.ByteBuffer;
import org.nxvms.media.kit.rtp.Depacketizer;
import org.nxvms.media.kit.rtp.Rtcp;
import org.nxvms.media.kit.rtp.RtpHeader;
import org.nxvms.media.kit.rtp.SequenceTracker;

/** One RTP stream of a session: header, sequence, payload; and its RTCP. Allocates nothing per packet. */
final class TrackReceiver {
    private static final int REPORT_BYTES_MAX = 64;

    private final Depacketizer depacketizer;
    private final int payloadType;
    private final RtpHeader header = new RtpHeader();
    private final SequenceTracker sequence = new SequenceTracker();
    private final Rtcp rtcp = new Rtcp();
    private final int ownSsrc;
    private int source;
    private boolean sourceKnown;
    private int lastReport;
    private long lastReportNs;
    private boolean bye;

    TrackReceiver(Depacketizer depacketizer, int payloadType, int ownSsrc) {
        this.depacketizer = depacketizer;
        this.payloadType = payloadType;
        this.ownSsrc = ownSsrc;
    }

    void rtp(ByteBuffer in, int offset, int length) {
        if (!header.parse(in, offset, length) || header.payloadType() != payloadType) {
            return;
        }
        source = header.ssrc();
        sourceKnown = true;
        int lost = sequence.accept(header.sequence());
        if (lost >= 0) {
            depacketizer.accept(in, header, lost);
        }
    }

    void rtcp(ByteBuffer in, int offset, int length, long nowNs) {
        rtcp.parse(in, offset, length);
        if (rtcp.hasSenderReport()) {
            lastReport = rtcp.lastSenderReport();
            lastReportNs = nowNs;
        }
        bye |= rtcp.hasBye();
    }

    /** {@return whether the camera said that this stream ends} */
    boolean bye() {
        return bye;
    }

    long packetsLost() {
        return sequence.lost();
    }

    /** {@return an interleaved receiver report, or an empty array before the first packet} */
    byte[] report(int channel, long nowNs) {
        if (!sourceKnown) {
            return new byte[0];
        }
        ByteBuffer out = ByteBuffer.allocate(REPORT_BYTES_MAX);
        out.put((byte) '$').put((byte) channel).putShort((short) 0);
        Rtcp.writeReceiverReport(out, ownSsrc, source, sequence, lastReport, (nowNs - lastReportNs) / 1000);
        out.putShort(2, (short) (out.position() - 4));
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    void close() {
        depacketizer.close();
    }
}
