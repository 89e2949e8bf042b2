// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginVersion;
import org.nxvms.plugins.runtime.PluginBundles;
import org.nxvms.plugins.store.Entry;
import org.nxvms.plugins.store.Inventory;
import org.nxvms.plugins.store.Staging;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the framework what the inventory says: at the server's start, and when this bundle itself was exchanged. Bundles
 * that no entry names go, those that are missing come from their kept jar, and each is started in a thread of its own, so
 * that none waits for another.
 */
final class BootReconciliation {
    private static final Logger LOG = LoggerFactory.getLogger(BootReconciliation.class);

    private final PluginBundles bundles;
    private final Inventory inventory;
    private final Staging staging;
    private final PluginStates states;
    private final PluginEvents events;
    private final IntSupplier serviceMs;
    private final ReentrantLock operation;

    /** @param operation held while anything is done to bundles or the inventory; {@link #run} is called with it */
    BootReconciliation(
            PluginBundles bundles,
            Inventory inventory,
            Staging staging,
            PluginStates states,
            PluginEvents events,
            IntSupplier serviceMs,
            ReentrantLock operation) {
        this.bundles = bundles;
        this.inventory = inventory;
        this.staging = staging;
        this.states = states;
        this.events = events;
        this.serviceMs = serviceMs;
        this.operation = operation;
    }

    /** Returns when every bundle is the right one; they come up after that. {@return the threads that see to it} */
    List<Thread> run() throws IOException, InterruptedException {
        inventory.load();
        Map<String, String> wanted = new HashMap<>();
        inventory.entries().forEach((name, entry) -> {
            if (entry.enabled()) {
                wanted.put(PluginBundles.location(name, entry.current()), name);
            }
        });
        for (Bundle bundle : bundles.all()) {
            if (!wanted.containsKey(bundle.getLocation())) {
                LOG.info("Plugin {} is not in the inventory and goes", bundle.getLocation());
                bundles.takeOut(bundle, serviceMs.getAsInt());
            }
        }
        List<Thread> starts = new ArrayList<>();
        for (Map.Entry<String, String> one : wanted.entrySet()) {
            Entry entry = inventory.entries().get(one.getValue());
            if (bundles.at(one.getKey())
                    .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                    .isEmpty()) {
                starts.add(start(one.getValue(), entry.current()));
            }
        }
        tidy();
        return starts;
    }

    /** Rubbish that stays is no reason to be without plugins. */
    private void tidy() {
        try {
            staging.clear();
            staging.keepOnly(inventory.jars());
        } catch (IOException | RuntimeException stays) {
            LOG.warn("Files of plugins that are gone cannot be removed; it is tried again at the next start", stays);
        }
    }

    private Thread start(String name, PluginVersion version) {
        states.starting(name);
        Thread thread = new Thread(() -> bringUp(name, version), "nxvms-ctl-plugin-up-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /**
     * Operations may take away meanwhile what is being brought up: what is done to bundles is done under their lock, and
     * only as long as the entry wants this very version.
     */
    private void bringUp(String name, PluginVersion version) {
        try {
            Optional<Bundle> bundle = present(name, version, false);
            if (bundle.isEmpty()) {
                return;
            }
            try {
                bundles.start(bundle.get(), Set.of(), serviceMs);
            } catch (PluginRefusedException mayBeDamaged) {
                // The framework's own copy may have suffered in a power cut; ours is on the disk for sure.
                LOG.info("Plugin {} is installed anew: {}", name, mayBeDamaged.getMessage());
                bundle = present(name, version, true);
                if (bundle.isEmpty()) {
                    return;
                }
                bundles.start(bundle.get(), Set.of(), serviceMs);
            }
            if (settle(name, version, "")) {
                LOG.info("Plugin {} {} is up", name, version.version());
            }
        } catch (PluginRefusedException | IOException | RuntimeException failed) {
            String why = failed.getMessage() == null ? failed.toString() : failed.getMessage();
            if (settle(name, version, why)) {
                events.notUp(name, version.version(), why);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return false when an operation has changed its mind: then it has said how the plugin is} */
    private boolean settle(String name, PluginVersion version, String trouble) {
        operation.lock();
        try {
            if (!wanted(name, version)) {
                return false;
            }
            if (trouble.isEmpty()) {
                states.up(name);
            } else {
                states.failed(name, trouble);
            }
            return true;
        } finally {
            operation.unlock();
        }
    }

    private boolean wanted(String name, PluginVersion version) {
        return inventory
                .find(name)
                .filter(entry -> entry.enabled() && entry.current().sha256().equals(version.sha256()))
                .isPresent();
    }

    /** {@return the bundle, installed when it is missing; empty when it is not wanted any more} */
    private Optional<Bundle> present(String name, PluginVersion version, boolean anew)
            throws PluginRefusedException, IOException, InterruptedException {
        operation.lockInterruptibly();
        try {
            if (!wanted(name, version)) {
                return Optional.empty();
            }
            Optional<Bundle> bundle = bundles.at(PluginBundles.location(name, version));
            if (bundle.isPresent() && !anew) {
                return bundle;
            }
            if (bundle.isPresent() && !bundles.takeOut(bundle.get(), serviceMs.getAsInt())) {
                throw new IOException("It does not come back from its start; a restart of the server ends it.");
            }
            try (InputStream jar = staging.open(version.sha256())) {
                return Optional.of(bundles.install(name, version, jar));
            }
        } finally {
            operation.unlock();
        }
    }
}
