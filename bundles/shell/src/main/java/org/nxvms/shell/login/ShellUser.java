// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.login;

import java.security.Principal;
import java.util.UUID;

/**
 * Among the principals of a shell: one of the server's users, who came in by name and password. Who came in by the machine's
 * key has none.
 */
public record ShellUser(UUID id, String username) implements Principal {
    @Override
    public String getName() {
        return username;
    }
}
