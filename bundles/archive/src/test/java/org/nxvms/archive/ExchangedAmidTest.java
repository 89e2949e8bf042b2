// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.archive.ChunkIndex;

/** A bundle is exchanged amid a call of the archive, and classes of it are not to be had any more: that costs a try. */
class ExchangedAmidTest {
    private static final NoClassDefFoundError GONE = new NoClassDefFoundError("said by the test");

    private final AtomicInteger calls = new AtomicInteger();

    /** The first call fails so. */
    private void fail() {
        if (calls.getAndIncrement() == 0) {
            throw GONE;
        }
    }

    @Test
    void rowsAreWrittenAfterwards() {
        MemoryIndex memory = new MemoryIndex();
        ChunkIndex index = (ChunkIndex) Proxy.newProxyInstance(
                ChunkIndex.class.getClassLoader(), new Class<?>[] {ChunkIndex.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("deleteGaps")) {
                        fail();
                    }
                    try {
                        return method.invoke(memory, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
        try (IndexWriter rows = new IndexWriter(none -> {}, none -> {}, none -> {}, none -> {})) {
            rows.start();
            rows.index(Optional.of(index));
            rows.drop(UUID.randomUUID());
            ArchiveHouse.await(() -> calls.get() == 2 && rows.droppedGaps().isEmpty());
        }
    }

    @Test
    void aVolumesOtherWorkGoesOn(@TempDir Path folder) throws Exception {
        try (ArchiveHouse house = new ArchiveHouse(folder)) {
            FootageVolume main = house.archive.footageVolumes().iterator().next();
            try (VolumeTask task = new VolumeTask(main, "test", Thread.NORM_PRIORITY, volume -> {
                fail();
                return 0;
            })) {
                task.start();
                ArchiveHouse.await(() -> calls.get() > 1);
            }
        }
    }
}
