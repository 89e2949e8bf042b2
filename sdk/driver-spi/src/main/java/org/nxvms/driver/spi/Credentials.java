// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.Objects;

/**
 * A user name and password. {@link #toString()} never shows the password.
 *
 * @param digestOnly whether they may be shown only so that who asks for them does not learn the password: by Digest (RFC 7616)
 *     or the PasswordDigest of WS-Security. Who asks otherwise, e.g. by Basic, is not answered, over TLS neither. So it is with
 *     a device that nobody has entered them for, such as one that was found at another address than before; since 1.5
 */
public record Credentials(String username, String password, boolean digestOnly) {
    public Credentials {
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(password, "password");
    }

    /** Those that somebody entered for a device. */
    public Credentials(String username, String password) {
        this(username, password, false);
    }

    /** {@return these, for a device that nobody has entered them for} @since 1.5 */
    public Credentials onlyByDigest() {
        return new Credentials(username, password, true);
    }

    @Override
    public String toString() {
        return "Credentials[" + username + "]";
    }
}
