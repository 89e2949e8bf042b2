// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.concurrent.TimeUnit;

/**
 * Knows how long a volume's writer has been waiting for it. One writer at a time; while one recorder replaces another
 * there may be two, then the newer counts.
 */
final class WriteWatch {
    private static final long NONE = Long.MIN_VALUE;

    private final long hungNanos;
    private volatile long began = NONE;

    WriteWatch(int hungSeconds) {
        this.hungNanos = TimeUnit.SECONDS.toNanos(hungSeconds);
    }

    /** A system call is about to be made; {@return what to tell {@link #ends}} */
    long begins() {
        long now = System.nanoTime();
        began = now;
        return now;
    }

    void ends(long beginning) {
        if (began == beginning) {
            began = NONE;
        }
    }

    /** {@return for how long the writer has been waiting, if that is too long; otherwise 0} */
    long hungSeconds() {
        long since = began;
        if (since == NONE) {
            return 0;
        }
        long waited = System.nanoTime() - since;
        return waited > hungNanos ? TimeUnit.NANOSECONDS.toSeconds(waited) : 0;
    }
}
