// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.net.InetSocketAddress;

/** A way to one peer, over one of our sockets. Equal when both ends are. Any thread. */
interface Path {
    /**
     * Sends one datagram, or drops it; {@return false when there is no room now, and it may be tried again later} Then no byte of it
     * has left: its number is used again, for this datagram or another.
     *
     * @param at where it begins among the bytes
     */
    boolean send(byte[] bytes, int at, int length);

    /** One that begins with the first byte. */
    default boolean send(byte[] datagram, int length) {
        return send(datagram, 0, length);
    }

    /**
     * Sends several datagrams in order, those before the first for which there is no room. {@return how many were sent, or dropped on
     * the way; of the others no byte has left}
     */
    default int send(Burst burst) {
        for (int sent = 0; sent < burst.count(); sent++) {
            int at = sent * burst.each();
            if (!send(burst.bytes(), at, Math.min(burst.each(), burst.length() - at))) {
                return sent;
            }
        }
        return burst.count();
    }

    /** {@return where the peer sends from} */
    InetSocketAddress peer();

    /** It is not needed any more; what was sent still goes out. */
    default void close() {
        // A datagram's way holds nothing.
    }
}
