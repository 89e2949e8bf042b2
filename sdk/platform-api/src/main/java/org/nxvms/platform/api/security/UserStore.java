// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Port to stored users and refresh tokens; offered by persistence, used by security only. Blocks for
 * one transaction; throws {@link org.nxvms.platform.api.StoreException} when the database fails.
 */
@ProviderType
public interface UserStore {
    /** {@code passwordHash} is an encoded hash with its parameters (e.g. {@code $argon2id$...}). */
    record StoredUser(
            UUID id, String username, String role, String passwordHash, boolean mustChangePassword, Instant created) {
        /** Shows no hash. */
        @Override
        public String toString() {
            return "StoredUser[" + username + ", " + role + "]";
        }
    }

    /**
     * A refresh token: only its hash is stored.
     *
     * @param family all tokens rotated from one login; reuse of a used one revokes the family
     * @param used when it was exchanged, empty while fresh
     */
    record StoredToken(String hash, UUID userId, UUID family, Instant expires, Optional<Instant> used) {}

    List<StoredUser> users();

    /** {@return false when the name is taken (case-insensitive)} */
    boolean insert(StoredUser user);

    boolean update(StoredUser user);

    boolean delete(UUID id);

    void insertToken(StoredToken token);

    Optional<StoredToken> token(String hash);

    /** Marks a fresh token as used; {@return false when it was used before or is gone}: exactly one caller wins. */
    boolean useToken(String hash, Instant now);

    void revokeFamily(UUID family);

    /** Ends all sessions of a user but the given family. */
    void revokeAll(UUID userId, Optional<UUID> keptFamily);

    void deleteExpired(Instant now);
}
