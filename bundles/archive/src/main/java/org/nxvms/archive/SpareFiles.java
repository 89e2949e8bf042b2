// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The second files of chunks, on the volumes as they are now. Any thread; blocks on disk and database. */
final class SpareFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SpareFiles.class);

    private final Supplier<Collection<FootageVolume>> volumes;

    SpareFiles(Supplier<Collection<FootageVolume>> volumes) {
        this.volumes = volumes;
    }

    /** {@return the copy, when its volume is in use; that may be away just now} */
    Optional<StoredSegment> of(UUID id, ChunkIndex index) {
        Optional<UUID> row = index.get(id).map(Segment::volumeId);
        return index.copies()
                .of(id)
                .filter(copy -> row.filter(copy.segment().volumeId()::equals).isEmpty())
                .filter(copy -> volume(copy.segment().volumeId()).isPresent());
    }

    private Optional<Volume> volume(UUID id) {
        return volumes.get().stream()
                .map(FootageVolume::volume)
                .filter(volume -> volume.id().equals(id))
                .findFirst();
    }

    /** A full disk is read-only to recorders, but footage on it can be removed; of a failing one that shows. */
    private static boolean isThere(Volume volume) {
        return volume.status() != Volume.Status.ABSENT && volume.status() != Volume.Status.WRONG_IDENTITY;
    }

    boolean isInReach(UUID volumeId) {
        return volume(volumeId).filter(SpareFiles::isThere).isPresent();
    }

    boolean isInUse(UUID volumeId) {
        return volume(volumeId).isPresent();
    }

    boolean isBackup(UUID volumeId) {
        return volume(volumeId).filter(Volume::isBackup).isPresent();
    }

    /** {@return whether there is a copy that can take the place of the file; of a volume that is away it is believed} */
    boolean isSound(UUID id, ChunkIndex index) {
        Optional<Segment> copy = of(id, index).map(StoredSegment::segment);
        if (copy.isEmpty()) {
            return false;
        }
        Volume volume = volume(copy.get().volumeId()).orElseThrow();
        if (!isThere(volume)) {
            return true;
        }
        try {
            return ChunkFile.look(volume, copy.get().path()).isSealed();
        } catch (IOException unreadable) {
            LOG.debug("Volume {}: {}", volume.name(), unreadable.getMessage());
            return true;
        }
    }

    /** {@return whether the copy is there and whole, as far as its head and index tell} */
    boolean isSealed(UUID id, ChunkIndex index) {
        Optional<Segment> copy = of(id, index).map(StoredSegment::segment);
        Optional<Volume> volume = copy.flatMap(one -> volume(one.volumeId())).filter(SpareFiles::isThere);
        try {
            return volume.isPresent()
                    && ChunkFile.look(volume.get(), copy.get().path()).isSealed();
        } catch (IOException unreadable) {
            LOG.debug("Volume {}: {}", volume.get().name(), unreadable.getMessage());
            return false;
        }
    }

    /** {@return whether the copy is to go as well, as what a person removes} */
    boolean isBeingRemoved(ChunkName name, ChunkIndex index) throws IOException {
        Optional<Volume> volume = of(name.segmentId(), index)
                .flatMap(copy -> volume(copy.segment().volumeId()));
        return volume.isPresent()
                && isThere(volume.get())
                && Markers.delete(volume.get()).all().contains(name.path());
    }

    /**
     * Where a person's removal must reach.
     *
     * @return the volume that the row names, then those with a second file
     * @throws IOException when one of them is not there: then nothing may be removed
     */
    List<Volume> all(Segment segment, ChunkIndex index) throws IOException {
        List<Volume> all = new ArrayList<>();
        all.add(volume(segment.volumeId())
                .filter(SpareFiles::isThere)
                .orElseThrow(() -> new IOException("its volume is not there")));
        Optional<UUID> noted =
                index.copies().of(segment.id()).map(copy -> copy.segment().volumeId());
        // A row that names a backup says that the other file was out of reach; it may have come back since.
        boolean everywhere = isBackup(segment.volumeId());
        for (FootageVolume one : volumes.get()) {
            Volume volume = one.volume();
            boolean isNoted = noted.filter(volume.id()::equals).isPresent();
            if (isNoted && !isThere(volume)) {
                throw new IOException("its copy on volume " + volume.name() + " cannot be removed now; mount that");
            }
            if (everywhere && !isThere(volume)) {
                throw new IOException(
                        "volume " + volume.name() + ", on which it may lie too, is not there; mount that");
            }
            // A copy that was made and not noted yet is one too.
            boolean isHere = isNoted
                    || (volume.isBackup() || everywhere)
                            && isThere(volume)
                            && !volume.id().equals(segment.volumeId())
                            && !ChunkFile.look(volume, segment.path()).isAbsent();
            if (isHere) {
                all.add(volume);
            }
        }
        if (noted.isPresent() && volume(noted.get()).isEmpty()) {
            throw new IOException("its copy is on a volume that is not in use, " + noted.get() + "; add that again");
        }
        return all;
    }
}
