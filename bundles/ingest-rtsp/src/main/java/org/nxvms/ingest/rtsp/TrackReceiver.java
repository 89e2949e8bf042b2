// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import org.nxvms.ingest.kit.CameraTime;
import org.nxvms.media.kit.rtp.Depacketizer;
import org.nxvms.media.kit.rtp.InterarrivalJitter;
import org.nxvms.media.kit.rtp.ReorderWindow;
import org.nxvms.media.kit.rtp.Rtcp;
import org.nxvms.media.kit.rtp.RtpHeader;
import org.nxvms.media.kit.rtp.SequenceTracker;

/** One RTP stream of a session: header, order, sequence, payload; and its RTCP. Allocates nothing per packet. */
final class TrackReceiver {
    static final int REPORT_BYTES_MAX = 64;

    private final IoLoop loop;
    private final Depacketizer depacketizer;
    private final int payloadType;
    private final RtpHeader header = new RtpHeader();
    private final SequenceTracker sequence = new SequenceTracker();
    private final InterarrivalJitter jitter;
    private final Rtcp rtcp = new Rtcp();
    private final CameraTime cameraTime = new CameraTime();
    private final SenderClock sender;
    private final int ownSsrc;
    private ReorderWindow window;
    private int source;
    private boolean sourceKnown;
    private int lastReport;
    private long lastReportNs;
    private long lastTimestamp = -1;
    private long timestampSinceNs;
    private long lastArrivalNs;
    private boolean bye;

    /**
     * @param clockRate of the payload's timestamps
     * @param sender told by sender reports
     */
    TrackReceiver(IoLoop loop, Depacketizer depacketizer, int payloadType, int clockRate, SenderClock sender) {
        this.loop = loop;
        this.depacketizer = depacketizer;
        this.payloadType = payloadType;
        this.jitter = new InterarrivalJitter(clockRate);
        this.sender = sender;
        this.ownSsrc = ThreadLocalRandom.current().nextInt();
    }

    /** The transport does not keep the order: packets may wait so long for those before them. */
    void reorder(long waitNs) {
        window = new ReorderWindow(this::ordered, waitNs);
    }

    /** Goes on where another receiver of the same track stood. @param last the newest packet that it took */
    void goOn(int last) {
        sequence.goOn(last);
        if (window != null) {
            window.goOn(last);
        }
    }

    /** {@return the newest packet that was taken; negative before the first} */
    int lastSequence() {
        return sequence.received() == 0 ? -1 : sequence.extendedHighest() & 0xFFFF;
    }

    /** {@return whether no packet waits for those before it} */
    boolean inOrder() {
        return window == null || window.isEmpty();
    }

    /** A packet of a transport that keeps the order. */
    void rtp(ByteBuffer in, int offset, int length) {
        if (isOurs(in, offset, length)) {
            arrived();
            take(in);
        }
    }

    /** A packet of a transport that does not, from position 0. */
    void datagram(ByteBuffer in, int length) {
        if (isOurs(in, 0, length)) {
            arrived();
            window.accept(in, 0, length, header.sequence(), loop.nowNs());
        }
    }

    void tick() {
        if (window != null) {
            window.tick(loop.nowNs());
        }
    }

    private void ordered(ByteBuffer in, int offset, int length) {
        // Another packet was looked at since this one came.
        if (header.parse(in, offset, length)) {
            take(in);
        }
    }

    private boolean isOurs(ByteBuffer in, int offset, int length) {
        return header.parse(in, offset, length) && header.payloadType() == payloadType;
    }

    private void arrived() {
        long nowNs = loop.nowNs();
        source = header.ssrc();
        sourceKnown = true;
        lastArrivalNs = nowNs;
        jitter.packet(header.timestamp(), nowNs);
        if (header.timestamp() != lastTimestamp) {
            lastTimestamp = header.timestamp();
            timestampSinceNs = nowNs;
        }
    }

    private void take(ByteBuffer in) {
        int lost = sequence.accept(header.sequence());
        if (lost >= 0) {
            depacketizer.accept(in, header, lost);
        }
    }

    void rtcp(ByteBuffer in, int offset, int length) {
        rtcp.parse(in, offset, length);
        if (rtcp.hasSenderReport()) {
            lastReport = rtcp.lastSenderReport();
            lastReportNs = loop.nowNs();
            cameraTime.report(rtcp.senderWallUs(), loop.nowUs());
            sender.report(rtcp.rtpTimestamp(), rtcp.senderWallUs());
        }
        bye |= rtcp.hasBye();
    }

    /** {@return whether the camera said that this stream ends} */
    boolean bye() {
        return bye;
    }

    /** {@return whether any packet came} */
    boolean heard() {
        return sourceKnown;
    }

    /** {@return for how long packets have come with one and the same time stamp} */
    long frozenNs() {
        return lastArrivalNs - timestampSinceNs;
    }

    long packetsReceived() {
        return sequence.received();
    }

    long packetsLost() {
        return sequence.lost();
    }

    /** {@return what the camera believes the time to be} */
    CameraTime cameraTime() {
        return cameraTime;
    }

    long jitterUs() {
        return jitter.us();
    }

    int ownSsrc() {
        return ownSsrc;
    }

    /** Writes a receiver report; {@return false before the first packet} */
    boolean report(ByteBuffer out) {
        if (sourceKnown) {
            Rtcp.writeReceiverReport(
                    out, ownSsrc, source, sequence, jitter.ticks(), lastReport, (loop.nowNs() - lastReportNs) / 1000);
        }
        return sourceKnown;
    }

    void close() {
        depacketizer.close();
    }
}
