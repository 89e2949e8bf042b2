// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import java.io.IOException;
import java.util.Optional;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.plugin.Plugin;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginRefusedException.Kind;
import org.nxvms.platform.api.plugin.PluginVersion;
import org.nxvms.plugins.store.Entry;
import org.nxvms.plugins.store.Inventory;
import org.nxvms.plugins.store.TrustStore;
import org.osgi.framework.Constants;

/**
 * What the inventory is to say after an operation, or why it cannot be. What the state does not allow is an {@link
 * IllegalStateException}. Asked with the operation lock held.
 */
final class EntryRules {
    /** Each is looked at at every start; nobody has so many makes of cameras. */
    private static final int PLUGINS_MAX = 64;

    private final Inventory inventory;
    private final PluginStates states;
    private final TrustStore trust;

    EntryRules(Inventory inventory, PluginStates states, TrustStore trust) {
        this.inventory = inventory;
        this.states = states;
        this.trust = trust;
    }

    /** @throws NoSuchResourceException when there is no such plugin */
    Entry entry(String name) {
        return inventory
                .find(name)
                .orElseThrow(() -> new NoSuchResourceException(
                        "There is no plugin \"" + name + "\". nxvms:plugin-list lists them."));
    }

    Entry installed(String name, PluginVersion version) {
        if (inventory.find(name).isPresent()) {
            throw new IllegalStateException("Plugin " + name + " is installed, version "
                    + entry(name).current().version() + ". Update it instead");
        }
        if (inventory.entries().size() >= PLUGINS_MAX) {
            throw new IllegalStateException("There are " + PLUGINS_MAX + " plugins. Remove one before");
        }
        return Entry.fresh(version);
    }

    Entry updated(String name, String found, PluginVersion version) throws PluginRefusedException {
        if (!found.equals(name)) {
            throw new PluginRefusedException(
                    Kind.MANIFEST,
                    Constants.BUNDLE_SYMBOLICNAME,
                    "The file is the plugin " + found + ", not " + name + ". Install it, or give a file of " + name
                            + ".");
        }
        PluginVersion now = entry(name).current();
        if (now.sha256().equals(version.sha256())) {
            throw new IllegalStateException("Just this version " + now.version() + " of " + name + " is installed");
        }
        if (now.version().equals(version.version())) {
            throw new PluginRefusedException(
                    Kind.MANIFEST,
                    Constants.BUNDLE_VERSION,
                    "Version " + now.version() + " of " + name
                            + " is installed with other content. Give what is new another version.");
        }
        return entry(name).next(version);
    }

    Optional<Entry> rolledBack(String name) throws PluginRefusedException, IOException {
        Entry now = entry(name);
        PluginVersion previous = now.previous()
                .orElseThrow(
                        () -> new IllegalStateException("There is no earlier version of " + name + " to go back to"));
        requireTrust(previous);
        return Optional.of(now.next(previous));
    }

    Optional<Entry> disabled(String name) {
        if (!entry(name).enabled()) {
            throw new IllegalStateException("Plugin " + name + " is disabled already");
        }
        return Optional.of(entry(name).enabled(false));
    }

    Optional<Entry> enabled(String name) throws PluginRefusedException, IOException {
        Plugin.State state = states.of(name, entry(name)).state();
        if (state == Plugin.State.ACTIVE || state == Plugin.State.STARTING) {
            throw new IllegalStateException("Plugin " + name + " runs already, or is being brought up");
        }
        requireTrust(entry(name).current());
        return Optional.of(entry(name).enabled(true));
    }

    Optional<Entry> removed(String name) {
        entry(name);
        return Optional.empty();
    }

    /** Whose pin was taken out brings nothing up again. */
    private void requireTrust(PluginVersion version) throws PluginRefusedException, IOException {
        if (version.signer().isPresent()
                && !trust.ids().contains(version.signer().get().certificateSha256())) {
            throw new PluginRefusedException(
                    Kind.SIGNATURE,
                    "signature",
                    "Version " + version.version() + " is signed by "
                            + version.signer().get().subject()
                            + ", who is not trusted any more. Trust the certificate again, or install another version.");
        }
    }
}
