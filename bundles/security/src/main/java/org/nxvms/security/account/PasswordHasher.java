// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import com.password4j.Argon2Function;
import com.password4j.BadParametersException;
import com.password4j.Password;
import com.password4j.types.Argon2;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Argon2id with 19 MiB, 2 passes, 1 lane (OWASP's first choice). At most two at a time, so that a storm of logins cannot
 * take the processors from recording: one for strangers, one for who is none, so that neither can a storm of strangers keep
 * the others out.
 */
final class PasswordHasher {
    private static final int MEMORY_KIB = 19 * 1_024;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final long WAIT_MS_MAX = 5_000;

    /** Who waits holds a thread of the web server, of which there are 200: both turns together take few of them. */
    static final int WAITING_MAX = 16;

    /** Hash of a random password that was thrown away, with the same parameters. */
    static final String NOBODY =
            "$argon2id$v=19$m=19456,t=2,p=1$XHGlulljtBDtrhN+1tuR2g" + "$kC7/wp5aMQr2Cg98ATmIvYpu6sLHMeepa+l/3Z4Ttj8";

    private final Argon2Function function;
    private final Turns turns;

    /**
     * Whose turn it is.
     *
     * @param strangers one at a time
     * @param others one at a time: by a browser the user has signed in with, on the machine itself, signed in
     * @param waitMs for a turn, at most
     */
    record Turns(Semaphore strangers, Semaphore others, long waitMs) {
        static Turns usual() {
            return new Turns(new Semaphore(1, true), new Semaphore(1, true), WAIT_MS_MAX);
        }
    }

    PasswordHasher() {
        this(MEMORY_KIB, Turns.usual());
    }

    /** With less memory, for tests that hash a lot. */
    PasswordHasher(int memoryKib) {
        this(memoryKib, Turns.usual());
    }

    PasswordHasher(int memoryKib, Turns turns) {
        this.turns = turns;
        function = Argon2Function.getInstance(memoryKib, PASSES, LANES, HASH_BYTES, Argon2.ID);
    }

    /** Too many logins at the same time; try again in a moment. */
    static final class BusyException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** {@return the encoded hash with its parameters and salt} Blocks for some tenths of a second. */
    String hash(String password) {
        return inTurn(turns.others(), () -> Password.hash(password)
                .addRandomSalt(SALT_BYTES)
                .with(function)
                .getResult());
    }

    /** {@return whether the password belongs to the hash} Blocks as {@link #hash}. */
    boolean matches(String password, String encoded, boolean stranger) {
        return inTurn(stranger ? turns.strangers() : turns.others(), () -> {
            try {
                return Password.check(password, encoded).with(Argon2Function.getInstanceFromHash(encoded));
            } catch (BadParametersException e) {
                // A hash of another kind in the database: no password belongs to it.
                return false;
            }
        });
    }

    /** {@return whether a hash was made with other parameters than those of now} */
    boolean isOutdated(String encoded) {
        try {
            return !Argon2Function.getInstanceFromHash(encoded).equals(function);
        } catch (BadParametersException e) {
            // Nothing belongs to it, so nobody signs in by it.
            return false;
        }
    }

    /** Takes as long as {@link #matches} and is false: an unknown name must not be faster than a wrong password. */
    boolean matchesNobody(String password, boolean stranger) {
        matches(password, NOBODY, stranger);
        return false;
    }

    private <T> T inTurn(Semaphore turn, Supplier<T> work) {
        if (turn.getQueueLength() >= WAITING_MAX) {
            throw new BusyException();
        }
        try {
            if (!turn.tryAcquire(turns.waitMs(), TimeUnit.MILLISECONDS)) {
                throw new BusyException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BusyException();
        }
        try {
            return work.get();
        } finally {
            turn.release();
        }
    }
}
