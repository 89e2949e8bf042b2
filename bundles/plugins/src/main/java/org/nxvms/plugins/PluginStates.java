// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.nxvms.platform.api.plugin.Plugin;
import org.nxvms.platform.api.plugin.Plugin.State;
import org.nxvms.platform.api.plugin.PluginVersion;
import org.nxvms.plugins.runtime.PluginBundles;
import org.nxvms.plugins.store.Entry;
import org.osgi.framework.Bundle;

/** How plugins fare: what the inventory wants, what the framework has, and what went wrong. Any thread. */
final class PluginStates {
    private final PluginBundles bundles;
    private final Map<String, String> troubles = new ConcurrentHashMap<>();
    private final Set<String> starting = ConcurrentHashMap.newKeySet();
    private final Map<String, PluginVersion> tried = new ConcurrentHashMap<>();

    PluginStates(PluginBundles bundles) {
        this.bundles = bundles;
    }

    void starting(String name) {
        starting.add(name);
    }

    void up(String name) {
        troubles.remove(name);
        starting.remove(name);
    }

    void failed(String name, String why) {
        troubles.put(name, why);
        starting.remove(name);
    }

    /** A version runs beside the one of the entry, and may take its place. */
    void tries(String name, PluginVersion version) {
        tried.put(name, version);
    }

    void triesNoMore(String name) {
        tried.remove(name);
    }

    Optional<PluginVersion> tried(String name) {
        return Optional.ofNullable(tried.get(name));
    }

    /** {@return hashes of the jars of what is tried} */
    Set<String> triedJars() {
        return tried.values().stream().map(PluginVersion::sha256).collect(Collectors.toSet());
    }

    Plugin of(String name, Entry entry) {
        Optional<Bundle> bundle = bundles.at(PluginBundles.location(name, entry.current()));
        String trouble = troubles.get(name);
        if (!entry.enabled()) {
            return view(name, State.DISABLED, "", entry);
        }
        if (starting.contains(name)) {
            return view(name, State.STARTING, "", entry);
        }
        if (trouble != null) {
            return view(name, State.FAILED, trouble, entry);
        }
        if (bundle.isEmpty()) {
            return view(name, State.FAILED, "Somebody took it out past this installer. " + again(), entry);
        }
        if (bundle.get().getState() != Bundle.ACTIVE) {
            return view(name, State.FAILED, "Somebody stopped it past this installer. " + again(), entry);
        }
        return view(name, State.ACTIVE, "", entry);
    }

    private static String again() {
        return "nxvms:plugin-enable brings it up again.";
    }

    private Plugin view(String name, State state, String detail, Entry entry) {
        return new Plugin(name, state, detail, entry.current(), entry.previous(), tried(name));
    }
}
