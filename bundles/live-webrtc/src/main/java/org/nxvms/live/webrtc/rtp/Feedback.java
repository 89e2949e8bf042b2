// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.rtp;

import java.nio.ByteBuffer;

/**
 * Reads what receivers say about packets that did not come and pictures that they cannot decode (RFC 4585 6.2.1, 6.3.1; RFC 5104
 * 4.3.1). All else in a compound packet is passed over; what is damaged ends it.
 */
public final class Feedback {
    private static final int TRANSPORT = 205;
    private static final int PAYLOAD = 206;
    private static final int GENERIC_NACK = 1;
    private static final int PICTURE_LOSS = 1;
    private static final int FULL_INTRA_REQUEST = 4;
    private static final int HEADER = 12;

    /** Who is told. */
    public interface Listener {
        /** A packet with this sequence number of a source did not come. */
        void lost(int ssrc, int sequence);

        /** A source's pictures cannot be decoded until a key frame comes. */
        void keyWanted(int ssrc);
    }

    private Feedback() {}

    /** Reads a compound packet in the clear. */
    public static void read(byte[] packet, int length, Listener listener) {
        ByteBuffer in = ByteBuffer.wrap(packet, 0, length);
        for (int at = 0; length - at >= 4; ) {
            int head = in.getInt(at);
            int bytes = 4 * ((head & 0xFFFF) + 1);
            if (head >>> 30 != 2 || bytes > length - at) {
                return;
            }
            int kind = head >>> 24 & 0x1F;
            int type = head >>> 16 & 0xFF;
            if (bytes >= HEADER && type == TRANSPORT && kind == GENERIC_NACK) {
                lost(in, at, bytes, listener);
            } else if (bytes >= HEADER && type == PAYLOAD && kind == PICTURE_LOSS) {
                listener.keyWanted(in.getInt(at + 8));
            } else if (bytes >= HEADER + 8 && type == PAYLOAD && kind == FULL_INTRA_REQUEST) {
                listener.keyWanted(in.getInt(at + HEADER));
            }
            at += bytes;
        }
    }

    private static void lost(ByteBuffer in, int at, int bytes, Listener listener) {
        int ssrc = in.getInt(at + 8);
        for (int entry = at + HEADER; entry < at + bytes; entry += 4) {
            int first = in.getShort(entry) & 0xFFFF;
            listener.lost(ssrc, first);
            int following = in.getShort(entry + 2) & 0xFFFF;
            for (int bit = 0; bit < 16; bit++) {
                if ((following >>> bit & 1) != 0) {
                    listener.lost(ssrc, first + bit + 1 & 0xFFFF);
                }
            }
        }
    }
}
