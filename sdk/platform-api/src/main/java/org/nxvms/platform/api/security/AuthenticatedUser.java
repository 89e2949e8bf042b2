// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.util.Objects;
import java.util.UUID;

/**
 * Who is calling.
 *
 * @param role {@code administrator}, {@code operator} or {@code viewer}
 * @param mustChangePassword true while the initial password is in force
 */
public record AuthenticatedUser(UUID id, String username, String role, boolean mustChangePassword) {
    public AuthenticatedUser {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(role, "role");
    }
}
