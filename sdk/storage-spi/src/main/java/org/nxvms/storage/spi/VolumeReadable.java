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

    /** Reads at {@code offset} into the remaining space; {@return bytes read, -1 at the end} */
    int read(ByteBuffer target, long offset) throws IOException;

    /**
     * Sends bytes without copying them through the heap where the back end can.
     *
     * @return bytes sent, less than {@code length} at the end or when the target takes no more
     */
    long transferTo(long offset, long length, WritableByteChannel target) throws IOException;

    /** Idempotent. */
    @Override
    void close() throws IOException;
}
