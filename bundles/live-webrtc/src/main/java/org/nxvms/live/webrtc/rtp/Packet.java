// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.rtp;

/**
 * One RTP packet as all viewers of a stream share it; header and protection are each viewer's own.
 *
 * @param payload never changed
 * @param last whether it ends an access unit (the marker bit)
 * @param key whether decoding can start here: the first packet of a key frame
 * @param timestamp RTP time, rising and never wrapped
 * @param wallUs when its access unit was taken
 */
public record Packet(byte[] payload, boolean last, boolean key, long timestamp, long wallUs) {
    /** What a packet costs beside its payload: object headers, its place in the log. */
    private static final int OVERHEAD_BYTES = 64;

    int heldBytes() {
        return payload.length + OVERHEAD_BYTES;
    }
}
