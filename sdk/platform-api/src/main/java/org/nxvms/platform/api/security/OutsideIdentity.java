// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.util.Objects;
import java.util.Optional;

/**
 * Somebody whom a provider outside this server has proved.
 *
 * @param provider {@link AuthenticationProvider#id()}
 * @param subject names the person for good, also under another name ({@code entryUUID} of a directory, {@code sub} of
 *     OpenID Connect); 1..255 characters
 * @param username as the provider calls the person now; a user keeps the one of the first sign-in
 * @param role the role on this server by the provider's groups; empty for who may not come in
 */
public record OutsideIdentity(String provider, String subject, String username, Optional<String> role) {
    /** OpenID Connect Core 1.0, 2: a subject has 255 characters at most. */
    public static final int SUBJECT_LENGTH_MAX = 255;

    public OutsideIdentity {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(role, "role");
        if (subject.isEmpty() || subject.length() > SUBJECT_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "subject must have 1.." + SUBJECT_LENGTH_MAX + " characters, not " + subject.length());
        }
    }
}
