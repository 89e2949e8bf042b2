// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Port to stored API keys; offered by persistence, used by security only. Blocks for one transaction; throws
 * {@link org.nxvms.platform.api.StoreException} when the database fails.
 */
@ProviderType
public interface ApiKeyStore {
    /**
     * A key: only its hash is stored.
     *
     * @param scopes what of its user's rights it has, by name; names that a later version knows are kept
     * @param used when it was used last, give or take some minutes
     * @param digest what proves the key when it is not sent itself, sealed; empty for keys made before there was that
     */
    record StoredApiKey(
            UUID id,
            UUID userId,
            String name,
            String hash,
            Set<String> scopes,
            Instant created,
            Instant expires,
            Optional<Instant> used,
            Optional<String> digest) {
        public StoredApiKey {
            Objects.requireNonNull(name, "name");
            scopes = Set.copyOf(scopes);
            Objects.requireNonNull(used, "used");
            Objects.requireNonNull(digest, "digest");
        }

        /** {@return the same key, used at that time} */
        public StoredApiKey usedAt(Instant when) {
            return new StoredApiKey(id, userId, name, hash, scopes, created, expires, Optional.of(when), digest);
        }

        /** Shows no hash. */
        @Override
        public String toString() {
            return "StoredApiKey[" + id + ", " + name + "]";
        }
    }

    List<StoredApiKey> keys();

    void insert(StoredApiKey key);

    /** {@return whether there was one} */
    boolean delete(UUID id);

    /** Notes when keys were used last; those that are gone are passed over. */
    void noteUse(Map<UUID, Instant> used);
}
