// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.nio.ByteBuffer;

/** Takes what comes from the network, on the thread of the sockets it came by. */
interface Receiver {
    /**
     * One datagram.
     *
     * @param datagram its remaining bytes, only during the call
     * @return whether it is of somebody who watches
     */
    boolean datagram(ByteBuffer datagram, Path path);

    /** A path over which nothing will come any more. */
    void gone(Path path);
}
