// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.core;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What was said and waits for the bus. Never blocks who speaks; what finds no place is dropped and counted. */
public final class Inbox {
    /** A second of everything a thousand cameras may say at once, at about 200 bytes each. */
    public static final int SAID_MAX = 16_384;

    private static final int PULSES_MAX = SAID_MAX * 3 / 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Queue<Said> queue = new ArrayDeque<>();
    private boolean woken;
    private final LongAdder taken = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    /** {@return false when it was dropped} */
    public boolean offer(Said said) {
        if (add(said)) {
            taken.increment();
            return true;
        }
        dropped.increment();
        return false;
    }

    private boolean add(Said said) {
        lock.lock();
        try {
            if (queue.size() >= (said.isOfAState() ? SAID_MAX : PULSES_MAX)) {
                return false;
            }
            queue.add(said);
            news.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** There is something else to do for who waits in {@link #take}: it returns at once, now or the next time. */
    public void wake() {
        lock.lock();
        try {
            woken = true;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something said, then takes all that is there up to a limit. One thread. */
    public void take(List<Said> target, int max, long waitNs) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (long left = waitNs; queue.isEmpty() && !woken && left > 0; ) {
                left = news.awaitNanos(left);
            }
            woken = false;
            move(target, max);
        } finally {
            lock.unlock();
        }
    }

    /** Takes what is there, without waiting. */
    public void drain(List<Said> target, int max) {
        lock.lock();
        try {
            move(target, max);
        } finally {
            lock.unlock();
        }
    }

    private void move(List<Said> target, int max) {
        while (target.size() < max && !queue.isEmpty()) {
            target.add(queue.remove());
        }
    }

    public long taken() {
        return taken.sum();
    }

    public long dropped() {
        return dropped.sum();
    }
}
