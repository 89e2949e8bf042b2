// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

/** When something that failed is tried again: each time after twice as long, up to a limit. One thread fails at a time. */
final class Backoff {
    private final long firstNanos;
    private final long maxNanos;
    private volatile long pauseNanos;
    private volatile long dueNanos = System.nanoTime();

    Backoff(long firstNanos, long maxNanos) {
        this.firstNanos = firstNanos;
        this.maxNanos = maxNanos;
    }

    boolean isDue() {
        return System.nanoTime() - dueNanos >= 0;
    }

    /** {@return whether it is the first failure, of which somebody should be told} */
    boolean failed() {
        boolean first = pauseNanos == 0;
        pauseNanos = first ? firstNanos : Math.min(maxNanos, 2 * pauseNanos);
        dueNanos = System.nanoTime() + pauseNanos;
        return first;
    }

    boolean hasFailed() {
        return pauseNanos > 0;
    }

    /** Nothing failed, but it is too early. */
    void waits(long nanos) {
        dueNanos = System.nanoTime() + nanos;
    }

    /** Something has changed that may be the cure. */
    void tryNow() {
        dueNanos = System.nanoTime();
    }
}
