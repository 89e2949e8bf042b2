// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.tck.stage.Broken;
import org.nxvms.driver.tck.stage.Calls;
import org.nxvms.driver.tck.stage.Calls.Answer;

/** What rules ask. */
final class Expect {
    /** Shorter than the shortest time limit of a call, longer than a busy machine pauses. */
    private static final int AT_ONCE_MS = 750;

    /** Of what has to be done in a moment, on a machine that may stand still for one. */
    static final int TRIES = 3;

    private static final long POLL_MS = 20;

    private Expect() {}

    static void that(boolean kept, String otherwise) {
        if (!kept) {
            throw new Broken(otherwise);
        }
    }

    static void kind(DriverException failure, String when, Kind... allowed) {
        if (!Set.of(allowed).contains(failure.kind())) {
            throw new Broken(
                    when + ", the kind is " + failure.kind() + " (" + failure.getMessage() + ") instead of "
                            + String.join(
                                    " or ",
                                    Set.of(allowed).stream()
                                            .map(Kind::name)
                                            .sorted()
                                            .toList()) + ".",
                    failure);
        }
    }

    /** {@return whether something came true in time} */
    static boolean soon(long limitMs, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                return false;
            }
            pause(POLL_MS);
        }
        return true;
    }

    /** {@return what a call that asks nobody returns} The quickest of a few counts: the others are the machine's. */
    static <T> T atOnce(String what, Callable<T> call) throws InterruptedException {
        Answer<T> answer = Calls.within(what, AT_ONCE_MS, call);
        for (int more = 1; answer.elapsedMs() > AT_ONCE_MS && more < TRIES; more++) {
            answer = Calls.within(what, AT_ONCE_MS, call);
        }
        that(answer.elapsedMs() <= AT_ONCE_MS, what + " took " + answer.elapsedMs() + " ms; it asks nobody.");
        return answer.get();
    }

    /** Lets a device go on for a while. */
    static void pause(long ms) throws InterruptedException {
        new CountDownLatch(1).await(ms, TimeUnit.MILLISECONDS);
    }
}
