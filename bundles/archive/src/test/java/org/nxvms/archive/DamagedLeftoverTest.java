// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.health.HealthCheck.Status;

/** What a killed server left and a damaged disk made unreadable is put aside, and somebody is told. */
class DamagedLeftoverTest {
    private static final ArchiveSettings SETTINGS = new ArchiveSettings(300, 256 << 20, 5, 1, 24, 5);
    private static final int SECONDS = 4;

    @TempDir
    Path folder;

    @Test
    void inTheClearWithADamagedHead() throws Exception {
        try (ArchiveHouse house = new ArchiveHouse(folder, SETTINGS)) {
            Path chunk = left(house);
            byte[] bytes = Files.readAllBytes(chunk);
            bytes[5] ^= 1;
            isPutAsideAndTold(house, chunk, bytes);
        }
    }

    @Test
    void encryptedWithoutOneRightTag() throws Exception {
        try (ArchiveHouse house = ArchiveHouse.encrypted(folder, SETTINGS)) {
            ArrayList<Long> ends = new ArrayList<>();
            Path chunk = left(house, ends);
            byte[] bytes = Files.readAllBytes(chunk);
            ends.forEach(end -> bytes[end.intValue() - 1] ^= 1);
            isPutAsideAndTold(house, chunk, bytes);
        }
    }

    private Path left(ArchiveHouse house) throws Exception {
        return left(house, new ArrayList<>());
    }

    /** A killed server's chunk. */
    private Path left(ArchiveHouse house, ArrayList<Long> ends) throws Exception {
        var open = house.open(CAMERA, T0);
        for (int second = 0; second < SECONDS; second++) {
            ArchiveHouse.append(open, T0, second);
        }
        house.footage
                .index(house.segments(CAMERA, T0, T0 + 1).get(0).id())
                .forEach(one -> ends.add(one.offset() + one.length()));
        Path chunk = folder.resolve("archive").resolve(house.chunkFiles().get(0));
        house.kill();
        return chunk;
    }

    private static void isPutAsideAndTold(ArchiveHouse house, Path chunk, byte[] bytes) throws Exception {
        Files.write(chunk, bytes);
        house.start();
        var health = new VolumesHealth(house.archive);
        ArchiveHouse.await(() -> health.check().status() == Status.DEGRADED
                && health.check().detail().contains(chunk.getFileName().toString()));
        // The database knows of nothing, so its rows are made first.
        ArchiveHouse.await(() -> house.archive.care().lostRows().isDecided());
        assertThat(Files.readAllBytes(chunk)).isEqualTo(bytes);
        assertThat(house.archive.check(false, progress -> {}).problems()).isEqualTo(Map.of("file not sealed", 1L));
        house.archive.rebuild(progress -> {});
        assertThat(Files.readAllBytes(chunk)).isEqualTo(bytes);
    }
}
