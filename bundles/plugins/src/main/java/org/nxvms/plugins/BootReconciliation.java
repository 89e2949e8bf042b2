// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    BootReconciliation(
            PluginBundles bundles,
            Inventory inventory,
            Staging staging,
            PluginStates states,
            PluginEvents events,
            IntSupplier serviceMs) {
        this.bundles = bundles;
        this.inventory = inventory;
        this.staging = staging;
        this.states = states;
        this.events = events;
        this.serviceMs = serviceMs;
    }

    /** Returns when every bundle is the right one; they come up after that. {@return the threads that see to it} */
    List<Thread> run() throws IOException, InterruptedException {
        inventory.load();
        staging.clear();
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
        staging.keepOnly(inventory.jars());
        return starts;
    }

    private Thread start(String name, PluginVersion version) {
        states.starting(name);
        Thread thread = new Thread(() -> bringUp(name, version), "nxvms-ctl-plugin-up-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void bringUp(String name, PluginVersion version) {
        try {
            try {
                bundles.start(present(name, version), serviceMs.getAsInt());
            } catch (PluginRefusedException mayBeDamaged) {
                // The framework's own copy may have suffered in a power cut; ours is on the disk for sure.
                LOG.info("Plugin {} is installed anew: {}", name, mayBeDamaged.getMessage());
                again(name, version);
            }
            states.up(name);
            LOG.info("Plugin {} {} is up", name, version.version());
        } catch (PluginRefusedException | IOException | RuntimeException failed) {
            String why = failed.getMessage() == null ? failed.toString() : failed.getMessage();
            states.failed(name, why);
            events.notUp(name, version.version(), why);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void again(String name, PluginVersion version)
            throws PluginRefusedException, IOException, InterruptedException {
        Bundle damaged = present(name, version);
        if (!bundles.takeOut(damaged, serviceMs.getAsInt())) {
            throw new IOException("it does not come back from its start; a restart of the server ends it");
        }
        bundles.start(present(name, version), serviceMs.getAsInt());
    }

    private Bundle present(String name, PluginVersion version) throws PluginRefusedException, IOException {
        Bundle bundle = bundles.at(PluginBundles.location(name, version)).orElse(null);
        if (bundle != null) {
            return bundle;
        }
        try (InputStream jar = staging.open(version.sha256())) {
            return bundles.install(name, version, jar);
        }
    }
}
