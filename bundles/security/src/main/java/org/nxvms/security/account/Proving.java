// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nxvms.platform.api.security.AuthenticationUnavailableException;
import org.nxvms.platform.api.security.OutsideIdentity;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/** Whether a password is somebody's: of the server's own users first, then of people outside; slowly for who guesses. */
final class Proving {
    private static final int TEXT_LENGTH_MAX = 512;
    private static final int BUSY_RETRY_SECONDS = 2;
    private static final int SILENT_RETRY_SECONDS = 5;

    private final Accounts accounts;
    private final OutsideUsers outside;
    private final KnownDevices devices;
    private final LoginThrottle throttle;

    Proving(Accounts accounts, OutsideUsers outside, KnownDevices devices, LongSupplier nanoClock) {
        this.accounts = accounts;
        this.outside = outside;
        this.devices = devices;
        this.throttle = new LoginThrottle(nanoClock);
    }

    /**
     * Counts an attempt.
     *
     * @throws ProblemException 429 for who has to wait
     */
    LoginThrottle.Attempt begin(String username, Client client) {
        LoginThrottle.Attempt attempt =
                new LoginThrottle.Attempt(username, client.address(), devices.find(client.device(), username));
        int wait = throttle.begin(attempt);
        if (wait > 0) {
            throw Problem.tooManyRequests("Too many failed attempts. Try again in " + wait + " s.", wait)
                    .exception();
        }
        return attempt;
    }

    /** The attempt was a right one. */
    void succeeded(LoginThrottle.Attempt attempt) {
        throttle.succeeded(attempt);
    }

    /** What was not judged, because something else failed, is no attempt that counts. */
    <T> T judged(LoginThrottle.Attempt attempt, Supplier<T> judgement) {
        try {
            return judgement.get();
        } catch (RuntimeException e) {
            throttle.notJudged(attempt);
            throw e;
        }
    }

    /** {@return the user when that is the user's password, wherever it is kept} */
    Optional<Accounts.Proof> confirmed(Account account, String password, LoginThrottle.Attempt attempt) {
        boolean stranger = !attempt.isOfNoStranger();
        try {
            if (account.provider().isEmpty()) {
                return judged(attempt, () -> accounts.check(account.username(), password, stranger));
            }
            return outside.isPassword(account, password, stranger)
                    ? accounts.first(user -> user.id().equals(account.id())).flatMap(accounts::proof)
                    : Optional.empty();
        } catch (PasswordHasher.BusyException e) {
            throw busy();
        } catch (AuthenticationUnavailableException e) {
            throw silent(e);
        }
    }

    private static ProblemException busy() {
        return Problem.unavailable("Too many people are signing in. Try again in a moment.", BUSY_RETRY_SECONDS)
                .exception();
    }

    private static ProblemException silent(AuthenticationUnavailableException e) {
        return new ProblemException(
                Problem.unavailable(
                        "The directory does not answer, so only users of this server's own can sign in now, by the"
                                + " right password. Try again in a moment.",
                        SILENT_RETRY_SECONDS),
                e);
    }

    /** {@return whether this is more than anybody has typed} */
    static boolean isTooLong(String username, String password) {
        return username.length() > TEXT_LENGTH_MAX || password.length() > TEXT_LENGTH_MAX;
    }

    /**
     * @return the user when the password is right
     * @throws ProblemException 403 for who is known outside and has no place here; 503 when nothing can be told now
     */
    Optional<Accounts.Proof> password(String username, String password, LoginThrottle.Attempt attempt) {
        boolean stranger = !attempt.isOfNoStranger();
        try {
            Optional<Accounts.Proof> own = judged(attempt, () -> accounts.check(username, password, stranger));
            if (own.isPresent()) {
                return own;
            }
            Optional<OutsideIdentity> identity = outside.check(username, password, stranger);
            return identity.map(known -> judged(attempt, () -> outside.enter(known)));
        } catch (PasswordHasher.BusyException e) {
            throw busy();
        } catch (AuthenticationUnavailableException e) {
            // Counted: of a user of the server's own, who is answered the same, this was a wrong password.
            throw silent(e);
        }
    }
}
