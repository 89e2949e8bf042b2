// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.util.Set;
import java.util.UUID;
import org.nxvms.platform.api.export.ExportJob;
import org.nxvms.platform.api.security.Permission;

/** What one needs to take footage away, camera by camera: to see it, to hear it where there is sound, and to export. */
public final class ExportRights {
    private static final Set<Permission> SEEN = Set.of(Permission.EXPORT, Permission.VIEW_ARCHIVE);
    private static final Set<Permission> HEARD = Set.of(Permission.EXPORT, Permission.VIEW_ARCHIVE, Permission.LISTEN);

    private ExportRights() {}

    /** {@return the rights on a camera that a package asks for} */
    public static Set<Permission> of(ExportJob job, UUID camera) {
        return of(job.heard().contains(camera));
    }

    /** {@return the rights on a camera, with sound or without} */
    public static Set<Permission> of(boolean heard) {
        return heard ? HEARD : SEEN;
    }
}
