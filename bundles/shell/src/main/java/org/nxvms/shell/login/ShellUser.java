// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.login;

import java.security.Principal;
import java.util.Optional;
import java.util.UUID;

/**
 * Among the principals of a shell: one of the server's users, who came in by name and password. Who came in by the machine's
 * key has none.
 *
 * @param stamp the user's when the password was asked for; empty where nobody knew
 */
public record ShellUser(UUID id, String username, Optional<String> stamp) implements Principal {
    /** Whose stamp nobody knows. */
    public ShellUser(UUID id, String username) {
        this(id, username, Optional.empty());
    }

    @Override
    public String getName() {
        return username;
    }
}
