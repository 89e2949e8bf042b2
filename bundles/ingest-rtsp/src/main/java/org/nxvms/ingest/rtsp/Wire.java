// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Bytes to and from a camera: a TCP socket, with TLS on it or in an HTTP tunnel where the endpoint asks for it. Never blocks;
 * the owner is called whenever something may have become possible. Loop thread only.
 */
interface Wire {
    /** Goes on with connecting. {@return whether bytes can travel} */
    boolean advance() throws IOException;

    /** Reads what is there. {@return bytes read, 0 when there is nothing now, -1 at the end} */
    int read(ByteBuffer into) throws IOException;

    /** {@return whether a read that left so much room may have left bytes behind} */
    boolean mayHoldMore(int roomLeft);

    /** Takes as much as travels now; the owner is called when there is room for the rest. */
    void write(ByteBuffer from) throws IOException;

    /** {@return whether bytes that were taken wait for room} */
    boolean pending();

    /** {@return how much may wait in the kernel until the camera has to wait for us} */
    int roomBytes() throws IOException;

    /** Has the loop woken by what comes, or no more. Once bytes travel. */
    void await(boolean wanted) throws IOException;

    /** {@return the address of this end} */
    InetAddress localAddress() throws IOException;

    /** {@return whether the socket is all there is to it, so that another engine could go on with it} */
    default boolean isPlain() {
        return false;
    }

    /** Gives the socket away as it is; only a plain wire can. Nothing else may be called afterwards. */
    default Released release() {
        throw new UnsupportedOperationException("this wire is more than a socket");
    }

    /**
     * A socket that was given away.
     *
     * @param unread bytes that were read from it and not used
     */
    record Released(SocketChannel channel, ByteBuffer unread) {}

    /** Idempotent. */
    void close();
}
