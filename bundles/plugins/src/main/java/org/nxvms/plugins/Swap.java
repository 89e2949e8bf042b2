// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginRefusedException.Kind;
import org.nxvms.platform.api.plugin.PluginVersion;
import org.nxvms.platform.api.plugin.SwapReceipt.Operation;
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
    private final BooleanSupplier stopping;

    Swap(
            PluginBundles bundles,
            Inventory inventory,
            Staging staging,
            PluginStates states,
            IntSupplier serviceMs,
            BooleanSupplier stopping) {
        this.bundles = bundles;
        this.inventory = inventory;
        this.staging = staging;
        this.states = states;
        this.serviceMs = serviceMs;
        this.stopping = stopping;
    }

    /**
     * @param after empty: the plugin goes for good. The jar of what is to run is kept already
     * @return what went wrong after it was done; empty when nothing did
     */
    String to(String name, Optional<Entry> after, ReceiptDraft draft)
            throws PluginRefusedException, IOException, InterruptedException {
        Wirings before = bundles.wirings(name);
        draft.compared(before.size());
        Optional<PluginVersion> runs = after.filter(Entry::enabled).map(Entry::current);
        Optional<Bundle> fresh = Optional.empty();
        if (runs.isPresent()) {
            fresh = Optional.of(broughtUp(name, runs.get(), before, draft));
        }
        return counts(name, after, fresh, before, draft);
    }

    /** Brings a version up beside what serves. The inventory does not know of it: the next start takes it out. */
    Bundle beside(String name, PluginVersion version, ReceiptDraft draft)
            throws PluginRefusedException, IOException, InterruptedException {
        Wirings before = bundles.wirings(name);
        draft.compared(before.size());
        return broughtUp(name, version, before, draft);
    }

    /** What was brought up {@link #beside} is what counts from now on; {@return as} {@link #to}. */
    String promoted(String name, Entry after, Bundle fresh, ReceiptDraft draft) throws IOException {
        return counts(name, Optional.of(after), Optional.of(fresh), bundles.wirings(name), draft);
    }

    private String counts(
            String name, Optional<Entry> after, Optional<Bundle> fresh, Wirings before, ReceiptDraft draft)
            throws IOException {
        try {
            if (stopping.getAsBoolean()) {
                throw new IllegalStateException("The installer stops; nothing was changed. Try again when it is back");
            }
            inventory.put(name, after);
        } catch (IOException | RuntimeException notWritten) {
            fresh.ifPresent(bundle -> abandon(bundle, draft));
            throw notWritten;
        }
        // From here on it counts; what goes wrong now is told, and done by the next start.
        try {
            states.up(name);
            takeOutOthers(name, fresh, draft);
            List<String> touched = before.touchedUntil(bundles.wirings(name));
            return touched.isEmpty()
                    ? ""
                    : "Other bundles were touched while the old version went: " + String.join(", ", touched)
                            + ". Tell the plugin's vendor.";
        } catch (RuntimeException failed) {
            LOG.warn("What plugin {} was before cannot be taken out", name, failed);
            return "What it was before could not be taken out (" + failed.getMessage() + "); the next start does it.";
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return "What it was before is taken out by the next start.";
        }
    }

    private Bundle broughtUp(String name, PluginVersion version, Wirings before, ReceiptDraft draft)
            throws PluginRefusedException, IOException, InterruptedException {
        Optional<PluginBundles.Stranger> stranger = bundles.strangerNamed(name);
        if (stranger.isPresent()) {
            throw new PluginRefusedException(
                    Kind.MANIFEST,
                    Constants.BUNDLE_SYMBOLICNAME,
                    "There is a bundle " + name + " already, from "
                            + stranger.get().location()
                            + (stranger.get().isNeeded()
                                    ? ", and others depend on it. Give the plugin another Bundle-SymbolicName."
                                    : ". A bundle has one owner: take it out the way it came (feature:uninstall,"
                                            + " bundle:uninstall) and try again."));
        }
        // One that failed before may be lying about.
        for (Bundle old :
                bundles.at(PluginBundles.location(name, version)).stream().toList()) {
            if (bundles.takeOut(old, serviceMs.getAsInt())) {
                draft.went(old);
            }
        }
        // A version older than the one that serves may offer less: it served before.
        Set<String> atLeast = draft.operation == Operation.UPDATE ? offersNow(name) : Set.of();
        Bundle bundle;
        try (InputStream jar = staging.open(version.sha256())) {
            bundle = bundles.install(name, version, jar);
        }
        draft.came(bundle);
        try {
            bundles.start(bundle, atLeast, serviceMs);
            List<String> touched = before.touchedUntil(bundles.wirings(name));
            if (!touched.isEmpty()) {
                throw new PluginRefusedException(
                        Kind.WIRING,
                        "bundle",
                        "Other bundles were touched when it came: " + String.join(", ", touched)
                                + ". It was taken out again. Tell its vendor: a plugin must leave others alone.");
            }
            return bundle;
        } catch (PluginRefusedException | InterruptedException | RuntimeException refused) {
            abandon(bundle, draft);
            throw refused;
        }
    }

    private Set<String> offersNow(String name) {
        Set<String> offers = new TreeSet<>();
        bundles.versionsOf(name).forEach(bundle -> offers.addAll(bundles.offers(bundle)));
        return offers;
    }

    /** Takes out what was brought up, and does not count. */
    void abandon(Bundle bundle, ReceiptDraft draft) {
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
        if (inventory.isUnclear()) {
            return;
        }
        try {
            Set<String> needed = new TreeSet<>(inventory.jars());
            needed.addAll(states.triedJars());
            staging.keepOnly(needed);
        } catch (IOException | RuntimeException stays) {
            LOG.warn("Jars of plugins that are gone cannot be removed; it is tried again at the next operation", stays);
        }
    }
}
