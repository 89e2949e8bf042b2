// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.security.UserStore;
import org.nxvms.platform.api.security.UserStore.StoredToken;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.security.token.AccessTokens;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signing in and staying signed in. An access token lives for minutes and is judged from memory; a
 * refresh token lives for days, is stored as a hash, and works once: its second use means that somebody
 * copied it, and ends the whole session.
 */
@Component(service = Sessions.class, configurationPid = "org.nxvms.security")
@Designate(ocd = Sessions.Config.class)
public final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final int REFRESH_BYTES = 32;
    private static final int TEXT_LENGTH_MAX = 512;
    private static final int BUSY_RETRY_SECONDS = 2;
    private static final int ACCESS_MINUTES_MAX = 60;

    /** Settings in {@code etc/org.nxvms.security.cfg}. */
    @ObjectClassDefinition(name = "NXvms sessions")
    public @interface Config {
        @AttributeDefinition(description = "Life of an access token in minutes", min = "1", max = "60")
        int accessTokenMinutes() default 15;

        @AttributeDefinition(description = "Days without use after which a session ends", min = "1", max = "365")
        int refreshTokenDays() default 30;
    }

    /** What a login or refresh hands out. */
    public record Grant(
            Account account,
            UUID session,
            String accessToken,
            String refreshToken,
            Duration accessLife,
            Duration refreshLife,
            String csrfToken) {
        /** Shows no token. */
        @Override
        public String toString() {
            return "Grant[" + account.username() + "]";
        }
    }

    private final Accounts accounts;
    private final AccessTokens tokens;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final LoginThrottle throttle;
    private final SessionRegister register;
    private volatile Duration accessLife;
    private volatile Duration refreshLife;

    @Activate
    public Sessions(
            Config config,
            @Reference ServerIdentity identity,
            @Reference Accounts accounts,
            @Reference AccessTokens tokens) {
        this(identity, accounts, tokens, Clock.systemUTC(), System::nanoTime);
        configure(config);
    }

    Sessions(ServerIdentity identity, Accounts accounts, AccessTokens tokens, Clock clock, LongSupplier nanoClock) {
        this.register = new SessionRegister(
                new EndedSessionsFile(identity.dataFolder().resolve("keys").resolve("ended-sessions.json")));
        this.accounts = accounts;
        this.tokens = tokens;
        this.clock = clock;
        this.throttle = new LoginThrottle(nanoClock);
        this.accessLife = Duration.ofMinutes(15);
        this.refreshLife = Duration.ofDays(30);
    }

    @Modified
    void configure(Config config) {
        accessLife = Duration.ofMinutes(clamp("accessTokenMinutes", config.accessTokenMinutes(), ACCESS_MINUTES_MAX));
        refreshLife = Duration.ofDays(clamp("refreshTokenDays", config.refreshTokenDays(), 365));
    }

    /**
     * Signs in.
     *
     * @param address of the caller, for slowing guesses down
     * @throws org.nxvms.rest.kit.problem.ProblemException 401, 429 or 503
     */
    public Grant login(String username, String password, String address) {
        UserStore store = Absent.require(accounts.store(), "The user store");
        if (username.length() > TEXT_LENGTH_MAX || password.length() > TEXT_LENGTH_MAX) {
            throw wrongPassword();
        }
        int wait = throttle.begin(username, address);
        if (wait > 0) {
            throw Problem.tooManyRequests("Too many failed attempts. Try again in " + wait + " s.", wait)
                    .exception();
        }
        Optional<Account> account = checkInTurn(username, password);
        if (account.isEmpty()) {
            LOG.warn("Wrong user name or password for \"{}\" from {}", printable(username), address);
            throw wrongPassword();
        }
        if (account.get().disabled()) {
            LOG.warn("Disabled user {} tried to sign in from {}", account.get().username(), address);
            throw Problem.of(
                            "user-disabled",
                            "User is disabled",
                            403,
                            "This user is disabled. Ask an administrator to enable it.")
                    .exception();
        }
        throttle.succeeded(username, address);
        Grant grant = grant(store, account.get(), UUID.randomUUID());
        refuseIfChanged(store, account.get(), grant);
        LOG.info("User {} signed in from {}", account.get().username(), address);
        return grant;
    }

    /**
     * Exchanges a refresh token.
     *
     * @throws org.nxvms.rest.kit.problem.ProblemException 401 or 503
     */
    public Grant refresh(String refreshToken) {
        UserStore store = Absent.require(accounts.store(), "The user store");
        String hash = hash(refreshToken);
        StoredToken token = store.token(hash).orElseThrow(() -> ended().exception());
        Instant now = clock.instant();
        if (!token.expires().isAfter(now)) {
            throw ended().exception();
        }
        if (!store.useToken(hash, now)) {
            end(store, token.family());
            LOG.warn(
                    "A refresh token of user {} was used twice; somebody may have copied it. Its session has ended",
                    token.userId());
            throw ended().exception();
        }
        Account account =
                accounts.find(token.userId()).filter(user -> !user.disabled()).orElseThrow(() -> ended().exception());
        Grant grant = grant(store, account, token.family());
        refuseIfChanged(store, account, grant);
        if (register.hasEnded(token.family())) {
            // Ended while the new token was being stored: it must not outlive the session.
            store.revokeFamily(token.family());
            throw ended().exception();
        }
        return grant;
    }

    /** A password changed while the token was being stored: the token must not outlive the change. */
    private void refuseIfChanged(UserStore store, Account before, Grant grant) {
        boolean same = accounts.find(before.id())
                .filter(now -> !now.disabled())
                .filter(now -> now.stamp().equals(before.stamp()))
                .isPresent();
        if (!same) {
            store.revokeFamily(grant.session());
            throw ended().exception();
        }
    }

    /** First marked, then revoked: a refresh at the same moment finds one of both done. */
    private void end(UserStore store, UUID session) {
        Instant now = clock.instant();
        // Its tokens may be older than the setting of now.
        register.end(session, now, now.plus(Duration.ofMinutes(ACCESS_MINUTES_MAX)));
        store.revokeFamily(session);
    }

    /** Ends a session: its refresh tokens and, at once, its access tokens. */
    public void logout(UUID session) {
        end(Absent.require(accounts.store(), "The user store"), session);
    }

    /** {@return the session and user of a refresh token, fresh or used; to check what belongs to it} */
    public Optional<StoredToken> find(String refreshToken) {
        return Absent.require(accounts.store(), "The user store").token(hash(refreshToken));
    }

    /**
     * Changes a user's own password. Every other session of the user ends; this one goes on.
     *
     * @throws org.nxvms.rest.kit.problem.ProblemException 401 when the current password is wrong, 422 when the
     *     new one cannot be, 429 or 503
     */
    public void changePassword(UUID userId, UUID session, String current, String next, String address) {
        Absent.require(accounts.store(), "The user store");
        Account account = accounts.find(userId).orElseThrow(() -> ended().exception());
        int wait = throttle.begin(account.username(), address);
        if (wait > 0) {
            throw Problem.tooManyRequests("Too many failed attempts. Try again in " + wait + " s.", wait)
                    .exception();
        }
        if (checkInTurn(account.username(), current).isEmpty()) {
            throw Problem.validation("currentPassword", "The current password is wrong.")
                    .exception();
        }
        throttle.succeeded(account.username(), address);
        if (current.equals(next)) {
            throw Problem.validation("newPassword", "The new password is the old one. Choose another.")
                    .exception();
        }
        try {
            accounts.setPassword(account.username(), "newPassword", next, false, Optional.of(session));
        } catch (IllegalArgumentException e) {
            throw Problem.validation("newPassword", e.getMessage() + ".").exception();
        }
        accounts.find(userId).ifPresent(changed -> register.keep(session, changed.stamp()));
    }

    /** {@return who an access token stands for, from memory; empty when it is withdrawn or not ours} */
    public Optional<Caller> resolve(String accessToken) {
        return tokens.verify(accessToken, clock.instant()).flatMap(this::caller);
    }

    /**
     * {@return as {@link #resolve} for a connection that goes on: a token that has ended since is good as long as
     * its session has a newer one}
     */
    public Optional<Caller> resolveOngoing(String accessToken) {
        Instant now = clock.instant();
        return tokens.read(accessToken)
                .filter(claims -> claims.expires().isAfter(now) || register.isRenewed(claims.session(), now))
                .flatMap(this::caller);
    }

    private Optional<Caller> caller(AccessTokens.Claims claims) {
        if (register.hasEnded(claims.session())) {
            return Optional.empty();
        }
        return accounts.find(claims.userId())
                .filter(account -> !account.disabled())
                .filter(account -> MessageDigest.isEqual(bytes(account.stamp()), bytes(claims.stamp()))
                        || register.goesOn(claims.session(), account.stamp()))
                .map(account -> new Caller(account, claims.session()));
    }

    /** A signed-in user and the session. */
    public record Caller(Account account, UUID session) {}

    /** {@return the CSRF token that belongs to a session} */
    public String csrf(UUID session) {
        return tokens.csrf(session);
    }

    private Optional<Account> checkInTurn(String username, String password) {
        try {
            return accounts.check(username, password);
        } catch (PasswordHasher.BusyException e) {
            throw Problem.unavailable("Too many people are signing in. Try again in a moment.", BUSY_RETRY_SECONDS)
                    .exception();
        }
    }

    private Grant grant(UserStore store, Account account, UUID session) {
        byte[] secret = new byte[REFRESH_BYTES];
        random.nextBytes(secret);
        String refreshToken = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        Instant now = clock.instant();
        store.insertToken(
                new StoredToken(hash(refreshToken), account.id(), session, now.plus(refreshLife), Optional.empty()));
        register.renew(session, now.plus(accessLife));
        return new Grant(
                account,
                session,
                tokens.issue(account.id(), session, account.stamp(), now, accessLife),
                refreshToken,
                accessLife,
                refreshLife,
                tokens.csrf(session));
    }

    private static org.nxvms.rest.kit.problem.ProblemException wrongPassword() {
        return Problem.unauthenticated("The user name or the password is wrong.")
                .exception();
    }

    private static Problem ended() {
        return Problem.unauthenticated("The session has ended. Sign in again: POST /api/v1/auth/login.");
    }

    /** A random secret of 256 bits needs no slow hash. */
    private static String hash(String refreshToken) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(refreshToken)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JDK does not offer SHA-256", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What strangers send must not forge lines of the log. */
    private static String printable(String text) {
        String clean = text.replaceAll("[^\\p{L}\\p{N}._@ -]", "?");
        return clean.length() <= 64 ? clean : clean.substring(0, 64) + "...";
    }

    private static int clamp(String name, int value, int max) {
        int clamped = Math.max(1, Math.min(max, value));
        if (clamped != value) {
            LOG.warn("org.nxvms.security: {} must be 1..{}, not {}; {} is used", name, max, value, clamped);
        }
        return clamped;
    }
}
