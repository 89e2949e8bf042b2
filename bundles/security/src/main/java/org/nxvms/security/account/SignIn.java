// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessDeniedException.Kind;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.OutsideIdentity;
import org.nxvms.platform.api.security.PasswordSignIn;
import org.nxvms.platform.api.security.TooManyRequestsException;
import org.nxvms.platform.api.security.UserStore;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.rate.Networks;
import org.nxvms.security.factor.SecondFactors;
import org.nxvms.security.token.AccessTokens;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Proving who one is: by a password, a second factor where there is one, and slowly when it was wrong. */
@Component(service = {SignIn.class, PasswordSignIn.class})
public final class SignIn implements PasswordSignIn {
    private static final Logger LOG = LoggerFactory.getLogger(SignIn.class);
    private static final String LOGIN = "auth.login";
    private static final int CODE_DIGITS = 6;

    /** Who has no password that could be asked for confirms by having signed in just now. */
    private static final Duration FRESH = Duration.ofMinutes(10);

    private final Accounts accounts;
    private final OutsideUsers outside;
    private final Sessions sessions;
    private final SecondFactors factors;
    private final AuditTrail audit;
    private final KnownDevices devices;
    private final Proving proving;

    @Activate
    public SignIn(
            @Reference Accounts accounts,
            @Reference OutsideUsers outside,
            @Reference Sessions sessions,
            @Reference SecondFactors factors,
            @Reference AuditTrail audit,
            @Reference AccessTokens tokens) {
        this(accounts, outside, sessions, factors, audit, new KnownDevices(tokens), System::nanoTime);
    }

    SignIn(
            Accounts accounts,
            OutsideUsers outside,
            Sessions sessions,
            SecondFactors factors,
            AuditTrail audit,
            KnownDevices devices,
            LongSupplier nanoClock) {
        this.accounts = accounts;
        this.outside = outside;
        this.sessions = sessions;
        this.factors = factors;
        this.audit = audit;
        this.devices = devices;
        this.proving = new Proving(accounts, outside, devices, nanoClock);
    }

    /**
     * Signs in.
     *
     * @param code a one-time code or recovery code, for users who have enrolled; passed over for others
     * @throws ProblemException 401, 403, 429 or 503
     */
    public Sessions.Grant login(String username, String password, Optional<String> code, Client client) {
        return begun(proven(username, password, code, client, LOGIN), client);
    }

    /**
     * Signs in somebody whom a provider has proved elsewhere.
     *
     * @throws ProblemException as {@link #login(String, String, Optional, Client)}
     */
    public Sessions.Grant login(OutsideIdentity identity, Optional<String> code, Client client) {
        Absent.require(accounts.store(), "The user store");
        LoginThrottle.Attempt attempt = proving.begin(outside.countedAs(identity), client);
        Accounts.Proof proof =
                noted(identity.username(), client, LOGIN, () -> proving.judged(attempt, () -> outside.enter(identity)));
        return begun(admitted(proof, code, client, attempt, LOGIN), client);
    }

    private Sessions.Grant begun(Accounts.Proof proof, Client client) {
        Sessions.Grant grant = sessions.begin(proof, client);
        welcome(proof.account(), client, LOGIN);
        return grant;
    }

    @Override
    public AuthenticatedUser signIn(String username, String password, String address, String way)
            throws AccessDeniedException {
        Client client = new Client(address, way, Optional.empty());
        String action = way + ".login";
        try {
            int codeAt = codeAt(username, password);
            Account account = proven(
                            username,
                            password.substring(0, codeAt),
                            Optional.of(password.substring(codeAt)),
                            client,
                            action)
                    .account();
            if (account.mustChangePassword() && !Networks.isLoopback(Networks.of(address))) {
                throw new AccessDeniedException(
                        Kind.PASSWORD_CHANGE_REQUIRED,
                        "The first password of " + account.username() + " opens nothing from outside this machine.");
            }
            if (accounts.lacksSecondFactor(account)) {
                throw new AccessDeniedException(
                        Kind.SECOND_FACTOR_REQUIRED,
                        "A role of " + account.username()
                                + " is for those with a second factor. Enrol one in the console first.");
            }
            welcome(account, client, action);
            return account.user();
        } catch (ProblemException e) {
            throw denied(e);
        }
    }

    /** {@return where the one-time code begins; the end when the user has none to give} */
    private int codeAt(String username, String password) {
        int at = password.length() - CODE_DIGITS;
        String name = UserStore.nameKey(username);
        boolean asked = at >= 0
                && password.substring(at).chars().allMatch(c -> c >= '0' && c <= '9')
                && accounts.all().stream()
                        .anyMatch(user -> UserStore.nameKey(user.username()).equals(name) && factors.isOn(user.id()));
        return asked ? at : password.length();
    }

    private static AccessDeniedException denied(ProblemException e) {
        Problem problem = e.problem();
        AccessDeniedException denied = problem.status() == 429
                ? new TooManyRequestsException(
                        problem.detail(), problem.retryAfterSeconds().orElse(1))
                : new AccessDeniedException(
                        problem.status() == 403 ? Kind.FORBIDDEN : Kind.UNAUTHENTICATED, problem.detail());
        denied.initCause(e);
        return denied;
    }

    private void welcome(Account account, Client client, String action) {
        note(Optional.of(account.id()), account.username(), client, action, Optional.empty());
        LOG.info("User {} signed in from {}", account.username(), client.address());
    }

    /** @param action as what it is noted when it is refused */
    private Accounts.Proof proven(
            String username, String password, Optional<String> code, Client client, String action) {
        Absent.require(accounts.store(), "The user store");
        if (Proving.isTooLong(username, password)) {
            throw wrongPassword();
        }
        LoginThrottle.Attempt attempt = proving.begin(username, client);
        Accounts.Proof proof = noted(username, client, action, () -> proving.password(username, password, attempt))
                .orElseThrow(() -> {
                    LOG.warn("Wrong user name or password for \"{}\" from {}", printable(username), client.address());
                    note(Optional.empty(), username, client, action, Optional.of("wrong_password"));
                    return wrongPassword();
                });
        return admitted(proof, code, client, attempt, action);
    }

    /** Who is somebody elsewhere and has no place here is worth a note. */
    private <T> T noted(String username, Client client, String action, Supplier<T> entering) {
        try {
            return entering.get();
        } catch (ProblemException e) {
            if (e.problem().status() == 403) {
                note(
                        Optional.empty(),
                        username,
                        client,
                        action,
                        Optional.of(e.problem().name().replace('-', '_')));
            }
            throw e;
        }
    }

    /** What is asked of everybody who has been proved, however that was. */
    private Accounts.Proof admitted(
            Accounts.Proof proof, Optional<String> code, Client client, LoginThrottle.Attempt attempt, String action) {
        Account account = proof.account();
        if (account.disabled()) {
            LOG.warn("Disabled user {} tried to sign in from {}", account.username(), client.address());
            note(Optional.of(account.id()), account.username(), client, action, Optional.of("user_disabled"));
            throw Problem.of(
                            "user-disabled",
                            "User is disabled",
                            403,
                            "This user is disabled. Ask an administrator to enable it.")
                    .exception();
        }
        requireSecondFactor(account, code, client, attempt, action);
        proving.succeeded(attempt);
        return proof;
    }

    /** Whether there is one is told only to who knows the password; a wrong code counts as a wrong password does. */
    private void requireSecondFactor(
            Account account, Optional<String> code, Client client, LoginThrottle.Attempt attempt, String action) {
        if (!proving.judged(attempt, () -> factors.isOn(account.id()))) {
            return;
        }
        if (code.filter(text -> !text.isBlank()).isEmpty()) {
            // Whoever knows the password is worth a note, also one who comes no further.
            note(Optional.of(account.id()), account.username(), client, action, Optional.of("code_missing"));
            throw Problem.of(
                            "totp-required",
                            "One-time code needed",
                            401,
                            "This user signs in with a one-time code as well. Send it as \"totp\", or a recovery code.")
                    .exception();
        }
        if (!proving.judged(attempt, () -> factors.accept(account.id(), code.get()))) {
            LOG.warn("Wrong one-time code of user {} from {}", account.username(), client.address());
            note(Optional.of(account.id()), account.username(), client, action, Optional.of("wrong_code"));
            throw Problem.of(
                            "totp-wrong",
                            "One-time code is wrong",
                            401,
                            "The one-time code is wrong or was used before. Wait for the next one, or send a recovery"
                                    + " code.")
                    .exception();
        }
    }

    /**
     * Changes a user's own password. Every other session of the user ends; this one goes on.
     *
     * @throws ProblemException 401 when the user is gone, 409 when the password is kept outside, 422 when the current
     *     password is wrong or the new one cannot be, 429 or 503
     */
    public void changePassword(Sessions.Caller caller, String current, String next, Client client) {
        caller.account().provider().ifPresent(provider -> {
            throw Problem.conflict("Your password is kept by \"" + provider + "\". Change it there.")
                    .exception();
        });
        Accounts.Proof proof = confirm(caller, "currentPassword", current, client, account -> {});
        if (current.equals(next)) {
            throw Problem.validation("newPassword", "The new password is the old one. Choose another.")
                    .exception();
        }
        try {
            Account changed = accounts.changePassword(proof, "newPassword", next, caller.session())
                    .orElseThrow(() -> Sessions.ended().exception());
            sessions.keep(changed, caller.session());
        } catch (IllegalArgumentException e) {
            throw Problem.validation("newPassword", e.getMessage() + ".").exception();
        }
    }

    /**
     * Makes sure that who holds a session is still the user: before anything that would outlive the session. Whose provider
     * takes no passwords must have signed in just now instead.
     *
     * @param field that holds the password, named when it is wrong
     * @throws ProblemException 401 when the user is gone, 422 when the password is wrong, 429 or 503
     */
    public void confirm(Sessions.Caller caller, String field, String password, Client client) {
        confirm(caller, field, password, client, account -> {});
    }

    /**
     * As {@link #confirm}, with the second factor where there is one. A wrong code counts as a wrong password does.
     *
     * @throws ProblemException also 422 when the code is missing or wrong
     */
    public void prove(Sessions.Caller caller, String password, Optional<String> code, Client client) {
        confirm(caller, "password", password, client, account -> {
            UUID id = account.id();
            if (factors.isOn(id)
                    && code.filter(text -> factors.accept(id, text)).isEmpty()) {
                throw Problem.validation("code", "The one-time code is missing, wrong, or was used before.")
                        .exception();
            }
        });
    }

    private Accounts.Proof confirm(
            Sessions.Caller caller, String field, String password, Client client, Consumer<Account> further) {
        Absent.require(accounts.store(), "The user store");
        UUID id = caller.account().id();
        Account account = accounts.find(id).orElseThrow(() -> Sessions.ended().exception());
        LoginThrottle.Attempt attempt = proving.begin(account.username(), client);
        Accounts.Proof proof = outside.isRedirected(account)
                ? proving.judged(attempt, () -> freshly(caller, field))
                : byPassword(account, field, password, attempt);
        further.accept(account);
        proving.succeeded(attempt);
        return proof;
    }

    private Accounts.Proof byPassword(Account account, String field, String password, LoginThrottle.Attempt attempt) {
        Optional<Accounts.Proof> proof =
                Proving.isTooLong("", password) ? Optional.empty() : proving.confirmed(account, password, attempt);
        return proof.filter(known -> known.account().id().equals(account.id()))
                .orElseThrow(() ->
                        Problem.validation(field, "The password is wrong.").exception());
    }

    private Accounts.Proof freshly(Sessions.Caller caller, String field) {
        if (!sessions.isFresh(caller, FRESH)) {
            throw Problem.validation(
                            field,
                            "You have no password here. Sign out, sign in again, and repeat this within "
                                    + FRESH.toMinutes() + " minutes.")
                    .exception();
        }
        return accounts.first(user -> user.id().equals(caller.account().id()))
                .flatMap(accounts::proof)
                .orElseThrow(() -> Sessions.ended().exception());
    }

    /** {@return who keeps the user's password; empty when this server does} */
    public Optional<String> providerOf(UUID id) {
        return accounts.find(id).flatMap(Account::provider);
    }

    /** {@return what a browser keeps after a sign-in, so that guessers elsewhere do not keep its user waiting} */
    public String rememberedDevice(Account account) {
        return devices.make(account.username());
    }

    private void note(Optional<UUID> user, String name, Client client, String action, Optional<String> refused) {
        audit.note(new AuditNote(
                action,
                refused.isEmpty(),
                new AuditNote.Actor(user, name, Optional.empty(), client.address()),
                "",
                Map.of(),
                refused.map(why -> Map.of("refused", why)).orElse(Map.of("client", client.name()))));
    }

    private static ProblemException wrongPassword() {
        return Problem.unauthenticated("The user name or the password is wrong.")
                .exception();
    }

    /** What strangers send must not forge lines of the log. */
    static String printable(String text) {
        String clean = text.replaceAll("[^\\p{L}\\p{N}._@ -]", "?");
        return clean.length() <= 64 ? clean : clean.substring(0, 64) + "...";
    }
}
