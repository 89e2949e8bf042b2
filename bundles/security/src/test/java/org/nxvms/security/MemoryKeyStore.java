// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.nxvms.platform.api.security.ApiKeyStore;

/** The port's contract in memory; the real one is tested with its databases in bundles/persistence. */
public final class MemoryKeyStore implements ApiKeyStore {
    private final Map<UUID, StoredApiKey> keys = new LinkedHashMap<>();
    private int writes;

    /** {@return how often a use was noted} */
    public synchronized int writes() {
        return writes;
    }

    @Override
    public synchronized List<StoredApiKey> keys() {
        return List.copyOf(keys.values());
    }

    @Override
    public synchronized void insert(StoredApiKey key) {
        keys.put(key.id(), key);
    }

    @Override
    public synchronized boolean delete(UUID id) {
        return keys.remove(id) != null;
    }

    @Override
    public synchronized void noteUse(Map<UUID, Instant> used) {
        writes++;
        used.forEach((id, when) -> keys.computeIfPresent(id, (same, key) -> key.usedAt(when)));
    }
}
