// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeFile;

/**
 * Makes the copy of one chunk (ADR 26). Order: locks told, marker, copy, synced, compared, read by its hash chain, row,
 * marker away. A file that is there and not sealed is a part of an earlier try, which its marker names; the original is
 * never touched. One backup volume's thread; the caller has claimed the chunk.
 */
final class BackupCopy {
    /** What a look at a chunk reads; of those that are not copied it is all. */
    private static final int HEAD_BYTES = 64 << 10;

    private final LockBook locks;
    private final Pace pace;
    private final ChunkCopy copy;

    BackupCopy(LockBook locks, Pace pace) {
        this.locks = locks;
        this.pace = pace;
        this.copy = new ChunkCopy(pace);
    }

    /** How it came out. */
    enum Outcome {
        COPIED,
        /** It shall have no copy any more, or not now. */
        STAYS,
        /** An encrypted volume holds nothing that anybody could read who takes the disk away. */
        IN_THE_CLEAR
    }

    /**
     * @param volumes all that are in use
     * @throws IOException when it could not be copied; what was made is taken back, or named by its marker
     */
    Outcome run(FootageVolume target, Collection<FootageVolume> volumes, Segment known, ChunkIndex index)
            throws IOException {
        Optional<Segment> row = index.get(known.id());
        if (row.isEmpty() || index.copies().of(known.id()).isPresent()) {
            return Outcome.STAYS;
        }
        String path = known.path();
        Optional<FootageVolume> named = volumes.stream()
                .filter(one -> one.volume().id().equals(row.get().volumeId()))
                .filter(one -> one != target && !one.volume().isBackup() && isThere(one.volume()))
                .findFirst();
        if (named.isEmpty()) {
            // It is tried again when the volume is back.
            return Outcome.STAYS;
        }
        FootageVolume source = named.get();
        pace.take(HEAD_BYTES);
        ChunkFile original = ChunkFile.look(source.volume(), path);
        if (!original.isSealed()) {
            throw new IOException(
                    path + " is not there, or not whole, on volume " + source.name() + "; archive-check says more");
        }
        if (target.volume().isEncrypted() && !ChunkReader.isEncrypted(source.volume(), path)) {
            return Outcome.IN_THE_CLEAR;
        }
        // What is locked is locked wherever it lies.
        locks.tell(target.volume());
        if (!take(target, source.volume(), original, path)) {
            return Outcome.STAYS;
        }
        if (!index.copies().add(known.id(), target.volume().id())) {
            throw new IOException("its row has changed meanwhile");
        }
        Markers.copy(target.volume()).clear(path);
        target.unsettled().remove(known.id());
        return Outcome.COPIED;
    }

    private static boolean isThere(Volume volume) {
        return volume.status() == Volume.Status.READY || volume.status() == Volume.Status.READ_ONLY;
    }

    /** {@return whether a whole copy is there now} */
    private boolean take(FootageVolume target, Volume source, ChunkFile original, String path) throws IOException {
        BooleanSupplier goesOn = () -> !target.isLeaving() && target.refusal().isEmpty();
        ChunkFile there = ChunkFile.look(target.volume(), path);
        // One whose sync has failed reads well from memory, and is not on the disk (ADR 21): it is made anew.
        boolean isDoubtful = Markers.copy(target.volume()).all().contains(path);
        if (there.isSealed() && !isDoubtful) {
            // The row was lost with the database, or could not be written.
            if (!there.isSame(original)) {
                throw new IOException("there is another file of this name on it, sealed and different; play both, and"
                        + " remove one by hand");
            }
            there.verify(pace, goesOn);
            // While a sync may fail it is in doubt.
            target.unsettled().add(original.row().segment().id());
            Markers.copy(target.volume()).set(path);
            sync(target.volume(), path);
            return true;
        }
        // Until it is known to be whole nobody may take a part for a chunk that a crash left open.
        target.unsettled().add(original.row().segment().id());
        Markers.copy(target.volume()).set(path);
        if (!there.isAbsent()) {
            target.volume().delete(path);
        }
        boolean[] created = new boolean[1];
        boolean whole = false;
        try {
            whole = copy.run(source, target.volume(), path, goesOn, () -> created[0] = true)
                    && isWhole(target, original, path, goesOn);
        } finally {
            if (!whole) {
                takeBack(target, original.row().segment(), created[0]);
            }
        }
        return whole;
    }

    private boolean isWhole(FootageVolume target, ChunkFile original, String path, BooleanSupplier goesOn)
            throws IOException {
        ChunkFile made = ChunkFile.look(target.volume(), path);
        if (!made.isSame(original)) {
            throw new IOException("the copy of " + path + " is not the same; check the disk");
        }
        // The same bytes as the original, so this tells of that one too.
        made.verify(pace, goesOn);
        return true;
    }

    /** Whoever wrote it may not have come to that. */
    private static void sync(Volume target, String path) throws IOException {
        try (VolumeFile file = target.append(path)) {
            file.force();
            file.forceDirectory();
        }
    }

    private static void takeBack(FootageVolume target, Segment segment, boolean created) throws IOException {
        if (created) {
            target.volume().delete(segment.path());
        }
        Markers.copy(target.volume()).clear(segment.path());
        target.unsettled().remove(segment.id());
    }

    /**
     * After a death: a part goes. A whole one that no row knows may never have come to the disk, though it reads well from
     * memory: it is left in doubt, and {@link #run} makes it anew, unless it is not wished any more.
     */
    void settle(FootageVolume target, ChunkName name, ChunkIndex index, boolean wished) throws IOException {
        Volume here = target.volume();
        UUID id = name.segmentId();
        ChunkFile file = ChunkFile.look(here, name.path());
        boolean isElsewhere =
                index.get(id).filter(one -> !one.volumeId().equals(here.id())).isPresent();
        boolean isNoted = index.copies()
                .of(id)
                .filter(copy -> copy.segment().volumeId().equals(here.id()))
                .isPresent();
        boolean inDoubt = file.isSealed() && isElsewhere && !isNoted;
        if (inDoubt && wished) {
            return;
        }
        if (inDoubt || !file.isAbsent() && !file.isSealed()) {
            here.delete(name.path());
        }
        Markers.copy(here).clear(name.path());
        target.unsettled().remove(id);
    }
}
