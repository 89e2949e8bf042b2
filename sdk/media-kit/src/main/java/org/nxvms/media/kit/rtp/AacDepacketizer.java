// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;

/**
 * AAC over RTP as {@code mpeg4-generic}, modes AAC-lbr and AAC-hbr (RFC 3640 3.3.5, 3.3.6): several access units in a packet,
 * or one over several packets. Interleaving is refused: a unit that does not follow the one before it is dropped with the
 * rest of its packet. An ADTS header, which has no place here but in some cameras' packets, is taken off.
 */
public final class AacDepacketizer implements Depacketizer {
    /** RFC 3640 3.3.6: an AAC-hbr access unit is at most 8191 bytes; multichannel does not exceed it. */
    private static final int UNIT_BYTES_MAX = 8191;

    private static final int ADTS_BYTES = 7;
    private static final int ADTS_CRC_BYTES = 2;

    private final AccessUnitSink sink;
    private final int sizeBits;
    private final int indexBits;
    private final int deltaBits;
    private final int ticksPerUnit;
    private final TimestampUnwrapper clock = new TimestampUnwrapper();

    private int pendingSize;
    private long pendingTime;
    private boolean pending;
    private boolean afterLoss;
    private long dropped;
    private int quirks;

    /**
     * @param sizeBits {@code sizelength} of the fmtp line
     * @param indexBits {@code indexlength}
     * @param deltaBits {@code indexdeltalength}
     * @param ticksPerUnit length of one access unit in ticks of the RTP clock, normally 1024
     */
    public AacDepacketizer(AccessUnitSink sink, int sizeBits, int indexBits, int deltaBits, int ticksPerUnit) {
        if (sizeBits < 1 || sizeBits > 16 || indexBits < 0 || indexBits > 16 || deltaBits < 0 || deltaBits > 16) {
            throw new IllegalArgumentException(
                    "sizelength " + sizeBits + ", indexlength " + indexBits + ", indexdeltalength " + deltaBits);
        }
        this.sink = sink;
        this.sizeBits = sizeBits;
        this.indexBits = indexBits;
        this.deltaBits = deltaBits;
        this.ticksPerUnit = ticksPerUnit;
    }

    @Override
    public void accept(ByteBuffer in, RtpHeader packet, int lost) {
        long time = clock.unwrap(packet.timestamp());
        if (lost > 0) {
            afterLoss = true;
            dropPending();
        }
        int offset = packet.payloadOffset();
        int length = packet.payloadLength();
        int headerBits = length >= 2 ? in.getShort(offset) & 0xFFFF : 0;
        int data = offset + 2 + (headerBits + 7 >> 3);
        int left = offset + length - data;
        if (headerBits < sizeBits + indexBits || left < 0) {
            dropped++;
            return;
        }
        int bit = 0;
        int index = 0;
        while (bit + sizeBits + (index == 0 ? indexBits : deltaBits) <= headerBits && left > 0) {
            int size = Bits.read(in, offset + 2, bit, sizeBits);
            int step = index == 0 ? 0 : Bits.read(in, offset + 2, bit + sizeBits, deltaBits);
            bit += sizeBits + (index == 0 ? indexBits : deltaBits);
            quirks |= step == 0 ? 0 : PayloadQuirk.INTERLEAVED_AUDIO.bit();
            if (size == 0 || size > UNIT_BYTES_MAX || step != 0) {
                dropped++;
                return;
            }
            if (size > left) {
                fragment(in, data, left, size, time, packet.marker());
                return;
            }
            dropPending();
            unit(in, data, size, time + (long) index * ticksPerUnit);
            data += size;
            left -= size;
            index++;
        }
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public int quirks() {
        return quirks;
    }

    @Override
    public void close() {
        dropPending();
    }

    private void unit(ByteBuffer in, int offset, int size, long time) {
        int header = adtsBytes(in, offset, size);
        quirks |= header == 0 ? 0 : PayloadQuirk.ADTS_HEADERS.bit();
        if (sink.begin(true) && sink.append(in, offset + header, size - header)) {
            sink.commit(time, true, afterLoss);
            afterLoss = false;
        } else {
            dropped++;
        }
    }

    /** {@return bytes of an ADTS header (ISO/IEC 14496-3 1.A.3.2) that fits this unit exactly, 0 when there is none} */
    private static int adtsBytes(ByteBuffer in, int offset, int size) {
        if (size <= ADTS_BYTES + ADTS_CRC_BYTES || (in.getShort(offset) & 0xFFF6) != 0xFFF0) {
            return 0;
        }
        int frame = Bits.read(in, offset, 30, 13);
        return frame != size ? 0 : ADTS_BYTES + ((in.get(offset + 1) & 1) == 0 ? ADTS_CRC_BYTES : 0);
    }

    /** A unit larger than a packet: each part carries the whole size in its header (RFC 3640 3.2.3). */
    private void fragment(ByteBuffer in, int offset, int length, int size, long time, boolean marker) {
        if (pending && (time != pendingTime || size != pendingSize)) {
            dropPending();
        }
        if (!pending) {
            pending = sink.begin(true);
            pendingTime = time;
            pendingSize = size;
        }
        if (!pending || !sink.append(in, offset, length)) {
            pending = false;
            dropped++;
            return;
        }
        if (sink.position() == size) {
            pending = false;
            sink.commit(time, true, afterLoss);
            afterLoss = false;
        } else if (marker || sink.position() > size) {
            dropPending();
        }
    }

    private void dropPending() {
        if (pending) {
            pending = false;
            dropped++;
            sink.abort();
        }
    }
}
