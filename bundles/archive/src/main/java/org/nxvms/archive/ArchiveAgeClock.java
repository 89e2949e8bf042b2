// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.OptionalLong;
import org.nxvms.platform.api.archive.AgeClock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The service in front of {@link RetentionClock}. */
@Component(service = AgeClock.class)
public final class ArchiveAgeClock implements AgeClock {
    private final ChunkArchive archive;

    @Activate
    public ArchiveAgeClock(@Reference ChunkArchive archive) {
        this.archive = archive;
    }

    @Override
    public OptionalLong nowUs() {
        return archive.clock().nowUsIfKnown();
    }
}
