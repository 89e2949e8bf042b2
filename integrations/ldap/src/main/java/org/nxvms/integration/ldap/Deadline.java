// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.ldap;

import java.util.concurrent.TimeUnit;

/** How long a question to the directory may take: each step has a limit of its own, and all together three times that. */
final class Deadline {
    private static final int STEPS = 3;

    private final long stepMs;
    private final long endNanos;

    private Deadline(long stepMs) {
        this.stepMs = stepMs;
        this.endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(stepMs * STEPS);
    }

    static Deadline begin(int stepSeconds) {
        return new Deadline(TimeUnit.SECONDS.toMillis(stepSeconds));
    }

    boolean isOver() {
        return endNanos - System.nanoTime() <= 0;
    }

    /** {@return how long the next step may take; at least a millisecond, as zero means without limit} */
    int stepMs() {
        long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
        return (int) Math.max(1, Math.min(stepMs, left));
    }
}
