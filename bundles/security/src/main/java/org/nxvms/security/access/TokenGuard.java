// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.access;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessDeniedException.Kind;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AccessScope;
import org.nxvms.platform.api.security.ApiKeyStore.StoredApiKey;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.security.account.Account;
import org.nxvms.security.account.Accounts;
import org.nxvms.security.account.Sessions;
import org.nxvms.security.key.ApiKeys;
import org.nxvms.security.rights.Bits;
import org.nxvms.security.rights.Decisions;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The guard by access tokens and API keys, from memory. A bearer token proves by itself that a program meant the
 * request; a cookie is sent by the browser for anybody, so it needs the right origin and, to change something, the CSRF
 * token.
 */
@Component(service = {AccessGuard.class, TokenGuard.class})
public final class TokenGuard implements AccessGuard {
    private static final String BEARER = "bearer ";
    private static final String AUTH_BASE = "/api/v1/auth";
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final String WEBSOCKET = "WEBSOCKET";

    /** Values of Sec-Fetch-Site (W3C Fetch Metadata 2.4) other than the own origin and what a person typed. */
    private static final Set<String> FOREIGN_SITES = Set.of("cross-site", "same-site");

    private final Sessions sessions;
    private final Accounts accounts;
    private final ApiKeys keys;
    private final Decisions decisions;
    private volatile CallerRates rates;

    @Activate
    public TokenGuard(
            @Reference Sessions sessions,
            @Reference Accounts accounts,
            @Reference ApiKeys keys,
            @Reference Decisions decisions) {
        this.sessions = sessions;
        this.accounts = accounts;
        this.keys = keys;
        this.decisions = decisions;
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void setRates(CallerRates newRates) {
        rates = newRates;
    }

    void unsetRates(CallerRates oldRates) {
        if (rates == oldRates) {
            rates = null;
        }
    }

    @Override
    public AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException {
        Optional<String> key = apiKey(request);
        AuthenticatedUser user = key.isPresent()
                ? program(request, key.get())
                : caller(request).account().user();
        return counted(user);
    }

    /** Counts one request; {@return the same user} */
    AuthenticatedUser counted(AuthenticatedUser user) throws AccessDeniedException {
        CallerRates current = rates;
        return current == null ? user : current.counted(user);
    }

    @Override
    public AuthenticatedUser reauthenticate(RequestCredentials request) throws AccessDeniedException {
        Optional<String> key = apiKey(request);
        return key.isPresent()
                ? program(request, key.get())
                : caller(request, sessions::resolveOngoing).account().user();
    }

    /**
     * As {@link #authenticate}, with the session. API keys have none: what concerns sessions, passwords and keys is for
     * people, so that a key that was copied does not make others.
     */
    public Sessions.Caller caller(RequestCredentials request) throws AccessDeniedException {
        if (apiKey(request).isPresent()) {
            throw new AccessDeniedException(
                    Kind.FORBIDDEN, "An API key does not do this: sign in, POST /api/v1/auth/login.");
        }
        return caller(request, sessions::resolve);
    }

    private static Optional<String> apiKey(RequestCredentials request) throws AccessDeniedException {
        return request.authorization().isEmpty()
                ? Optional.empty()
                : Optional.of(bearerToken(request.authorization().get())).filter(ApiKeys::isKey);
    }

    private AuthenticatedUser program(RequestCredentials request, String text) throws AccessDeniedException {
        StoredApiKey key = keys.find(text)
                .orElseThrow(() -> new AccessDeniedException(
                        Kind.UNAUTHENTICATED, "The API key is not valid, has expired or was removed."));
        return program(key, request.path(), request.remoteAddress());
    }

    /** {@return the user of a key that is good} */
    AuthenticatedUser program(StoredApiKey key, String path, String remoteAddress) throws AccessDeniedException {
        Account account = accounts.find(key.userId())
                .filter(user -> !user.disabled())
                .orElseThrow(() -> new AccessDeniedException(
                        Kind.UNAUTHENTICATED, "The user of this API key is disabled or gone."));
        checkReady(account, true, path, remoteAddress);
        return account.user(new AuthenticatedUser.ApiKey(key.id(), key.name(), ApiKeys.scope(key)));
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
        checkReady(caller.account(), bearer, request.path(), request.remoteAddress());
        return caller;
    }

    private void checkReady(Account account, boolean bearer, String path, String remoteAddress)
            throws AccessDeniedException {
        if (isAuthPath(path)) {
            return;
        }
        if (account.mustChangePassword() && !(bearer && isLoopback(remoteAddress))) {
            throw new AccessDeniedException(
                    Kind.PASSWORD_CHANGE_REQUIRED,
                    "This user's first password must be changed before anything else: POST /api/v1/auth/password.");
        }
        if (decisions.mustEnrol(account.user())) {
            throw new AccessDeniedException(
                    Kind.SECOND_FACTOR_REQUIRED,
                    "A role of this user is for those with a second factor. Enrol one before anything else: POST"
                            + " /api/v1/auth/totp.");
        }
    }

    @Override
    public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
            throws AccessDeniedException {
        if (cameraId.isEmpty()) {
            require(user, permission, decisions.onServer(user), "on this server");
            return;
        }
        long bits = decisions.on(user, cameraId.get());
        requireSight(bits, cameraId.get());
        if (!Bits.has(bits, permission)) {
            throw missing(user, permission, "on the camera " + cameraId.get());
        }
    }

    @Override
    public void requireIn(AuthenticatedUser user, Permission permission, String group) throws AccessDeniedException {
        // A name that is too long is refused by who keeps cameras.
        if (group.isBlank() || group.length() > AccessScope.GROUP_CHARS_MAX) {
            require(user, permission, Optional.empty());
            return;
        }
        List<AccessScope> groups = AccessScope.groups(group);
        if (groups.isEmpty()) {
            require(user, permission, Optional.empty());
            return;
        }
        require(user, permission, decisions.at(user, groups.get(0)), "in the group \"" + group + "\"");
    }

    @Override
    public void requireAnywhere(AuthenticatedUser user, Permission permission) throws AccessDeniedException {
        require(user, permission, decisions.somewhere(user), "anywhere");
    }

    @Override
    public void requireSight(AuthenticatedUser user, UUID cameraId) throws AccessDeniedException {
        requireSight(decisions.on(user, cameraId), cameraId);
    }

    private static void requireSight(long bits, UUID cameraId) throws AccessDeniedException {
        if ((bits & Bits.OF_CAMERA) == 0) {
            throw new AccessDeniedException(
                    Kind.NOT_FOUND, Problem.noCamera(cameraId).detail());
        }
    }

    @Override
    public Set<Permission> allowed(AuthenticatedUser user, UUID cameraId) {
        return Bits.set(decisions.on(user, cameraId) & Bits.OF_CAMERA);
    }

    @Override
    public Set<String> roles(AuthenticatedUser user) {
        return decisions.roles(user);
    }

    @Override
    public int ptzPriority(AuthenticatedUser user, UUID cameraId) {
        return decisions.ptzPriority(user, cameraId);
    }

    private static void require(AuthenticatedUser user, Permission permission, long bits, String where)
            throws AccessDeniedException {
        if (!Bits.has(bits, permission)) {
            throw missing(user, permission, where);
        }
    }

    private static AccessDeniedException missing(AuthenticatedUser user, Permission permission, String where) {
        String right = Bits.name(permission);
        Optional<AuthenticatedUser.ApiKey> key = user.apiKey();
        if (key.isPresent() && !key.get().scope().contains(permission)) {
            return new AccessDeniedException(
                    Kind.FORBIDDEN,
                    "The API key \"" + key.get().name() + "\" of user " + user.username() + " does not include " + right
                            + ". Make one that does.");
        }
        return new AccessDeniedException(
                Kind.FORBIDDEN,
                "User " + user.username() + ", whose role is " + user.role() + ", does not have the right " + right
                        + " " + where + ". Ask an administrator.");
    }

    /**
     * What a cookie alone does not prove: that the console sent the request.
     *
     * @throws AccessDeniedException kind CSRF
     */
    public void checkOrigin(RequestCredentials request, UUID session) throws AccessDeniedException {
        checkOrigin(request);
        if (READING.contains(request.method())) {
            return;
        }
        boolean webSocket = request.method().equals(WEBSOCKET);
        if (!webSocket && !equal(request.csrfToken().orElse(""), sessions.csrf(session))) {
            throw new AccessDeniedException(
                    Kind.CSRF,
                    "The header " + CSRF_HEADER + " must repeat the value of the cookie " + CSRF_COOKIE + ".");
        }
    }

    /**
     * Browsers say where a request comes from; other programs may leave it out, except for WebSockets. Another port of
     * the same host is the same site for cookies, so that it is looked at for reading too: pictures are not to be shown
     * in pages of others.
     *
     * @throws AccessDeniedException kind CSRF
     */
    public void checkOrigin(RequestCredentials request) throws AccessDeniedException {
        if (request.fetchSite().filter(FOREIGN_SITES::contains).isPresent()) {
            throw new AccessDeniedException(
                    Kind.CSRF,
                    "The request comes from a page of another server. Open the console at the address you use for it.");
        }
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
