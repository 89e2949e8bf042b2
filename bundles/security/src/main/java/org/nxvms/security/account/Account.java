// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.security.AuthenticatedUser;

/**
 * A user as the guard knows one; kept in memory and, without secrets, in {@code keys/accounts.json}.
 *
 * @param disabled may not sign in; no token of such a user is good
 * @param stamp keyed fingerprint of the epoch of the user's tokens: a token with another stamp is withdrawn
 * @param provider who proves the user; empty for users of the server's own
 */
public record Account(
        UUID id,
        String username,
        String role,
        boolean mustChangePassword,
        boolean disabled,
        String stamp,
        Optional<String> provider) {
    public AuthenticatedUser user() {
        return new AuthenticatedUser(id, username, role, mustChangePassword);
    }

    /** {@return the user as a program calls by a key of theirs} */
    public AuthenticatedUser user(AuthenticatedUser.ApiKey key) {
        return new AuthenticatedUser(id, username, role, mustChangePassword, Optional.of(key));
    }
}
