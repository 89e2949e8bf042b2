// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Writes whole frames; several threads may. Blocks while the pipe is full. */
public final class FrameWriter {
    private final OutputStream out;
    private final byte[] header = new byte[5 + 10];

    public FrameWriter(OutputStream out) {
        this.out = out;
    }

    /** A frame of a few bytes or a text. */
    public synchronized void write(int type, byte[] body) throws IOException {
        head(type, body.length);
        out.write(header, 0, 5);
        out.write(body);
        out.flush();
    }

    /** A {@link FrameType#UNIT} whose payload is the first {@code length} bytes of {@code payload}. */
    public synchronized void unit(int track, int flags, long timestamp, byte[] payload, int length) throws IOException {
        head(FrameType.UNIT, 10 + length);
        ByteBuffer.wrap(header, 5, 10).put((byte) track).put((byte) flags).putLong(timestamp);
        out.write(header, 0, 15);
        out.write(payload, 0, length);
        out.flush();
    }

    private void head(int type, int length) throws WireException {
        if (length > FrameType.BODY_BYTES_MAX) {
            throw new WireException("a frame of " + length + " bytes was to be written");
        }
        ByteBuffer.wrap(header).putInt(length).put((byte) type);
    }
}
