// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes room while the index is away: the names tell what is oldest, and rows follow their files when it is back, by the
 * markers. Cleaners' threads.
 */
final class RoomByName {
    private static final Logger LOG = LoggerFactory.getLogger(RoomByName.class);
    private static final int BATCH_MAX = 50;

    private final ChunkRemover remover;
    private final IndexWriter rows;
    private final LockBook locks;
    private final EarlyRemovals early;

    RoomByName(ChunkRemover remover, IndexWriter rows, LockBook locks, EarlyRemovals early) {
        this.early = early;
        this.remover = remover;
        this.rows = rows;
        this.locks = locks;
    }

    /** {@return chunks removed} */
    int makeRoom(FootageVolume volume, long missingBytes) throws IOException {
        if (missingBytes <= 0) {
            return 0;
        }
        long missing = missingBytes;
        int removed = 0;
        for (Volume.FileEntry file : oldestFiles(volume)) {
            if (missing <= 0) {
                break;
            }
            Optional<StoredSegment> row = row(volume, file.path());
            if (remover.removeByName(volume.volume(), file.path())) {
                missing -= file.sizeBytes();
                removed++;
                row.ifPresent(gone -> early.removed(volume.volume(), gone));
            }
        }
        if (removed > 0) {
            volume.forgetSpace();
            LOG.warn(
                    "Volume {}: removed {} oldest chunks by name to make room; the database is away",
                    volume.volume().name(),
                    removed);
        }
        return removed;
    }

    /** {@return what the file says of itself; of a copy nothing, since there may be its original} */
    private static Optional<StoredSegment> row(FootageVolume volume, String path) {
        if (volume.volume().isBackup()) {
            return Optional.empty();
        }
        try {
            return ChunkReader.read(volume.volume(), path).map(ChunkReader.Sealed::row);
        } catch (IOException unreadable) {
            // It goes all the same; how long it was to be kept nobody knows.
            LOG.debug("{}: {}", path, unreadable.getMessage());
            return Optional.empty();
        }
    }

    private List<Volume.FileEntry> oldestFiles(FootageVolume volume) throws IOException {
        Comparator<Volume.FileEntry> byStart = Comparator.comparingLong(
                file -> ChunkName.parse(file.path()).orElseThrow().startMs());
        PriorityQueue<Volume.FileEntry> oldest = new PriorityQueue<>(byStart.reversed());
        Set<String> inWork = rows.waitingSegments().stream().map(Segment::path).collect(Collectors.toSet());
        volume.volume().list("", file -> {
            boolean sealed = ChunkName.parse(file.path())
                    .filter(name -> !volume.isInWork(name) && !inWork.contains(file.path()) && !isHeld(name))
                    .isPresent();
            if (sealed) {
                oldest.add(file);
                if (oldest.size() > BATCH_MAX) {
                    oldest.poll();
                }
            }
            return true;
        });
        return oldest.stream().sorted(byStart).toList();
    }

    private boolean isHeld(ChunkName name) {
        long startUs = TimeUnit.MILLISECONDS.toMicros(name.startMs());
        return locks.holds(name.stream().cameraId(), startUs, startUs + ChunkRemover.CHUNK_US_MAX);
    }
}
