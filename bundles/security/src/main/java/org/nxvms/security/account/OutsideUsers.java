// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AuthenticationProvider;
import org.nxvms.platform.api.security.AuthenticationUnavailableException;
import org.nxvms.platform.api.security.OutsideIdentity;
import org.nxvms.platform.api.security.UserStore.Origin;
import org.nxvms.platform.api.security.UserStore.StoredUser;
import org.nxvms.rest.kit.problem.Problem;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * People whom providers outside prove. Each is a user here from the first sign-in on, found by provider and subject, with
 * the role of now at each sign-in and each renewal of a session. No person of a provider takes over a user that is there by
 * the same name.
 */
@Component(service = OutsideUsers.class)
public final class OutsideUsers {
    private static final Logger LOG = LoggerFactory.getLogger(OutsideUsers.class);

    /** A provider that hangs holds that many threads of requests, not all. */
    private static final int ASKED_AT_ONCE_MAX = 4;

    private static final long WAIT_MS_MAX = 2_000;

    private final Accounts accounts;
    private final AuditTrail audit;
    private final LongSupplier nanoClock;
    private final Semaphore strangers = new Semaphore(ASKED_AT_ONCE_MAX, true);
    private final Semaphore others = new Semaphore(ASKED_AT_ONCE_MAX, true);

    /** Since when a user's provider could not be asked; one entry a user at most. */
    private final Map<UUID, Long> silentSince = new ConcurrentHashMap<>();

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile List<AuthenticationProvider> providers = List.of();

    @Activate
    public OutsideUsers(@Reference Accounts accounts, @Reference AuditTrail audit) {
        this(accounts, audit, System::nanoTime);
    }

    OutsideUsers(Accounts accounts, AuditTrail audit, LongSupplier nanoClock) {
        this.accounts = accounts;
        this.audit = audit;
        this.nanoClock = nanoClock;
    }

    /** {@return ways in that begin elsewhere, by provider} */
    public Map<String, AuthenticationProvider.Redirect> redirects() {
        Map<String, AuthenticationProvider.Redirect> ways = new TreeMap<>();
        for (AuthenticationProvider provider : providers) {
            provider.redirect().ifPresent(way -> ways.put(provider.id(), way));
        }
        return ways;
    }

    /**
     * Asks the providers that take passwords. For names of the server's own they are asked for somebody who does not exist,
     * without the password: so time does not tell whose a name is, and no password of theirs leaves the server.
     *
     * @param stranger whether it takes its turn among strangers
     * @throws AuthenticationUnavailableException when one that may know does not answer, and no other knows
     */
    Optional<OutsideIdentity> check(String username, String password, boolean stranger)
            throws AuthenticationUnavailableException {
        // A bind without a password succeeds with many directories (RFC 4513 5.1.2).
        if (password.isEmpty()) {
            return Optional.empty();
        }
        Optional<StoredUser> known = accounts.named(username);
        boolean own = known.filter(StoredUser::isOwn).isPresent();
        AuthenticationUnavailableException silent = null;
        for (AuthenticationProvider provider : thatMayKnow(known)) {
            try {
                Optional<OutsideIdentity> identity = own
                        ? inTurn(stranger, () -> provider.check(nobody(), nobody()))
                        : inTurn(stranger, () -> provider.check(username, password));
                if (identity.isPresent() && !own) {
                    return identity;
                }
            } catch (AuthenticationUnavailableException e) {
                LOG.warn("{}; its people cannot sign in now", e.getMessage());
                silent = e;
            }
        }
        if (silent != null) {
            throw silent;
        }
        return Optional.empty();
    }

    private static String nobody() {
        return UUID.randomUUID().toString();
    }

    /** Whose provider is known is asked there alone. */
    private List<AuthenticationProvider> thatMayKnow(Optional<StoredUser> known) {
        Optional<String> only = known.flatMap(StoredUser::origin).map(Origin::provider);
        List<AuthenticationProvider> some = providers.stream()
                .filter(provider -> provider.redirect().isEmpty())
                .filter(provider -> only.isEmpty() || only.get().equals(provider.id()))
                .toList();
        if (only.isPresent() && some.isEmpty()) {
            LOG.info(
                    "User {} is known to \"{}\", which takes no password here now",
                    known.get().username(),
                    only.get());
        }
        return some;
    }

    /** Something that a provider is asked. */
    private interface Question {
        Optional<OutsideIdentity> ask() throws AuthenticationUnavailableException;
    }

    private Optional<OutsideIdentity> inTurn(boolean stranger, Question question)
            throws AuthenticationUnavailableException {
        Semaphore turns = stranger ? strangers : others;
        try {
            if (!turns.tryAcquire(WAIT_MS_MAX, TimeUnit.MILLISECONDS)) {
                throw new AuthenticationUnavailableException(
                        "Providers outside were asked " + ASKED_AT_ONCE_MAX + " times and have not answered yet");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuthenticationUnavailableException("The server stops", e);
        }
        try {
            return question.ask();
        } catch (RuntimeException e) {
            // Somebody else's code: whatever it does, it is no proof.
            throw new AuthenticationUnavailableException("A provider outside failed: " + e, e);
        } finally {
            turns.release();
        }
    }

    /**
     * The user whom an identity is, made at the first sign-in, with the role of now.
     *
     * @throws org.nxvms.rest.kit.problem.ProblemException 403 {@code no-role} or {@code name-taken}; 503
     */
    Accounts.Proof enter(OutsideIdentity identity) {
        String role = identity.role()
                .orElseThrow(() -> noRole("You are in no group that may use this server. Ask an administrator."));
        requireRole(identity, role);
        Origin origin = new Origin(identity.provider(), identity.subject());
        Optional<StoredUser> known = known(origin);
        StoredUser user = known.isPresent() ? withRole(known.get(), role) : begun(identity, origin, role);
        silentSince.remove(user.id());
        return accounts.proof(user).orElseThrow(() -> Sessions.ended().exception());
    }

    private Optional<StoredUser> known(Origin origin) {
        return accounts.first(user -> user.origin().filter(origin::equals).isPresent());
    }

    private StoredUser begun(OutsideIdentity identity, Origin origin, String role) {
        StoredUser fresh = StoredUser.beginOutside(identity.username(), role, origin, Instant.now());
        try {
            PasswordRules.username(identity.username());
            accounts.insert(fresh);
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "\"{}\" of \"{}\" cannot be a user: {}",
                    SignIn.printable(identity.username()),
                    origin.provider(),
                    e.getMessage());
            throw Problem.of(
                            "name-taken",
                            "The name cannot be used here",
                            403,
                            "Your name is that of another user of this server, or has characters that none has here."
                                    + " Ask an administrator.")
                    .exception();
        }
        LOG.info("User {} came from \"{}\" as {}", fresh.username(), origin.provider(), role);
        note("user.added", fresh, Map.of(), Map.of("role", role, "provider", origin.provider()));
        return fresh;
    }

    private void requireRole(OutsideIdentity identity, String role) {
        try {
            accounts.requireRole(role);
        } catch (IllegalArgumentException e) {
            LOG.error(
                    "The role \"{}\" that the groups of \"{}\" give is none here ({}): mend the mapping in its settings",
                    role,
                    identity.provider(),
                    e.getMessage());
            throw noRole("Your groups give you a role that does not exist here. Ask an administrator.");
        }
    }

    private static RuntimeException noRole(String why) {
        return Problem.of("no-role", "No role on this server", 403, why).exception();
    }

    private StoredUser withRole(StoredUser user, String role) {
        if (user.role().equals(role)) {
            return user;
        }
        StoredUser changed = accounts.follow(user, role);
        LOG.info(
                "User {} is {} now, by the groups of \"{}\"",
                user.username(),
                role,
                user.origin().orElseThrow().provider());
        note("user.changed", user, Map.of("role", user.role()), Map.of("role", role));
        return changed;
    }

    /**
     * Looks whether a user may still be here, and takes over the role of now.
     *
     * @param grace for how long who cannot be looked up may stay
     * @return whether the session may be renewed
     */
    boolean isStillThere(Account account, Duration grace) {
        Optional<StoredUser> user = accounts.first(known -> known.id().equals(account.id()))
                .filter(known -> known.origin().isPresent());
        return user.isEmpty() || isStillThere(user.get(), user.get().origin().get(), grace);
    }

    private boolean isStillThere(StoredUser user, Origin origin, Duration grace) {
        try {
            OutsideIdentity known =
                    new OutsideIdentity(origin.provider(), origin.subject(), user.username(), Optional.of(user.role()));
            AuthenticationProvider provider = provider(origin.provider());
            Optional<String> role = inTurn(false, () -> provider.lookUp(known)).flatMap(OutsideIdentity::role);
            silentSince.remove(user.id());
            if (role.isEmpty()) {
                LOG.info(
                        "User {} is known to \"{}\" no more, or to none of its groups",
                        user.username(),
                        origin.provider());
                return false;
            }
            accounts.requireRole(role.get());
            withRole(user, role.get());
            return true;
        } catch (IllegalArgumentException e) {
            LOG.error("Sessions of user {} end: {}", user.username(), e.getMessage());
            return false;
        } catch (AuthenticationUnavailableException e) {
            return isWithin(grace, user, e);
        }
    }

    private AuthenticationProvider provider(String id) throws AuthenticationUnavailableException {
        return providers.stream()
                .filter(provider -> provider.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AuthenticationUnavailableException("\"" + id + "\" is not installed now"));
    }

    private boolean isWithin(Duration grace, StoredUser user, AuthenticationUnavailableException e) {
        long now = nanoClock.getAsLong();
        long since = silentSince.computeIfAbsent(user.id(), id -> now);
        boolean within = now - since <= grace.toNanos();
        LOG.warn(
                "{}; sessions of user {} {}",
                e.getMessage(),
                user.username(),
                within ? "go on for " + grace.toHours() + " hours at most" : "end, as that lasts too long");
        return within;
    }

    /** Sessions of somebody who has left are over, here and on other servers. */
    void left(Account account) {
        accounts.endSessions(account.id(), Optional.empty());
        accounts.first(user -> user.id().equals(account.id()))
                .ifPresent(user -> note("session.ended", user, Map.of(), Map.of("why", "left the provider")));
    }

    /** {@return the user of that origin, when there is one} */
    public Optional<Account> find(String provider, String subject) {
        return known(new Origin(provider, subject)).flatMap(user -> accounts.find(user.id()));
    }

    /** {@return whether a user is proved by a provider that is here and takes no passwords} */
    boolean isRedirected(Account account) {
        return account.provider()
                .filter(id -> providers.stream()
                        .anyMatch(one -> one.id().equals(id) && one.redirect().isPresent()))
                .isPresent();
    }

    private void note(String action, StoredUser user, Map<String, String> before, Map<String, String> after) {
        AuditNote.Actor provider = new AuditNote.Actor(
                Optional.empty(), user.origin().map(Origin::provider).orElse(""), Optional.empty(), "");
        audit.note(new AuditNote(action, true, provider, "user/" + user.username(), before, after));
    }
}
