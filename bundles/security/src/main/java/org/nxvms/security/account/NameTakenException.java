// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

/** Somebody else has the name. The message begins with its field, as of all that cannot work. */
public final class NameTakenException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    NameTakenException(String username) {
        super("username \"" + username + "\" is taken, choose another");
    }
}
