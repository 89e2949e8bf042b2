// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.secure;

/**
 * How long a message of a handshake may claim to be. The protocol allows 16 MiB, and Bouncy Castle makes room for what a header
 * claims, for sixteen messages ahead, before any of it came: a datagram would cost this server 256 MiB.
 */
final class HandshakeBounds {
    /** A player's largest message is its certificate, mostly of some 300 bytes; a chain of RSA certificates has 5 KiB. */
    static final int MESSAGE_BYTES_MAX = 8 << 10;

    private static final int RECORD_HEADER = 13;
    private static final int MESSAGE_HEADER = 12;
    private static final int HANDSHAKE = 22;

    private HandshakeBounds() {}

    /** {@return whether no message in the clear claims too much} What is encrypted (RFC 6347 4.1: epoch 1) is not looked at. */
    static boolean hold(byte[] datagram) {
        int at = 0;
        while (at + RECORD_HEADER <= datagram.length) {
            int end = at + RECORD_HEADER + word16(datagram, at + 11);
            boolean clear = word16(datagram, at + 3) == 0;
            int from = at + RECORD_HEADER;
            if (clear && datagram[at] == HANDSHAKE && !hold(datagram, from, Math.min(end, datagram.length))) {
                return false;
            }
            at = end;
        }
        return true;
    }

    /** {@return whether none of the messages, or fragments of them (RFC 6347 4.2.2), in a record claims too much} */
    static boolean hold(byte[] record, int from, int to) {
        int at = from;
        while (at + MESSAGE_HEADER <= to) {
            if (word24(record, at + 1) > MESSAGE_BYTES_MAX) {
                return false;
            }
            at += MESSAGE_HEADER + word24(record, at + 9);
        }
        return true;
    }

    private static int word16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }

    private static int word24(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 16 | word16(bytes, at + 1);
    }
}
