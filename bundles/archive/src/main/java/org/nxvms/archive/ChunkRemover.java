// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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

    ChunkRemover(GapLedger ledger, OpenReaders readers, LockBook locks, ChunkClaims claims) {
        this.claims = claims;
        this.ledger = ledger;
        this.readers = readers;
        this.locks = locks;
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
            boolean isHere = index.get(segment.id())
                    .filter(now -> now.volumeId().equals(volume.id()))
                    .isPresent();
            return isHere ? removeClaimed(volume, index, segment, explain) : Outcome.BUSY;
        } finally {
            claims.release(segment.id());
        }
    }

    private Outcome removeClaimed(Volume volume, ChunkIndex index, Segment segment, Runnable explain)
            throws IOException {
        Removals.Removal removal = removal(volume, segment);
        Markers markers = Markers.delete(volume);
        markers.set(segment.path());
        if (!locks.beginRemoval(removal)) {
            markers.clear(segment.path());
            return Outcome.LOCKED;
        }
        try {
            explain.run();
            index.delete(List.of(segment.id()));
            readers.removed(segment);
            volume.delete(segment.path());
        } finally {
            locks.removed(removal);
        }
        markers.clear(segment.path());
        return Outcome.REMOVED;
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

    /** Ends removals that broke off; {@return how many} */
    int finish(Volume volume, ChunkIndex index) throws IOException {
        List<String> begun = Markers.delete(volume).all();
        int ended = 0;
        for (String path : begun) {
            Optional<ChunkName> name = ChunkName.parse(path);
            if (name.isEmpty() || finish(volume, index, path, name.get())) {
                Markers.delete(volume).clear(path);
                ended++;
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
        if (segment.filter(row -> !row.volumeId().equals(volume.id())).isPresent()) {
            // It was moved before its removal came to anything; Arrivals cares for what is left here.
            return true;
        }
        if (segment.isEmpty()) {
            segment = file.map(StoredSegment::segment);
        }
        Removals.Removal removal = segment.map(known -> removal(volume, known)).orElseGet(() -> removal(volume, name));
        if (!gone && !locks.beginRemoval(removal)) {
            // It stays, and so does its row; what cannot be read now is looked at again.
            index.insert(file.stream().toList());
            return !damaged;
        }
        try {
            segment.ifPresent(known -> explain(index, known));
            index.delete(List.of(name.segmentId()));
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
