// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.nxvms.media.kit.rtp.Payloader;
import org.nxvms.media.kit.rtp.Rtcp;

/** A track as one client has set it up: writes RTP (RFC 3550) and reports. One thread but for {@link #close}. */
final class OutTrack implements Payloader.Sink {
    private static final int HEADER_BYTES = 12;
    private static final int JPEG_SEGMENTS = 0xFFD8;
    private static final int BYE = 203;
    private static final long REPORT_NS = TimeUnit.SECONDS.toNanos(5);

    private final int payloadType;
    private final int ssrc;
    private final Outlet outlet;
    private Payloader payloader;
    private int sequence;
    private long timestamp;
    private final int[] packetsOctets = new int[2];
    private boolean reported;
    private long reportedNs;
    private final Optional<ReplayExtension> replay;
    private ByteBuffer packet;
    private int startsAt;
    private int payloadAt;
    private int extended;

    /**
     * @param sequence number of the first packet, random as {@code ssrc}
     * @param replay goes along with each packet of footage
     */
    OutTrack(
            int payloadType,
            int ssrc,
            int sequence,
            Payloader payloader,
            Outlet outlet,
            Optional<ReplayExtension> replay) {
        this.replay = replay;
        this.payloadType = payloadType;
        this.ssrc = ssrc;
        this.sequence = sequence & 0xFFFF;
        this.payloader = payloader;
        this.outlet = outlet;
    }

    Outlet outlet() {
        return outlet;
    }

    int ssrc() {
        return ssrc;
    }

    /** {@return number of the next packet} */
    int sequence() {
        return sequence;
    }

    /** Goes on with another configuration of the same codec. */
    void follow(Payloader other) {
        payloader = other;
    }

    /** The next unit is reported: another run's clock may have nothing to do with the last one's. */
    void reportSoon() {
        reported = false;
    }

    /** @param rtpTime of the unit */
    void send(Unit unit, long rtpTime) throws IOException {
        timestamp = rtpTime;
        long now = System.nanoTime();
        if (!reported || now - reportedNs >= REPORT_NS) {
            reported = true;
            reportedNs = now;
            Rtcp.writeSenderReport(outlet.begin(true), ssrc, unit.wallUs, rtpTime, packetsOctets);
            outlet.end();
        }
        if (replay.isPresent()) {
            replay.get().of(unit);
        }
        payloader.cut(unit.bytes(), unit.key, this);
    }

    /** Playing begins, or begins again, by a request with this CSeq. */
    void begin(int cseq) {
        reportSoon();
        replay.ifPresent(extension -> extension.begin(cseq));
    }

    /** Says goodbye (RFC 3550 6.6). */
    void bye() throws IOException {
        ByteBuffer out = outlet.begin(true);
        // An empty report first: packets of RTCP are compound.
        Rtcp.writeEmptyReport(out, ssrc);
        out.putInt(2 << 30 | 1 << 24 | BYE << 16 | 1).putInt(ssrc);
        outlet.end();
        outlet.flush();
    }

    @Override
    public ByteBuffer begin(ByteBuffer extension) throws IOException {
        packet = outlet.begin(false);
        startsAt = packet.position();
        packet.position(startsAt + HEADER_BYTES);
        extended = extension.hasRemaining() || replay.isPresent() ? 0x10 : 0;
        if (replay.isPresent()) {
            replay.get().put(packet, extension.hasRemaining() ? 1 + words(extension) : 0);
        }
        if (extension.hasRemaining()) {
            packet.putShort((short) JPEG_SEGMENTS).putShort((short) words(extension));
            int padding = 4 * words(extension) - extension.remaining();
            packet.put(extension.duplicate());
            for (int i = 0; i < padding; i++) {
                packet.put((byte) 0xFF);
            }
        }
        payloadAt = packet.position();
        return packet;
    }

    private static int words(ByteBuffer extension) {
        return extension.remaining() + 3 >> 2;
    }

    @Override
    public void end(boolean marker, int ticks) throws IOException {
        packet.put(startsAt, (byte) (0x80 | extended)).put(startsAt + 1, (byte) ((marker ? 0x80 : 0) | payloadType));
        packet.putShort(startsAt + 2, (short) sequence);
        packet.putInt(startsAt + 4, (int) (timestamp + ticks)).putInt(startsAt + 8, ssrc);
        sequence = sequence + 1 & 0xFFFF;
        packetsOctets[0]++;
        packetsOctets[1] += packet.position() - payloadAt;
        outlet.end();
    }

    void close() {
        outlet.close();
    }
}
