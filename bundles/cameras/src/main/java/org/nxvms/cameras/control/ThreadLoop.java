// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control loop on a thread of its own. After {@link #close()} tasks are dropped silently. */
public final class ThreadLoop implements ControlLoop, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadLoop.class);

    private final ScheduledThreadPoolExecutor executor;

    public ThreadLoop(String threadName) {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void post(Runnable task) {
        postAfter(0, task);
    }

    @Override
    public void postAfter(long delayMs, Runnable task) {
        try {
            executor.schedule(() -> run(task), delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // Closed: what is asked now is asked again by the next instance of this bundle.
            LOG.debug("The control loop is closed; a task was dropped");
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | LinkageError e) {
            // A service that failed here is asked again when it comes back; the loop serves all cameras.
            LOG.error("A control task failed; the other cameras are not affected", e);
        }
    }

    @Override
    public long monotonicMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
