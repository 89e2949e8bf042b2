// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Pools of daemon threads that end when idle. */
final class Pools {
    private static final int IDLE_S = 30;

    private Pools() {}

    /** Tasks wait for a thread. At most one task a camera does, and the number of cameras is bounded. */
    static ExecutorService waiting(String name, int threadsMax) {
        ThreadPoolExecutor pool = pool(name, threadsMax, threadsMax, new LinkedBlockingQueue<>());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** No task waits: one for which there is no thread is refused. */
    static ExecutorService direct(String name, int threadsMax) {
        return pool(name, 0, threadsMax, new SynchronousQueue<>());
    }

    private static ThreadPoolExecutor pool(
            String name, int coreThreads, int threadsMax, BlockingQueue<Runnable> queue) {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(coreThreads, threadsMax, IDLE_S, TimeUnit.SECONDS, queue, task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
