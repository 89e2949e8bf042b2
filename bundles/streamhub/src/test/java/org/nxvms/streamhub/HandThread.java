// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The hub's thread and its time in the hands of a test. */
final class HandThread implements HubThread {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Due> later = new ArrayList<>();
    /** Near its overflow, as that of a machine may be. */
    private long nowNs = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(40);

    private record Due(Runnable task, long atNs) {}

    @Override
    public long nanoTime() {
        return nowNs;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void executeAfter(Runnable task, long ns) {
        later.add(new Due(task, nowNs + ns));
    }

    /** Does all that there is to do; {@return how much that was} */
    int work() {
        List<Due> due = later.stream().filter(one -> one.atNs - nowNs <= 0).toList();
        later.removeAll(due);
        due.forEach(one -> tasks.add(one.task));
        int count = 0;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            count++;
            task.run();
        }
        return count;
    }

    /** Time passes, and what falls due is done. */
    void pass(long ms) {
        nowNs += TimeUnit.MILLISECONDS.toNanos(ms);
        work();
    }

    /** {@return what is to be done later} */
    int waiting() {
        return later.size();
    }
}
