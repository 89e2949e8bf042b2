// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.nio.ByteBuffer;
import org.nxvms.platform.api.archive.Archive;

/** Bytes in memory, sent as footage is. One thread at a time. */
final class HeldBytes implements Archive.SegmentBytes {
    private final ByteBuffer bytes;

    HeldBytes(ByteBuffer bytes) {
        this.bytes = bytes.slice();
    }

    @Override
    public long size() {
        return bytes.capacity();
    }

    @Override
    public int read(ByteBuffer target, long offset) {
        int length = (int) Math.min(target.remaining(), bytes.capacity() - offset);
        if (length <= 0) {
            return -1;
        }
        target.put(bytes.slice((int) offset, length));
        return length;
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
