// SPDX-License-Identifier: Apache-2.0
package org.nxvms.storage.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.osgi.annotation.versioning.ConsumerType;

/** A file open for reading; safe for several threads. */
@ConsumerType
public interface VolumeReadable extends AutoCloseable {
    /** {@return the size now; grows while a writer appends} */
    long size() throws IOException;

    /**
     * Reads at {@code offset} into the remaining space, which may be memory outside the heap; {@return bytes read, -1 at the end}
     */
    int read(ByteBuffer target, long offset) throws IOException;

    /**
     * Sends bytes. The server does not call it any more, as it reads into memory outside the heap; it stays for who was built against
     * 1.0.
     *
     * @return bytes sent, at most 64 KiB; 0 at the end
     */
    default long transferTo(long offset, long length, WritableByteChannel target) throws IOException {
        ByteBuffer block = ByteBuffer.allocate((int) Math.min(length, 1 << 16));
        return read(block, offset) <= 0 ? 0 : target.write(block.flip());
    }

    /** Idempotent. */
    @Override
    void close() throws IOException;
}
