// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.VolumeReadable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the file of a sealed segment: where its row says, where it was moved to meanwhile, or else its copy on a backup
 * volume. Any thread; blocks on disk and for a look-up.
 */
final class SegmentFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentFiles.class);

    private final Supplier<Collection<FootageVolume>> volumes;
    private final IndexWriter rows;
    private final Function<UUID, Optional<Segment>> segments;

    /** @param segments finds a segment in index and memory */
    SegmentFiles(
            Supplier<Collection<FootageVolume>> volumes, IndexWriter rows, Function<UUID, Optional<Segment>> segments) {
        this.volumes = volumes;
        this.rows = rows;
        this.segments = segments;
    }

    record Found(Segment segment, VolumeReadable file) {}

    @FunctionalInterface
    interface Reading<T> {
        T of(Segment segment, VolumeReadable file) throws IOException;
    }

    /** Reads the file that the row names; where that is missing or damaged, the copy. */
    <T> T reading(UUID segmentId, Reading<T> reading) throws IOException {
        Found found = find(segmentId);
        try (VolumeReadable file = found.file()) {
            return reading.of(found.segment(), file);
        } catch (IOException damaged) {
            Optional<Found> copy = copy(found.segment());
            if (copy.isEmpty()) {
                throw damaged;
            }
            try (VolumeReadable file = copy.get().file()) {
                return reading.of(copy.get().segment(), file);
            }
        }
    }

    /** A chunk may be moved to another volume between the look at its row and at its file; then its row says so. */
    Found find(UUID segmentId) throws IOException {
        Segment segment = existing(segmentId);
        try {
            return whole(segment, read(segment));
        } catch (IOException notThere) {
            Segment now = existing(segmentId);
            if (!now.volumeId().equals(segment.volumeId())) {
                try {
                    return whole(now, read(now));
                } catch (IOException notThereEither) {
                    notThere.addSuppressed(notThereEither);
                }
            }
            return copy(now).orElseThrow(() -> notThere);
        }
    }

    /** Of one that is cut off the copy is better, if there is one. */
    private Found whole(Segment segment, VolumeReadable file) throws IOException {
        if (file.size() >= segment.sizeBytes()) {
            return new Found(segment, file);
        }
        Optional<Found> copy = copy(segment);
        if (copy.isEmpty()) {
            return new Found(segment, file);
        }
        file.close();
        return copy.get();
    }

    /** {@return the segment's copy on a backup volume, when it can be opened and is another file than the one given} */
    Optional<Found> copy(Segment failed) {
        try {
            Optional<ChunkIndex> index = rows.index();
            if (index.isEmpty()) {
                return Optional.empty();
            }
            Optional<Segment> copy = index.get().copies().of(failed.id()).map(ChunkIndex.StoredSegment::segment);
            if (copy.isEmpty() || copy.get().volumeId().equals(failed.volumeId())) {
                return Optional.empty();
            }
            return Optional.of(new Found(copy.get(), read(copy.get())));
        } catch (IOException | StoreException neither) {
            LOG.debug("The copy of {} cannot be read: {}", failed.path(), neither.getMessage());
            return Optional.empty();
        }
    }

    private Segment existing(UUID segmentId) throws NoSuchFileException {
        return segments.apply(segmentId)
                .orElseThrow(() -> new NoSuchFileException("segment " + segmentId + " is gone"));
    }

    VolumeReadable read(Segment segment) throws IOException {
        FootageVolume volume = volumes.get().stream()
                .filter(one -> one.volume().id().equals(segment.volumeId()))
                .findFirst()
                .orElseThrow(() -> new IOException("the volume of " + segment.path() + " (" + segment.volumeId()
                        + ") is not configured or not there; mount it"));
        return volume.volume().read(segment.path());
    }
}
