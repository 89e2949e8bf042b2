// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
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
     * <p>Counts as one request of the caller.
     *
     * @throws TooManyRequestsException who is calling asks too often
     * @throws AccessDeniedException kind UNAUTHENTICATED, CSRF or PASSWORD_CHANGE_REQUIRED
     */
    AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException;

    /**
     * As {@link #authenticate}, for a connection that was opened with these credentials and goes on, such as
     * a WebSocket: an access token that has ended since is good as long as its session has a newer one. So a
     * client that refreshes its session in time keeps its connections; a session that ends takes them along. Not counted
     * as a request.
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
     * @throws AccessDeniedException kind FORBIDDEN, saying which right is missing; kind NOT_FOUND when the user has no
     *     right on the camera at all, just as when there is no such camera
     */
    void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId) throws AccessDeniedException;

    /**
     * Checks a right in a group, where a camera is to be.
     *
     * @param group as cameras name it; blank for this server, outside all groups
     * @throws AccessDeniedException kind FORBIDDEN, saying which right is missing
     */
    default void requireIn(AuthenticatedUser user, Permission permission, String group) throws AccessDeniedException {
        require(user, permission, Optional.empty());
    }

    /**
     * Checks that there is a place where the user has a right, whichever. For what is asked camera by camera afterwards,
     * such as lists, and for what says nothing of any camera.
     *
     * @throws AccessDeniedException kind FORBIDDEN, saying which right is missing
     */
    default void requireAnywhere(AuthenticatedUser user, Permission permission) throws AccessDeniedException {
        require(user, permission, Optional.empty());
    }

    /**
     * Checks that the user has some right on a camera, so that it may be known to be there.
     *
     * @throws AccessDeniedException kind NOT_FOUND, just as when there is no such camera
     */
    default void requireSight(AuthenticatedUser user, UUID cameraId) throws AccessDeniedException {
        require(user, Permission.VIEW_LIVE, Optional.of(cameraId));
    }

    /** {@return what the user may do with a camera}; none when it may not be known, or is not there */
    default Set<Permission> allowed(AuthenticatedUser user, UUID cameraId) {
        Set<Permission> allowed = EnumSet.noneOf(Permission.class);
        for (Permission permission : Permission.values()) {
            try {
                if (permission.isOfCamera()) {
                    require(user, permission, Optional.of(cameraId));
                    allowed.add(permission);
                }
            } catch (AccessDeniedException e) {
                // The answer is no.
                continue;
            }
        }
        return allowed;
    }

    /**
     * {@return the roles a user has, everywhere or at some place, by name} For what is meant for people of a role; they say
     * nothing of what may be done where.
     */
    default Set<String> roles(AuthenticatedUser user) {
        return Set.of(user.role());
    }

    /** {@return 0..100: whose movements of a camera go before whose}; 0 without the right to move it */
    default int ptzPriority(AuthenticatedUser user, UUID cameraId) {
        return 0;
    }
}
