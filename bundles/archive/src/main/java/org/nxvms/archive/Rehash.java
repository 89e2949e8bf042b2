// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.nxvms.storage.spi.VolumeReadable;

/** Reads a chunk again for the hashes that a crash took. */
final class Rehash {
    private static final int BUFFER_BYTES = 1 << 20;

    private final VolumeReadable bytes;
    private final String path;
    private final Runnable beat;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

    /** @param beat told after each part that was read */
    Rehash(VolumeReadable bytes, String path, Runnable beat) {
        this.bytes = bytes;
        this.path = path;
        this.beat = beat;
    }

    /** Fills in the hash of the head and those of the table; {@return the chain of all} */
    HashChain run(byte[] previousRoot, byte[] headHash, FragmentTable table) throws IOException {
        HashChain chain = new HashChain(previousRoot);
        hash(chain, 0, table.offset(0));
        chain.add(headHash, 0);
        for (int i = 0; i < table.count(); i++) {
            hash(chain, table.offset(i), table.bytes(i));
            chain.add(table.hashes(), i * HashChain.HASH_BYTES);
        }
        return chain;
    }

    private void hash(HashChain chain, long from, long length) throws IOException {
        long at = from;
        long end = from + length;
        while (at < end) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            int read = bytes.read(buffer, at);
            if (read <= 0) {
                throw new IOException(path + " became shorter while it was read");
            }
            chain.update(buffer.flip());
            at += read;
            beat.run();
        }
    }
}
