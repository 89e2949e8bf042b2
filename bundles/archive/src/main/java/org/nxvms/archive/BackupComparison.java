// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeReadable;

/** Compares copies with what the index says of them, as part of a check or rebuild. One thread. */
final class BackupComparison {
    private final ChunkIndex index;
    private final SpareFiles spares;
    private final boolean repair;
    private final Problems problems;

    /** Told of each problem. */
    @FunctionalInterface
    interface Problems {
        void found(String kind, String example, boolean putRight);
    }

    BackupComparison(ChunkIndex index, SpareFiles spares, boolean repair, Problems problems) {
        this.index = index;
        this.spares = spares;
        this.repair = repair;
        this.problems = problems;
    }

    /** {@return whether the file is a second one, and the first is looked at where it lies} */
    boolean isCopy(FootageVolume volume, StoredSegment file) throws IOException {
        UUID here = volume.volume().id();
        UUID id = file.segment().id();
        Optional<Segment> row = index.get(id);
        if (row.isEmpty() || row.get().volumeId().equals(here)) {
            return false;
        }
        Optional<UUID> copy = index.copies().of(id).map(one -> one.segment().volumeId());
        String where = volume.name() + ": " + file.segment().path();
        boolean same = row.get().sha256().equals(file.segment().sha256());
        if (!volume.volume().isBackup() && copy.filter(here::equals).isEmpty()) {
            return same && spares.isBackup(row.get().volumeId()) && !counts(id, here, where);
        }
        if (!same) {
            problems.found("backup differs from its footage", where, false);
        } else if (copy.isEmpty()) {
            problems.found(
                    "backup without a row", where, repair && index.copies().add(id, here));
        } else if (!copy.get().equals(here)) {
            problems.found("second backup of a chunk", where, repair && isGivenUp(volume.volume(), file.segment()));
        }
        return true;
    }

    /** One copy is enough. {@return whether the noted one is whole; then retention ends this, unless it is locked} */
    private boolean isGivenUp(Volume here, Segment spare) throws IOException {
        boolean givenUp = here.isBackup() && spares.isSealed(spare.id(), index);
        if (givenUp) {
            Markers.delete(here).set(spare.path());
        }
        return givenUp;
    }

    /** The row names the backup, as if that were all there is; {@return whether it names this file now} */
    private boolean counts(UUID id, UUID here, String where) {
        boolean named = repair && index.copies().demote(id, here);
        problems.found("row names the backup", where, named);
        return named;
    }

    /** {@return whether a copy is there, which the row names from now on when this is a rebuild} */
    boolean takesThePlaceOf(Segment segment) {
        return spares.isSound(segment.id(), index) && (!repair || index.copies().promote(segment.id()));
    }

    void rowsWithoutFile(Volume volume) throws IOException {
        List<Segment> gone = new ArrayList<>();
        index.copies().forEach(volume.id(), copy -> {
            try (VolumeReadable file = volume.read(copy.segment().path())) {
                if (file.size() != copy.segment().sizeBytes()) {
                    problems.found("file damaged", copy.segment().path() + " on volume " + volume.name(), false);
                }
            } catch (NoSuchFileException none) {
                gone.add(copy.segment());
            } catch (IOException unreadable) {
                problems.found("file damaged", unreadable.getMessage(), false);
            }
        });
        // On a volume that was unmounted meanwhile every file is missing, and no row must go for it.
        volume.space();
        for (Segment copy : gone) {
            boolean named = index.copies()
                    .of(copy.id())
                    .filter(now -> now.segment().volumeId().equals(volume.id()))
                    .isPresent();
            if (named) {
                String where = volume.name() + ": " + copy.path();
                problems.found(
                        "backup row without a file",
                        where,
                        repair && index.copies().remove(copy.id(), volume.id()));
            }
        }
    }
}
