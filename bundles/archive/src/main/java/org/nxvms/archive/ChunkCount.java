// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.platform.api.archive.ArchiveMaintenance.VolumeChunks;

/** How many chunks of each volume are encrypted, and how many in the clear. One walk, one thread. */
final class ChunkCount {
    private final List<VolumeChunks> volumes = new ArrayList<>();
    private long encrypted;
    private long clear;

    void add(FootageVolume volume, ChunkName name, Optional<ChunkReader.Sealed> sealed) {
        try {
            boolean isEncrypted = sealed.isPresent()
                    ? sealed.get().encrypted().isPresent()
                    : ChunkReader.isEncrypted(volume.volume(), name.path());
            encrypted += isEncrypted ? 1 : 0;
            clear += isEncrypted ? 0 : 1;
        } catch (IOException neither) {
            // Told as a file that is not sealed.
        }
    }

    /** What was added since the last one was all of this volume. */
    void end(FootageVolume volume) {
        volumes.add(new VolumeChunks(volume.name(), encrypted, clear));
        encrypted = 0;
        clear = 0;
    }

    List<VolumeChunks> volumes() {
        return volumes;
    }
}
