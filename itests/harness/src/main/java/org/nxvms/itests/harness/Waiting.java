// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.harness;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for a condition, never for a time to pass. */
public final class Waiting {
    private static final long POLL_MS = 100;
    /** For a machine that stands still; what does not come is waited for that much longer. */
    private static final int STANDSTILL_SECONDS = 30;

    private Waiting() {}

    /** @param seconds that it may take where nothing stands still */
    public static void until(String what, int seconds, Callable<Boolean> condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds + STANDSTILL_SECONDS);
        Exception last = null;
        boolean isLate = false;
        while (!isLate) {
            // Asked once more when the time is over: it may have passed between two questions.
            isLate = System.nanoTime() - end >= 0;
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
                "waited " + (seconds + STANDSTILL_SECONDS) + " s, but not: " + what
                        + (last == null ? "" : " (" + last + ")"),
                last);
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
