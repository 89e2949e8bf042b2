// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.nio.ByteBuffer;

/** The farm's buffer to put together what is sent; grows to the largest picture. One thread. */
final class Scratch {
    private ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);

    /** Empty, for writing. */
    ByteBuffer clear() {
        return buffer.clear();
    }

    /** With room for so many more bytes after what is in it. */
    ByteBuffer withRoom(int bytes) {
        if (buffer.remaining() < bytes) {
            int needed = buffer.position() + bytes;
            ByteBuffer larger = ByteBuffer.allocateDirect(Integer.highestOneBit(needed) * 2);
            buffer.flip();
            larger.put(buffer);
            buffer = larger;
        }
        return buffer;
    }
}
