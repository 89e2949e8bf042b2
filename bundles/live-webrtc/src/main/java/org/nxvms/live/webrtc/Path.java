// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.net.InetSocketAddress;

/** A way to one peer, over one of our sockets. Equal when both ends are. Any thread. */
interface Path {
    /** Sends one datagram, or drops it; {@return false when there is no room now, and it may be tried again later} */
    boolean send(byte[] datagram, int length);

    /** {@return where the peer sends from} */
    InetSocketAddress peer();

    /** It is not needed any more; what was sent still goes out. */
    default void close() {
        // A datagram's way holds nothing.
    }
}
