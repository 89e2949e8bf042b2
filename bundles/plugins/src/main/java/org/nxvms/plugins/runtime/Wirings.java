// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;

/**
 * How every bundle but those of one plugin is at one moment. The same wiring object later means that nobody refreshed
 * it; what was not resolved has none and cannot be touched.
 */
public final class Wirings {
    private record Seen(String name, Optional<BundleWiring> wiring, boolean active, long modified) {}

    private final Map<Long, Seen> bundles = new HashMap<>();

    private Wirings() {}

    static Wirings now(BundleContext context, String exceptPlugin) {
        Wirings wirings = new Wirings();
        for (Bundle bundle : context.getBundles()) {
            if (!PluginBundles.isVersionOf(bundle, exceptPlugin)) {
                wirings.bundles.put(
                        bundle.getBundleId(),
                        new Seen(
                                bundle.getSymbolicName() + " " + bundle.getVersion(),
                                Optional.ofNullable(bundle.adapt(BundleWiring.class)),
                                bundle.getState() == Bundle.ACTIVE,
                                bundle.getLastModified()));
            }
        }
        return wirings;
    }

    public int size() {
        return bundles.size();
    }

    /** {@return bundles that were refreshed, changed, stopped, taken away or brought between the two} */
    public List<String> touchedUntil(Wirings later) {
        List<String> touched = new ArrayList<>();
        bundles.forEach((id, before) -> {
            Seen after = later.bundles.get(id);
            if (after == null) {
                touched.add(before.name() + " (gone)");
            } else if (before.active() && !after.active()) {
                touched.add(before.name() + " (stopped)");
            } else if (after.modified() != before.modified()
                    || before.wiring().isPresent()
                            && before.wiring().get() != after.wiring().orElse(null)) {
                touched.add(before.name() + " (restarted)");
            }
        });
        later.bundles.forEach((id, after) -> {
            if (!bundles.containsKey(id)) {
                touched.add(after.name() + " (new)");
            }
        });
        touched.sort(null);
        return touched;
    }
}
