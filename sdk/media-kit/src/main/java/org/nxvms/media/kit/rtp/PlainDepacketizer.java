// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;

/** Payloads that are access units as they are: each packet of G.711 (RFC 3551 4.5.14) or of Opus (RFC 7587 4.2) is one. */
public final class PlainDepacketizer implements Depacketizer {
    private final AccessUnitSink sink;
    private final TimestampUnwrapper clock = new TimestampUnwrapper();
    private boolean afterLoss;
    private long dropped;

    public PlainDepacketizer(AccessUnitSink sink) {
        this.sink = sink;
    }

    @Override
    public void accept(ByteBuffer in, RtpHeader packet, int lost) {
        long time = clock.unwrap(packet.timestamp());
        afterLoss |= lost > 0;
        if (packet.payloadLength() == 0) {
            return;
        }
        if (sink.begin(true) && sink.append(in, packet.payloadOffset(), packet.payloadLength())) {
            sink.commit(time, true, afterLoss);
            afterLoss = false;
        } else {
            dropped++;
        }
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
