// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The machine as a recorder has it after an hour: memory that nobody uses holds what was written before, and who writes
 * takes such a page. On a machine with free memory a writer takes pages that were never used, or that a virtual machine gave
 * back to its host: each is a fault of the host then, four times as dear as writing the page, and whom they meet is chance.
 *
 * <p>Reads a hole as large as free memory: pages without a disk behind them, which are the first to go.
 */
final class FullPageCache implements AutoCloseable {
    private static final int SPARE_MIB = 512;
    private static final int READ_BYTES = 4 << 20;

    private final Path hole;

    /** @param folder on a disk; memory files would be what they ought to make room for */
    FullPageCache(Path folder) {
        hole = folder.resolve("page-cache");
    }

    void fill() throws IOException {
        long mib = Load.freeMemoryMiB() - SPARE_MIB;
        if (mib <= 0) {
            return;
        }
        Bench.say("filling the page cache with " + mib + " MiB");
        Files.deleteIfExists(hole);
        try (FileChannel file = FileChannel.open(
                hole, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1), (mib << 20) - 1);
            ByteBuffer read = ByteBuffer.allocateDirect(READ_BYTES);
            while (file.read(read.clear()) >= 0) {
                // It stays in the cache.
            }
        }
    }

    /** Gives the memory back; for as long as others are measured the hole has to stay. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(hole);
    }
}
