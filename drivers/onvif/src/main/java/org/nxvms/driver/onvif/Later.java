// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** What is there later, or at once, with the failures of the contract. */
final class Later {
    private Later() {}

    /** What may fail as contracts say. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws DriverException;
    }

    /** {@return what came of some work that was done here} */
    static <T> CompletableFuture<T> of(Work<T> work) {
        try {
            return CompletableFuture.completedFuture(work.run());
        } catch (DriverException | RuntimeException failed) {
            return CompletableFuture.failedFuture(failed);
        }
    }

    /** {@return what is there already} A conversation that is held {@linkplain SoapClient#here here} is over when it returns. */
    static <T> T now(CompletableFuture<T> done) throws DriverException {
        try {
            return done.join();
        } catch (CompletionException failed) {
            Throwable cause = cause(failed);
            if (cause instanceof DriverException told) {
                throw told;
            }
            if (cause instanceof RuntimeException odd) {
                throw odd;
            }
            throw failed;
        }
    }

    /** {@return why something failed, without the wrapping of stages} */
    static Throwable cause(Throwable failed) {
        Throwable cause = failed;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof RejectedExecutionException
                ? new DriverException(Kind.CLOSED, "The driver has been stopped.", cause)
                : cause;
    }

    /** {@return whether something failed in one of these ways} */
    static boolean isOf(Throwable failed, Kind... kinds) {
        if (cause(failed) instanceof DriverException told) {
            for (Kind kind : kinds) {
                if (told.kind() == kind) {
                    return true;
                }
            }
        }
        return false;
    }
}
