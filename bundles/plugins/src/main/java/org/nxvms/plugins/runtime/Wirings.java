// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;

/**
 * How every bundle but plugins is wired at one moment. The same wiring object later means that nobody refreshed the
 * bundle; what was not resolved has none and cannot be touched.
 */
public final class Wirings {
    private record Seen(String name, BundleWiring wiring, long modified) {}

    private final Map<Long, Seen> bundles = new HashMap<>();

    private Wirings() {}

    static Wirings now(BundleContext context) {
        Wirings wirings = new Wirings();
        for (Bundle bundle : context.getBundles()) {
            BundleWiring wiring = bundle.adapt(BundleWiring.class);
            if (wiring != null && !PluginBundles.isPlugin(bundle)) {
                String name = bundle.getSymbolicName() + " " + bundle.getVersion();
                wirings.bundles.put(bundle.getBundleId(), new Seen(name, wiring, bundle.getLastModified()));
            }
        }
        return wirings;
    }

    public int size() {
        return bundles.size();
    }

    /** {@return names of bundles that were refreshed, changed or taken away between the two} */
    public List<String> touchedUntil(Wirings later) {
        List<String> touched = new ArrayList<>();
        bundles.forEach((id, before) -> {
            Seen after = later.bundles.get(id);
            if (after == null || after.wiring() != before.wiring() || after.modified() != before.modified()) {
                touched.add(before.name());
            }
        });
        touched.sort(null);
        return touched;
    }
}
