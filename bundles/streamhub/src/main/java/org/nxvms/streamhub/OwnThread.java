// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that begins with the first task. What goes wrong in one costs that one. */
final class OwnThread implements HubThread {
    private static final Logger LOG = LoggerFactory.getLogger(OwnThread.class);

    private final ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "nxvms-ctl-streamhub");
        thread.setDaemon(true);
        return thread;
    });

    OwnThread() {
        pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(() -> run(task));
    }

    @Override
    public void executeAfter(Runnable task, long ns) {
        pool.schedule(() -> run(task), ns, TimeUnit.NANOSECONDS);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error fault) {
            LOG.error("Memory of a stream could not be made or given back", fault);
        }
    }

    /** Tasks that have not begun are dropped; one that has is waited for. */
    void close(long waitMsMax) {
        pool.shutdown();
        try {
            pool.awaitTermination(waitMsMax, TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
