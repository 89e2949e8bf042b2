// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.DriverRollout;
import org.nxvms.platform.api.camera.DriverRollout.Phase;
import org.nxvms.platform.api.camera.DriverRollouts;
import org.nxvms.platform.api.plugin.Plugin;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginRefusedException.Kind;
import org.nxvms.platform.api.plugin.PluginTrial;
import org.nxvms.platform.api.plugin.PluginVersion;
import org.nxvms.platform.api.plugin.SwapReceipt.Outcome;
import org.nxvms.plugins.Operations.Samples;
import org.nxvms.plugins.store.Entry;
import org.nxvms.plugins.store.Inventory;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Versions of drivers that are tried: each runs beside the one that serves, is moved to by the driver manager, camera by
 * camera, and counts when that says so. Until then the inventory does not know of it, so that the next start, and the next
 * installer, take it out.
 */
final class Trials implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Trials.class);
    private static final long LOOK_MS = 500;

    private final Swap swap;
    private final Inventory inventory;
    private final PluginStates states;
    private final Operations operations;
    private final Supplier<DriverRollouts> rollouts;
    private final Supplier<CameraRegistry> cameras;
    private final Map<String, Trial> running = new ConcurrentHashMap<>();
    /** A look is on its way. */
    private final AtomicBoolean looking = new AtomicBoolean();

    private final ScheduledThreadPoolExecutor watch = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "nxvms-ctl-plugin-trials");
        thread.setDaemon(true);
        return thread;
    });

    private record Trial(String driver, PluginVersion version, Bundle bundle, ReceiptDraft draft, Samples samples) {}

    /** Either gives null while the cameras are away; nothing can be tried then, and what is tried is given up. */
    Trials(
            Swap swap,
            Inventory inventory,
            PluginStates states,
            Operations operations,
            Supplier<DriverRollouts> rollouts,
            Supplier<CameraRegistry> cameras) {
        this.swap = swap;
        this.inventory = inventory;
        this.states = states;
        this.operations = operations;
        this.rollouts = rollouts;
        this.cameras = cameras;
    }

    /** There is nothing to look at while nothing is tried. */
    private void lookSoon() {
        if (!running.isEmpty() && looking.compareAndSet(false, true)) {
            try {
                watch.schedule(this::look, LOOK_MS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("Stopping; nothing is tried any more", e);
            }
        }
    }

    /** Asked with the turn; {@return what is to be done with it} */
    Operations.Plan plan(String name, Entry now, PluginVersion version, PluginTrial trial) {
        if (states.of(name, now).state() != Plugin.State.ACTIVE) {
            throw new IllegalStateException("Plugin " + name + " does not run, so there is nothing to compare with."
                    + " Update it without a trial");
        }
        String driver = driverOf(name, now.current());
        return new Operations.Plan(Optional.of(version), false, (draft, samples) -> {
            begin(driver, version, trial, draft, samples);
            return Optional.empty();
        });
    }

    private String driverOf(String name, PluginVersion version) {
        CameraRegistry registry = cameras.get();
        if (registry == null || rollouts.get() == null) {
            throw new IllegalStateException("The driver manager is being exchanged. Try again in some seconds");
        }
        List<String> drivers = registry.drivers().stream()
                .filter(driver ->
                        driver.bundle().equals(name) && driver.version().equals(version.version()))
                .map(driver -> driver.info().id())
                .toList();
        if (drivers.size() != 1) {
            throw new IllegalStateException("Plugin " + name + " offers " + drivers.size()
                    + " drivers, and one can be tried. Update it without a trial");
        }
        return drivers.get(0);
    }

    private void begin(String driver, PluginVersion version, PluginTrial trial, ReceiptDraft draft, Samples samples)
            throws PluginRefusedException, IOException, InterruptedException {
        DriverRollouts manager = rollouts.get();
        if (manager == null) {
            throw new IllegalStateException("The driver manager is being exchanged. Try again in some seconds");
        }
        manager.keepServing(driver);
        String name = draft.plugin();
        Bundle bundle = swap.beside(name, version, draft);
        try {
            manager.begin(new DriverRollouts.Order(driver, version.version(), trial.canary(), trial.soakSeconds()));
        } catch (IllegalArgumentException | IllegalStateException refused) {
            swap.abandon(bundle, draft);
            throw refused;
        } catch (NoSuchResourceException anotherId) {
            swap.abandon(bundle, draft);
            throw new PluginRefusedException(
                    Kind.START,
                    "service",
                    "It does not offer the driver " + driver
                            + ", which is to be tried. Install it as a plugin of its own.");
        }
        states.tries(name, version);
        running.put(name, new Trial(driver, version, bundle, draft, samples));
        lookSoon();
    }

    private void look() {
        try {
            lookAtAll();
        } finally {
            // What began since has not been seen; who began it saw this look going on.
            looking.set(false);
            lookSoon();
        }
    }

    private void lookAtAll() {
        running.forEach((name, trial) -> {
            try {
                Optional<DriverRollout> now = now(trial);
                if (now.filter(DriverRollout::runs).isEmpty()) {
                    operations.end(trial.draft(), trial.samples(), () -> end(name, trial, now));
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException fault) {
                LOG.warn(
                        "The trial of plugin {} {} is looked at again",
                        name,
                        trial.version().version(),
                        fault);
            }
        });
    }

    /** {@return how the rollout stands; empty when nobody knows of it any more} */
    private Optional<DriverRollout> now(Trial trial) {
        DriverRollouts manager = rollouts.get();
        return manager == null
                ? Optional.empty()
                : manager.rollout(trial.driver())
                        .filter(rollout -> rollout.to().equals(trial.version().version()));
    }

    /** With the turn. */
    private void end(String name, Trial trial, Optional<DriverRollout> how) {
        running.remove(name);
        states.triesNoMore(name);
        ReceiptDraft draft = trial.draft();
        if (how.filter(rollout -> rollout.phase() == Phase.PROMOTED).isEmpty()) {
            swap.abandon(trial.bundle(), draft);
            draft.ends(
                    Outcome.REFUSED,
                    how.map(rollout ->
                                    "It was tried, and its cameras are back at the version before: " + rollout.detail())
                            .orElse("The driver manager went while it was tried, so it was taken out again."));
            return;
        }
        try {
            Entry after = inventory.find(name).orElseThrow().next(trial.version());
            draft.ends(Outcome.DONE, swap.promoted(name, after, trial.bundle(), draft));
        } catch (IOException | RuntimeException notWritten) {
            LOG.warn(
                    "Plugin {} {} did well, but cannot be kept",
                    name,
                    trial.version().version(),
                    notWritten);
            draft.ends(Outcome.REFUSED, "It did well, but cannot be kept (" + notWritten.getMessage() + ").");
        }
    }

    /** What is tried stays until the next installer takes it out, and closes its receipt. */
    @Override
    public void close() {
        watch.shutdownNow();
    }
}
