// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.harness;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for a condition, never for a time to pass. */
public final class Waiting {
    private static final long POLL_MS = 100;

    private Waiting() {}

    public static void until(String what, int seconds, Callable<Boolean> condition) {
        Instant end = Instant.now().plus(Duration.ofSeconds(seconds));
        Exception last = null;
        while (Instant.now().isBefore(end)) {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            pause();
        }
        throw new AssertionError(
                "waited " + seconds + " s, but not: " + what + (last == null ? "" : " (" + last + ")"), last);
    }

    private static void pause() {
        try {
            new CountDownLatch(1).await(POLL_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
