// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessDeniedException.Kind;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.security.account.Sessions;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The guard by access tokens, from memory. A bearer token proves by itself that a program meant the
 * request; a cookie is sent by the browser for anybody, so it needs the CSRF token and the right origin.
 */
@Component(service = {AccessGuard.class, TokenGuard.class})
public final class TokenGuard implements AccessGuard {
    private static final String BEARER = "bearer ";
    private static final String AUTH_BASE = "/api/v1/auth";
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final String WEBSOCKET = "WEBSOCKET";

    private final Sessions sessions;

    @Activate
    public TokenGuard(@Reference Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException {
        return caller(request).account().user();
    }

    @Override
    public AuthenticatedUser reauthenticate(RequestCredentials request) throws AccessDeniedException {
        return caller(request, sessions::resolveOngoing).account().user();
    }

    /** As {@link #authenticate}, with the session. */
    public Sessions.Caller caller(RequestCredentials request) throws AccessDeniedException {
        return caller(request, sessions::resolve);
    }

    private Sessions.Caller caller(RequestCredentials request, Function<String, Optional<Sessions.Caller>> sessionOf)
            throws AccessDeniedException {
        boolean bearer = request.authorization().isPresent();
        String token = bearer ? bearerToken(request.authorization().get()) : cookie(request);
        Sessions.Caller caller = sessionOf
                .apply(token)
                .orElseThrow(() -> new AccessDeniedException(
                        Kind.UNAUTHENTICATED,
                        "The access token is not valid, has ended or was withdrawn. Refresh it: POST"
                                + " /api/v1/auth/refresh, or sign in again: POST /api/v1/auth/login."));
        if (!bearer) {
            checkOrigin(request, caller.session());
        }
        if (caller.account().mustChangePassword()
                && !isAuthPath(request.path())
                && !(bearer && isLoopback(request.remoteAddress()))) {
            throw new AccessDeniedException(
                    Kind.PASSWORD_CHANGE_REQUIRED,
                    "This user's first password must be changed before anything else: POST /api/v1/auth/password.");
        }
        return caller;
    }

    @Override
    public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
            throws AccessDeniedException {
        if (!Rights.allows(user.role(), permission)) {
            throw new AccessDeniedException(
                    Kind.FORBIDDEN,
                    "User " + user.username() + " has the role " + user.role() + ", which does not include "
                            + permission.name().toLowerCase(Locale.ROOT) + ". Ask an administrator.");
        }
    }

    /**
     * What a cookie alone does not prove: that the console sent the request.
     *
     * @throws AccessDeniedException kind CSRF
     */
    public void checkOrigin(RequestCredentials request, UUID session) throws AccessDeniedException {
        if (READING.contains(request.method())) {
            return;
        }
        checkOrigin(request);
        boolean webSocket = request.method().equals(WEBSOCKET);
        if (!webSocket && !equal(request.csrfToken().orElse(""), sessions.csrf(session))) {
            throw new AccessDeniedException(
                    Kind.CSRF,
                    "The header " + CSRF_HEADER + " must repeat the value of the cookie " + CSRF_COOKIE + ".");
        }
    }

    /**
     * Browsers say where a request comes from; other programs may leave it out, except for WebSockets.
     *
     * @throws AccessDeniedException kind CSRF
     */
    public void checkOrigin(RequestCredentials request) throws AccessDeniedException {
        if (request.origin().isEmpty() && !request.method().equals(WEBSOCKET)) {
            return;
        }
        String origin = request.origin().map(TokenGuard::authority).orElse("");
        if (origin.isEmpty() || !origin.equalsIgnoreCase(request.host().orElse(""))) {
            throw new AccessDeniedException(
                    Kind.CSRF,
                    "The Origin header does not name this server. Open the console at the address you use for it.");
        }
    }

    private static String bearerToken(String authorization) throws AccessDeniedException {
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new AccessDeniedException(
                    Kind.UNAUTHENTICATED, "Authorization must be \"Bearer\" and an access token.");
        }
        return authorization.substring(BEARER.length()).strip();
    }

    private static String cookie(RequestCredentials request) throws AccessDeniedException {
        String value = request.cookies().get(SESSION_COOKIE);
        if (value == null || value.isEmpty()) {
            throw new AccessDeniedException(Kind.UNAUTHENTICATED, "Sign in first: POST /api/v1/auth/login.");
        }
        return value;
    }

    private static boolean isAuthPath(String path) {
        return path.equals(AUTH_BASE) || path.startsWith(AUTH_BASE + "/");
    }

    /** {@code https://host:port} without the scheme; {@code null} and the like have no authority. */
    private static String authority(String origin) {
        int at = origin.indexOf("://");
        return at < 0 ? "" : origin.substring(at + 3);
    }

    /** IPv4 127.0.0.0/8, IPv6 ::1, in the forms servlet containers use. */
    private static boolean isLoopback(String address) {
        String bare =
                address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
        return bare.matches("(?:::ffff:)?127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}")
                || bare.equals("::1")
                || bare.equals("0:0:0:0:0:0:0:1");
    }

    private static boolean equal(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
