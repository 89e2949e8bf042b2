// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.nio.ByteBuffer;

/** Takes what comes from the network, on the sockets' thread. */
@FunctionalInterface
interface Receiver {
    /**
     * One datagram.
     *
     * @param datagram its remaining bytes, only during the call
     */
    void datagram(ByteBuffer datagram, Path path);
}
