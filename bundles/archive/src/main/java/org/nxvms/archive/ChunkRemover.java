// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;

/**
 * Removes single chunks, never a locked one. Order: marker, look at the locks, gap, row, file, marker away; what breaks
 * off in between is finished by the next turn or start, and no row outlives its file. Cleaners' threads; blocks on disk.
 */
final class ChunkRemover {
    /** No chunk is longer; by its name only its start is known. */
    static final long CHUNK_US_MAX = TimeUnit.HOURS.toMicros(2);

    private static final int FIND_GAPS_MAX = 100;

    /** What became of a removal. */
    enum Outcome {
        REMOVED,
        /** A lock came first: it stays as long as that is there. */
        LOCKED,
        /** It is just being moved or removed, or was: how it is in a moment nobody knows. */
        BUSY
    }

    private final GapLedger ledger;
    private final OpenReaders readers;
    private final LockBook locks;
    private final ChunkClaims claims;
    private final SpareFiles spares;
    private final RemovedSegments removed;

    ChunkRemover(
            GapLedger ledger,
            OpenReaders readers,
            LockBook locks,
            ChunkClaims claims,
            SpareFiles spares,
            RemovedSegments removed) {
        this.removed = removed;
        this.spares = spares;
        this.claims = claims;
        this.ledger = ledger;
        this.readers = readers;
        this.locks = locks;
    }

    /** {@return whether it is a copy, and the file that the row names is out of reach} */
    boolean isLastInReach(Volume volume, ChunkIndex index, UUID id) {
        Optional<UUID> row = index.get(id).map(Segment::volumeId);
        return row.isPresent() && !row.get().equals(volume.id()) && !spares.isInReach(row.get());
    }

    /** Because its time is over. */
    Outcome remove(Volume volume, ChunkIndex index, Segment segment) throws IOException {
        return remove(volume, index, segment, () -> explain(index, segment));
    }

    /** @param explain says why the footage is missing from now on */
    Outcome remove(Volume volume, ChunkIndex index, Segment segment, Runnable explain) throws IOException {
        if (locks.holds(segment)) {
            return Outcome.LOCKED;
        }
        if (!claims.claim(segment.id())) {
            return Outcome.BUSY;
        }
        try {
            if (isHere(index.get(segment.id()), volume)) {
                return removeClaimed(List.of(volume), segment, () -> forget(index, segment, explain::run));
            }
            return isCopyHere(index, segment.id(), volume)
                    ? removeClaimed(
                            List.of(volume), segment, () -> index.copies().remove(segment.id(), volume.id()))
                    : Outcome.BUSY;
        } finally {
            claims.release(segment.id());
        }
    }

    private static boolean isHere(Optional<Segment> file, Volume volume) {
        return file.filter(now -> now.volumeId().equals(volume.id())).isPresent();
    }

    private static boolean isCopyHere(ChunkIndex index, UUID id, Volume volume) {
        return isHere(index.copies().of(id).map(StoredSegment::segment), volume);
    }

    /** While there is a copy the footage stays: the row names that from now on, and nothing is missing. */
    private void forget(ChunkIndex index, Segment segment, Forgetting explain) throws IOException {
        if (spares.isSound(segment.id(), index) && index.copies().promote(segment.id())) {
            return;
        }
        explain.run();
        index.delete(List.of(segment.id()));
    }

    /**
     * Because a person wants it: with every file of it.
     *
     * @throws IOException when one of its files could not be reached before anything was removed
     */
    Outcome removeAll(ChunkIndex index, Segment segment, Runnable explain) throws IOException {
        if (locks.holds(segment)) {
            return Outcome.LOCKED;
        }
        if (!claims.claim(segment.id())) {
            return Outcome.BUSY;
        }
        try {
            Optional<Segment> row = index.get(segment.id());
            if (row.isEmpty() || !row.get().volumeId().equals(segment.volumeId())) {
                return Outcome.BUSY;
            }
            return removeClaimed(spares.all(segment, index), segment, () -> {
                removed.add(segment.id());
                explain.run();
                index.delete(List.of(segment.id()));
            });
        } finally {
            claims.release(segment.id());
        }
    }

    /** Forgets a chunk in the index, or says why it is gone. */
    @FunctionalInterface
    private interface Forgetting {
        void run() throws IOException;
    }

    private Outcome removeClaimed(List<Volume> volumes, Segment segment, Forgetting forget) throws IOException {
        Removals.Removal removal = removal(volumes.get(0), segment);
        mark(volumes, segment);
        if (!locks.beginRemoval(removal)) {
            clear(volumes, segment);
            return Outcome.LOCKED;
        }
        try {
            try {
                forget.run();
            } catch (IOException notRemembered) {
                clear(volumes, segment);
                throw notRemembered;
            }
            for (Volume volume : volumes) {
                readers.removed(segment.id(), volume.id(), segment.sizeBytes());
                volume.delete(segment.path());
            }
        } finally {
            locks.removed(removal);
        }
        clear(volumes, segment);
        return Outcome.REMOVED;
    }

    /**
     * The copies' volumes first, the one that the row names last: what breaks off here may cost a copy, and never the
     * footage. A volume that refuses takes back the word of the others.
     */
    private static void mark(List<Volume> volumes, Segment segment) throws IOException {
        int at = volumes.size() - 1;
        try {
            for (; at >= 0; at--) {
                Markers.delete(volumes.get(at)).set(segment.path());
            }
        } catch (IOException refused) {
            // Also of the one that failed: it may be there all the same.
            for (int set = Math.max(at, 0); set < volumes.size(); set++) {
                try {
                    Markers.delete(volumes.get(set)).clear(segment.path());
                } catch (IOException itsCopyGoes) {
                    refused.addSuppressed(itsCopyGoes);
                }
            }
            throw refused;
        }
    }

    private static void clear(List<Volume> volumes, Segment segment) throws IOException {
        for (Volume volume : volumes) {
            Markers.delete(volume).clear(segment.path());
        }
    }

    /** Without the index: the row follows when that is back, by the marker. {@return false when a lock came first} */
    boolean removeByName(Volume volume, String path) throws IOException {
        ChunkName name = ChunkName.parse(path).orElseThrow();
        if (!claims.claim(name.segmentId())) {
            return false;
        }
        try {
            return removeByName(volume, path, removal(volume, name));
        } finally {
            claims.release(name.segmentId());
        }
    }

    private boolean removeByName(Volume volume, String path, Removals.Removal removal) throws IOException {
        Markers.delete(volume).set(path);
        if (!locks.beginRemoval(removal)) {
            Markers.delete(volume).clear(path);
            return false;
        }
        try {
            volume.delete(path);
        } finally {
            locks.removed(removal);
        }
        return true;
    }

    /** Is told of a file that could not be removed. */
    @FunctionalInterface
    interface Stuck {
        /** @throws IOException when nothing else is to be tried either */
        void tell(String path, IOException why) throws IOException;
    }

    /**
     * Ends removals that broke off; {@return how many}
     *
     * @param isTried of which files
     */
    int finish(Volume volume, ChunkIndex index, Predicate<String> isTried, Stuck stuck) throws IOException {
        int ended = 0;
        for (String path : Markers.delete(volume).all()) {
            if (!isTried.test(path)) {
                continue;
            }
            try {
                Optional<ChunkName> name = ChunkName.parse(path);
                if (name.isEmpty() || finish(volume, index, path, name.get())) {
                    Markers.delete(volume).clear(path);
                    ended++;
                }
            } catch (IOException failed) {
                stuck.tell(path, failed);
            }
        }
        return ended;
    }

    private boolean finish(Volume volume, ChunkIndex index, String path, ChunkName name) throws IOException {
        if (!claims.claim(name.segmentId())) {
            return false;
        }
        try {
            return finishClaimed(volume, index, path, name);
        } finally {
            claims.release(name.segmentId());
        }
    }

    /** {@return whether nothing is left to do; a removal that a lock came before is given up} */
    private boolean finishClaimed(Volume volume, ChunkIndex index, String path, ChunkName name) throws IOException {
        Optional<StoredSegment> file = Optional.empty();
        boolean gone = false;
        boolean damaged = false;
        try {
            file = ChunkReader.read(volume, path).map(ChunkReader.Sealed::row);
        } catch (NoSuchFileException none) {
            // On a volume that is not there every file is missing.
            volume.space();
            gone = true;
        } catch (IOException unreadable) {
            damaged = true;
        }
        Optional<Segment> segment = index.get(name.segmentId());
        boolean isElsewhere =
                segment.filter(row -> !row.volumeId().equals(volume.id())).isPresent();
        // Whoever says so in the index, or said so until now, has the other file.
        boolean isCopy = isElsewhere
                && (volume.isBackup()
                        || isCopyHere(index, name.segmentId(), volume)
                        || spares.isBackup(segment.get().volumeId()));
        if (isElsewhere && !spares.isInUse(segment.get().volumeId())) {
            // Whether that is a backup is known when it is there.
            return false;
        }
        if (isElsewhere && !isCopy) {
            // It was moved before its removal came to anything; Arrivals cares for what is left here.
            return true;
        }
        if (segment.isEmpty()) {
            segment = file.map(StoredSegment::segment);
        }
        Removals.Removal removal = segment.map(known -> removal(volume, known)).orElseGet(() -> removal(volume, name));
        if (!gone && !locks.beginRemoval(removal)) {
            // It stays, and so does its row; what cannot be read now is looked at again.
            index.insert(file.stream().filter(row -> !isCopy).toList());
            return !damaged;
        }
        try {
            if (isCopy) {
                index.copies().remove(name.segmentId(), volume.id());
            } else if (spares.isBeingRemoved(name, index) || segment.isEmpty()) {
                if (segment.isPresent()) {
                    explainAnew(index, segment.get());
                }
                index.delete(List.of(name.segmentId()));
            } else {
                Segment known = segment.get();
                forget(index, known, () -> explainAnew(index, known));
            }
            volume.delete(path);
            return true;
        } finally {
            locks.removed(removal);
        }
    }

    /** What a name tells of a chunk's time: where it begins, and that it is not longer than any. */
    private static Removals.Removal removal(Volume volume, ChunkName name) {
        long startUs = TimeUnit.MILLISECONDS.toMicros(name.startMs());
        return new Removals.Removal(
                volume.id(), name.segmentId(), name.stream().cameraId(), startUs, startUs + CHUNK_US_MAX);
    }

    private static Removals.Removal removal(Volume volume, Segment segment) {
        return new Removals.Removal(
                volume.id(), segment.id(), segment.stream().cameraId(), segment.startUs(), segment.endUs());
    }

    /** What a person removed is explained already, unless a death came before that. */
    private void explainAnew(ChunkIndex index, Segment segment) throws IOException {
        if (RemovedByHand.is(segment, index)) {
            return;
        }
        if (removed.has(segment.id())) {
            // Told once of each of its files, it is one gap.
            UUID id = UUID.nameUUIDFromBytes(("nxvms-removed/" + segment.id()).getBytes(StandardCharsets.US_ASCII));
            ledger.deleted(new Gap(
                    id,
                    segment.stream(),
                    segment.startUs(),
                    OptionalLong.of(segment.endUs()),
                    GapCause.DELETED_BY_USER,
                    "deleted by hand; the server was ended meanwhile"));
        } else {
            explain(index, segment);
        }
    }

    private void explain(ChunkIndex index, Segment segment) {
        Optional<Gap> known = Optional.empty();
        if (!ledger.knowsRetention(segment.stream())) {
            known = index
                    .findGaps(
                            segment.stream(),
                            segment.startUs() - GapLedger.UNEXPLAINED_US_MIN,
                            segment.startUs() + 1,
                            FIND_GAPS_MAX)
                    .stream()
                    .filter(gap -> gap.cause() == GapCause.DELETED_BY_RETENTION)
                    .findFirst();
        }
        ledger.removed(segment.stream(), segment.startUs(), segment.endUs(), known);
    }
}
