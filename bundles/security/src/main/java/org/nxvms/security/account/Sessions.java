// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.UserStore;
import org.nxvms.platform.api.security.UserStore.StoredSession;
import org.nxvms.platform.api.security.UserStore.StoredToken;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.security.token.AccessTokens;
import org.nxvms.security.token.OpaqueSecret;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Staying signed in. An access token lives for minutes and is judged from memory; a refresh token lives for days, is
 * stored as a hash, and works once: its second use means that somebody copied it, and ends the whole session. Only the
 * same client that asks again within moments gets the same answer again ({@link RecentRefreshes}).
 */
@Component(service = Sessions.class, configurationPid = "org.nxvms.security")
@Designate(ocd = Sessions.Config.class)
public final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final int ACCESS_MINUTES_MAX = (int) AccessTokens.LIFE_MAX.toMinutes();

    /** A person has some; a script that signs in for each call shall not fill the table. */
    private static final int PER_USER_MAX = 200;

    /** Settings in {@code etc/org.nxvms.security.cfg}. */
    @ObjectClassDefinition(name = "NXvms sessions")
    public @interface Config {
        @AttributeDefinition(description = "Life of an access token in minutes", min = "1", max = "60")
        int accessTokenMinutes() default 15;

        @AttributeDefinition(description = "Days without use after which a session ends", min = "1", max = "365")
        int refreshTokenDays() default 30;

        @AttributeDefinition(
                description =
                        "Hours for which sessions of users from outside go on while their provider cannot be asked",
                min = "1",
                max = "720")
        int outsideGraceHours() default 24;
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

    /** A signed-in user and the session. */
    public record Caller(Account account, UUID session) {}

    private final Accounts accounts;
    private final AccessTokens tokens;
    private final Clock clock;
    private final SessionRegister register;
    private final RecentRefreshes recent;
    private volatile Duration accessLife;
    private volatile Duration refreshLife;
    private volatile Duration outsideGrace;
    private final OutsideUsers outside;
    private final AuditTrail audit;

    @Activate
    public Sessions(
            Config config,
            @Reference ServerIdentity identity,
            @Reference Accounts accounts,
            @Reference OutsideUsers outside,
            @Reference AccessTokens tokens,
            @Reference AuditTrail audit) {
        this(identity, accounts, outside, tokens, audit, Clock.systemUTC(), System::nanoTime);
        configure(config);
    }

    Sessions(
            ServerIdentity identity,
            Accounts accounts,
            OutsideUsers outside,
            AccessTokens tokens,
            AuditTrail audit,
            Clock clock,
            LongSupplier nanoClock) {
        this.audit = audit;
        this.register = new SessionRegister(
                new EndedSessionsFile(identity.dataFolder().resolve("keys").resolve("ended-sessions.json")));
        this.accounts = accounts;
        this.outside = outside;
        this.tokens = tokens;
        this.clock = clock;
        this.recent = new RecentRefreshes(nanoClock);
        this.accessLife = Duration.ofMinutes(15);
        this.refreshLife = Duration.ofDays(30);
        this.outsideGrace = Duration.ofHours(24);
        accounts.whenRead(this::settle);
    }

    @Deactivate
    void stop() {
        accounts.whenRead(store -> {});
    }

    @Modified
    void configure(Config config) {
        accessLife = Duration.ofMinutes(clamp("accessTokenMinutes", config.accessTokenMinutes(), ACCESS_MINUTES_MAX));
        refreshLife = Duration.ofDays(clamp("refreshTokenDays", config.refreshTokenDays(), 365));
        outsideGrace = Duration.ofHours(clamp("outsideGraceHours", config.outsideGraceHours(), 720));
    }

    /** Begins a session of a user who has proved to be one. */
    Grant begin(Accounts.Proof proof, Client client) {
        Account account = proof.account();
        UserStore store = store();
        UUID session = UUID.randomUUID();
        String refreshToken = OpaqueSecret.make();
        Instant now = clock.instant();
        boolean begun = store.begin(
                new StoredSession(session, account.id(), now, now, client.address(), client.name()),
                stored(refreshToken, account, session, now),
                proof.tokenEpoch(),
                PER_USER_MAX);
        if (!begun) {
            throw ended().exception();
        }
        return grant(account, session, refreshToken, now);
    }

    /**
     * Exchanges a refresh token.
     *
     * @throws org.nxvms.rest.kit.problem.ProblemException 401 or 503
     */
    public Grant refresh(String refreshToken, Client client) {
        UserStore store = store();
        String hash = OpaqueSecret.hash(refreshToken);
        StoredToken token = store.token(hash).orElseThrow(() -> ended().exception());
        if (!token.expires().isAfter(clock.instant())) {
            throw ended().exception();
        }
        if (register.hasEnded(token.family())) {
            throw ended().exception();
        }
        Account account =
                accounts.find(token.userId()).filter(user -> !user.disabled()).orElseThrow(() -> ended().exception());
        Optional<RecentRefreshes.Refresh> mine = recent.begin(hash, client.address());
        if (mine.isEmpty()) {
            return again(store, token, account, client);
        }
        try {
            Grant grant = exchange(store, token, stillThere(token, account), client);
            mine.get().done(grant.refreshToken());
            return grant;
        } catch (RuntimeException e) {
            recent.failed(hash, mine.get());
            throw e;
        }
    }

    /** {@return the user with the role of now} A used token, whoever sends it, is not worth a question outside. */
    private Account stillThere(StoredToken token, Account account) {
        if (token.used().isPresent()) {
            return account;
        }
        if (!outside.isStillThere(account, outsideGrace)) {
            outside.left(account);
            throw ended().exception();
        }
        return accounts.find(account.id()).orElseThrow(() -> ended().exception());
    }

    private Grant exchange(UserStore store, StoredToken token, Account account, Client client) {
        Instant now = clock.instant();
        String next = OpaqueSecret.make();
        switch (store.exchange(token.hash(), stored(next, account, token.family(), now), now, client.address())) {
            case USED -> throw copied(store, token, account, client);
            case ENDED -> throw ended().exception();
            case DONE -> {}
        }
        if (register.hasEnded(token.family())) {
            store.revokeFamily(token.family());
            throw ended().exception();
        }
        return grant(account, token.family(), next, now);
    }

    /**
     * The same token once more. Good as long as what it was exchanged for has not been used: there is one token of a
     * session that can be used, whoever holds copies of it.
     */
    private Grant again(UserStore store, StoredToken token, Account account, Client client) {
        try {
            Optional<String> next = recent.again(token.hash(), client.address());
            boolean unused = next.map(OpaqueSecret::hash)
                    .flatMap(store::token)
                    .filter(known -> known.used().isEmpty())
                    .isPresent();
            if (unused && !register.hasEnded(token.family())) {
                return grant(account, token.family(), next.get(), clock.instant());
            }
        } catch (TimeoutException e) {
            // Nobody used it twice: the first try failed, and the token may be as good as before.
            throw new ProblemException(
                    Problem.unavailable("The session could not be renewed just now. Try again in a moment.", 1), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.unavailable("The server stops.", 1).exception();
        }
        throw copied(store, token, account, client);
    }

    private RuntimeException copied(UserStore store, StoredToken token, Account account, Client client) {
        end(store, token.family());
        audit.note(new AuditNote(
                "session.ended",
                true,
                new AuditNote.Actor(Optional.of(account.id()), account.username(), Optional.empty(), client.address()),
                "session/" + token.family(),
                Map.of(),
                Map.of("why", "refresh token used twice")));
        LOG.warn(
                "A refresh token of user {} was used twice; somebody may have copied it. Its session has ended",
                token.userId());
        return ended().exception();
    }

    /** First marked, then revoked: a refresh at the same moment finds one of both done. */
    private void end(UserStore store, UUID session) {
        Instant now = clock.instant();
        // Its tokens may be older than the setting of now.
        register.end(session, now, now.plus(AccessTokens.LIFE_MAX));
        store.revokeFamily(session);
        register.settle(session);
    }

    /**
     * Ends a session: its refresh tokens and, at once, its access tokens. What the database cannot be told now it is told
     * when it is back; until then nobody gets a token of the session here.
     */
    public void logout(UUID session) {
        Instant now = clock.instant();
        register.end(session, now, now.plus(AccessTokens.LIFE_MAX));
        store().revokeFamily(session);
        register.settle(session);
    }

    /** Whenever users are read: what ended while the database was away, or before a kill, ends there too. */
    private void settle(UserStore store) {
        for (UUID session : register.unsettled()) {
            store.revokeFamily(session);
            register.settle(session);
        }
    }

    /** {@return whether a session was begun no longer ago than this} */
    boolean isFresh(Caller caller, Duration age) {
        Instant since = clock.instant().minus(age);
        return store().sessions(caller.account().id()).stream()
                .anyMatch(known ->
                        known.id().equals(caller.session()) && known.begun().isAfter(since));
    }

    /** {@return a user's sessions, seen last first} */
    public List<StoredSession> list(UUID userId) {
        return store().sessions(userId);
    }

    /**
     * Ends a session of a user.
     *
     * @throws NoSuchResourceException when the user has no such session; there may be one of somebody else
     */
    public void end(UUID userId, UUID session) {
        UserStore store = store();
        if (store.sessions(userId).stream().noneMatch(known -> known.id().equals(session))) {
            throw new NoSuchResourceException("There is no session " + session + ", or it has ended.");
        }
        end(store, session);
    }

    /** Ends all sessions of a user but the given one. */
    public void endAll(UUID userId, Optional<UUID> kept) {
        Account changed = accounts.endSessions(userId, kept);
        kept.ifPresent(session -> keep(changed, session));
    }

    /** The user's stamp has changed; this session is not meant. */
    void keep(Account changed, UUID session) {
        register.keep(session, changed.stamp());
    }

    /** {@return the session and user of a refresh token, fresh or used; to check what belongs to it} */
    public Optional<StoredToken> find(String refreshToken) {
        return store().token(OpaqueSecret.hash(refreshToken));
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
        return tokens.read(accessToken, now)
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

    /** {@return the CSRF token that belongs to a session} */
    public String csrf(UUID session) {
        return tokens.csrf(session);
    }

    private Grant grant(Account account, UUID session, String refreshToken, Instant now) {
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

    private StoredToken stored(String refreshToken, Account account, UUID session, Instant now) {
        return new StoredToken(
                OpaqueSecret.hash(refreshToken), account.id(), session, now.plus(refreshLife), Optional.empty());
    }

    private UserStore store() {
        return Absent.require(accounts.store(), "The user store");
    }

    static Problem ended() {
        return Problem.unauthenticated("The session has ended. Sign in again: POST /api/v1/auth/login.");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int clamp(String name, int value, int max) {
        int clamped = Math.max(1, Math.min(max, value));
        if (clamped != value) {
            LOG.warn("org.nxvms.security: {} must be 1..{}, not {}; {} is used", name, max, value, clamped);
        }
        return clamped;
    }
}
