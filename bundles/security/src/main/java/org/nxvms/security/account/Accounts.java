// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.security.AccessStore.StoredRole;
import org.nxvms.platform.api.security.UserStore;
import org.nxvms.platform.api.security.UserStore.StoredUser;
import org.nxvms.security.identity.LastKnownFile;
import org.nxvms.security.rights.AccessBook;
import org.nxvms.security.store.StoreThread;
import org.nxvms.security.token.AccessTokens;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All users in memory, so that the guard never waits for the database. One thread of its own talks to
 * the store: it loads when the store appears and every few seconds (other servers change users too),
 * and makes the changes, so that no older load overtakes a newer change.
 */
@Component(service = Accounts.class)
public final class Accounts {
    private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);
    private static final int RELOAD_SECONDS = 10;
    private static final long CLEAN_UP_NANOS = TimeUnit.HOURS.toNanos(1);

    private final AccessTokens tokens;
    private final AccessBook book;
    private final LastKnownFile<List<Account>> accountFile;
    private final InitialAdmin initialAdmin;
    private final OwnPasswords passwords;
    private final StoreThread storeThread;

    private volatile UserStore store;
    private volatile Map<UUID, Account> accounts;
    private volatile List<StoredUser> stored = List.of();
    private volatile Consumer<UserStore> whenRead = store -> {};
    private boolean failing;
    private long cleanedUp = System.nanoTime() - CLEAN_UP_NANOS;

    @Activate
    public Accounts(@Reference ServerIdentity identity, @Reference AccessTokens tokens, @Reference AccessBook book) {
        this(identity, tokens, book, Optional.ofNullable(System.getenv("NXVMS_ADMIN_PASSWORD")), new PasswordHasher());
    }

    Accounts(
            ServerIdentity identity,
            AccessTokens tokens,
            AccessBook book,
            Optional<String> adminPassword,
            PasswordHasher hasher) {
        this.tokens = tokens;
        this.book = book;
        this.passwords = new OwnPasswords(this, hasher);
        this.initialAdmin = new InitialAdmin(identity.dataFolder(), adminPassword);
        this.accountFile = new LastKnownFile<>(
                identity.dataFolder().resolve("keys").resolve("accounts.json"),
                new TypeReference<>() {},
                List.of(),
                "tokens are refused until the database answers");
        this.accounts = byId(accountFile.read());
        this.storeThread = new StoreThread("nxvms-accounts", this::reloadQuietly, RELOAD_SECONDS);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setStore(UserStore newStore) {
        store = newStore;
        storeThread.soon(this::reloadQuietly);
    }

    void unsetStore(UserStore oldStore) {
        if (store == oldStore) {
            store = null;
        }
    }

    @Deactivate
    void stop() {
        storeThread.close();
    }

    /** From now on this is done, on the store's thread, whenever the users were read by themselves. */
    void whenRead(Consumer<UserStore> task) {
        whenRead = task;
    }

    /** Waits until what was asked of the store before is done. */
    void awaitStoreThread() {
        storeThread.call(() -> null);
    }

    /** {@return the user, from memory} */
    public Optional<Account> find(UUID id) {
        return Optional.ofNullable(accounts.get(id));
    }

    /** {@return the store, null while it is absent} */
    UserStore store() {
        return store;
    }

    /**
     * Whose password was right, and when that was: what is done by it is refused once the user has another epoch.
     */
    record Proof(Account account, int tokenEpoch) {}

    /**
     * Checks a password of the server's own; takes the same time whether or not there is such a user.
     *
     * @param stranger whether it takes its turn among strangers
     * @return the user when the password is right and has not been changed while it was checked
     */
    Optional<Proof> check(String username, String password, boolean stranger) {
        return passwords.check(username, password, stranger);
    }

    /** {@return the user as proved; empty when tokens of the user were withdrawn since} */
    Optional<Proof> proof(StoredUser proved) {
        return find(proved.id())
                .filter(now -> now.disabled() || now.stamp().equals(stamp(proved)))
                .map(now -> new Proof(now, proved.tokenEpoch()));
    }

    /** {@return the user of a name, from memory} */
    Optional<StoredUser> named(String username) {
        return named(stored, username);
    }

    /** {@return the first user of this kind, from memory} */
    Optional<StoredUser> first(Predicate<StoredUser> kind) {
        return stored.stream().filter(kind).findFirst();
    }

    /** {@return all users, from memory} */
    Collection<Account> all() {
        return accounts.values();
    }

    /** {@return of all users, from memory} */
    Set<UUID> ids() {
        return accounts.keySet();
    }

    /** @throws org.nxvms.rest.kit.problem.ProblemException 503 when many passwords are being set */
    String hash(String password) {
        return passwords.hash(password);
    }

    /** Makes a change some time that is not worth failing anybody for; the next sign-in tries again. */
    void soon(String what, Predicate<UserStore> change) {
        storeThread.soon(() -> {
            UserStore users = store;
            try {
                if (users != null && change.test(users)) {
                    reload(users);
                    LOG.info("{}", what);
                }
            } catch (StoreException | IOException e) {
                LOG.warn("This could not be done, the next sign-in tries again: {}", what, e);
            }
        });
    }

    /**
     * @return the user; of somebody from outside the one who is there by the same origin already
     * @throws NameTakenException when the name is taken
     */
    StoredUser insert(StoredUser user) {
        return transact(users -> users.insert(user)
                ? user
                : users.users().stream()
                        .filter(other -> !user.isOwn() && other.origin().equals(user.origin()))
                        .findFirst()
                        .orElseThrow(() -> new NameTakenException(user.username())));
    }

    /**
     * Gives who proved to know the password another one. All sessions but {@code kept} end.
     *
     * @param field of the password, named in errors
     * @return the user as changed; empty when somebody has changed the password since that proof
     */
    Optional<Account> changePassword(Proof proof, String field, String password, UUID kept) {
        Account account = proof.account();
        PasswordRules.password(field, password, account.username());
        String hash = passwords.hash(password);
        StoredUser changed = transact(users -> {
            StoredUser user = require(users, account.id());
            return user.tokenEpoch() == proof.tokenEpoch()
                    ? replace(users, user.withPassword(hash, false), Optional.of(kept))
                    : user;
        });
        if (!changed.passwordHash().equals(hash)) {
            return Optional.empty();
        }
        LOG.info("User {} has another password; the other sessions have ended", changed.username());
        return Optional.of(account(changed));
    }

    /** Ends all sessions of a user but one; {@return the user as changed} */
    Account endSessions(UUID id, Optional<UUID> keptSession) {
        StoredUser changed = transact(users -> replace(users, require(users, id).withTokensWithdrawn(), keptSession));
        LOG.info("All {}sessions of user {} have ended", keptSession.isPresent() ? "other " : "", changed.username());
        return account(changed);
    }

    /** The role by groups outside; {@return the user as changed} */
    StoredUser follow(StoredUser user, String role) {
        return transact(users -> {
            requireDone(users.change(user.id(), Optional.of(role), Optional.empty()), user);
            return require(users, user.id());
        });
    }

    static void requireDone(UserStore.Outcome outcome, StoredUser user) {
        switch (outcome) {
            case DONE -> {}
            case ABSENT -> throw new NoSuchResourceException("There is no user \"" + user.username() + "\".");
            case LAST_ADMINISTRATOR ->
                throw new IllegalStateException("User \"" + user.username()
                        + "\" is the last administrator who can sign in. Add another one, or enable one, first.");
        }
    }

    /** {@return whether a role of the user's is for those with a second factor, and the user has none} */
    boolean lacksSecondFactor(Account account) {
        return book.lacksSecondFactor(account.id(), account.role());
    }

    /** @throws IllegalArgumentException when there is no such role */
    void requireRole(String role) {
        if (book.rules().roles().isEmpty()) {
            throw new StoreException("Roles have not been read yet", null);
        }
        if (book.rules().role(role).isEmpty()) {
            throw new IllegalArgumentException("role must be one of "
                    + book.rules().roles().stream().map(StoredRole::name).collect(Collectors.joining(", ")));
        }
    }

    /** By the very name, if there is one: names that were made before may differ by letters of one case only. */
    static Optional<StoredUser> named(List<StoredUser> users, String username) {
        String key = UserStore.nameKey(username);
        return users.stream()
                .filter(user -> UserStore.nameKey(user.username()).equals(key))
                .min(Comparator.comparing(user -> !user.username().equals(username)));
    }

    static StoredUser require(UserStore users, UUID id) {
        return users.users().stream()
                .filter(user -> user.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new NoSuchResourceException("There is no user " + id + "."));
    }

    static StoredUser replace(UserStore users, StoredUser changed, Optional<UUID> keptSession) {
        if (!users.update(changed, keptSession)) {
            throw new NoSuchResourceException("There is no user \"" + changed.username() + "\".");
        }
        return changed;
    }

    /** Runs a change on the store's thread and shows its effect to the guard before returning. */
    StoredUser transact(Function<UserStore, StoredUser> work) {
        return storeThread.call(() -> {
            UserStore users = store;
            if (users == null) {
                throw new StoreException("The user store is absent", null);
            }
            StoredUser result = work.apply(users);
            reload(users);
            return result;
        });
    }

    private void reloadQuietly() {
        UserStore users = store;
        if (users == null) {
            return;
        }
        try {
            reload(users);
            whenRead.accept(users);
            if (System.nanoTime() - cleanedUp >= CLEAN_UP_NANOS) {
                users.deleteExpired(Instant.now());
                cleanedUp = System.nanoTime();
            }
            if (failing) {
                LOG.info("Users can be read again");
            }
            failing = false;
        } catch (StoreException | IOException e) {
            if (!failing) {
                LOG.warn(
                        "Users cannot be read, the guard goes on with what it knows; retried every {} s",
                        RELOAD_SECONDS,
                        e);
            }
            failing = true;
        } catch (RuntimeException e) {
            LOG.error("Users cannot be read, the guard goes on with what it knows", e);
        }
    }

    private void reload(UserStore users) throws IOException {
        List<StoredUser> all = users.users();
        if (all.isEmpty()) {
            all = begin(users);
        }
        Map<UUID, Account> fresh = byId(all.stream().map(this::account).toList());
        stored = List.copyOf(all);
        if (!fresh.equals(accounts)) {
            accounts = fresh;
            accountFile.write(List.copyOf(fresh.values()));
        }
        initialAdmin.look(
                all.stream()
                        .filter(user -> user.username().equals(InitialAdmin.USERNAME) && user.mustChangePassword())
                        .map(StoredUser::passwordHash)
                        .findFirst(),
                passwords::isOf);
    }

    private List<StoredUser> begin(UserStore users) throws IOException {
        InitialAdmin.Initial initial = initialAdmin.create();
        StoredUser admin = StoredUser.begin(
                InitialAdmin.USERNAME,
                UserStore.ADMINISTRATOR,
                passwords.hash(initial.password()),
                initial.mustChange(),
                Instant.now());
        if (!users.insert(admin)) {
            LOG.info("Another server of this database made the first user at the same moment");
            initialAdmin.forget();
        }
        return users.users();
    }

    Account account(StoredUser user) {
        return new Account(
                user.id(),
                user.username(),
                user.role(),
                user.mustChangePassword(),
                user.disabled(),
                stamp(user),
                user.origin().map(UserStore.Origin::provider));
    }

    private String stamp(StoredUser user) {
        return tokens.fingerprint(user.id() + ":" + user.tokenEpoch());
    }

    private static Map<UUID, Account> byId(List<Account> list) {
        return list.stream().collect(Collectors.toUnmodifiableMap(Account::id, Function.identity()));
    }
}
