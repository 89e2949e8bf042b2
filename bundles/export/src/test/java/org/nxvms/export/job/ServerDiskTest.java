// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.VolumeUsage;

/** Which volumes lie on the disk of packages, and what follows. */
class ServerDiskTest {
    private static final long GIBI = 1L << 30;

    @TempDir
    Path folder;

    private final AtomicLong now = new AtomicLong();
    private final List<VolumeUsage> volumes = new ArrayList<>();
    private final ServerDisk disk = new ServerDisk(this::there, now::get);
    private boolean away;

    private List<VolumeUsage> there() {
        if (away) {
            throw new StoreException("the archive is not there now", null);
        }
        return List.copyOf(volumes);
    }

    private static VolumeUsage volume(String kind, String location, long totalBytes) {
        return new VolumeUsage(
                UUID.randomUUID(), "main", kind, location, "ready", "", totalBytes, 5 * GIBI, 2 * GIBI, 0, 0);
    }

    @Test
    void footageOnTheSameDiskKeepsWhatItsVolumeAndRetentionKeepFree() throws Exception {
        Path archive = Files.createDirectories(folder.resolve("archive"));
        volumes.add(volume("file", archive.toString(), 1_000 * GIBI));
        volumes.add(volume("s3", "bucket", 1));
        volumes.add(volume("file", folder.resolve("gone").toString(), -1));
        DiskSpace.Shared shared = disk.shared(folder.resolve("exports")).orElseThrow();
        assertThat(shared.reserveBytes()).isEqualTo(2 * GIBI + GIBI / 4 * 3);
        assertThat(shared.packageBytesMax()).isEqualTo(100 * GIBI);
        assertThat(disk.usable(folder.resolve("exports"))).isPositive();
    }

    @Test
    void itIsLookedForAgainAfterAWhileAndKeptWhileTheArchiveIsAway() throws Exception {
        assertThat(disk.shared(folder)).isEmpty();
        volumes.add(volume("file", folder.toString(), 50 * GIBI));
        assertThat(disk.shared(folder)).as("not yet").isEmpty();
        now.addAndGet(TimeUnit.SECONDS.toNanos(11));
        assertThat(disk.shared(folder).orElseThrow().reserveBytes())
                .isEqualTo(2 * GIBI + 50 * GIBI / 100 - 50 * GIBI / 100 / 4);

        away = true;
        now.addAndGet(TimeUnit.SECONDS.toNanos(11));
        assertThat(disk.shared(folder)).isPresent();
    }
}
