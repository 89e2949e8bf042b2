// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.export;

import java.util.List;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Port to stored exports; offered by persistence, used by what makes packages only. Blocks for one transaction; throws
 * {@link org.nxvms.platform.api.StoreException} when the database fails.
 */
@ProviderType
public interface ExportStore {
    /** {@return a server's jobs, the oldest first} */
    List<ExportJob> jobs(UUID serverId);

    void insert(ExportJob job);

    /** Writes how far a job is; {@return whether it is there} */
    boolean update(ExportJob job);

    /** {@return whether there was one} */
    boolean delete(UUID id);
}
