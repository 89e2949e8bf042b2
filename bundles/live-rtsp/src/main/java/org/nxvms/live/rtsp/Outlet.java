// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The way a track's packets take. One thread, but for {@link #close}. */
interface Outlet extends AutoCloseable {
    /** Header, extension, payload: what {@link #begin} gives room for. */
    int PACKET_BYTES_MAX = 4096;

    /** {@return where a packet goes, from the position on} */
    ByteBuffer begin(boolean rtcp) throws IOException;

    /** The packet ends at the buffer's position. */
    void end() throws IOException;

    /** Sends what was gathered. */
    void flush() throws IOException;

    /** {@return whether the client was heard this way since it was asked last} */
    boolean heard() throws IOException;

    /** {@return the Transport header's parameters behind those of the client} */
    String describe();

    /** Ends it. Any thread, any number of times. */
    @Override
    void close();
}
