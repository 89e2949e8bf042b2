// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.CopyIndex;

/** Copies beside the rows of a {@link MemoryIndex}, under its lock. */
final class MemoryCopies implements CopyIndex {
    final Map<UUID, UUID> volumes = new ConcurrentHashMap<>();
    /** From where on somebody asked what has no copy, and was answered. */
    final List<Long> missingFromUs = new CopyOnWriteArrayList<>();
    /** How often somebody asked that in vain. */
    final AtomicInteger missingRefused = new AtomicInteger();

    private final MemoryIndex index;

    MemoryCopies(MemoryIndex index) {
        this.index = index;
    }

    private Optional<StoredSegment> on(UUID id, UUID volumeId) {
        return Optional.ofNullable(index.rows.get(id))
                .map(row -> new StoredSegment(
                        MemoryIndex.on(row.segment(), volumeId), row.retentionDaysMax(), row.retentionDaysMin()));
    }

    @Override
    public boolean add(UUID id, UUID volumeId) {
        synchronized (index) {
            boolean fits = index.get(id)
                    .filter(row -> !row.volumeId().equals(volumeId))
                    .isPresent();
            return fits && volumes.putIfAbsent(id, volumeId) == null;
        }
    }

    @Override
    public Optional<StoredSegment> of(UUID id) {
        index.up();
        synchronized (index) {
            return Optional.ofNullable(volumes.get(id)).flatMap(volume -> on(id, volume));
        }
    }

    @Override
    public boolean remove(UUID id, UUID volumeId) {
        index.up();
        synchronized (index) {
            return volumes.remove(id, volumeId);
        }
    }

    @Override
    public boolean promote(UUID id) {
        index.up();
        synchronized (index) {
            Optional<StoredSegment> row =
                    Optional.ofNullable(volumes.remove(id)).flatMap(volume -> on(id, volume));
            row.ifPresent(now -> index.rows.put(id, now));
            return row.isPresent();
        }
    }

    @Override
    public boolean demote(UUID id, UUID volumeId) {
        synchronized (index) {
            UUID before = index.get(id).orElseThrow().volumeId();
            boolean fits = !before.equals(volumeId) && !volumes.containsKey(id);
            if (fits) {
                index.rows.put(id, on(id, volumeId).orElseThrow());
                volumes.put(id, before);
            }
            return fits;
        }
    }

    private Stream<StoredSegment> all(UUID volumeId) {
        index.up();
        synchronized (index) {
            return volumes.entrySet().stream()
                    .filter(copy -> copy.getValue().equals(volumeId))
                    .flatMap(copy -> on(copy.getKey(), volumeId).stream())
                    .sorted(Comparator.comparingLong(row -> row.segment().startUs()))
                    .toList()
                    .stream();
        }
    }

    @Override
    public List<StoredSegment> oldest(UUID volumeId, long fromStartUs, int limit) {
        return all(volumeId)
                .filter(row -> row.segment().startUs() >= fromStartUs)
                .limit(limit)
                .toList();
    }

    @Override
    public void forEach(UUID volumeId, Consumer<StoredSegment> visitor) {
        all(volumeId).forEach(visitor);
    }

    private Stream<StoredSegment> uncopied(StreamId stream, long fromStartUs) {
        index.up();
        synchronized (index) {
            return index.rows.values().stream()
                    .filter(row -> row.segment().stream().equals(stream)
                            && row.segment().startUs() >= fromStartUs
                            && !volumes.containsKey(row.segment().id()))
                    .sorted(Comparator.comparingLong(
                                    (StoredSegment row) -> row.segment().startUs())
                            .reversed())
                    .toList()
                    .stream();
        }
    }

    @Override
    public List<StoredSegment> missing(
            StreamId stream, long fromStartUs, long toStartUs, Collection<UUID> sources, int limit) {
        try {
            List<StoredSegment> found = uncopied(stream, fromStartUs)
                    .filter(row -> row.segment().startUs() < toStartUs
                            && sources.contains(row.segment().volumeId()))
                    .limit(limit)
                    .toList();
            missingFromUs.add(fromStartUs);
            return found;
        } catch (StoreException down) {
            missingRefused.incrementAndGet();
            throw down;
        }
    }

    @Override
    public Waiting without(UUID volumeId, Collection<UUID> others) {
        synchronized (index) {
            return index.rows.values().stream()
                    .map(StoredSegment::segment)
                    .filter(one -> one.volumeId().equals(volumeId)
                            && !(volumes.containsKey(one.id()) && others.contains(volumes.get(one.id()))))
                    .map(one -> new Waiting(one.sizeBytes(), 1, one.endUs()))
                    .reduce(Waiting.NONE, Waiting::and);
        }
    }

    @Override
    public Waiting onlyCopied(UUID volumeId, Collection<UUID> others) {
        synchronized (index) {
            return all(volumeId)
                    .map(copy -> index.rows.get(copy.segment().id()).segment())
                    .filter(row -> !others.contains(row.volumeId()))
                    .map(one -> new Waiting(one.sizeBytes(), 1, one.endUs()))
                    .reduce(Waiting.NONE, Waiting::and);
        }
    }

    @Override
    public Waiting waiting(StreamId stream, long fromStartUs, Collection<UUID> backups) {
        return uncopied(stream, fromStartUs)
                .filter(row -> !backups.contains(row.segment().volumeId()))
                .map(StoredSegment::segment)
                .map(one -> new Waiting(one.sizeBytes(), 1, one.endUs()))
                .reduce(Waiting.NONE, Waiting::and);
    }
}
