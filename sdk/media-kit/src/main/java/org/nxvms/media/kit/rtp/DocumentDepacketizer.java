// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;

/**
 * ONVIF metadata over RTP (ONVIF Streaming 5.1.2.1.1): one XML document over any number of packets, the marker on its last.
 * A document with a hole is dropped.
 */
public final class DocumentDepacketizer extends WholeUnits {
    /** The rest of a damaged document is to be passed over. */
    private boolean skipping;

    public DocumentDepacketizer(AccessUnitSink sink) {
        super(sink);
    }

    @Override
    public void accept(ByteBuffer in, RtpHeader packet, int lost) {
        long time = clock.unwrap(packet.timestamp());
        if (lost > 0) {
            afterLoss = true;
            // What was lost may be the end of a document, or the beginning of the one this packet belongs to.
            skipping = true;
            drop();
        }
        if (open && time != timestamp) {
            markerMissing = true;
            commit();
        }
        skipping &= time == timestamp || lost > 0;
        timestamp = time;
        if (!skipping && packet.payloadLength() > 0) {
            append(in, packet);
        }
        if (packet.marker()) {
            if (open) {
                commit();
            }
            skipping = false;
        }
    }

    private void append(ByteBuffer in, RtpHeader packet) {
        open = open || sink.begin(true);
        if (!open || !sink.append(in, packet.payloadOffset(), packet.payloadLength())) {
            skipping = true;
            dropped += open ? 0 : 1;
            drop();
        }
    }

    private void commit() {
        open = false;
        sink.commit(timestamp, true, afterLoss);
        afterLoss = false;
    }
}
