// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How fast footage is moved, over all volumes, so that recording and playback keep their disks. Any thread. */
final class Pace {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long bytesPerSecond;
    private long nextNanos = System.nanoTime();

    Pace(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Waits until so many bytes more may be read or written. */
    void take(int bytes) {
        long wait = reserve(bytes);
        if (wait > 0) {
            LockSupport.parkNanos(wait);
        }
    }

    private synchronized long reserve(int bytes) {
        long now = System.nanoTime();
        long begins = Math.max(now, nextNanos);
        nextNanos = begins + bytes * NANOS_PER_SECOND / bytesPerSecond;
        return begins - now;
    }
}
