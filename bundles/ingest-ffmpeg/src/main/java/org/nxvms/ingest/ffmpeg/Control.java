// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.nxvms.ingest.kit.ConnectGate;
import org.nxvms.ingest.kit.Names;
import org.nxvms.platform.api.network.AddressRule;
import org.nxvms.platform.api.worker.MediaWorker;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.SourceRequest;
import org.nxvms.platform.api.worker.SourceSession;

/** The control thread, which never blocks, and what its keepers share. */
final class Control {
    private final ScheduledThreadPoolExecutor loop;
    private final ConnectGate gate = new ConnectGate();
    private final Clearance clearance;
    private final JudgedHosts hosts;
    private final Supplier<Optional<MediaWorker>> worker;
    private volatile Settings settings;

    Control(Settings settings, Supplier<Optional<MediaWorker>> worker, Supplier<AddressRule> rule) {
        this(
                settings,
                worker,
                judging("nxvms-ctl-ffmpeg-names", rule),
                judging("nxvms-ctl-ffmpeg-door", rule),
                SourcePolicy::checkLocal);
    }

    private static Names judging(String threads, Supplier<AddressRule> rule) {
        Names names = new Names(threads);
        names.rule(rule);
        return names;
    }

    /**
     * @param names knows the hosts of cameras
     * @param led knows those that sources connect to, whatever leads there
     */
    Control(
            Settings settings,
            Supplier<Optional<MediaWorker>> worker,
            Names names,
            Names led,
            Clearance.FileCheck files) {
        this.settings = settings;
        this.worker = worker;
        this.hosts = new JudgedHosts(led, this::settings);
        this.clearance = new Clearance(this, names, files);
        loop = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "nxvms-ctl-ffmpeg");
            thread.setDaemon(true);
            return thread;
        });
        loop.setRemoveOnCancelPolicy(true);
        loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
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

    /** Runs something later. {@return what prevents it} */
    Runnable after(long delayMs, Runnable task) {
        try {
            ScheduledFuture<?> future = loop.schedule(task, delayMs, TimeUnit.MILLISECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    /** @param who waits for a connect; each waits for its own turn */
    boolean mayConnect(Object who, long nowNs) {
        return gate.tryEnter(who, nowNs, settings.connectsPerSecondMax());
    }

    Clearance clearance() {
        return clearance;
    }

    /** {@return the opened source; empty when no media worker runs} */
    Optional<SourceSession> open(SourceRequest request, SourceListener listener) {
        return worker.get().map(running -> running.open(request, hosts.of(request), listener));
    }

    boolean isStopped() {
        return loop.isShutdown();
    }

    void close() {
        loop.shutdownNow();
        clearance.close();
        hosts.close();
    }
}
