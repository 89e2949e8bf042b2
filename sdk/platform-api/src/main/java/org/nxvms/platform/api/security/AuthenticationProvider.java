// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.util.Objects;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Proves people who have no password on this server: a directory, an OpenID provider. A whiteboard service; installing
 * one opens a way in, removing it closes that way and nothing else. Called on threads of requests, several at a time; may
 * block, within a time limit of its own of some seconds.
 *
 * <p>There are two kinds. One takes names and passwords: it is asked at {@code POST /auth/login} and by the shell, for
 * names that no user of the server's own has. The other sends browsers elsewhere ({@link #redirect}) and brings people back
 * by {@link OutsideSignIn}.
 */
@ConsumerType
public interface AuthenticationProvider {
    /** {@return a short name: 1..20 lower-case letters, digits and hyphens; stored with its users, so for good} */
    String id();

    /** {@return where browsers begin; empty for a provider that takes names and passwords} */
    default Optional<Redirect> redirect() {
        return Optional.empty();
    }

    /**
     * Asks whether that is the password of somebody.
     *
     * @param password never empty
     * @return who it is; empty when there is nobody of that name or the password is wrong, which should take the same time
     * @throws AuthenticationUnavailableException when it cannot be told now
     */
    default Optional<OutsideIdentity> check(String username, String password)
            throws AuthenticationUnavailableException {
        return Optional.empty();
    }

    /**
     * Asks whether somebody is still there, and with which role: whenever a session is renewed. Where nothing can be looked
     * up, what is known is the answer.
     *
     * @param known a user of this provider as the server knows it
     * @return as it is now; empty, or without a role, when the sessions of the person are to end
     * @throws AuthenticationUnavailableException when it cannot be told now; the session goes on for some hours
     */
    Optional<OutsideIdentity> lookUp(OutsideIdentity known) throws AuthenticationUnavailableException;

    /**
     * A way in that begins elsewhere.
     *
     * @param title for people, as on a button; 1..60 characters
     * @param path on this server, where a browser goes to begin
     */
    record Redirect(String title, String path) {
        public Redirect {
            Objects.requireNonNull(title, "title");
            Objects.requireNonNull(path, "path");
        }
    }
}
