// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;

/** Whether a sealed chunk's row names another volume that has the same file, so that this one does not count. */
enum SecondCopy {
    NONE,
    /** A move ends soon, or when the other volume lets it. */
    MOVING,
    /** Nobody will care for it. */
    LEFT;

    static SecondCopy of(FootageVolume here, Segment file, Collection<FootageVolume> volumes, ChunkIndex index)
            throws IOException {
        Optional<Volume> named = index.get(file.id()).stream()
                .flatMap(row -> volumes.stream()
                        .filter(one -> one != here && one.volume().id().equals(row.volumeId())))
                .map(FootageVolume::volume)
                .findFirst();
        if (named.isEmpty() || !isSame(named.get(), file)) {
            return NONE;
        }
        String marker = Arrivals.marker(here.volume(), file.path());
        return Markers.move(named.get()).all().contains(marker) ? MOVING : LEFT;
    }

    private static boolean isSame(Volume other, Segment file) {
        try {
            ChunkFile there = ChunkFile.look(other, file.path());
            return there.isSealed() && there.row().segment().sha256().equals(file.sha256());
        } catch (IOException unreadable) {
            return false;
        }
    }
}
