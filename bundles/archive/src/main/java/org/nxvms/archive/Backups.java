// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.CopyIndex;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.VolumeBackups;
import org.nxvms.storage.spi.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a copy of each sealed chunk on a backup volume, for streams that wish it (ADR 26): newest first, so that what just
 * happened is safe soon and nothing is copied only to be removed for what is newer. A thread of each backup volume, one
 * chunk a turn; {@link BackupCopy} does it.
 */
final class Backups {
    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);
    /** Chunks of one stream that are looked at together. */
    private static final int PAGE_MAX = 50;
    /** Without news all streams are looked through after this, */
    private static final long SWEEP_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** and from their very beginning after this: a chunk that was repaired late may be older than what was copied. */
    static final long WALK_NANOS = TimeUnit.HOURS.toNanos(1);

    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long RETRY_NANOS_MAX = TimeUnit.HOURS.toNanos(1);
    /** Chunks that could not be copied and are remembered; more are tried each time. */
    private static final int FAILED_MAX = 10_000;

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FIGURES_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Of the time between two counts one takes at most this part. */
    private static final long FIGURES_SHARE = 50;

    private final Supplier<Collection<FootageVolume>> volumes;
    private final ChunkClaims claims;
    private final BooleanSupplier isPaused;
    private final Supplier<BackupCopy> copies;
    private final BackupRoom room;
    private final LongSupplier nowUs;
    private final BackupWishes wishes;
    private final Map<FootageVolume, BackupWalk> walks = new ConcurrentHashMap<>();

    /**
     * @param ageUs the time by which footage grows old; long ago while that is not known
     * @param nowUs wall time
     */
    Backups(
            Supplier<Collection<FootageVolume>> volumes,
            ChunkClaims claims,
            BooleanSupplier isPaused,
            Supplier<BackupCopy> copies,
            LongSupplier ageUs,
            LongSupplier nowUs) {
        this.volumes = volumes;
        this.claims = claims;
        this.isPaused = isPaused;
        this.copies = copies;
        this.room = new BackupRoom(ageUs);
        this.wishes = new BackupWishes(volumes);
        this.nowUs = nowUs;
    }

    /** Chunks of which a copy is being made here, or was when the server died. */
    static Set<UUID> unsettled(Volume target) throws IOException {
        Set<UUID> segments = new HashSet<>();
        for (String path : Markers.copy(target).all()) {
            ChunkName.parse(path).ifPresent(name -> segments.add(name.segmentId()));
        }
        return segments;
    }

    /** Any thread, at once. */
    void wished(StreamId stream, FootageTerms terms) {
        if (wishes.put(stream, terms)) {
            walks.values().forEach(walk -> {
                walk.fromUs.remove(stream);
                walk.allFromUs.remove(stream);
                walk.fresh.add(stream);
            });
        }
    }

    /** Rows were written: there is something to copy. Any thread, at once. */
    void written(List<Segment> segments) {
        for (Segment segment : segments) {
            if (wishes.has(segment.stream())) {
                walks.values().forEach(walk -> walk.news.add(segment.stream()));
            }
        }
    }

    /** The volume's own thread. */
    void turn(FootageVolume target, Optional<ChunkIndex> index) throws IOException {
        BackupWalk walk = walk(target);
        if (index.isEmpty() || isPaused.getAsBoolean()) {
            return;
        }
        if (target.refusal().isPresent()) {
            walk.trouble = Trouble.refused(target.refusal().get().getMessage());
            return;
        }
        try {
            noticeVolumes(walk);
            if (!walk.settled && System.nanoTime() - walk.settleNanos >= 0) {
                walk.settled = settle(target, walk, index.get());
                walk.settleNanos = System.nanoTime() + SWEEP_NANOS;
            }
            lookForNews(target, walk, index.get());
            if (walk.batch.isEmpty()) {
                sweep(target, walk, index.get());
            }
            while (!walk.batch.isEmpty() && !target.isLeaving() && !step(target, walk, index.get())) {
                walk.batch.poll();
            }
        } catch (StoreException databaseFails) {
            walk.restart(RETRY_NANOS);
        }
    }

    /** {@return nanoseconds until the volume's next turn is due; one a second looks for what was sealed meanwhile} */
    long pauseNanos(FootageVolume target) {
        BackupWalk walk = walk(target);
        return walk.batch.isEmpty() && walk.fresh.isEmpty() && walk.news.isEmpty() ? LOOK_NANOS : 0;
    }

    private BackupWalk walk(FootageVolume target) {
        return walks.computeIfAbsent(target, first -> {
            walks.keySet().removeIf(FootageVolume::isLeaving);
            return new BackupWalk(copies.get());
        });
    }

    /** One came back: perhaps the one with the footage. */
    private void noticeVolumes(BackupWalk walk) {
        Set<UUID> readable = wishes.readable();
        if (!walk.readable.containsAll(readable)) {
            walk.failed.clear();
            walk.forgetWhere();
            walk.restart(0);
        }
        walk.readable = readable;
        walk.sources = new HashSet<>(readable);
        wishes.backupIds().forEach(walk.sources::remove);
    }

    /** What a death left: parts go, whole copies are taken. {@return whether nothing is left of that} */
    private boolean settle(FootageVolume target, BackupWalk walk, ChunkIndex index) throws IOException {
        boolean all = true;
        for (String path : Markers.copy(target.volume()).all()) {
            Optional<ChunkName> name = ChunkName.parse(path);
            if (name.isEmpty()) {
                Markers.copy(target.volume()).clear(path);
            } else if (claims.claim(name.get().segmentId())) {
                try {
                    walk.copy.settle(target, name.get(), index, wishes.has(name.get().stream()));
                } catch (IOException unreadable) {
                    // Others can be copied meanwhile.
                    LOG.warn("Backup volume {}: {}: {}", target.name(), path, unreadable.getMessage());
                    walk.trouble = Trouble.unreadable(path, unreadable.getMessage());
                    all = false;
                } finally {
                    claims.release(name.get().segmentId());
                }
            } else {
                all = false;
            }
        }
        return all;
    }

    // ---- what to copy next

    /** What was sealed since the last look comes before what has waited long, however much of that there is. */
    private void lookForNews(FootageVolume target, BackupWalk walk, ChunkIndex index) {
        Deque<StoredSegment> news = new ArrayDeque<>();
        for (StreamId stream : List.copyOf(walk.news)) {
            walk.news.remove(stream);
            if (wishes.isServedBy(target, stream)) {
                long fromUs = walk.newestUs.getOrDefault(stream, Long.MIN_VALUE) + 1;
                List<StoredSegment> page =
                        index.copies().missing(stream, fromUs, Long.MAX_VALUE, walk.sources, PAGE_MAX);
                page.stream().findFirst().ifPresent(newest -> walk.newestUs.put(stream, startUs(newest)));
                news.addAll(page);
            }
        }
        news.descendingIterator().forEachRemaining(walk.batch::addFirst);
    }

    private static long startUs(StoredSegment row) {
        return row.segment().startUs();
    }

    private void sweep(FootageVolume target, BackupWalk walk, ChunkIndex index) {
        long now = System.nanoTime();
        Collection<StreamId> streams;
        if (now - walk.sweepNanos >= 0) {
            if (now - walk.walkNanos >= 0) {
                walk.walkNanos = now + WALK_NANOS;
                walk.forgetWhere();
                walk.plain.removeIf(id -> index.get(id).isEmpty());
                walk.failed.keySet().removeIf(id -> index.get(id).isEmpty());
            }
            walk.sweepNanos = now + SWEEP_NANOS;
            streams = wishes.streams();
            walk.trouble = Trouble.NONE;
        } else {
            streams = List.copyOf(walk.fresh);
        }
        List<StoredSegment> found = new ArrayList<>();
        for (StreamId stream : streams) {
            walk.fresh.remove(stream);
            if (wishes.isServedBy(target, stream)) {
                found.addAll(missing(target, walk, stream, index));
            }
        }
        found.sort(Comparator.comparingLong(Backups::startUs).reversed());
        walk.batch.addAll(found);
    }

    /** A page a sweep, from the newest downwards, so that what cannot be copied now hides nothing that can. */
    private List<StoredSegment> missing(FootageVolume target, BackupWalk walk, StreamId stream, ChunkIndex index) {
        long fromUs = Math.max(walk.fromUs.getOrDefault(stream, Long.MIN_VALUE), room.earliestUs(target));
        Long below = walk.belowUs.remove(stream);
        Optional<Segment> last = index.last(stream);
        List<StoredSegment> page =
                index.copies().missing(stream, fromUs, below == null ? Long.MAX_VALUE : below, walk.sources, PAGE_MAX);
        if (below == null) {
            last.ifPresent(newest -> walk.newestUs.put(stream, newest.startUs()));
        }
        if (page.size() == PAGE_MAX) {
            walk.belowUs.put(stream, startUs(page.get(page.size() - 1)));
            walk.fresh.add(stream);
        } else if (below == null) {
            OptionalLong from = page.isEmpty()
                    ? last.stream().mapToLong(Segment::startUs).findFirst()
                    : OptionalLong.of(startUs(page.get(page.size() - 1)));
            boolean all = wishes.areAllThere();
            from.ifPresent(us -> {
                walk.fromUs.put(stream, us);
                if (all) {
                    walk.allFromUs.put(stream, us);
                }
            });
        }
        return page;
    }

    // ---- one chunk

    /** {@return whether the first of the batch took the turn} */
    private boolean step(FootageVolume target, BackupWalk walk, ChunkIndex index) throws IOException {
        Segment segment = walk.batch.element().segment();
        Backoff failed = walk.failed.get(segment.id());
        if (failed != null && !failed.isDue()
                || walk.plain.contains(segment.id())
                || room.isOver(target, walk.batch.element())) {
            return false;
        }
        switch (room.ask(target, index, segment)) {
            case NEVER -> {
                return false;
            }
            case TOO_SMALL -> {
                walk.noRoom = Trouble.copyWithoutRoom(segment.sizeBytes());
                return false;
            }
            case LATER -> {
                // Retention makes it; meanwhile newer chunks may come.
                walk.restart(RETRY_NANOS);
                return true;
            }
            default -> walk.noRoom = Trouble.NONE;
        }
        if (!claims.claim(segment.id(), isPaused)) {
            walk.fresh.add(segment.stream());
            return false;
        }
        try {
            switch (walk.copy.run(target, volumes.get(), segment, index)) {
                case COPIED -> {
                    walk.failed.remove(segment.id());
                    walk.chunksCopied++;
                    walk.bytesCopied += segment.sizeBytes();
                    target.forgetSpace();
                }
                case IN_THE_CLEAR -> {
                    if (walk.plain.size() < FAILED_MAX) {
                        walk.plain.add(segment.id());
                    }
                    // Only its head was read.
                    return false;
                }
                case STAYS -> {}
            }
        } catch (IOException notCopied) {
            failed(target, segment, walk, notCopied.getMessage());
        } finally {
            claims.release(segment.id());
        }
        walk.batch.poll();
        return true;
    }

    private static void failed(FootageVolume target, Segment segment, BackupWalk walk, String why) {
        Backoff backoff = walk.failed.get(segment.id());
        if (backoff == null) {
            backoff = new Backoff(RETRY_NANOS, RETRY_NANOS_MAX);
            if (walk.failed.size() < FAILED_MAX) {
                walk.failed.put(segment.id(), backoff);
            }
        }
        if (backoff.failed()) {
            LOG.warn("Copying {} to backup volume {}: {}", segment.path(), target.name(), why);
        }
        walk.trouble = Trouble.copiesFailed(walk.failed.size(), why);
        walk.sweepNanos = Math.min(walk.sweepNanos, System.nanoTime() + RETRY_NANOS);
    }

    // ---- how far it is

    BackupWishes wishes() {
        return wishes;
    }

    List<VolumeBackups.Backup> report(Optional<ChunkIndex> index) {
        return volumes.get().stream()
                .filter(volume -> volume.volume().isBackup())
                .sorted(Comparator.comparing(FootageVolume::name))
                .map(volume -> report(volume, index))
                .toList();
    }

    private VolumeBackups.Backup report(FootageVolume target, Optional<ChunkIndex> index) {
        Optional<BackupWalk> walk = Optional.ofNullable(walks.get(target));
        Optional<CopyIndex.Waiting> waiting =
                walk.isEmpty() ? Optional.empty() : index.flatMap(up -> waiting(target, walk.get(), up));
        long lagUs = waiting.map(one -> one.segments() == 0 ? 0 : nowUs.getAsLong() - one.oldestEndUs())
                .orElse(-1_000_000L);
        Trouble trouble = walk.map(BackupWalk::trouble).orElse(Trouble.NONE);
        return new VolumeBackups.Backup(
                target.name(),
                waiting.map(CopyIndex.Waiting::segments).orElse(-1L),
                waiting.map(CopyIndex.Waiting::bytes).orElse(-1L),
                lagUs / 1_000_000,
                walk.map(one -> one.chunksCopied).orElse(0L),
                walk.map(one -> one.bytesCopied).orElse(0L),
                trouble.text(),
                trouble.finding());
    }

    private Optional<CopyIndex.Waiting> waiting(FootageVolume target, BackupWalk walk, ChunkIndex index) {
        synchronized (walk) {
            if (System.nanoTime() - walk.figuresNanos >= 0) {
                long begunNanos = System.nanoTime();
                try {
                    CopyIndex.Waiting all = CopyIndex.Waiting.NONE;
                    for (StreamId stream : wishes.streams()) {
                        if (wishes.isServedBy(target, stream)) {
                            long fromUs = Math.max(
                                    walk.allFromUs.getOrDefault(stream, Long.MIN_VALUE), room.earliestUs(target));
                            all = all.and(index.copies().waiting(stream, fromUs, wishes.backupIds()));
                        }
                    }
                    walk.waiting = all;
                    // Nobody shall keep the database busy with looking on.
                    long tookNanos = System.nanoTime() - begunNanos;
                    walk.figuresNanos = System.nanoTime() + Math.max(FIGURES_NANOS, FIGURES_SHARE * tookNanos);
                } catch (StoreException unknown) {
                    return Optional.empty();
                }
            }
            return Optional.of(walk.waiting);
        }
    }
}
