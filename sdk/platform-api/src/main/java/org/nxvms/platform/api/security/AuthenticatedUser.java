// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who is calling.
 *
 * @param role what the user may do everywhere; grants at single places are added to it, and denials taken away
 * @param mustChangePassword true while the initial password is in force
 * @param apiKey the key that a program calls by; empty for people
 */
public record AuthenticatedUser(
        UUID id, String username, String role, boolean mustChangePassword, Optional<ApiKey> apiKey) {
    public AuthenticatedUser {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(apiKey, "apiKey");
    }

    /** Somebody who signed in. */
    public AuthenticatedUser(UUID id, String username, String role, boolean mustChangePassword) {
        this(id, username, role, mustChangePassword, Optional.empty());
    }

    /**
     * A key, without its secret.
     *
     * @param scope what it may do of what its user may
     */
    public record ApiKey(UUID id, String name, Set<Permission> scope) {
        public ApiKey {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(name, "name");
            scope = Set.copyOf(scope);
        }
    }
}
