// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.List;
import org.nxvms.platform.api.archive.VolumeBackups;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The service in front of {@link Backups}. */
@Component(service = VolumeBackups.class)
public final class ArchiveBackups implements VolumeBackups {
    private final ChunkArchive archive;

    @Activate
    public ArchiveBackups(@Reference ChunkArchive archive) {
        this.archive = archive;
    }

    @Override
    public List<Backup> backups() {
        return archive.care().backups().report(archive.rows().index());
    }
}
