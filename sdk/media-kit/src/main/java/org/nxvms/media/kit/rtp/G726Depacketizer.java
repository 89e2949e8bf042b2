// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;

/**
 * G.726 over RTP: each packet is an access unit. RFC 3551 4.5.4 packs code words from the least significant bit on, while
 * {@code AAL2-G726} and files pack from the most significant one; the former are turned round here, so that a stored track
 * has one meaning.
 */
public final class G726Depacketizer implements Depacketizer {
    /** 400 ms at 40 kbit/s; RFC 3551 4.2 recommends 20 ms. */
    private static final int PACKET_BYTES_MAX = 2048;

    private final AccessUnitSink sink;
    private final int codeBits;
    private final boolean leastFirst;
    private final ByteBuffer turned = ByteBuffer.allocate(PACKET_BYTES_MAX);
    private final TimestampUnwrapper clock = new TimestampUnwrapper();
    private boolean afterLoss;
    private long dropped;

    /**
     * @param codeBits bits of a code word, 2 to 5
     * @param leastFirst whether code words are packed as RFC 3551 says, rather than as ITU-T I.366.2 does
     */
    public G726Depacketizer(AccessUnitSink sink, int codeBits, boolean leastFirst) {
        if (codeBits < 2 || codeBits > 5) {
            throw new IllegalArgumentException("G.726 code words have 2 to 5 bits, not " + codeBits);
        }
        this.sink = sink;
        this.codeBits = codeBits;
        this.leastFirst = leastFirst;
    }

    @Override
    public void accept(ByteBuffer in, RtpHeader packet, int lost) {
        long time = clock.unwrap(packet.timestamp());
        afterLoss |= lost > 0;
        int length = packet.payloadLength();
        if (length == 0) {
            return;
        }
        if (length <= PACKET_BYTES_MAX && sink.begin(true) && append(in, packet.payloadOffset(), length)) {
            sink.commit(time, true, afterLoss);
            afterLoss = false;
        } else {
            dropped++;
        }
    }

    private boolean append(ByteBuffer in, int offset, int length) {
        if (!leastFirst) {
            return sink.append(in, offset, length);
        }
        turned.clear();
        // Bits that are waiting to be read, in the low end, and to be written.
        int source = 0;
        int sourceBits = 0;
        int target = 0;
        int targetBits = 0;
        int at = offset;
        while (true) {
            while (sourceBits < codeBits && at < offset + length) {
                source |= (in.get(at++) & 0xFF) << sourceBits;
                sourceBits += 8;
            }
            if (sourceBits < codeBits) {
                break;
            }
            target = target << codeBits | source & (1 << codeBits) - 1;
            targetBits += codeBits;
            source >>>= codeBits;
            sourceBits -= codeBits;
            if (targetBits >= 8) {
                targetBits -= 8;
                turned.put((byte) (target >> targetBits));
                target &= (1 << targetBits) - 1;
            }
        }
        if (targetBits > 0) {
            turned.put((byte) (target << 8 - targetBits));
        }
        return sink.append(turned, 0, turned.position());
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public void close() {
        // Nothing is held from packet to packet.
    }
}
