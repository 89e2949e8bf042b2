// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.server;

import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Port to the servers that users know; offered by persistence. Any thread; blocks for one transaction, throws {@link
 * org.nxvms.platform.api.StoreException} when the database fails. With a user theirs go.
 */
@ProviderType
public interface KnownServerStore {
    /** {@return those of a user, {@link KnownServers#NONE} before any were given} */
    KnownServers of(UUID userId);

    /**
     * Replaces those of a user if their version is one less than the given one's.
     *
     * @return false when it is another one, or the user is gone; nothing is changed
     */
    boolean replace(UUID userId, KnownServers servers);
}
