// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * How far a job is. Where pictures are encoded anew nobody knows how large they become: it is measured by the footage that is
 * done. Written by one thread, read by any.
 */
public final class Progress {
    private static final long TOLD_AFTER_NS = TimeUnit.SECONDS.toNanos(1);
    /** Of the footage, before its share in the package tells anything. */
    private static final double TELLING_SHARE = 0.02;

    private volatile long expectedBytes;
    private volatile long doneBytes;
    private volatile long beganBytes;
    private volatile long beganNs = System.nanoTime();
    /** 0 where the package's own bytes are the measure. */
    private volatile long footageBytes;

    private volatile long footageDone;
    private volatile long footageBegan;

    void expect(long bytes) {
        expectedBytes = bytes;
    }

    /** What follows is made now; what was made before a restart is not counted for the speed. */
    void begin(long bytesThere) {
        doneBytes = bytesThere;
        beganBytes = bytesThere;
        beganNs = System.nanoTime();
    }

    /**
     * Measures by footage from now on.
     *
     * @param bytes of all of it
     * @param done before a restart
     */
    void measure(long bytes, long done) {
        footageDone = done;
        footageBegan = done;
        footageBytes = Math.max(1, bytes);
    }

    void reached(long bytes) {
        doneBytes = bytes;
    }

    /** So much more footage is done. */
    void worked(long bytes) {
        footageDone += bytes;
    }

    /** {@return bytes of the package so far} */
    public long doneBytes() {
        return doneBytes;
    }

    /** {@return about how many there will be} */
    public long expectedBytes() {
        double share = share();
        return share < TELLING_SHARE
                ? Math.max(expectedBytes, doneBytes)
                : Math.max((long) (doneBytes / share), doneBytes);
    }

    /** {@return how much of the footage is done, 0 to 1; 0 where that is not the measure} */
    private double share() {
        return footageBytes == 0 ? 0 : Math.min(1, (double) footageDone / footageBytes);
    }

    /** {@return in about how many seconds it will be done, at the speed so far} */
    public OptionalLong remainingSeconds() {
        long took = System.nanoTime() - beganNs;
        boolean byFootage = footageBytes > 0;
        long made = byFootage ? footageDone - footageBegan : doneBytes - beganBytes;
        if (made <= 0 || took < TOLD_AFTER_NS) {
            return OptionalLong.empty();
        }
        double left = byFootage ? Math.max(0, footageBytes - footageDone) : expectedBytes() - doneBytes;
        return OptionalLong.of((long) Math.ceil(left / made * took / 1e9));
    }
}
