// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.file;

import java.util.List;
import java.util.Optional;
import org.nxvms.platform.api.plugin.PluginVersion.Conformance;

/** What a plugin's file says of itself; see {@link org.nxvms.platform.api.plugin.PluginVersion}. */
public record PluginFacts(
        String name,
        String version,
        String title,
        String vendor,
        String licence,
        List<String> permissions,
        Optional<Conformance> conformance) {
    public PluginFacts {
        permissions = List.copyOf(permissions);
    }
}
