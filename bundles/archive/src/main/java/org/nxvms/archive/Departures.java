// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.nxvms.archive.LeftVolumes.Left;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Volumes that were taken out of use for good with footage on them: {@code DATA/volumes/left/ID} names each. Once such a
 * volume is gone its rows go, those of which there is a copy name that, and the time of the others is a gap that says where
 * the footage is. When it is in use again its files are read, their rows written, and those gaps taken back; then the file
 * goes. Each step may break off and is done again. Movers' threads, one at a time: reading a whole volume takes long, and
 * room must be made meanwhile.
 */
final class Departures {
    private static final Logger LOG = LoggerFactory.getLogger(Departures.class);
    /** Within this time what was said to be taken out of use is. */
    private static final long TAKEN_OUT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final int ROWS_MAX = 1_000;
    private static final int BATCH_MAX = 200;
    private static final long RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long RETRY_NANOS_MAX = TimeUnit.HOURS.toNanos(1);
    /** By then what is configured has come into use after a start, also one that is coming back. */
    private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** A volume that nobody knows to be gone must be missing for so long. */
    private static final long GONE_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** What is open is sealed while a volume goes, and its rows follow. */
    private static final long LATE_NANOS = TimeUnit.MINUTES.toNanos(2);

    /** How the detail of each of these gaps begins. */
    private static final String REASON = "the footage is on volume ";

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Chunks this close together leave one gap. */
    static final long JOIN_US = 2_000_000;

    private final LeftVolumes left;
    private final VolumeSet volumes;
    private final GapLedger ledger;
    private final Adoption adoption;
    private final ChunkClaims claims;
    private final ReturnedGaps gaps;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final Map<UUID, Unreadable> unreadable = new ConcurrentHashMap<>();
    /** Volumes of which this process was told that they leave. */
    private final Map<UUID, Told> told = new ConcurrentHashMap<>();
    /** What was forgotten so far of volumes that are gone. */
    private final Map<UUID, Forgetting> forgetting = new ConcurrentHashMap<>();
    /** Volumes that are gone, and of which no row is left. */
    private final Set<UUID> forgotten = ConcurrentHashMap.newKeySet();

    private final long startNanos = System.nanoTime();

    private volatile long dueNanos = System.nanoTime();

    /** Writes rows for all files of a volume. */
    @FunctionalInterface
    interface Adoption {
        /**
         * @param only these files; empty for all
         * @return those that could not be looked at now
         * @throws IllegalStateException while others compare
         * @throws IOException when the volume cannot be read; what was written until then stays
         */
        Set<ChunkName> of(FootageVolume volume, Set<ChunkName> only) throws IOException;
    }
    /** A volume that is back in vain; one that is added again is looked at anew. */
    private record Unreadable(FootageVolume volume, Backoff backoff, Set<ChunkName> files, String why) {}

    /** @param then the volume as it was in use when it was to leave; another one came later */
    private record Told(Optional<FootageVolume> then, long nanos) {}

    /** Its gaps grow from turn to turn. Whoever is busy. */
    private static final class Forgetting {
        final long sinceNanos = System.nanoTime();
        final Map<StreamId, Gap> last = new HashMap<>();
        long rows;
    }

    /**
     * @param folder where it is remembered
     * @param adoption brings a volume's files into the index
     */
    Departures(Path folder, VolumeSet volumes, GapLedger ledger, ChunkClaims claims, Adoption adoption) {
        this.claims = claims;
        this.gaps = new ReturnedGaps(ledger);
        this.left = new LeftVolumes(folder);
        this.volumes = volumes;
        this.ledger = ledger;
        this.adoption = adoption;
    }

    /** It is about to be taken out of use. Durable when it returns. */
    synchronized void leaves(UUID id, String name) throws IOException {
        left.load();
        told.put(id, new Told(volumes.identified(id), System.nanoTime()));
        left.put(id, new Left(name, false));
    }

    /** {@return whether it is out of use, or about to be} */
    boolean isLeaving(UUID id) {
        return left.get(id)
                .filter(one -> one.gone() ? volumes.identified(id).isEmpty() : isOnItsWayOut(id))
                .isPresent();
    }

    /** {@return whether it was taken out of use, so that its rows are made when it is back, by this} */
    boolean isReturning(UUID id) {
        return left.get(id).filter(Left::gone).isPresent();
    }

    private boolean isOnItsWayOut(UUID id) {
        Told one = told.get(id);
        Optional<FootageVolume> now = volumes.identified(id);
        return one != null && (now.isEmpty() || now.equals(one.then()));
    }

    /** {@return whether it is in use again, or still, though it was said to leave} */
    private boolean hasStayed(UUID id) {
        Told one = told.get(id);
        return one == null || !isOnItsWayOut(id) && System.nanoTime() - one.nanos() >= TAKEN_OUT_NANOS;
    }

    /** It is not taken out of use after all. */
    synchronized void stays(UUID id) throws IOException {
        left.remove(id);
        told.remove(id);
    }

    /** {@return whether it is back; not when it was told meanwhile that it leaves again} */
    private synchronized boolean isBack(UUID id, Left known) throws IOException {
        boolean same = left.get(id).filter(known::equals).isPresent();
        if (same) {
            stays(id);
        }
        return same;
    }

    private synchronized void isGone(UUID id, Left known) throws IOException {
        if (left.get(id).filter(known::equals).isPresent()) {
            left.put(id, new Left(known.name(), true));
        }
    }

    /** {@return why footage of a volume that is back is not in the index yet; empty when it is} */
    Optional<String> trouble() {
        return unreadable.values().stream().map(Unreadable::why).findFirst();
    }

    /** {@return nanoseconds until the next turn is due} */
    long pauseNanos() {
        // Another thread may be at it for hours, and nobody else is let in meanwhile.
        return left.isEmpty() || busy.get() ? LOOK_NANOS : dueNanos - System.nanoTime();
    }

    /** A small part of the work. */
    void turn(ChunkIndex index) throws IOException {
        left.load();
        if (left.isEmpty() || System.nanoTime() - dueNanos < 0 || !busy.compareAndSet(false, true)) {
            return;
        }
        dueNanos = System.nanoTime() + LOOK_NANOS;
        try {
            for (Map.Entry<UUID, Left> one : left.all()) {
                turn(one.getKey(), one.getValue(), index);
            }
        } catch (StoreException databaseFails) {
            LOG.debug("Volumes that left wait for the database: {}", databaseFails.getMessage());
        } finally {
            busy.set(false);
        }
    }

    private void turn(UUID id, Left one, ChunkIndex index) throws IOException {
        Optional<FootageVolume> inUse = volumes.identified(id);
        if (inUse.isPresent()) {
            forgotten.remove(id);
            forgetting.remove(id);
            if (one.gone() && inUse.get().isStarted() && !inUse.get().isLeaving()) {
                comesBack(inUse.get(), one, index);
            } else if (!one.gone() && hasStayed(id)) {
                // A death came before it was taken out, or it was added again at once.
                stays(id);
            }
            return;
        }
        unreadable.remove(id);
        long patienceNanos = one.gone() ? SETTLED_NANOS : GONE_NANOS;
        if (!told.containsKey(id) && System.nanoTime() - startNanos < patienceNanos) {
            return;
        }
        if (!one.gone()) {
            isGone(id, one);
        }
        if (!forgotten.contains(id)) {
            forget(id, one.name(), index);
        }
    }

    private void forget(UUID volumeId, String name, ChunkIndex index) {
        if (!ledger.keepsUp()) {
            return;
        }
        List<StoredSegment> copies = index.copies().oldest(volumeId, Long.MIN_VALUE, BATCH_MAX);
        Forgetting all = forgetting.computeIfAbsent(volumeId, first -> new Forgetting());
        List<StoredSegment> page = index.oldest(volumeId, ROWS_MAX);
        List<StoredSegment> mine = new ArrayList<>();
        try {
            claim(copies, mine);
            mine.forEach(copy -> index.copies().remove(copy.segment().id(), volumeId));
            release(mine);
            claim(page, mine);
            List<StoredSegment> rows =
                    mine.stream().filter(row -> isStillOn(volumeId, row, index)).toList();
            forgetRows(rows, all, detail(volumeId, name), index);
            all.rows += rows.size();
        } finally {
            release(mine);
        }
        if (!page.isEmpty() || !copies.isEmpty()) {
            dueNanos = System.nanoTime();
        } else if (System.nanoTime() - all.sinceNanos >= LATE_NANOS) {
            forgotten.add(volumeId);
            forgetting.remove(volumeId);
            if (all.rows > 0) {
                LOG.info("Volume {} was taken out of use: {} rows of its footage went with it", name, all.rows);
            }
        }
    }

    /** Whoever copies, moves or removes one just now decides first; it is met again at the next turn. */
    private void claim(List<StoredSegment> rows, List<StoredSegment> mine) {
        for (StoredSegment row : rows) {
            if (claims.claim(row.segment().id())) {
                mine.add(row);
            }
        }
    }

    private void release(List<StoredSegment> claimed) {
        claimed.forEach(row -> claims.release(row.segment().id()));
        claimed.clear();
    }

    /** It may have been moved or removed before it was claimed. */
    private static boolean isStillOn(UUID volumeId, StoredSegment row, ChunkIndex index) {
        return index.get(row.segment().id())
                .filter(now -> now.volumeId().equals(volumeId))
                .isPresent();
    }

    private void forgetRows(List<StoredSegment> rows, Forgetting all, String detail, ChunkIndex index) {
        Map<UUID, Gap> gaps = new LinkedHashMap<>();
        List<UUID> gone = new ArrayList<>();
        for (StoredSegment row : rows) {
            Segment segment = row.segment();
            if (!isCopied(segment.id(), index) || !index.copies().promote(segment.id())) {
                Gap gap = grown(all.last.get(segment.stream()), segment, detail);
                all.last.put(segment.stream(), gap);
                gaps.put(gap.id(), gap);
                gone.add(segment.id());
            }
        }
        if (!gone.isEmpty()) {
            // In the index before the rows go, so that the time is never unexplained.
            index.saveGaps(List.copyOf(gaps.values()));
            gaps.values().forEach(ledger::outOfReach);
            index.delete(gone);
        }
    }

    /** A copy on a volume that is away is footage that is away, not none. */
    private boolean isCopied(UUID segment, ChunkIndex index) {
        return index.copies()
                .of(segment)
                .filter(copy -> !isLeaving(copy.segment().volumeId()))
                .isPresent();
    }

    /** {@return whether the gap says that the footage is on a volume that was taken out of use} */
    static boolean isOf(Gap gap) {
        return gap.cause() == GapCause.VOLUME_ABSENT && gap.detail().startsWith(REASON);
    }

    private static String detail(UUID volumeId, String name) {
        return REASON + name + " (" + volumeId + "), which was taken out of use; add it again to see it";
    }

    private static Gap grown(Gap before, Segment segment, String detail) {
        boolean joins = before != null
                && segment.startUs() >= before.fromUs()
                && segment.startUs() - before.toUs().orElseThrow() <= JOIN_US;
        return new Gap(
                joins ? before.id() : UUID.randomUUID(),
                segment.stream(),
                joins ? before.fromUs() : segment.startUs(),
                OptionalLong.of(joins ? Math.max(before.toUs().orElseThrow(), segment.endUs()) : segment.endUs()),
                GapCause.VOLUME_ABSENT,
                detail);
    }

    private void comesBack(FootageVolume volume, Left one, ChunkIndex index) throws IOException {
        UUID id = volume.volume().id();
        Unreadable before = unreadable.get(id);
        boolean again = before != null && before.volume() == volume;
        if (again && !before.backoff().isDue()) {
            return;
        }
        String trouble;
        Set<ChunkName> files = Set.of();
        try {
            files = adoption.of(volume, again ? before.files() : Set.of());
            trouble = files.isEmpty() ? "" : files.size() + " of its files cannot be looked at now";
        } catch (IllegalStateException somebodyCompares) {
            return;
        } catch (IOException failed) {
            trouble = "its footage cannot be read: " + failed.getMessage();
            files = again ? before.files() : Set.of();
        }
        gaps.takeBack(index);
        if (trouble.isEmpty()) {
            unreadable.remove(id);
            if (isBack(id, one)) {
                LOG.info("Volume {} is in use again, and its footage is in the index", volume.name());
            }
            return;
        }
        String why = "volume " + volume.name() + " is back, but " + trouble + "; check the disk, it is tried again";
        Backoff backoff = again ? before.backoff() : new Backoff(RETRY_NANOS, RETRY_NANOS_MAX);
        if (backoff.failed()) {
            LOG.warn("{}", why);
        }
        unreadable.put(id, new Unreadable(volume, backoff, files, why));
    }
}
