// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.io.IOException;
import java.nio.ByteBuffer;

/** AAC in mode AAC-hbr (RFC 3640 3.3.6), one frame a packet; one that is longer in several, each with the whole size. */
final class AacPayloader implements Payloader {
    /** Of 13 bits. */
    private static final int FRAME_BYTES_MAX = (1 << 13) - 1;

    private static final int HEAD_BYTES = 4;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private long leftOut;

    @Override
    public void cut(ByteBuffer unit, boolean key, Sink sink) throws IOException {
        int length = unit.remaining();
        if (length == 0 || length > FRAME_BYTES_MAX) {
            leftOut++;
            return;
        }
        for (int from = 0; from < length; from += PAYLOAD_BYTES_MAX - HEAD_BYTES) {
            int size = Math.min(PAYLOAD_BYTES_MAX - HEAD_BYTES, length - from);
            ByteBuffer out = sink.begin(NOTHING);
            // Headers of 16 bits in all: one, a size and an index of 0.
            out.putShort((short) 16).putShort((short) (length << 3));
            NalPayloader.put(out, unit, unit.position() + from, size);
            sink.end(from + size == length, 0);
        }
    }

    @Override
    public long leftOut() {
        return leftOut;
    }
}
