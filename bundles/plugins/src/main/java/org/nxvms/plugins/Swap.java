// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginRefusedException.Kind;
import org.nxvms.platform.api.plugin.PluginVersion;
import org.nxvms.plugins.runtime.PluginBundles;
import org.nxvms.plugins.runtime.Wirings;
import org.nxvms.plugins.store.Entry;
import org.nxvms.plugins.store.Inventory;
import org.nxvms.plugins.store.Staging;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every operation is the same: from what the inventory says of a plugin now to what it is to say. What is to run is
 * brought up beside what runs; then the inventory is replaced, which is the one moment that counts; then the rest is taken
 * out. Killed anywhere, the next start finds the old or the new entry and does what is left. One at a time.
 */
final class Swap {
    private static final Logger LOG = LoggerFactory.getLogger(Swap.class);

    private final PluginBundles bundles;
    private final Inventory inventory;
    private final Staging staging;
    private final PluginStates states;
    private final IntSupplier serviceMs;

    Swap(PluginBundles bundles, Inventory inventory, Staging staging, PluginStates states, IntSupplier serviceMs) {
        this.bundles = bundles;
        this.inventory = inventory;
        this.staging = staging;
        this.states = states;
        this.serviceMs = serviceMs;
    }

    /**
     * @param after empty: the plugin goes for good. The jar of what is to run is kept already
     * @return what went wrong after it was done; empty when nothing did
     */
    String to(String name, Optional<Entry> after, ReceiptDraft draft)
            throws PluginRefusedException, IOException, InterruptedException {
        Wirings before = bundles.wirings();
        draft.compared(before.size());
        Optional<PluginVersion> runs = after.filter(Entry::enabled).map(Entry::current);
        Optional<Bundle> fresh = Optional.empty();
        if (runs.isPresent()) {
            fresh = Optional.of(broughtUp(name, runs.get(), before, draft));
        }
        try {
            inventory.put(name, after);
        } catch (IOException | RuntimeException notWritten) {
            fresh.ifPresent(bundle -> abandon(bundle, draft));
            throw notWritten;
        }
        takeOutOthers(name, fresh, draft);
        states.up(name);
        List<String> touched = before.touchedUntil(bundles.wirings());
        // What was to go is gone, and nothing that is left of the plugin did this.
        return touched.isEmpty()
                ? ""
                : "Other bundles restarted while the old version went: " + String.join(", ", touched)
                        + ". Tell the plugin's vendor.";
    }

    private Bundle broughtUp(String name, PluginVersion version, Wirings before, ReceiptDraft draft)
            throws PluginRefusedException, IOException, InterruptedException {
        Optional<String> stranger = bundles.strangerNamed(name);
        if (stranger.isPresent()) {
            throw new PluginRefusedException(
                    Kind.MANIFEST,
                    Constants.BUNDLE_SYMBOLICNAME,
                    "There is a bundle " + name + " already, from " + stranger.get()
                            + ". A bundle has one owner: take it out the way it came (feature:uninstall, bundle:uninstall)"
                            + " and try again.");
        }
        // One that failed before may be lying about.
        for (Bundle old :
                bundles.at(PluginBundles.location(name, version)).stream().toList()) {
            if (bundles.takeOut(old, serviceMs.getAsInt())) {
                draft.went(old);
            }
        }
        Bundle bundle;
        try (InputStream jar = staging.open(version.sha256())) {
            bundle = bundles.install(name, version, jar);
        }
        draft.came(bundle);
        try {
            bundles.start(bundle, serviceMs.getAsInt());
            List<String> touched = before.touchedUntil(bundles.wirings());
            if (!touched.isEmpty()) {
                throw new PluginRefusedException(
                        Kind.WIRING,
                        "bundle",
                        "Other bundles restarted when it came: " + String.join(", ", touched)
                                + ". It was taken out again. Tell its vendor: a plugin must not refresh bundles.");
            }
            return bundle;
        } catch (PluginRefusedException | InterruptedException | RuntimeException refused) {
            abandon(bundle, draft);
            throw refused;
        }
    }

    /** Takes out what was just brought up. */
    private void abandon(Bundle bundle, ReceiptDraft draft) {
        try {
            if (bundles.takeOut(bundle, serviceMs.getAsInt())) {
                draft.went(bundle);
            }
        } catch (InterruptedException stopping) {
            // No entry names it: the next start takes it out.
            Thread.currentThread().interrupt();
        }
    }

    private void takeOutOthers(String name, Optional<Bundle> kept, ReceiptDraft draft) throws InterruptedException {
        for (Bundle bundle : bundles.versionsOf(name)) {
            if (kept.filter(bundle::equals).isEmpty() && bundles.takeOut(bundle, serviceMs.getAsInt())) {
                draft.went(bundle);
            }
        }
    }

    /** Removes jars that nothing needs any more. */
    void tidy() {
        try {
            staging.keepOnly(inventory.jars());
        } catch (IOException stays) {
            LOG.warn("Jars of plugins that are gone cannot be removed; it is tried again at the next operation", stays);
        }
    }
}
