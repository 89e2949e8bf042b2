// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AuthenticationProvider;
import org.nxvms.platform.api.security.AuthenticationUnavailableException;
import org.nxvms.platform.api.security.OutsideIdentity;
import org.nxvms.platform.api.security.UserStore.Origin;
import org.nxvms.platform.api.security.UserStore.StoredUser;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
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
    private static final int RETRY_SECONDS = 5;

    private final Accounts accounts;
    private final Providers providers;
    private final AuditTrail audit;
    private final LastProved proved;

    @Activate
    public OutsideUsers(
            @Reference Accounts accounts,
            @Reference Providers providers,
            @Reference AuditTrail audit,
            @Reference ServerIdentity identity) {
        this(
                accounts,
                providers,
                audit,
                new LastProved(identity.dataFolder().resolve("keys").resolve("outside-users.json"), Clock.systemUTC()));
    }

    OutsideUsers(Accounts accounts, Providers providers, AuditTrail audit, LastProved proved) {
        this.accounts = accounts;
        this.providers = providers;
        this.audit = audit;
        this.proved = proved;
    }

    /** {@return ways in that begin elsewhere, by provider} */
    public Map<String, AuthenticationProvider.Redirect> redirects() {
        return providers.redirects();
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
        // A bind without a password succeeds with many directories (RFC 4513 5.1.2). Directories take names for one
        // that
        // differ here ("dora " or in wide letters): such a name would be counted, and looked for here, as another.
        if (password.isEmpty() || !PasswordRules.isUsername(username)) {
            return Optional.empty();
        }
        requireUsersRead();
        Optional<StoredUser> known = accounts.named(username);
        List<AuthenticationProvider> all = providers.withPasswords();
        List<AuthenticationProvider> mayKnow = known.isEmpty()
                ? all
                : all.stream()
                        .filter(provider -> known.get()
                                .origin()
                                .filter(of -> of.provider().equals(provider.id()))
                                .isPresent())
                        .toList();
        if (known.isPresent() && !known.get().isOwn() && mayKnow.isEmpty()) {
            LOG.info(
                    "User {} is known to \"{}\", which takes no password here now",
                    known.get().username(),
                    known.get().origin().get().provider());
        }
        return mayKnow.isEmpty()
                ? asked(all, stranger, provider -> provider.check(nobody(), nobody()))
                        .filter(identity -> false)
                : asked(mayKnow, stranger, provider -> provider.check(username, password));
    }

    private void requireUsersRead() {
        if (accounts.first(user -> true).isEmpty()) {
            throw Problem.unavailable("Users have not been read yet. Try again in a moment.", RETRY_SECONDS)
                    .exception();
        }
    }

    private interface Asking {
        Optional<OutsideIdentity> of(AuthenticationProvider provider) throws AuthenticationUnavailableException;
    }

    /** {@return what the first says that knows} */
    private Optional<OutsideIdentity> asked(List<AuthenticationProvider> some, boolean stranger, Asking asking)
            throws AuthenticationUnavailableException {
        AuthenticationUnavailableException silent = null;
        for (AuthenticationProvider provider : some) {
            try {
                Optional<OutsideIdentity> identity = providers.ask(stranger, () -> asking.of(provider));
                if (identity.isPresent()) {
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

    /** {@return whether that is the user's password, by the name that the provider has for the user now} */
    boolean isPassword(Account account, String password, boolean stranger) throws AuthenticationUnavailableException {
        Optional<StoredUser> user = stored(account);
        if (user.isEmpty() || password.isEmpty()) {
            return false;
        }
        OutsideIdentity known = identity(user.get());
        AuthenticationProvider provider = provider(known.provider());
        Optional<OutsideIdentity> now = providers.ask(stranger, () -> provider.lookUp(known));
        return now.isPresent()
                && providers
                        .ask(stranger, () -> provider.check(now.get().username(), password))
                        .filter(proof -> proof.subject().equals(known.subject()))
                        .isPresent();
    }

    private Optional<StoredUser> stored(Account account) {
        return accounts.first(user -> user.id().equals(account.id()) && !user.isOwn());
    }

    private static OutsideIdentity identity(StoredUser user) {
        Origin origin = user.origin().orElseThrow();
        return new OutsideIdentity(origin.provider(), origin.subject(), user.username(), Optional.of(user.role()));
    }

    /** {@return by what guesses of a person are counted: not by a name that the person may choose elsewhere} */
    String countedAs(OutsideIdentity identity) {
        return known(new Origin(identity.provider(), identity.subject()))
                .map(StoredUser::username)
                .orElse(identity.provider() + "/" + identity.subject());
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
        isThere(user);
        return accounts.proof(user).orElseThrow(() -> Sessions.ended().exception());
    }

    private void isThere(StoredUser user) {
        proved.now(user.id(), accounts.ids());
    }

    private Optional<StoredUser> known(Origin origin) {
        return accounts.first(user -> user.origin().filter(origin::equals).isPresent());
    }

    private StoredUser begun(OutsideIdentity identity, Origin origin, String role) {
        StoredUser fresh = StoredUser.beginOutside(identity.username(), role, origin, Instant.now());
        StoredUser user;
        try {
            PasswordRules.username(identity.username());
            user = accounts.insert(fresh);
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
        if (!user.id().equals(fresh.id())) {
            // The same person came in at the same moment by another way.
            return withRole(user, role);
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
     * @param grace how long ago the provider must have said so last, when it cannot be asked
     * @return whether the session may be renewed; false ends it
     * @throws org.nxvms.rest.kit.problem.ProblemException 503 when nobody can tell for longer than that: nothing ends by it
     */
    boolean isStillThere(Account account, Duration grace) {
        if (account.provider().isEmpty()) {
            return true;
        }
        StoredUser user = stored(account)
                .orElseThrow(() -> Problem.unavailable("Users are being read. Try again in a moment.", RETRY_SECONDS)
                        .exception());
        try {
            OutsideIdentity known = identity(user);
            AuthenticationProvider provider = provider(known.provider());
            Optional<String> role =
                    providers.ask(false, () -> provider.lookUp(known)).flatMap(OutsideIdentity::role);
            if (role.isEmpty()) {
                LOG.info(
                        "User {} is known to \"{}\" no more, or to none of its groups",
                        user.username(),
                        known.provider());
                return false;
            }
            accounts.requireRole(role.get());
            withRole(user, role.get());
            isThere(user);
            return true;
        } catch (IllegalArgumentException e) {
            LOG.error("Sessions of user {} end: {}", user.username(), e.getMessage());
            return false;
        } catch (AuthenticationUnavailableException e) {
            requireWithin(grace, user, e);
            return true;
        }
    }

    private AuthenticationProvider provider(String id) throws AuthenticationUnavailableException {
        return providers
                .find(id)
                .orElseThrow(() -> new AuthenticationUnavailableException("\"" + id + "\" is not installed now"));
    }

    private void requireWithin(Duration grace, StoredUser user, AuthenticationUnavailableException e) {
        if (!proved.isWithin(user.id(), grace)) {
            LOG.warn("{}; no session of user {} is renewed until it can be asked", e.getMessage(), user.username());
            throw new ProblemException(
                    Problem.unavailable(
                            "Nobody can tell whether you may still be here: the directory has not answered for long."
                                    + " Ask an administrator.",
                            RETRY_SECONDS),
                    e);
        }
        LOG.warn("{}; sessions of user {} go on for some hours", e.getMessage(), user.username());
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
                .flatMap(providers::find)
                .flatMap(AuthenticationProvider::redirect)
                .isPresent();
    }

    private void note(String action, StoredUser user, Map<String, String> before, Map<String, String> after) {
        AuditNote.Actor provider = new AuditNote.Actor(
                Optional.empty(), user.origin().map(Origin::provider).orElse(""), Optional.empty(), "");
        audit.note(new AuditNote(action, true, provider, "user/" + user.username(), before, after));
    }
}
