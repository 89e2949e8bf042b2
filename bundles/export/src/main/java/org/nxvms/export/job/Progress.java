// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** How far a job is. Written by one thread, read by any. */
public final class Progress {
    private static final long TOLD_AFTER_NS = TimeUnit.SECONDS.toNanos(1);

    private volatile long expectedBytes;
    private volatile long doneBytes;
    private volatile long beganBytes;
    private volatile long beganNs = System.nanoTime();

    void expect(long bytes) {
        expectedBytes = bytes;
    }

    /** What follows is made now; what was made before a restart is not counted for the speed. */
    void begin(long bytesThere) {
        doneBytes = bytesThere;
        beganBytes = bytesThere;
        beganNs = System.nanoTime();
    }

    void reached(long bytes) {
        doneBytes = bytes;
    }

    /** {@return bytes of the package so far} */
    public long doneBytes() {
        return doneBytes;
    }

    /** {@return about how many there will be} */
    public long expectedBytes() {
        return Math.max(expectedBytes, doneBytes);
    }

    /** {@return in about how many seconds it will be done, at the speed so far} */
    public OptionalLong remainingSeconds() {
        long took = System.nanoTime() - beganNs;
        long made = doneBytes - beganBytes;
        if (made <= 0 || took < TOLD_AFTER_NS) {
            return OptionalLong.empty();
        }
        double left = expectedBytes() - doneBytes;
        return OptionalLong.of((long) Math.ceil(left / made * took / 1e9));
    }
}
