// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.StaleVersionException;
import org.nxvms.platform.api.security.UserDirectory;
import org.nxvms.platform.api.security.UserStore.StoredUser;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What administrators do with users. Any thread; changes wait for the store. */
@Component(service = {UserAdministration.class, UserDirectory.class})
public final class UserAdministration implements UserDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(UserAdministration.class);

    private final Accounts accounts;

    @Activate
    public UserAdministration(@Reference Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public List<User> list() {
        return accounts.all().stream()
                .sorted(Comparator.comparing(account -> account.username().toLowerCase(Locale.ROOT)))
                .map(UserAdministration::user)
                .toList();
    }

    @Override
    public Optional<String> stamp(UUID id) {
        return accounts.find(id).map(Account::stamp);
    }

    @Override
    public User add(String username, String password, String role, boolean mustChangePassword) {
        PasswordRules.username(username);
        PasswordRules.password("password", password, username);
        accounts.requireRole(role);
        StoredUser user = StoredUser.begin(username, role, accounts.hash(password), mustChangePassword, Instant.now());
        accounts.insert(user);
        LOG.info("Added user {} as {}", username, role);
        return user(accounts.account(user));
    }

    @Override
    public void setPassword(String username, String password, boolean mustChangePassword) {
        PasswordRules.password("password", password, username);
        String hash = accounts.hash(password);
        StoredUser changed = accounts.transact(users -> {
            StoredUser user = Accounts.named(users.users(), username)
                    .orElseThrow(() -> new NoSuchResourceException("There is no user \"" + username + "\"."));
            user.origin().ifPresent(origin -> {
                throw new IllegalArgumentException("password of \"" + user.username() + "\" is kept by \""
                        + origin.provider() + "\"; change it there");
            });
            return Accounts.replace(users, user.withPassword(hash, mustChangePassword), Optional.empty());
        });
        LOG.info("Changed the password of user {}; its sessions have ended", changed.username());
    }

    @Override
    public User change(UUID id, Optional<User> seen, UserChange change) {
        change.role().ifPresent(role -> requireOwnRole(id, role));
        StoredUser changed = accounts.transact(users -> {
            StoredUser old = Accounts.require(users, id);
            requireSeen(old, seen);
            Accounts.requireDone(users.change(id, change.role(), change.disabled()), old);
            return Accounts.require(users, id);
        });
        LOG.info(
                "User {} is {}{}",
                changed.username(),
                changed.role(),
                changed.disabled() ? " and disabled; its sessions have ended" : "");
        return user(accounts.account(changed));
    }

    private void requireOwnRole(UUID id, String role) {
        accounts.requireRole(role);
        accounts.find(id).flatMap(Account::provider).ifPresent(provider -> {
            throw new IllegalArgumentException("role of this user follows the groups at \"" + provider
                    + "\"; change them there, or grant roles at single places");
        });
    }

    @Override
    public void remove(UUID id, Optional<User> seen) {
        StoredUser removed = accounts.transact(users -> {
            StoredUser user = Accounts.require(users, id);
            requireSeen(user, seen);
            Accounts.requireDone(users.remove(id), user);
            return user;
        });
        LOG.info("Removed user {}; its sessions have ended", removed.username());
    }

    /** In the transaction of the change, so that nothing comes in between. */
    private void requireSeen(StoredUser now, Optional<User> seen) {
        if (seen.isPresent() && !seen.get().equals(user(accounts.account(now)))) {
            throw new StaleVersionException("user \"" + now.username() + "\" was changed in the meantime");
        }
    }

    private static User user(Account account) {
        return new User(
                account.id(),
                account.username(),
                account.role(),
                account.mustChangePassword(),
                account.disabled(),
                account.provider());
    }
}
