// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.http;

import java.net.http.HttpClient;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/**
 * The threads of a driver's HTTP clients, with a clock for exchanges for which nobody waits. The clock is the driver's own: the
 * JDK's common one would live on with whichever driver used it first.
 */
final class Workers extends ThreadPoolExecutor {
    private final ScheduledThreadPoolExecutor clock;
    private final Set<CompletableFuture<Void>> awaited = ConcurrentHashMap.newKeySet();

    /** @param name what the threads are called, with a number, and {@code -clock}, behind it */
    Workers(String name, int count) {
        this(name, count, new AtomicInteger());
    }

    private Workers(String name, int count, AtomicInteger number) {
        super(
                count,
                count,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> daemon(task, name + "-" + number.incrementAndGet()));
        clock = new ScheduledThreadPoolExecutor(1, task -> daemon(task, name + "-clock"));
        clock.setRemoveOnCancelPolicy(true);
    }

    /** {@return those of a client of {@link HttpClients}} */
    static Workers of(HttpClient client) {
        if (client.executor().orElse(null) instanceof Workers workers) {
            return workers;
        }
        throw new IllegalStateException("what nobody waits for needs a client of HttpClients");
    }

    static DriverException stopped() {
        return new DriverException(Kind.CLOSED, "The driver has been stopped.");
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Completed on the clock's thread, which must not be held up, when the time is over; exceptionally when the driver is
     * stopped before. Whoever does not want it any more cancels it.
     */
    CompletableFuture<Void> after(long ms) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        awaited.add(over);
        try {
            ScheduledFuture<?> timer = clock.schedule(() -> over.complete(null), ms, TimeUnit.MILLISECONDS);
            over.whenComplete((done, cancelled) -> {
                awaited.remove(over);
                timer.cancel(false);
            });
            if (isShutdown()) {
                // It may have been stopped before this one was among those that are waited for.
                over.completeExceptionally(new RejectedExecutionException("stopped"));
            }
        } catch (RejectedExecutionException stopped) {
            awaited.remove(over);
            over.completeExceptionally(stopped);
        }
        return over;
    }

    /**
     * Ends what is under way, too: what waits for a time learns that there is none any more, and what waited for a worker is
     * told here, where it sends nothing, so that nobody waits for ever.
     */
    @Override
    public List<Runnable> shutdownNow() {
        List<Runnable> left = super.shutdownNow();
        clock.shutdownNow();
        awaited.forEach(over -> over.completeExceptionally(new RejectedExecutionException("stopped")));
        left.stream()
                .filter(CompletableFuture.AsynchronousCompletionTask.class::isInstance)
                .forEach(Runnable::run);
        return left;
    }
}
