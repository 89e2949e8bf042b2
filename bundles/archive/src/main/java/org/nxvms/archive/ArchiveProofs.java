// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.ArchiveKeys;
import org.nxvms.platform.api.archive.EvidenceLock;
import org.nxvms.platform.api.archive.EvidenceLocks;
import org.nxvms.storage.spi.Volume;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The services in front of {@link LockBook} and {@link SigningKeys}. */
@Component(service = {EvidenceLocks.class, ArchiveKeys.class})
public final class ArchiveProofs implements EvidenceLocks, ArchiveKeys {
    private final ChunkArchive archive;

    @Activate
    public ArchiveProofs(@Reference ChunkArchive archive) {
        this.archive = archive;
    }

    @Override
    public List<EvidenceLock> locks() {
        try {
            return archive.locks().locks();
        } catch (IOException unreadable) {
            throw new StoreException("the locks cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    @Override
    public void lock(EvidenceLock lock) throws IOException {
        archive.locks().lock(lock, volumes());
    }

    @Override
    public boolean unlock(UUID id, String by) throws IOException {
        return archive.locks().unlock(id, by, volumes());
    }

    @Override
    public List<Key> keys() throws IOException {
        return archive.keys().publicKeys();
    }

    @Override
    public Key rotate() throws IOException {
        String id = archive.keys().rotate();
        return keys().stream().filter(key -> key.id().equals(id)).findFirst().orElseThrow();
    }

    private Collection<Volume> volumes() {
        return archive.footageVolumes().stream().map(FootageVolume::volume).toList();
    }
}
