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
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.CopyIndex;

/** Copies beside the rows of a {@link MemoryIndex}. */
final class MemoryCopies implements CopyIndex {
    final Map<UUID, UUID> volumes = new ConcurrentHashMap<>();
    /** From where on somebody asked what has no copy. */
    final List<Long> missingFromUs = new CopyOnWriteArrayList<>();

    private final MemoryIndex index;

    MemoryCopies(MemoryIndex index) {
        this.index = index;
    }

    private StoredSegment on(UUID id, UUID volumeId) {
        StoredSegment row = index.rows.get(id);
        return new StoredSegment(
                MemoryIndex.on(row.segment(), volumeId), row.retentionDaysMax(), row.retentionDaysMin());
    }

    @Override
    public synchronized boolean add(UUID id, UUID volumeId) {
        boolean fits =
                index.get(id).filter(row -> !row.volumeId().equals(volumeId)).isPresent();
        return fits && volumes.putIfAbsent(id, volumeId) == null;
    }

    @Override
    public Optional<StoredSegment> of(UUID id) {
        index.up();
        return Optional.ofNullable(volumes.get(id)).map(volume -> on(id, volume));
    }

    @Override
    public synchronized boolean remove(UUID id, UUID volumeId) {
        index.up();
        return volumes.remove(id, volumeId);
    }

    @Override
    public synchronized boolean promote(UUID id) {
        index.up();
        UUID volume = volumes.remove(id);
        return volume != null && index.rows.computeIfPresent(id, (same, row) -> on(id, volume)) != null;
    }

    @Override
    public synchronized boolean demote(UUID id, UUID volumeId) {
        UUID before = index.get(id).orElseThrow().volumeId();
        boolean fits = !before.equals(volumeId) && !volumes.containsKey(id);
        if (fits) {
            index.rows.computeIfPresent(id, (same, row) -> on(id, volumeId));
            volumes.put(id, before);
        }
        return fits;
    }

    private Stream<StoredSegment> all(UUID volumeId) {
        index.up();
        return volumes.entrySet().stream()
                .filter(copy -> copy.getValue().equals(volumeId))
                .map(copy -> on(copy.getKey(), volumeId))
                .sorted(Comparator.comparingLong(row -> row.segment().startUs()));
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
        return index.rows.values().stream()
                .filter(row -> row.segment().stream().equals(stream)
                        && row.segment().startUs() >= fromStartUs
                        && !volumes.containsKey(row.segment().id()))
                .sorted(Comparator.comparingLong(
                                (StoredSegment row) -> row.segment().startUs())
                        .reversed());
    }

    @Override
    public List<StoredSegment> missing(
            StreamId stream, long fromStartUs, long toStartUs, Collection<UUID> sources, int limit) {
        missingFromUs.add(fromStartUs);
        return uncopied(stream, fromStartUs)
                .filter(row -> row.segment().startUs() < toStartUs
                        && sources.contains(row.segment().volumeId()))
                .limit(limit)
                .toList();
    }

    @Override
    public Waiting without(UUID volumeId, Collection<UUID> others) {
        return index.rows.values().stream()
                .map(StoredSegment::segment)
                .filter(one -> one.volumeId().equals(volumeId)
                        && !(volumes.containsKey(one.id()) && others.contains(volumes.get(one.id()))))
                .map(one -> new Waiting(one.sizeBytes(), 1, one.endUs()))
                .reduce(Waiting.NONE, Waiting::and);
    }

    @Override
    public Waiting onlyCopied(UUID volumeId, Collection<UUID> others) {
        return all(volumeId)
                .map(copy -> index.rows.get(copy.segment().id()).segment())
                .filter(row -> !others.contains(row.volumeId()))
                .map(one -> new Waiting(one.sizeBytes(), 1, one.endUs()))
                .reduce(Waiting.NONE, Waiting::and);
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
