// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.fake;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.nxvms.cameras.control.ControlLoop;

/** The control thread as the test's own, with time that passes when the test says so. */
public final class VirtualLoop implements ControlLoop {
    private record Task(long atMs, long number, Runnable work) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::atMs).thenComparingLong(Task::number));
    private volatile long nowMs = 1_000_000;
    private long posted;

    @Override
    public synchronized void post(Runnable task) {
        postAfter(0, task);
    }

    @Override
    public synchronized void postAfter(long delayMs, Runnable task) {
        tasks.add(new Task(nowMs + delayMs, posted++, task));
    }

    @Override
    public long monotonicMs() {
        return nowMs;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusMillis(nowMs);
    }

    /** Runs what is due now. */
    public void run() {
        advance(Duration.ZERO);
    }

    /** Lets time pass, running what falls due on the way. */
    public void advance(Duration time) {
        long end = nowMs + time.toMillis();
        for (Task next = take(end); next != null; next = take(end)) {
            nowMs = Math.max(nowMs, next.atMs());
            next.work().run();
        }
        nowMs = end;
    }

    private synchronized Task take(long end) {
        return !tasks.isEmpty() && tasks.peek().atMs() <= end ? tasks.poll() : null;
    }
}
