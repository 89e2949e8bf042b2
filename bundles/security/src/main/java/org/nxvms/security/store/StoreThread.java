// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.store;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nxvms.platform.api.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that reads a store again and again and makes the changes asked for, one after the other. */
public final class StoreThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreThread.class);
    private static final int CHANGE_SECONDS_MAX = 30;

    /** Longer than any transaction of a database that answers. */
    private static final int CLOSE_SECONDS_MAX = 10;

    /** Who asks waits on a thread of the web server, of which there are fewer. */
    private static final int WAITING_MAX = 500;

    private final ScheduledThreadPoolExecutor thread;
    private final long changeMsMax;

    /**
     * @param reading what is done every {@code seconds}, and must not throw
     */
    public StoreThread(String name, Runnable reading, int seconds) {
        this(name, reading, seconds, TimeUnit.SECONDS.toMillis(CHANGE_SECONDS_MAX));
    }

    StoreThread(String name, Runnable reading, int seconds, long changeMsMax) {
        this.changeMsMax = changeMsMax;
        thread = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, name));
        thread.setRemoveOnCancelPolicy(true);
        thread.scheduleWithFixedDelay(reading, seconds, seconds, TimeUnit.SECONDS);
    }

    /** Does something soon; nothing when the thread has been stopped. */
    public void soon(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("Stopping; nothing is asked of the store any more", e);
        }
    }

    /**
     * Does something and waits for it. What has not begun by then is not done any more; what has begun goes on.
     *
     * @throws StoreException when it fails or takes longer than half a minute; other unchecked exceptions of the change
     *     come as they are
     */
    public <T> T call(Callable<T> change) {
        Future<T> done = submitted(change);
        try {
            return done.get(changeMsMax, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new StoreException("The change failed", e.getCause());
        } catch (TimeoutException e) {
            // Who is told that it failed may try again, and then it would be done twice.
            done.cancel(false);
            throw new StoreException("The database did not answer in " + changeMsMax / 1_000 + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            done.cancel(false);
            throw new StoreException("Stopped while waiting for the database", e);
        }
    }

    private <T> Future<T> submitted(Callable<T> change) {
        if (thread.getQueue().size() >= WAITING_MAX) {
            throw new StoreException("The database does not answer, and too many wait for it", null);
        }
        try {
            return thread.submit(change);
        } catch (RejectedExecutionException e) {
            throw new StoreException("The part that asks the database has been stopped", e);
        }
    }

    /**
     * Waits for what was asked before. Never interrupts: H2 keeps its file in a channel, and an interrupt while one
     * reads or writes by it closes that channel, and with it the database under all bundles.
     */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.warn("The database has not answered for {} s; not waited for any longer", CLOSE_SECONDS_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
