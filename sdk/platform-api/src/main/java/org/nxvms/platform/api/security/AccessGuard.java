// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Asked on every way out: REST, media bytes, WebSockets. Any thread; answers from memory, never blocks
 * on the database.
 */
@ProviderType
public interface AccessGuard {
    /** Name of the session cookie (HttpOnly, Secure where TLS is used, SameSite=Strict). */
    String SESSION_COOKIE = "nxvms_session";
    /** Header that must repeat the CSRF token on requests which change something with the cookie. */
    String CSRF_HEADER = "X-NXvms-CSRF";
    /** Cookie, readable by the console's script, that holds the CSRF token. */
    String CSRF_COOKIE = "nxvms_csrf";

    /**
     * Says who is calling: by {@code Authorization: Bearer} (an access token or an API key) or by the session cookie.
     * The cookie counts only for pages of this very origin, where the browser says so (Origin, Sec-Fetch-Site); a
     * request that changes something needs the CSRF header as well, and a WebSocket upgrade an Origin that equals the
     * Host.
     *
     * @throws AccessDeniedException kind UNAUTHENTICATED, CSRF or PASSWORD_CHANGE_REQUIRED
     */
    AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException;

    /**
     * As {@link #authenticate}, for a connection that was opened with these credentials and goes on, such as
     * a WebSocket: an access token that has ended since is good as long as its session has a newer one. So a
     * client that refreshes its session in time keeps its connections; a session that ends takes them along.
     *
     * @throws AccessDeniedException kind UNAUTHENTICATED, CSRF or PASSWORD_CHANGE_REQUIRED
     */
    default AuthenticatedUser reauthenticate(RequestCredentials request) throws AccessDeniedException {
        return authenticate(request);
    }

    /**
     * Checks a right.
     *
     * @param cameraId the camera concerned, empty for rights on the server
     * @throws AccessDeniedException kind FORBIDDEN, saying which right is missing
     */
    void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId) throws AccessDeniedException;
}
