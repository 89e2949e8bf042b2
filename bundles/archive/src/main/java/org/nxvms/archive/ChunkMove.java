// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies one sealed chunk to another volume and lets its row name the copy (ADR 24). Order: look at both sides, locks told,
 * marker, copy, synced, read back and compared, row switched. The original goes later: {@link Arrivals} ends the move, also
 * wherever it breaks off. Nothing is deleted here but what this call created. Mover's thread; blocks on disk, at the pace
 * given.
 */
final class ChunkMove {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkMove.class);
    private final LockBook locks;
    private final ChunkCopy copy;

    ChunkMove(LockBook locks, Pace pace) {
        this.locks = locks;
        this.copy = new ChunkCopy(pace);
    }

    /** How it came out. */
    enum Outcome {
        /** The copy is whole and the row names it; the original is still there. */
        MOVED,
        /** Not wanted any more, or the row names another volume now, or what lies at the target must be settled first. */
        STAYS,
        /** The row names a volume that does not have the file. */
        MISSING
    }

    /**
     * The caller has claimed the chunk.
     *
     * @param goesOn asked between blocks; a copy that is not wanted any more is taken back
     * @throws IOException when it could not be copied; what cannot be taken back is named by its marker
     */
    Outcome run(Volume source, Volume target, Segment segment, ChunkIndex index, BooleanSupplier goesOn)
            throws IOException {
        String path = segment.path();
        Optional<Segment> row = index.get(segment.id());
        if (row.filter(now -> now.volumeId().equals(source.id())).isEmpty()) {
            return Outcome.STAYS;
        }
        ChunkFile original = ChunkFile.look(source, path);
        String marker = Arrivals.marker(source, path);
        if (!ChunkFile.look(target, path).isAbsent()) {
            // An earlier move whose row was lost with the database, or a part of one: perhaps the only copy there is.
            Markers.move(target).set(marker);
            return Outcome.STAYS;
        }
        if (original.isAbsent()) {
            return Outcome.MISSING;
        }
        if (!original.isSealed()) {
            throw new IOException(path + " is not a sealed chunk; archive-check says more");
        }
        // What is locked is locked wherever it lies, also when the old volume is never seen again.
        locks.tell(target);
        Markers.move(target).set(marker);
        boolean[] created = new boolean[1];
        boolean copied = false;
        try {
            copied = copy.run(source, target, path, goesOn, () -> created[0] = true);
        } finally {
            if (!copied) {
                takeBack(target, path, marker, created[0]);
            }
        }
        if (!copied) {
            return Outcome.STAYS;
        }
        if (!index.relocate(segment.id(), source.id(), target.id())) {
            takeBack(target, path, marker, true);
            return Outcome.STAYS;
        }
        return Outcome.MOVED;
    }

    private static void takeBack(Volume target, String path, String marker, boolean created) {
        try {
            if (created) {
                target.delete(path);
            }
            Markers.move(target).clear(marker);
        } catch (IOException itsMarkerTells) {
            LOG.debug("Volume {}: {}", target.name(), itsMarkerTells.getMessage());
        }
    }
}
