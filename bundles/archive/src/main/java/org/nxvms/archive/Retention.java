// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.VolumeSpace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes whole chunks, oldest first: those past their own retention, then as many as the volume's reserve or quota
 * needs, those that have a minimum of days last, never one more (invariant 6); a {@link ChunkRemover} does it. What is
 * older than a volume's own days leaves it too, and copies go by those alone. Each volume's turns are on a
 * {@link VolumeTask} of its own.
 */
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final int BATCH_MAX = 50;
    /** Room for what is recorded between two turns, kept free above the reserve: 1 % of the medium, at most this. */
    static final long ROOM_BYTES_MAX = 1L << 30;

    /** Locked footage that is passed by in one turn: a hundred thousand chunks. */
    private static final int PAGES_MAX = 2_000;

    /** A file that could not be removed is not tried again for so many turns. */
    private static final int STUCK_TURNS = 6;

    private static final long TOLD_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final long PASSED_NANOS_MAX = TimeUnit.MINUTES.toNanos(10);

    private final ChunkRemover remover;
    private final RetentionClock clock;
    private final LockBook locks;
    private final long intervalNanos;
    private final OpenReaders readers;
    private final Map<UUID, Long> next = new ConcurrentHashMap<>();
    private final Map<UUID, Passed> passedBy = new ConcurrentHashMap<>();
    private final Set<String> fullOfLocked = ConcurrentHashMap.newKeySet();
    /** When footage was removed last that is younger than its minimum, by volume. */
    private final Map<String, Long> belowMinimum = new ConcurrentHashMap<>();

    private final Map<String, Long> gaveAway = new ConcurrentHashMap<>();
    private final StuckFiles stuck;

    private final TimeMarkers time;
    private final ExpiredCopies copies;
    private final RoomByName byName;
    private final EarlyRemovals early;

    Retention(
            ChunkRemover remover,
            IndexWriter rows,
            OpenReaders readers,
            RetentionClock clock,
            LockBook locks,
            int intervalSeconds) {
        this.remover = remover;
        this.readers = readers;
        this.clock = clock;
        this.time = new TimeMarkers(clock);
        this.copies = new ExpiredCopies(this::remove, clock);
        this.early = new EarlyRemovals(clock, System::nanoTime);
        this.byName = new RoomByName(remover, rows, locks, early);
        this.locks = locks;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(intervalSeconds);
        this.stuck = new StuckFiles(STUCK_TURNS * intervalNanos);
    }

    /** {@return chunks removed} */
    int turn(FootageVolume volume, Optional<ChunkIndex> index) throws IOException {
        UUID id = volume.volume().id();
        long now = System.nanoTime();
        Long due = next.get(id);
        if (due != null && now - due < 0) {
            return 0;
        }
        locks.sync(volume.volume());
        int removed = 0;
        try {
            if (index.isPresent()) {
                time.learn(volume, index.get());
                removed = clean(volume, index.get());
            } else {
                removed = makeRoomByName(volume);
            }
        } catch (StoreException databaseFails) {
            // The index writer says so already; the disk must not fill up meanwhile.
            removed += makeRoomByName(volume);
        }
        early.turn(id);
        // While there is more to remove than one batch, go on at the next turn.
        next.put(id, removed >= BATCH_MAX ? now : now + intervalNanos);
        return removed;
    }

    private int clean(FootageVolume volume, ChunkIndex index) throws IOException {
        // The disk must not fill up for a file that cannot be removed.
        int removed = remover.finish(
                volume.volume(),
                index,
                path -> !stuck.has(volume, path),
                (path, failed) -> stuck.add(volume, path, failed));
        removed += removeExpired(volume, index);
        removed += copies.remove(volume, index);
        removed += removeOlder(volume, index);
        removed += makeRoom(volume, index);
        return removed;
    }

    /** {@return nanoseconds until the volume's next turn is due} */
    long pauseNanos(FootageVolume volume) {
        return next.getOrDefault(volume.volume().id(), Long.MIN_VALUE / 2) - System.nanoTime();
    }

    private int removeExpired(FootageVolume volume, ChunkIndex index) throws IOException {
        UUID id = volume.volume().id();
        long now = clock.nowUs();
        if (volume.volume().isBackup() && volume.volume().retentionDaysMax().isPresent()) {
            // Copies live by the days of their volume.
            return 0;
        }
        Passed passed = passed(volume);
        Pass pass = new Pass(passed.expiredUs());
        for (int pages = 0; pages < PAGES_MAX && pass.removed == 0; pages++) {
            List<StoredSegment> page = index.expired(id, pass.fromUs, now, BATCH_MAX);
            for (StoredSegment row : page) {
                pass.tried(remove(volume, index, row.segment()), expiresUs(row));
            }
            if (page.size() < BATCH_MAX) {
                break;
            }
        }
        passedBy.put(id, passed.expired(pass.passedUs()));
        return pass.removed;
    }

    /** What is older than the volume keeps anything; the oldest begin first, so the first that stays ends the walk. */
    private int removeOlder(FootageVolume volume, ChunkIndex index) throws IOException {
        OptionalInt days = volume.volume().retentionDaysMax();
        if (days.isEmpty()) {
            return 0;
        }
        long beforeUs = clock.nowUs() - TimeUnit.DAYS.toMicros(days.getAsInt());
        Passed passed = passed(volume);
        Room gone = remove(volume, index, Long.MAX_VALUE, passed.olderUs(), from -> oldest(volume, index, from).stream()
                .takeWhile(row -> row.segment().endUs() <= beforeUs)
                .toList());
        passedBy.put(volume.volume().id(), passed.older(gone.fromUs()));
        return gone.removed();
    }

    /** Rows and copies alike. */
    private static List<StoredSegment> oldest(FootageVolume volume, ChunkIndex index, long fromUs) {
        UUID id = volume.volume().id();
        return merged(index.oldest(id, fromUs, BATCH_MAX), index.copies().oldest(id, fromUs, BATCH_MAX));
    }

    private static List<StoredSegment> merged(List<StoredSegment> rows, List<StoredSegment> copies) {
        return copies.isEmpty()
                ? rows
                : Stream.concat(rows.stream(), copies.stream())
                        .sorted(Comparator.comparingLong(row -> row.segment().startUs()))
                        .limit(BATCH_MAX)
                        .toList();
    }

    /** Without what is younger than its minimum: that of its camera, for copies only that of the volume. */
    private static List<StoredSegment> oldestUnkept(FootageVolume volume, ChunkIndex index, long fromUs, long nowUs) {
        UUID id = volume.volume().id();
        long keptUs = nowUs - TimeUnit.DAYS.toMicros(volume.volume().retentionDaysMin());
        return merged(
                        index.oldestUnkept(id, fromUs, nowUs, BATCH_MAX),
                        index.copies().oldest(id, fromUs, BATCH_MAX))
                .stream()
                .takeWhile(row ->
                        row.segment().endUs() <= keptUs || volume.volume().retentionDaysMin() == 0)
                .toList();
    }

    static long expiresUs(StoredSegment row) {
        return row.segment().endUs() + TimeUnit.DAYS.toMicros(row.retentionDaysMax());
    }

    private int makeRoomByName(FootageVolume volume) throws IOException {
        early.because(volume.volume().id(), shortOfFree(volume));
        return byName.makeRoom(volume, missingAboveReserve(volume));
    }

    private int makeRoom(FootageVolume volume, ChunkIndex index) throws IOException {
        UUID id = volume.volume().id();
        long aboveReserve = missingAboveReserve(volume);
        long aboveQuota = aboveQuota(volume, index);
        long missing = Math.max(aboveReserve, aboveQuota);
        if (missing <= 0) {
            fullOfLocked.remove(volume.volume().name());
            return 0;
        }
        early.because(id, aboveQuota > aboveReserve ? shortOfQuota(volume) : shortOfFree(volume));
        Passed passed = passed(volume);
        long now = clock.nowUs();
        Room unkept = remove(volume, index, missing, passed.unkeptUs(), from -> oldestUnkept(volume, index, from, now));
        if (unkept.removed() > 0) {
            passedBy.put(id, passed.unkept(unkept.fromUs()));
            tellOfRoom(volume, unkept.removed(), true);
            return unkept.removed();
        }
        // Only what is younger than its minimum is left: better some of that than no new footage.
        Room any = remove(volume, index, missing, passed.oldestUs(), from -> oldest(volume, index, from));
        passedBy.put(id, passed.unkept(unkept.fromUs()).oldest(any.fromUs()));
        if (any.removed() > 0) {
            belowMinimum.put(volume.name(), System.nanoTime());
        }
        tellOfRoom(volume, any.removed(), any.more());
        return any.removed();
    }

    /** One that cannot be removed is passed by like a locked one, and so is what stands beside several such. */
    private ChunkRemover.Outcome remove(FootageVolume volume, ChunkIndex index, Segment segment) throws IOException {
        if (stuck.hasFolderOf(volume, segment.path())) {
            return ChunkRemover.Outcome.LOCKED;
        }
        try {
            return remover.remove(volume.volume(), index, segment);
        } catch (IOException failed) {
            stuck.add(volume, segment.path(), failed);
            return ChunkRemover.Outcome.LOCKED;
        }
    }

    /** A walk over chunks that are to go. Nothing but locked ones is passed by also at the next turns. */
    private static final class Pass {
        int removed;
        long fromUs;
        private long busyUs = Long.MAX_VALUE;

        Pass(long fromUs) {
            this.fromUs = fromUs;
        }

        void tried(ChunkRemover.Outcome outcome, long atUs) {
            switch (outcome) {
                case REMOVED -> removed++;
                case LOCKED -> fromUs = Math.max(fromUs, atUs);
                case BUSY -> {
                    fromUs = Math.max(fromUs, atUs);
                    busyUs = Math.min(busyUs, atUs);
                }
            }
        }

        boolean metBusy() {
            return busyUs < Long.MAX_VALUE;
        }

        long passedUs() {
            return Math.min(fromUs, busyUs);
        }
    }

    /** What a pass came to: chunks removed, how far it passed by locked ones, and whether there may be more. */
    private record Room(int removed, long fromUs, boolean more) {}

    private Room remove(
            FootageVolume volume,
            ChunkIndex index,
            long missingBytes,
            long fromUs,
            LongFunction<List<StoredSegment>> oldest)
            throws IOException {
        long missing = missingBytes;
        Pass pass = new Pass(fromUs);
        boolean more = true;
        for (int pages = 0; pages < PAGES_MAX && pass.removed == 0 && more; pages++) {
            List<StoredSegment> page = oldest.apply(pass.fromUs);
            for (StoredSegment row : page) {
                if (missing <= 0) {
                    break;
                }
                UUID id = row.segment().id();
                boolean last = volume.volume().isBackup() && remover.isLastInReach(volume.volume(), index, id);
                ChunkRemover.Outcome outcome = remove(volume, index, row.segment());
                if (last && outcome == ChunkRemover.Outcome.REMOVED) {
                    gaveAway.put(volume.name(), System.nanoTime());
                }
                if (outcome == ChunkRemover.Outcome.REMOVED && index.get(id).isEmpty()) {
                    early.removed(volume.volume(), row);
                }
                pass.tried(outcome, row.segment().startUs());
                missing -=
                        outcome == ChunkRemover.Outcome.REMOVED ? row.segment().sizeBytes() : 0;
            }
            more = page.size() == BATCH_MAX;
        }
        return new Room(pass.removed, pass.passedUs(), more || pass.metBusy());
    }

    private void tellOfRoom(FootageVolume volume, int removed, boolean more) throws IOException {
        String name = volume.volume().name();
        if (removed > 0) {
            fullOfLocked.remove(name);
            volume.room().made();
            volume.forgetSpace();
            LOG.info("Volume {}: removed {} oldest chunks to make room", name, removed);
        } else if (!more && !locks.locks().isEmpty()) {
            fullOfLocked.add(name);
        }
    }

    /** {@return why no room can be made, or only at the cost of what should be kept; empty when it can} */
    Optional<String> trouble() {
        Optional<String> locked = fullOfLocked.stream()
                .findFirst()
                .map(name ->
                        "volume " + name + " is full and what is sealed on it is locked as evidence; take locks back"
                                + " (DELETE /api/v1/locks/{id}) or add a volume");
        return locked.or(stuck::trouble).or(() -> lately(belowMinimum)
                .map(name ->
                        "volume " + name + " does not hold the minimum of days of its cameras, the oldest of it was"
                                + " removed; add a volume, raise its quota, or lower retentionDaysMin"));
    }

    /** {@return what is removed before its time} */
    EarlyRemovals early() {
        return early;
    }

    /** {@return a backup volume that gave away copies whose original is out of reach} */
    Optional<String> gaveAway() {
        return lately(gaveAway);
    }

    private static Optional<String> lately(Map<String, Long> volumes) {
        long now = System.nanoTime();
        return volumes.entrySet().stream()
                .filter(volume -> now - volume.getValue() < TOLD_NANOS)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private Passed passed(FootageVolume volume) {
        Passed known = passedBy.get(volume.volume().id());
        boolean valid =
                known != null && known.version() == locks.version() && System.nanoTime() - known.untilNanos() < 0;
        return valid
                ? known
                : new Passed(
                        locks.version(),
                        System.nanoTime() + PASSED_NANOS_MAX,
                        Long.MIN_VALUE,
                        Long.MIN_VALUE,
                        Long.MIN_VALUE,
                        Long.MIN_VALUE);
    }

    private long missingAboveReserve(FootageVolume volume) throws IOException {
        VolumeSpace space = volume.volume().space();
        // A removed file that somebody still reads gives its bytes back later; they must not be asked for twice.
        return freeBytes(space)
                + volume.room().wantedBytes()
                - space.usableBytes()
                - readers.bytesOfRemoved(volume.volume().id());
    }

    /** {@return what is to be free: the reserve and some room} */
    private static long freeBytes(VolumeSpace space) {
        return space.reserveBytes() + Math.min(ROOM_BYTES_MAX, space.totalBytes() / 100);
    }

    private static EarlyRemovals.Shortage shortOfFree(FootageVolume volume) throws IOException {
        return new EarlyRemovals.Shortage(false, freeBytes(volume.volume().space()));
    }

    private static EarlyRemovals.Shortage shortOfQuota(FootageVolume volume) {
        return new EarlyRemovals.Shortage(true, volume.volume().quotaBytes().orElseThrow());
    }

    private static long aboveQuota(FootageVolume volume, ChunkIndex index) {
        OptionalLong quota = volume.volume().quotaBytes();
        if (quota.isEmpty()) {
            return 0;
        }
        return index.usage(volume.volume().id()).bytes()
                + volume.liveBytes()
                + volume.room().wantedBytes()
                - quota.getAsLong();
    }
}
