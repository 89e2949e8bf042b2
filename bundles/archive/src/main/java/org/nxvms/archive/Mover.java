// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.VolumeMoves;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves sealed footage to where it belongs: everything from a retired volume, and to the volumes that its stream names what
 * was written elsewhere while none of them could. Each volume's turns are on a thread of its own, one chunk a turn, behind
 * what is recorded: a volume that does not keep up with sealing is left alone.
 */
final class Mover {
    private static final Logger LOG = LoggerFactory.getLogger(Mover.class);
    private static final int BATCH_MAX = 200;
    /** When nothing more can be moved, it is looked for again after this. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Reading all rows of a volume for strays of streams that name another, while there is one that finds no room. */
    private static final long STRAYS_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** The same when nothing has changed and all was where it belongs. */
    private static final long WALK_NANOS = TimeUnit.HOURS.toNanos(1);

    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long RETRY_NANOS_MAX = TimeUnit.HOURS.toNanos(4);
    /** So many files can be counted every other second. */
    private static final int FILES_FEW = 1_000;
    /** Chunks that could not be moved and are remembered; more are tried each time. */
    private static final int FAILED_MAX = 10_000;

    private final Supplier<Collection<FootageVolume>> volumes;
    private final VolumeChoice choice;
    private final ChunkClaims claims;
    private final Arrivals arrivals;
    private final BooleanSupplier isPaused;
    private final Supplier<ChunkMove> moves;
    private final MoveRoom room = new MoveRoom();
    private final Map<FootageVolume, Walk> walks = new ConcurrentHashMap<>();

    /**
     * @param volumes those for footage, between which it is moved
     * @param all those for copies too
     * @param isPaused whether nobody may be moved, since volumes and index are compared
     */
    Mover(
            Supplier<Collection<FootageVolume>> volumes,
            Supplier<Collection<FootageVolume>> all,
            VolumeChoice choice,
            ChunkClaims claims,
            BooleanSupplier isPaused,
            LockBook locks,
            OpenReaders readers,
            Pace pace) {
        this.volumes = volumes;
        this.choice = choice;
        this.claims = claims;
        this.arrivals = new Arrivals(all, claims, locks, readers, pace);
        this.isPaused = isPaused;
        this.moves = () -> new ChunkMove(locks, pace);
    }

    /** Where one volume's thread is; others look at the figures. */
    private static final class Walk {
        final ChunkMove move;
        final Deque<StoredSegment> batch = new ArrayDeque<>();
        long fromUs = Long.MIN_VALUE;
        /** Chunks that could not be moved. */
        final Map<UUID, Backoff> failed = new HashMap<>();

        long dueNanos = System.nanoTime();
        long settleNanos = System.nanoTime();
        Set<String> takers = Set.of();
        boolean retired;
        int namings;
        boolean strays;
        volatile long chunksMoved;
        volatile long bytesMoved;
        volatile Trouble trouble = Trouble.NONE;
        /** Files of chunks on a retired volume without rows; -1 when unknown. */
        volatile long filesLeft = -1;

        Walk(ChunkMove move) {
            this.move = move;
        }

        void restart(long pauseNanos) {
            batch.clear();
            fromUs = Long.MIN_VALUE;
            strays = false;
            dueNanos = System.nanoTime() + pauseNanos;
        }

        long pauseNanos() {
            long now = System.nanoTime();
            return Math.min(dueNanos - now, settleNanos - now);
        }
    }

    /** The volume's own thread. {@return nanoseconds until the next turn is due} */
    long turn(FootageVolume source, Optional<ChunkIndex> index) throws IOException {
        Walk walk = walk(source);
        Set<String> takers = volumes.get().stream()
                .filter(volume -> volume.refusal().isEmpty())
                .map(FootageVolume::name)
                .collect(Collectors.toSet());
        boolean retired = source.volume().isRetired();
        int namings = choice.namings();
        if (!takers.equals(walk.takers) || retired != walk.retired || namings != walk.namings) {
            // One came back, perhaps the one that was missing, or a camera was given another.
            walk.takers = takers;
            walk.retired = retired;
            walk.namings = namings;
            walk.failed.clear();
            walk.filesLeft = -1;
            walk.restart(0);
            arrivals.retry(volumes.get());
        }
        if (index.isEmpty() || isPaused.getAsBoolean()) {
            return SETTLE_NANOS;
        }
        try {
            if (System.nanoTime() - walk.settleNanos >= 0) {
                arrivals.settle(source, volumes.get(), index.get());
                walk.settleNanos = System.nanoTime() + SETTLE_NANOS;
            }
            if (System.nanoTime() - walk.dueNanos < 0) {
                return walk.pauseNanos();
            }
            if (!retired && !choice.namesAny()) {
                walk.trouble = Trouble.NONE;
                walk.restart(LOOK_NANOS);
            } else {
                step(source, walk, index.get());
            }
        } catch (StoreException databaseFails) {
            walk.restart(LOOK_NANOS);
        }
        return walk.pauseNanos();
    }

    private Walk walk(FootageVolume source) {
        Walk known = walks.get(source);
        if (known != null) {
            return known;
        }
        walks.keySet().removeIf(FootageVolume::isLeaving);
        Walk made = new Walk(moves.get());
        walks.put(source, made);
        return made;
    }

    private void step(FootageVolume source, Walk walk, ChunkIndex index) throws IOException {
        boolean retired = source.volume().isRetired();
        if (walk.batch.isEmpty()) {
            List<StoredSegment> page = index.oldest(source.volume().id(), walk.fromUs, BATCH_MAX);
            if (page.isEmpty() || page.get(page.size() - 1).segment().startUs() == walk.fromUs) {
                if (page.isEmpty() && retired && walk.fromUs == Long.MIN_VALUE) {
                    withoutRows(source, walk);
                } else if (walk.fromUs == Long.MIN_VALUE) {
                    walk.filesLeft = -1;
                }
                boolean few = walk.filesLeft < FILES_FEW;
                walk.restart(retired && few ? LOOK_NANOS : retired || walk.strays ? STRAYS_NANOS : WALK_NANOS);
                return;
            }
            if (walk.fromUs == Long.MIN_VALUE) {
                walk.trouble = Trouble.NONE;
            }
            walk.batch.addAll(page);
        }
        // Those that stay are passed by without a pause.
        while (!walk.batch.isEmpty() && !move(source, walk, index)) {
            walk.fromUs = walk.batch.poll().segment().startUs();
        }
        walk.batch.poll();
    }

    /** Files may still be there: originals whose move ends soon or cannot be ended, and what the database forgot. */
    private void withoutRows(FootageVolume source, Walk walk) throws IOException {
        long files = filesLeft(source);
        if (files == 0) {
            carryJournals(source);
        }
        walk.trouble = files == 0 || arrivals.areAllOnTheWay() ? Trouble.NONE : Trouble.filesLeft(files);
        walk.filesLeft = files;
    }

    /** {@return whether the first chunk of the batch was tried} */
    private boolean move(FootageVolume source, Walk walk, ChunkIndex index) throws IOException {
        Segment segment = walk.batch.element().segment();
        Backoff failed = walk.failed.get(segment.id());
        if (arrivals.isPending(segment.id()) || failed != null && !failed.isDue()) {
            return false;
        }
        boolean retired = source.volume().isRetired();
        Optional<FootageVolume> home = choice.home(segment.stream(), source);
        if (!retired && home.isPresent() && home.get().volume().isEncrypted() && !isEncrypted(source, segment, walk)) {
            return true;
        }
        Optional<FootageVolume> target = home.filter(one -> room.has(one, index, segment.sizeBytes()));
        walk.strays |= home.isPresent();
        if (target.isEmpty() && retired) {
            target = choice.refuge(segment.stream(), source, to -> room.has(to, index, segment.sizeBytes()));
            if (target.isEmpty()) {
                walk.trouble = Trouble.moveWithoutRoom();
            }
        }
        if (target.isEmpty() || !room.take(target.get(), index, segment.sizeBytes())) {
            return false;
        }
        try {
            if (!claims.claim(segment.id(), isPaused)) {
                return false;
            }
            try {
                move(source, target.get(), segment, walk, index);
            } finally {
                claims.release(segment.id());
            }
        } finally {
            room.give(target.get(), segment.sizeBytes());
        }
        return true;
    }

    /**
     * What is in the clear stays off a volume that is to hold no such footage, unless it must leave its own. Looks at the
     * file, therefore a chunk a turn, and none again before the next walk.
     */
    private static boolean isEncrypted(FootageVolume source, Segment segment, Walk walk) {
        try {
            if (ChunkReader.isEncrypted(source.volume(), segment.path())) {
                return true;
            }
            walk.fromUs = segment.startUs();
        } catch (IOException unreadable) {
            failed(source, segment, walk, unreadable.getMessage());
        }
        return false;
    }

    private void move(FootageVolume source, FootageVolume target, Segment segment, Walk walk, ChunkIndex index)
            throws IOException {
        boolean retired = source.volume().isRetired();
        BooleanSupplier goesOn = () -> !source.isLeaving()
                && !target.isLeaving()
                && source.volume().isRetired() == retired
                && target.refusal().isEmpty();
        // Until it is known to be whole nobody may take a part for a chunk that a crash left open.
        target.unsettled().add(segment.id());
        try {
            switch (walk.move.run(source.volume(), target.volume(), segment, index, goesOn)) {
                case MOVED -> {
                    arrivals.moved(segment.id(), target.volume().id());
                    target.unsettled().remove(segment.id());
                    walk.failed.remove(segment.id());
                    walk.chunksMoved++;
                    walk.bytesMoved += segment.sizeBytes();
                    measure(target);
                }
                case MISSING -> missing(source, segment, walk);
                case STAYS -> {}
            }
        } catch (IOException failed) {
            failed(source, segment, walk, failed.getMessage());
        }
    }

    private static void measure(FootageVolume target) {
        try {
            target.forgetSpace();
        } catch (IOException itsKeeperAsksAnyway) {
            LOG.debug("Volume {}: {}", target.name(), itsKeeperAsksAnyway.getMessage());
        }
    }

    /** The database may be older than the volumes: what it does not know of may lie on any of them. */
    private void missing(FootageVolume source, Segment segment, Walk walk) throws IOException {
        for (FootageVolume other : volumes.get()) {
            if (other != source
                    && other.refusal().isEmpty()
                    && ChunkFile.look(other.volume(), segment.path()).isSealed()) {
                other.unsettled().add(segment.id());
                Markers.move(other.volume()).set(Arrivals.marker(source.volume(), segment.path()));
                return;
            }
        }
        failed(source, segment, walk, segment.path() + " has a row and no file; archive-check says more");
    }

    private static void failed(FootageVolume source, Segment segment, Walk walk, String why) {
        Backoff backoff = walk.failed.get(segment.id());
        if (backoff == null) {
            backoff = new Backoff(RETRY_NANOS, RETRY_NANOS_MAX);
            if (walk.failed.size() < FAILED_MAX) {
                walk.failed.put(segment.id(), backoff);
            }
        }
        if (backoff.failed()) {
            LOG.warn("Moving {} from volume {}: {}", segment.path(), source.name(), why);
        }
        walk.trouble = Trouble.movesFailed(walk.failed.size(), why);
        walk.fromUs = segment.startUs();
    }

    private static long filesLeft(FootageVolume source) throws IOException {
        long[] files = new long[1];
        source.volume().list("", file -> {
            files[0] += ChunkName.parse(file.path()).isPresent() ? 1 : 0;
            return true;
        });
        return files[0];
    }

    /** Nothing but gaps is left to tell on it; a line that is told twice does no harm. */
    private void carryJournals(FootageVolume source) throws IOException {
        Optional<FootageVolume> other = volumes.get().stream()
                .filter(one -> one != source
                        && !one.volume().isRetired()
                        && one.refusal().isEmpty())
                .findFirst();
        if (other.isPresent() && source.live().isEmpty()) {
            GapJournal.carry(source.volume(), other.get().volume());
        }
    }

    /** {@return what is on its way, or should be} */
    List<VolumeMoves.Move> report(Optional<ChunkIndex> index) {
        return volumes.get().stream()
                .filter(volume -> volume.volume().isRetired() || hasMoved(volume))
                .map(volume -> report(volume, index))
                .toList();
    }

    private boolean hasMoved(FootageVolume volume) {
        Walk walk = walks.get(volume);
        return walk != null && walk.chunksMoved > 0;
    }

    private VolumeMoves.Move report(FootageVolume volume, Optional<ChunkIndex> index) {
        Walk walk = walks.get(volume);
        boolean retired = volume.volume().isRetired();
        long chunks = -1;
        long bytes = -1;
        if (retired && index.isPresent()) {
            ChunkIndex.Usage left = index.get().usage(volume.volume().id());
            chunks = left.segments() + volume.live().size();
            bytes = left.bytes() + volume.liveBytes();
            if (chunks == 0 && (walk == null || walk.filesLeft != 0)) {
                // No rows are not no files: it is told to be empty only after a look.
                chunks = walk == null ? -1 : walk.filesLeft;
                bytes = -1;
            }
        }
        Trouble trouble = walk == null ? Trouble.NONE : walk.trouble;
        return new VolumeMoves.Move(
                volume.name(),
                retired ? VolumeMoves.Reason.RETIRED : VolumeMoves.Reason.BELONGS_ELSEWHERE,
                chunks,
                bytes,
                walk == null ? 0 : walk.chunksMoved,
                walk == null ? 0 : walk.bytesMoved,
                trouble.text(),
                trouble.finding());
    }
}
