// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.CopyIndex;
import org.nxvms.platform.api.archive.VolumeFootage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The service in front of {@link Departures}. */
@Component(service = VolumeFootage.class)
public final class ArchiveVolumes implements VolumeFootage {
    private final ChunkArchive archive;

    @Activate
    public ArchiveVolumes(@Reference ChunkArchive archive) {
        this.archive = archive;
    }

    @Override
    public Only onlyOn(UUID volumeId) {
        ChunkIndex index = archive.rows()
                .index()
                .orElseThrow(() -> new StoreException("the database is not there; try again in a moment", null));
        // What is away, or was taken out of use a moment ago, is nobody's second place.
        List<UUID> others = archive.footageVolumes().stream()
                .filter(BackupWishes::isReadable)
                .map(volume -> volume.volume().id())
                .filter(id -> !archive.care().departures().isLeaving(id))
                .toList();
        // In this order: what is promoted in between is counted twice, and never missed.
        CopyIndex.Waiting sealed =
                index.copies().onlyCopied(volumeId, others).and(index.copies().without(volumeId, others));
        long segments = sealed.segments();
        long bytes = sealed.bytes();
        for (FootageVolume volume : archive.footageVolumes()) {
            if (volume.volume().id().equals(volumeId)) {
                segments += volume.live().size();
                bytes += volume.liveBytes();
            }
        }
        return new Only(segments, bytes);
    }

    @Override
    public void leaves(UUID volumeId, String name) {
        try {
            archive.care().departures().leaves(volumeId, name);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot remember that volume " + name + " leaves", failed);
        }
    }

    @Override
    public void stays(UUID volumeId) {
        try {
            archive.care().departures().stays(volumeId);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot forget that volume " + volumeId + " was to leave", failed);
        }
    }
}
