// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    /** More chunks waiting to be sealed mean that a volume has enough to do. */
    private static final int BACKLOG_MAX = 50;

    private final Supplier<Collection<FootageVolume>> volumes;
    private final VolumeChoice choice;
    private final ChunkClaims claims;
    private final Arrivals arrivals;
    private final BooleanSupplier isPaused;
    private final Supplier<ChunkMove> moves;
    private final Map<FootageVolume, Walk> walks = new ConcurrentHashMap<>();

    /** @param isPaused whether nobody may be moved, since volumes and index are compared */
    Mover(
            Supplier<Collection<FootageVolume>> volumes,
            VolumeChoice choice,
            ChunkClaims claims,
            BooleanSupplier isPaused,
            Supplier<ChunkMove> moves) {
        this.volumes = volumes;
        this.choice = choice;
        this.claims = claims;
        this.arrivals = new Arrivals(claims);
        this.isPaused = isPaused;
        this.moves = moves;
    }

    /** Where one volume's thread is; others look at the figures. */
    private static final class Walk {
        final ChunkMove move;
        final Deque<StoredSegment> batch = new ArrayDeque<>();
        long fromUs = Long.MIN_VALUE;
        long dueNanos = System.nanoTime();
        Set<String> takers = Set.of();
        boolean retired;
        int namings;
        boolean strays;
        volatile long chunksMoved;
        volatile long bytesMoved;
        volatile String trouble = "";

        Walk(ChunkMove move) {
            this.move = move;
        }

        void restart(long pauseNanos) {
            batch.clear();
            fromUs = Long.MIN_VALUE;
            strays = false;
            dueNanos = System.nanoTime() + pauseNanos;
        }
    }

    /** The volume's own thread. */
    void turn(FootageVolume source, Optional<ChunkIndex> index) throws IOException {
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
            walk.restart(0);
        }
        if (index.isEmpty() || isPaused.getAsBoolean() || System.nanoTime() - walk.dueNanos < 0) {
            return;
        }
        try {
            if (walk.fromUs == Long.MIN_VALUE && walk.batch.isEmpty()) {
                arrivals.settle(source, volumes.get(), index.get());
            }
            if (!retired && !choice.namesAny()) {
                walk.trouble = "";
                walk.restart(LOOK_NANOS);
            } else {
                step(source, walk, index.get());
            }
        } catch (StoreException databaseFails) {
            walk.restart(LOOK_NANOS);
        }
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
                    carryJournals(source);
                    walk.trouble = "";
                }
                walk.restart(retired ? LOOK_NANOS : walk.strays ? STRAYS_NANOS : WALK_NANOS);
                return;
            }
            if (walk.fromUs == Long.MIN_VALUE) {
                walk.trouble = "";
            }
            walk.batch.addAll(page);
        }
        // Those that stay are passed by without a pause.
        while (!walk.batch.isEmpty() && !move(source, walk, index)) {
            walk.fromUs = walk.batch.poll().segment().startUs();
        }
        walk.batch.poll();
    }

    /** {@return whether the first chunk of the batch was tried} */
    private boolean move(FootageVolume source, Walk walk, ChunkIndex index) throws IOException {
        Segment segment = walk.batch.element().segment();
        boolean retired = source.volume().isRetired();
        Optional<FootageVolume> home = choice.home(segment.stream(), source);
        Optional<FootageVolume> target = home.filter(one -> hasRoom(one, index, segment.sizeBytes()));
        walk.strays |= home.isPresent();
        if (target.isEmpty() && retired) {
            target = choice.refuge(segment.stream(), source, to -> hasRoom(to, index, segment.sizeBytes()));
            if (target.isEmpty()) {
                walk.trouble = "no other volume has room for what is left; add one, or raise a quota";
            }
        }
        if (target.isEmpty() || !claims.claim(segment.id())) {
            return false;
        }
        try {
            move(source, target.get(), segment, walk, index);
        } finally {
            claims.release(segment.id());
        }
        return true;
    }

    private void move(FootageVolume source, FootageVolume target, Segment segment, Walk walk, ChunkIndex index)
            throws IOException {
        boolean retired = source.volume().isRetired();
        BooleanSupplier goesOn = () -> !source.isLeaving()
                && !target.isLeaving()
                && source.volume().isRetired() == retired
                && target.refusal().isEmpty();
        try {
            if (walk.move.run(source.volume(), target.volume(), segment, index, goesOn)) {
                walk.chunksMoved++;
                walk.bytesMoved += segment.sizeBytes();
            }
        } catch (IOException failed) {
            walk.trouble = failed.getMessage();
            LOG.warn("Moving {} from volume {}: {}", segment.path(), source.name(), failed.getMessage());
            walk.fromUs = segment.startUs();
        }
    }

    private static boolean hasRoom(FootageVolume volume, ChunkIndex index, long bytes) {
        return volume.backlog() <= BACKLOG_MAX
                && volume.fitness().hasRoomFor(bytes)
                && (volume.volume().quotaBytes().isEmpty()
                        || index.usage(volume.volume().id()).bytes() + volume.liveBytes() + bytes
                                <= volume.volume().quotaBytes().getAsLong());
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
        }
        return new VolumeMoves.Move(
                volume.name(),
                retired ? VolumeMoves.Reason.RETIRED : VolumeMoves.Reason.BELONGS_ELSEWHERE,
                chunks,
                bytes,
                walk == null ? 0 : walk.chunksMoved,
                walk == null ? 0 : walk.bytesMoved,
                walk == null ? "" : walk.trouble);
    }
}
