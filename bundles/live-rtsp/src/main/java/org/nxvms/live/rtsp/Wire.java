// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** What goes out over a connection: answers, and packets between them. Any thread; who writes waits for the network. */
final class Wire {
    private final OutputStream out;
    private volatile long writingSinceNs = Long.MIN_VALUE;

    Wire(OutputStream out) {
        this.out = out;
    }

    synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        writingSinceNs = System.nanoTime();
        out.write(bytes, offset, length);
        out.flush();
        writingSinceNs = Long.MIN_VALUE;
    }

    /** {@return how long the network has taken nothing of what is being written; 0 when nothing is} */
    long stuckNs(long nowNs) {
        long since = writingSinceNs;
        return since == Long.MIN_VALUE ? 0 : nowNs - since;
    }

    /** Packets on their way, gathered for one write; shared by a session's tracks. One thread. */
    static final class Batch {
        private static final int BYTES = 64 << 10;

        private final Wire wire;
        private final ByteBuffer buffer = ByteBuffer.allocate(BYTES);

        Batch(Wire wire) {
            this.wire = wire;
        }

        /** {@return with room for one packet at least} */
        ByteBuffer room() throws IOException {
            if (buffer.remaining() < Outlet.PACKET_BYTES_MAX) {
                flush();
            }
            return buffer;
        }

        void flush() throws IOException {
            if (buffer.position() > 0) {
                wire.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
        }
    }
}
