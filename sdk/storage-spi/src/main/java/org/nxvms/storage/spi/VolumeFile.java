// SPDX-License-Identifier: Apache-2.0
package org.nxvms.storage.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** A file open for appending by one writer. */
@ConsumerType
public interface VolumeFile extends AutoCloseable {
    /** {@return the file's size: where the next byte goes} */
    long position() throws IOException;

    /**
     * Appends the remaining bytes of {@code buffers[from..from+count)} in order, all of them or throws. After a
     * throw the file may hold a part; {@link #truncate} removes it.
     */
    void write(ByteBuffer[] buffers, int from, int count) throws IOException;

    /** Cuts the file to {@code size} bytes; only bytes never acknowledged durable are cut. */
    void truncate(long size) throws IOException;

    /** Returns when all bytes written so far survive a power cut (fdatasync, or the back end's like). */
    void force() throws IOException;

    /** Returns when the file's entry in its folders survives a power cut; called once after creation or at sealing. */
    void forceDirectory() throws IOException;

    /** Closes without forcing. Idempotent. */
    @Override
    void close() throws IOException;
}
