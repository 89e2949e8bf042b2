// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.List;
import org.nxvms.platform.api.archive.VolumeMoves;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The service in front of {@link Mover}. */
@Component(service = VolumeMoves.class)
public final class ArchiveMoves implements VolumeMoves {
    private final ChunkArchive archive;

    @Activate
    public ArchiveMoves(@Reference ChunkArchive archive) {
        this.archive = archive;
    }

    @Override
    public List<Move> moves() {
        return archive.care().mover().report(archive.rows().index());
    }
}
