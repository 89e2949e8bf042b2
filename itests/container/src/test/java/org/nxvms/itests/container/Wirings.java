// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.container;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;

/** The wiring of every bundle at one moment: the same object later means that nobody touched it. */
final class Wirings {
    private record Seen(String name, BundleWiring wiring, int state, long modified) {}

    private final Map<Long, Seen> bundles = new HashMap<>();

    private Wirings() {}

    static Wirings now(BundleContext context) {
        Wirings wirings = new Wirings();
        for (Bundle bundle : context.getBundles()) {
            wirings.bundles.put(
                    bundle.getBundleId(),
                    new Seen(
                            bundle.getSymbolicName() + "/" + bundle.getVersion(),
                            bundle.adapt(BundleWiring.class),
                            bundle.getState(),
                            bundle.getLastModified()));
        }
        return wirings;
    }

    /** {@return the bundles that are different now, but for those whose symbolic name starts with {@code allowed}} */
    List<String> changedUntil(Wirings later, String allowed) {
        List<String> changed = new ArrayList<>();
        bundles.forEach((id, before) -> {
            Seen after = later.bundles.get(id);
            boolean same = after != null
                    && after.wiring() == before.wiring()
                    && after.state() == before.state()
                    && after.modified() == before.modified();
            if (!same && !before.name().startsWith(allowed)) {
                changed.add(before.name() + (after == null ? " is gone" : " was touched"));
            }
        });
        later.bundles.forEach((id, after) -> {
            if (!bundles.containsKey(id) && !after.name().startsWith(allowed)) {
                changed.add(after.name() + " is new");
            }
        });
        return changed;
    }
}
