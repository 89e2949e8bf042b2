// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.VolumeUsage;

/**
 * The disk of packages, and which of the archive's volumes lie on it (ADR 85). Volumes are asked for now and then, since
 * nobody moves one within seconds. Any thread.
 */
final class ServerDisk implements DiskSpace {
    private static final String KIND_FILE = "file";
    private static final long LOOK_NS = TimeUnit.SECONDS.toNanos(10);
    /** What retention keeps free above a volume's reserve, and a quarter of it: {@code bundles/archive} Retention. */
    private static final long ROOM_BYTES_MAX = 1L << 30;

    private static final int ROOM_PART = 100;
    private static final int PACKAGES_PART = 10;

    private final Supplier<List<VolumeUsage>> volumes;
    private final LongSupplier nanoTime;
    private Optional<Shared> known = Optional.empty();
    private Path knownOf;
    private long lookedNs;

    /** @param volumes throws a {@link StoreException} while the archive is away */
    ServerDisk(Supplier<List<VolumeUsage>> volumes, LongSupplier nanoTime) {
        this.volumes = volumes;
        this.nanoTime = nanoTime;
    }

    @Override
    public long usable(Path folder) throws IOException {
        Files.createDirectories(folder);
        return Files.getFileStore(folder).getUsableSpace();
    }

    @Override
    public synchronized Optional<Shared> shared(Path folder) throws IOException {
        long now = nanoTime.getAsLong();
        if (folder.equals(knownOf) && now - lookedNs < LOOK_NS) {
            return known;
        }
        List<VolumeUsage> all;
        try {
            all = volumes.get();
        } catch (StoreException away) {
            return known;
        }
        Files.createDirectories(folder);
        FileStore disk = Files.getFileStore(folder);
        Optional<Shared> found = Optional.empty();
        for (VolumeUsage volume : all) {
            if (lies(volume, disk)) {
                Shared one = of(volume);
                long most = Math.max(
                        one.reserveBytes(), found.map(Shared::reserveBytes).orElse(0L));
                found = Optional.of(new Shared(most, one.packageBytesMax()));
            }
        }
        known = found;
        knownOf = folder;
        lookedNs = now;
        return found;
    }

    private static boolean lies(VolumeUsage volume, FileStore disk) {
        try {
            return KIND_FILE.equals(volume.kind())
                    && volume.totalBytes() > 0
                    && Files.getFileStore(Path.of(volume.location())).equals(disk);
        } catch (IOException | IllegalArgumentException absent) {
            return false;
        }
    }

    private static Shared of(VolumeUsage volume) {
        long room = Math.min(ROOM_BYTES_MAX, volume.totalBytes() / ROOM_PART);
        return new Shared(Math.max(0, volume.reserveBytes()) + room - room / 4, volume.totalBytes() / PACKAGES_PART);
    }
}
