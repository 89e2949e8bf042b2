// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Holds footage against retention. Locks are journalled on every volume and beside the database, and need neither
 * database nor rebuild. Any thread; blocks on disk.
 */
@ProviderType
public interface EvidenceLocks {
    /** {@return all locks, newest first} */
    List<EvidenceLock> locks();

    /**
     * Adds a lock; durable when it returns. What retention is removing at this moment may still go.
     *
     * @throws IOException when it could not be written down; then it does not hold
     * @throws IllegalStateException when there are too many locks
     */
    void lock(EvidenceLock lock) throws IOException;

    /**
     * Takes a lock back.
     *
     * @return false when there was none
     * @throws IOException when that could not be written down; then it still holds
     */
    boolean unlock(UUID id, String by) throws IOException;
}
