// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.storage.spi.Volume;

/**
 * Footage that cannot be seen, though its rows are there: its volume is away, and no copy is in reach; not made yet, or
 * given away by a backup that was full. Any thread; reads the database now and then.
 */
final class OutOfReach {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** All rows of a volume are read: of the time between two looks one takes at most this part. */
    private static final long LOOK_SHARE = 200;

    private final Supplier<Collection<FootageVolume>> volumes;
    private final BackupWishes wishes;
    private List<Missing> missing = List.of();
    private long lookNanos = System.nanoTime();

    OutOfReach(Supplier<Collection<FootageVolume>> volumes, BackupWishes wishes) {
        this.volumes = volumes;
        this.wishes = wishes;
    }

    /** @param volume its name */
    record Missing(String volume, long segments) {}

    /** {@return by volume that is away; nothing while nobody wishes copies} */
    synchronized List<Missing> look(Optional<ChunkIndex> index) {
        if (System.nanoTime() - lookNanos >= 0 && index.isPresent()) {
            long begunNanos = System.nanoTime();
            try {
                missing = wishes.streams().isEmpty() ? List.of() : count(index.get());
            } catch (StoreException itIsSaidElsewhere) {
                return missing;
            }
            long tookNanos = System.nanoTime() - begunNanos;
            lookNanos = System.nanoTime() + Math.max(LOOK_NANOS, LOOK_SHARE * tookNanos);
        }
        return missing;
    }

    private List<Missing> count(ChunkIndex index) {
        Set<UUID> readable = wishes.readable();
        List<Missing> found = new ArrayList<>();
        for (FootageVolume one : volumes.get()) {
            Volume.Status status = one.volume().status();
            if (status == Volume.Status.ABSENT || status == Volume.Status.WRONG_IDENTITY) {
                long segments =
                        index.copies().without(one.volume().id(), readable).segments();
                if (segments > 0) {
                    found.add(new Missing(one.name(), segments));
                }
            }
        }
        return found;
    }
}
