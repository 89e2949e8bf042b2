// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.store;

import java.util.Objects;
import java.util.Optional;
import org.nxvms.platform.api.plugin.PluginVersion;

/**
 * A plugin in the inventory.
 *
 * @param enabled whether {@code current} is to run
 * @param previous what a rollback goes back to; its jar is kept
 */
public record Entry(boolean enabled, PluginVersion current, Optional<PluginVersion> previous) {
    public Entry {
        Objects.requireNonNull(current, "current");
        Objects.requireNonNull(previous, "previous");
    }

    /** One that comes. */
    public static Entry fresh(PluginVersion version) {
        return new Entry(true, version, Optional.empty());
    }

    /** {@return this with another version that serves; the one that did is kept} */
    public Entry next(PluginVersion version) {
        return new Entry(true, version, Optional.of(current));
    }

    public Entry enabled(boolean now) {
        return new Entry(now, current, previous);
    }
}
