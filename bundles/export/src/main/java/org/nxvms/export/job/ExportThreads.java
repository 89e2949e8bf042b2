// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that exports have, all of the lowest priority. */
final class ExportThreads {
    private static final int IDLE_SECONDS = 30;

    private ExportThreads() {}

    /** {@return threads that make packages} Their queue is bounded by how many orders are taken. */
    static ThreadPoolExecutor workers(int count) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor workers = new ThreadPoolExecutor(
                count,
                count,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> thread(task, "nxvms-export-" + number.incrementAndGet()));
        workers.allowCoreThreadTimeOut(true);
        return workers;
    }

    /** {@return a thread that looks after jobs; what it was to do later is dropped when it is shut down} */
    static ScheduledThreadPoolExecutor keeper() {
        ScheduledThreadPoolExecutor keeper =
                new ScheduledThreadPoolExecutor(1, task -> thread(task, "nxvms-export-keeper"));
        keeper.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return keeper;
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        return thread;
    }
}
