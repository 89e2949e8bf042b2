// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads frames into one buffer that is used again and again: no allocation for a frame once it has grown. One thread. */
public final class FrameReader {
    private static final int FIRST_BYTES = 64 << 10;

    private final InputStream in;
    private final byte[] header = new byte[5];
    private byte[] bytes = new byte[FIRST_BYTES];
    private ByteBuffer body = ByteBuffer.wrap(bytes);

    public FrameReader(InputStream in) {
        this.in = in;
    }

    /**
     * Waits for a frame.
     *
     * @return its type, or -1 when the other side has gone between two frames
     */
    public int next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return -1;
        }
        header[0] = (byte) first;
        fill(header, 1, 4);
        int length = (header[0] & 0xFF) << 24 | (header[1] & 0xFF) << 16 | (header[2] & 0xFF) << 8 | header[3] & 0xFF;
        if (length < 0 || length > FrameType.BODY_BYTES_MAX) {
            throw new WireException("a frame of " + Integer.toUnsignedString(length) + " bytes");
        }
        if (length > bytes.length) {
            bytes = new byte[Math.min(FrameType.BODY_BYTES_MAX, Math.max(length, bytes.length * 2))];
            body = ByteBuffer.wrap(bytes);
        }
        fill(bytes, 0, length);
        body.limit(length).position(0);
        return header[4];
    }

    /** {@return the body of the frame; overwritten by {@link #next}} */
    public ByteBuffer body() {
        return body;
    }

    private void fill(byte[] into, int offset, int length) throws IOException {
        if (in.readNBytes(into, offset, length) < length) {
            throw new EOFException("the pipe ended within a frame");
        }
    }
}
