// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.core;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** What was said and waits for the bus. Never blocks who speaks; what finds no place is dropped and counted. */
public final class Inbox {
    /** A second of everything a thousand cameras may say at once, at about 200 bytes each. */
    public static final int SAID_MAX = 16_384;

    private static final int PULSES_MAX = SAID_MAX * 3 / 4;

    private final BlockingQueue<Said> queue = new ArrayBlockingQueue<>(SAID_MAX);
    private final LongAdder taken = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    /** {@return false when it was dropped} */
    public boolean offer(Said said) {
        boolean room = said.isOfAState() || queue.size() < PULSES_MAX;
        if (room && queue.offer(said)) {
            taken.increment();
            return true;
        }
        dropped.increment();
        return false;
    }

    /** Waits for something said, then takes all that is there up to a limit. */
    public void take(List<Said> target, int max, long waitMs) throws InterruptedException {
        Said first = queue.poll(waitMs, TimeUnit.MILLISECONDS);
        if (first != null) {
            target.add(first);
            queue.drainTo(target, max - 1);
        }
    }

    /** Takes what is there, without waiting. */
    public void drain(List<Said> target, int max) {
        queue.drainTo(target, max);
    }

    public long taken() {
        return taken.sum();
    }

    public long dropped() {
        return dropped.sum();
    }
}
