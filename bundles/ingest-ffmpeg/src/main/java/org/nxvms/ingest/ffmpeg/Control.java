// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.ingest.kit.ConnectGate;
import org.nxvms.platform.api.worker.MediaWorker;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.SourceRequest;
import org.nxvms.platform.api.worker.SourceSession;

/** The control thread, which never blocks, and a few threads beside it that look up names and files. */
final class Control {
    private static final int LOOKUPS_MAX = 4;
    /** One look-up per stream at most is waiting. */
    private static final int QUEUE_MAX = 1024;

    private final ScheduledThreadPoolExecutor loop;
    private final ThreadPoolExecutor lookups;
    private final ConnectGate gate = new ConnectGate();
    private final Supplier<Optional<MediaWorker>> worker;
    private volatile Settings settings;

    Control(Settings settings, Supplier<Optional<MediaWorker>> worker) {
        this.settings = settings;
        this.worker = worker;
        loop = new ScheduledThreadPoolExecutor(1, daemons("nxvms-ctl-ffmpeg"));
        loop.setRemoveOnCancelPolicy(true);
        loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        lookups = new ThreadPoolExecutor(
                LOOKUPS_MAX,
                LOOKUPS_MAX,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(QUEUE_MAX),
                daemons("nxvms-ctl-ffmpeg-lookup"));
        lookups.allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }

    Settings settings() {
        return settings;
    }

    void settings(Settings changed) {
        settings = changed;
    }

    /** After {@link #close} nothing runs any more. */
    void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException closed) {
            // Whoever closes has waited for what was under way.
        }
    }

    void every(long periodMs, Runnable task) {
        loop.scheduleWithFixedDelay(task, periodMs, periodMs, TimeUnit.MILLISECONDS);
    }

    boolean mayConnect(long nowNs) {
        return gate.tryEnter(nowNs, settings.connectsPerSecondMax());
    }

    /** Checks an endpoint off the control thread and answers on it. */
    void resolve(StreamEndpoint endpoint, Consumer<SourceRequest> found, Consumer<DriverException> refused) {
        try {
            lookups.execute(() -> {
                try {
                    SourceRequest request = SourcePolicy.request(endpoint, settings, settings.openTimeoutMs());
                    execute(() -> found.accept(request));
                } catch (DriverException why) {
                    execute(() -> refused.accept(why));
                } catch (RuntimeException fault) {
                    execute(() -> refused.accept(new DriverException(
                            DriverException.Kind.CONFIG, "the address cannot be used: " + fault.getMessage(), fault)));
                }
            });
        } catch (RejectedExecutionException full) {
            execute(() -> refused.accept(
                    new DriverException(DriverException.Kind.BUSY, "too many addresses are being looked up")));
        }
    }

    Optional<MediaWorker> worker() {
        return worker.get();
    }

    /** {@return the opened source; empty when no media worker runs} */
    Optional<SourceSession> open(SourceRequest request, SourceListener listener) {
        return worker.get().map(running -> running.open(request, listener));
    }

    void close() {
        loop.shutdownNow();
        lookups.shutdownNow();
    }
}
