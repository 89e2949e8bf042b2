// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import org.osgi.annotation.versioning.ProviderType;

/**
 * For ways in that know a name and a password and no tokens, such as the shell: the same users, the same waits for who
 * guesses, the same audit as at {@code POST /api/v1/auth/login}. Begins no session. Any thread; takes as long as a
 * password takes to check, and may wait for the database.
 */
@ProviderType
public interface PasswordSignIn {
    /**
     * Makes sure that it is the user.
     *
     * @param password the password; where the user has a second factor, with the six digits of the one-time code right
     *     behind it
     * @param address where the caller is, as digits
     * @param way which way in, one lower-case word; the audit has {@code WAY.login}
     * @throws TooManyRequestsException after too many wrong ones
     * @throws AccessDeniedException kind UNAUTHENTICATED when password or code is wrong, or nothing can be checked now;
     *     FORBIDDEN when the user is disabled; PASSWORD_CHANGE_REQUIRED when the first password is still in force and the
     *     caller is not on this machine; SECOND_FACTOR_REQUIRED when a role of the user's is for those with a second
     *     factor and there is none yet
     */
    AuthenticatedUser signIn(String username, String password, String address, String way) throws AccessDeniedException;
}
