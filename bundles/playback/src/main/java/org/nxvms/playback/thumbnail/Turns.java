// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.thumbnail;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/**
 * One at a time, in the order of asking, and after each a pause as long as its work took, or by another share: what
 * is left of a processor then belongs to those who record.
 */
final class Turns {
    private static final long PAUSE_NS_MAX = TimeUnit.SECONDS.toNanos(1);

    private final Semaphore free = new Semaphore(1, true);
    private volatile int dutyPercent;
    /** Written by who has the turn. */
    private long restUntilNs = System.nanoTime();

    Turns(int dutyPercent) {
        this.dutyPercent = dutyPercent;
    }

    void limit(int newDutyPercent) {
        dutyPercent = newDutyPercent;
    }

    /** @throws DriverException of kind BUSY when none is free in time */
    Turn take(long waitNs) throws DriverException, InterruptedException {
        if (!free.tryAcquire(waitNs, TimeUnit.NANOSECONDS)) {
            throw new DriverException(Kind.BUSY, "the picture was not begun in time");
        }
        boolean taken = false;
        try {
            TimeUnit.NANOSECONDS.sleep(restUntilNs - System.nanoTime());
            taken = true;
            return new Turn();
        } finally {
            if (!taken) {
                free.release();
            }
        }
    }

    /** Taken, until closed by the same thread. */
    final class Turn implements AutoCloseable {
        private final long begunNs = System.nanoTime();

        private Turn() {}

        @Override
        public void close() {
            long now = System.nanoTime();
            long pauseNs = (now - begunNs) * (100 - dutyPercent) / dutyPercent;
            restUntilNs = now + Math.min(PAUSE_NS_MAX, pauseNs);
            free.release();
        }
    }
}
