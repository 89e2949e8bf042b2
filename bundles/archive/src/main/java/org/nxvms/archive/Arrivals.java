// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends moves that broke off (ADR 24). {@code journal/move/} of the volume that a chunk was on its way to names the chunk
 * and where it came from; the row tells which of the two files counts, and the other goes once that one was found whole.
 */
final class Arrivals {
    private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);

    private final ChunkClaims claims;

    Arrivals(ChunkClaims claims) {
        this.claims = claims;
    }

    static String marker(Volume source, String path) {
        return source.id() + "/" + path;
    }

    private static String source(String marker) {
        return marker.substring(0, marker.indexOf('/'));
    }

    private static Optional<ChunkName> chunk(String marker) {
        return ChunkName.parse(marker.substring(marker.indexOf('/') + 1));
    }

    /** {@return chunks on the volume that may be parts of copies} */
    static Set<UUID> unsettled(Volume target) throws IOException {
        Set<UUID> segments = new HashSet<>();
        for (String marker : Markers.move(target).all()) {
            chunk(marker).ifPresent(name -> segments.add(name.segmentId()));
        }
        return segments;
    }

    /** @param volumes all that are in use, among them where chunks came from */
    void settle(FootageVolume target, Collection<FootageVolume> volumes, ChunkIndex index) throws IOException {
        Markers markers = Markers.move(target.volume());
        Set<UUID> left = new HashSet<>();
        for (String marker : markers.all()) {
            Optional<ChunkName> name = chunk(marker);
            if (name.isEmpty()) {
                markers.clear(marker);
            } else if (claims.claim(name.get().segmentId())) {
                try {
                    if (settle(target.volume(), source(marker), name.get(), volumes, index)) {
                        markers.clear(marker);
                    } else {
                        left.add(name.get().segmentId());
                    }
                } finally {
                    claims.release(name.get().segmentId());
                }
            }
        }
        // Those that are on their way just now are claimed.
        target.unsettled(left);
    }

    /** {@return whether one file is left; otherwise it is looked at again when the other volume is there and well} */
    private static boolean settle(
            Volume target, String sourceId, ChunkName name, Collection<FootageVolume> volumes, ChunkIndex index)
            throws IOException {
        Optional<Volume> known = volumes.stream()
                .map(FootageVolume::volume)
                .filter(volume -> volume.id().toString().equals(sourceId))
                .findFirst();
        if (known.isEmpty()) {
            return false;
        }
        Volume source = known.get();
        Optional<StoredSegment> there;
        try {
            there = sealed(source, name.path());
        } catch (IOException notWell) {
            LOG.debug("Volume {}: {}", source.name(), notWell.getMessage());
            return false;
        }
        Optional<StoredSegment> here = sealedOrPart(target, name.path());
        boolean counts = index.get(name.segmentId())
                .map(Segment::volumeId)
                .filter(target.id()::equals)
                .isPresent();
        if (here.isPresent() && (counts || there.isEmpty())) {
            index.relocate(name.segmentId(), source.id(), target.id());
            index.insert(List.of(here.get()));
            source.delete(name.path());
        } else if (there.isPresent()) {
            target.delete(name.path());
        } else {
            LOG.error("Volume {}: {} is whole neither here nor on {}", target.name(), name.path(), source.name());
        }
        return true;
    }

    /** From a volume that is not there nothing is concluded. */
    private static Optional<StoredSegment> sealed(Volume volume, String path) throws IOException {
        try {
            return ChunkReader.read(volume, path).map(ChunkReader.Sealed::row);
        } catch (NoSuchFileException gone) {
            volume.space();
            return Optional.empty();
        }
    }

    private static Optional<StoredSegment> sealedOrPart(Volume volume, String path) throws IOException {
        try {
            return ChunkReader.read(volume, path).map(ChunkReader.Sealed::row);
        } catch (IOException part) {
            volume.space();
            return Optional.empty();
        }
    }
}
