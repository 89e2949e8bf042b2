// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.TimeSpans;

/**
 * The index as a map: what the contract says, without a database. Can be made to fail. What changes a row and its copy is
 * one step, as it is one transaction there.
 */
final class MemoryIndex implements ChunkIndex {
    private static final long DAY_US = 86_400_000_000L;

    final Map<UUID, StoredSegment> rows = new ConcurrentHashMap<>();
    final Map<UUID, Gap> gaps = new ConcurrentHashMap<>();
    /** How long commits can be lost; a test that wants to lose some reverts {@link #rows}. */
    volatile Duration durableAfter = Duration.ZERO;

    /** Whether it can say so itself, as databases do. */
    volatile boolean makesDurable;

    private final MemoryCopies copies = new MemoryCopies(this);

    final AtomicInteger rollUps = new AtomicInteger();
    /** How often it was asked what is on a volume, and answered. */
    final AtomicInteger usages = new AtomicInteger();

    volatile boolean down;
    /** Runs before all rows are visited, on the visitor's thread. */
    volatile Runnable beforeVisit = () -> {};
    /** Runs before gaps are looked for, on the asker's thread. */
    volatile Runnable beforeGaps = () -> {};
    /** Told which rows are about to go, on the thread of who wants that. */
    volatile Consumer<List<UUID>> beforeDelete = ids -> {};
    /** Runs before expired rows are looked for, on the asker's thread. */
    volatile Runnable beforeExpired = () -> {};

    @Override
    public MemoryCopies copies() {
        return copies;
    }

    void up() {
        if (down) {
            throw new StoreException("the database was switched off by the test", null);
        }
    }

    private Stream<Segment> rows(Predicate<Segment> wanted) {
        up();
        return rows.values().stream()
                .map(StoredSegment::segment)
                .filter(wanted)
                .sorted(Comparator.comparingLong(Segment::startUs).thenComparing(Segment::path));
    }

    @Override
    public Duration durableAfter() {
        return durableAfter;
    }

    @Override
    public boolean makeDurable() {
        up();
        return makesDurable;
    }

    @Override
    public synchronized void insert(List<StoredSegment> segments) {
        up();
        segments.forEach(row -> rows.putIfAbsent(row.segment().id(), row));
    }

    @Override
    public synchronized void replace(StoredSegment row) {
        up();
        rows.put(row.segment().id(), row);
        copies.volumes.remove(row.segment().id(), row.segment().volumeId());
    }

    @Override
    public List<Segment> find(StreamId stream, long fromUs, long toUs, int limit) {
        return rows(row -> row.stream().equals(stream) && row.startUs() < toUs && row.endUs() > fromUs)
                .limit(limit)
                .toList();
    }

    @Override
    public Optional<Segment> get(UUID id) {
        return rows(row -> row.id().equals(id)).findFirst();
    }

    @Override
    public List<Segment> withInit(String initId, int limit) {
        return rows(row -> row.initId().equals(initId)).limit(limit).toList();
    }

    @Override
    public Optional<Segment> last(StreamId stream) {
        return rows(row -> row.stream().equals(stream)).max(Comparator.comparingLong(Segment::endUs));
    }

    @Override
    public Optional<Archive.TimeRange> range(StreamId stream) {
        List<Segment> all = rows(row -> row.stream().equals(stream)).toList();
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(new Archive.TimeRange(
                        all.get(0).startUs(),
                        all.stream().mapToLong(Segment::endUs).max().orElseThrow()));
    }

    @Override
    public List<StreamId> streams(Optional<UUID> cameraId) {
        return rows(row -> cameraId.isEmpty() || row.stream().cameraId().equals(cameraId.get()))
                .map(Segment::stream)
                .distinct()
                .toList();
    }

    @Override
    public List<StoredSegment> oldest(UUID volumeId, long fromStartUs, int limit) {
        return rows(row -> row.volumeId().equals(volumeId) && row.startUs() >= fromStartUs)
                .limit(limit)
                .map(row -> rows.get(row.id()))
                .toList();
    }

    @Override
    public List<StoredSegment> expired(UUID volumeId, long fromUs, long nowUs, int limit) {
        beforeExpired.run();
        return oldest(volumeId, Integer.MAX_VALUE).stream()
                .filter(row -> expiresUs(row) >= fromUs && expiresUs(row) < nowUs)
                .sorted(Comparator.comparingLong(MemoryIndex::expiresUs))
                .limit(limit)
                .toList();
    }

    private static long expiresUs(StoredSegment row) {
        return row.segment().endUs() + row.retentionDaysMax() * DAY_US;
    }

    @Override
    public void delete(List<UUID> ids) {
        up();
        beforeDelete.accept(ids);
        synchronized (this) {
            ids.forEach(id -> {
                rows.remove(id);
                copies.volumes.remove(id);
            });
        }
    }

    @Override
    public void forEach(UUID volumeId, Consumer<StoredSegment> visitor) {
        beforeVisit.run();
        oldest(volumeId, Integer.MAX_VALUE).stream()
                .sorted(Comparator.comparing(row -> row.segment().path()))
                .forEach(visitor);
    }

    @Override
    public synchronized Usage usage(UUID volumeId) {
        List<StoredSegment> all = new ArrayList<>(oldest(volumeId, Integer.MAX_VALUE));
        all.addAll(copies.oldest(volumeId, Long.MIN_VALUE, Integer.MAX_VALUE));
        usages.incrementAndGet();
        return new Usage(
                all.stream().mapToLong(row -> row.segment().sizeBytes()).sum(), all.size());
    }

    @Override
    public void saveGaps(List<Gap> changed) {
        up();
        changed.forEach(gap -> gaps.put(gap.id(), gap));
    }

    @Override
    public List<Gap> findGaps(StreamId stream, long fromUs, long toUs, int limit) {
        beforeGaps.run();
        up();
        return gaps.values().stream()
                .filter(gap -> gap.stream().equals(stream)
                        && gap.fromUs() < toUs
                        && gap.toUs().orElse(Long.MAX_VALUE) > fromUs)
                .sorted(Comparator.comparingLong(Gap::fromUs))
                .limit(limit)
                .toList();
    }

    @Override
    public List<Gap> openGaps() {
        up();
        return gaps.values().stream().filter(gap -> gap.toUs().isEmpty()).toList();
    }

    @Override
    public void deleteGaps(List<UUID> ids) {
        up();
        ids.forEach(gaps::remove);
    }

    @Override
    public Map<StreamId, TimeSpans> footage(Collection<StreamId> streams, long fromUs, long toUs) {
        Map<StreamId, TimeSpans> found = new HashMap<>();
        rows(row -> streams.contains(row.stream()) && row.startUs() < toUs && row.endUs() > fromUs)
                .forEach(row -> Hole.without(row.startUs(), row.endUs(), holes(row))
                        .forEach(left -> found.computeIfAbsent(row.stream(), none -> new TimeSpans())
                                .add(Math.max(fromUs, left.fromUs()), Math.min(toUs, left.toUs()), TimeSpans.JOIN_US)));
        return found;
    }

    private List<Hole> holes(Segment row) {
        return gaps.values().stream()
                .filter(gap -> gap.isWithin(row.id()))
                .map(gap -> new Hole(gap.fromUs(), gap.toUs().orElseThrow(), 0, 0))
                .sorted(Comparator.comparingLong(Hole::fromUs))
                .toList();
    }

    @Override
    public Map<StreamId, Archive.TimeRange> ranges(Collection<StreamId> streams) {
        Map<StreamId, Archive.TimeRange> found = new HashMap<>();
        streams.forEach(stream -> range(stream).ifPresent(range -> found.put(stream, range)));
        return found;
    }

    @Override
    public List<Gap> findGaps(Collection<StreamId> streams, long fromUs, long toUs, long minUs, int limit) {
        return streams.stream()
                .flatMap(stream -> findGaps(stream, fromUs, toUs, limit).stream())
                .filter(gap -> gap.toUs().isEmpty() || gap.toUs().getAsLong() - gap.fromUs() >= minUs)
                .limit(limit)
                .toList();
    }

    @Override
    public List<StoredSegment> oldestUnkept(UUID volumeId, long fromStartUs, long nowUs, int limit) {
        return oldest(volumeId, fromStartUs, Integer.MAX_VALUE).stream()
                .filter(row ->
                        row.retentionDaysMin() == 0 || row.segment().endUs() + row.retentionDaysMin() * DAY_US <= nowUs)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized boolean relocate(UUID id, UUID fromVolumeId, UUID toVolumeId) {
        up();
        boolean[] moved = new boolean[1];
        rows.computeIfPresent(id, (same, row) -> {
            moved[0] = row.segment().volumeId().equals(fromVolumeId);
            return moved[0]
                    ? new StoredSegment(on(row.segment(), toVolumeId), row.retentionDaysMax(), row.retentionDaysMin())
                    : row;
        });
        return moved[0];
    }

    static Segment on(Segment s, UUID volumeId) {
        return new Segment(
                s.id(),
                s.stream(),
                s.serverId(),
                volumeId,
                s.path(),
                s.runId(),
                s.sequence(),
                s.startUs(),
                s.endUs(),
                s.sizeBytes(),
                s.open(),
                s.initId(),
                s.initBytes(),
                s.codecs(),
                s.width(),
                s.height(),
                s.hasAudio(),
                s.clockSource(),
                s.accessUnits(),
                s.sha256());
    }

    @Override
    public long rollUpOnce() {
        up();
        rollUps.incrementAndGet();
        return 0;
    }

    /** There are no roll-ups that could differ. */
    @Override
    public long checkRollups(boolean repair) {
        up();
        return 0;
    }
}
