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

    /**
     * Writes the remaining bytes at a place where bytes have been written already, without moving {@link #position}.
     * The same ones after a failed {@link #force}: the system may have forgotten that they are not on the medium, and
     * only bytes written anew are covered by the next one. Others where a repair marks what is damaged. Consumes the
     * buffer.
     *
     * @throws IOException also when the back end cannot do so; its {@code force} must then be believable when repeated
     * @since 0.1
     */
    default void rewrite(long offset, ByteBuffer bytes) throws IOException {
        throw new IOException("this kind of volume cannot write bytes again");
    }

    /** Cuts the file to {@code size} bytes; only bytes never acknowledged durable are cut. */
    void truncate(long size) throws IOException;

    /**
     * Returns when all bytes written so far survive a power cut (fdatasync, or the back end's like). After a throw
     * nobody knows which of them do, also when a later call returns: see {@link #rewrite}.
     */
    void force() throws IOException;

    /** Returns when the file's entry in its folders survives a power cut; called once after creation or at sealing. */
    void forceDirectory() throws IOException;

    /** Closes without forcing. Idempotent. */
    @Override
    void close() throws IOException;
}
