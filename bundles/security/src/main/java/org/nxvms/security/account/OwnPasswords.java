// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.util.Optional;
import org.nxvms.platform.api.security.UserStore;
import org.nxvms.platform.api.security.UserStore.StoredUser;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passwords that this server keeps: compared, and hashed anew by the parameters of now. */
final class OwnPasswords {
    private static final Logger LOG = LoggerFactory.getLogger(OwnPasswords.class);
    private static final int BUSY_RETRY_SECONDS = 2;

    private final Accounts accounts;
    private final PasswordHasher hasher;

    OwnPasswords(Accounts accounts, PasswordHasher hasher) {
        this.accounts = accounts;
        this.hasher = hasher;
    }

    /** @throws ProblemException 503 when many passwords are being set */
    String hash(String password) {
        try {
            return hasher.hash(password);
        } catch (PasswordHasher.BusyException e) {
            throw new ProblemException(
                    Problem.unavailable("Many passwords are being set. Try again in a moment.", BUSY_RETRY_SECONDS), e);
        }
    }

    /**
     * {@return whether a password is that of a hash}
     *
     * @throws PasswordHasher.BusyException when many passwords are being looked at
     */
    boolean isOf(String password, String hash) {
        return hasher.matches(password, hash, false);
    }

    /** As {@link Accounts#check}. */
    Optional<Accounts.Proof> check(String username, String password, boolean stranger) {
        Optional<StoredUser> user = accounts.named(username).filter(StoredUser::isOwn);
        boolean right = user.isPresent()
                ? hasher.matches(password, user.get().passwordHash(), stranger)
                : hasher.matchesNobody(password, stranger);
        if (!right) {
            return Optional.empty();
        }
        if (hasher.isOutdated(user.get().passwordHash())) {
            hashAnew(user.get(), password);
        }
        return accounts.proof(user.get());
    }

    /** Only who signs in knows the password. */
    private void hashAnew(StoredUser user, String password) {
        try {
            String fresh = hasher.hash(password);
            accounts.soon(
                    "The password of user " + user.username() + " is hashed with the parameters of now",
                    users -> replaceHash(users, user, fresh));
        } catch (PasswordHasher.BusyException e) {
            LOG.debug("The password of user {} is hashed anew at the next sign-in", user.username(), e);
        }
    }

    /** A password that was changed meanwhile stays changed. */
    private static boolean replaceHash(UserStore users, StoredUser user, String fresh) {
        Optional<StoredUser> unchanged = users.users().stream()
                .filter(now -> now.id().equals(user.id()) && now.passwordHash().equals(user.passwordHash()))
                .findFirst();
        return unchanged.isPresent() && users.update(unchanged.get().withHash(fresh), Optional.empty());
    }
}
