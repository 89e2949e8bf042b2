// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.deliver;

import java.util.function.DoubleSupplier;

/** When to try again: growing, and jittered so that servers which lost the same endpoint do not come back at once. */
final class Backoff {
    private static final double JITTER = 0.25;
    private static final int DOUBLINGS_MAX = 20;

    private final long firstMs;
    private final long longestMs;
    private final DoubleSupplier random;
    private int failures;

    /** @param random uniform in 0..1 */
    Backoff(long firstMs, long longestMs, DoubleSupplier random) {
        this.firstMs = firstMs;
        this.longestMs = longestMs;
        this.random = random;
    }

    /** {@return milliseconds to wait after one more failure, at least as long as the other side asks for} */
    long failedMs(long retryAfterMs) {
        long growing = Math.min(longestMs, firstMs << Math.min(DOUBLINGS_MAX, failures));
        failures++;
        return Math.max(retryAfterMs, (long) (growing * (1 - JITTER + 2 * JITTER * random.getAsDouble())));
    }

    void succeeded() {
        failures = 0;
    }
}
