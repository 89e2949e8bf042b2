// SPDX-License-Identifier: Apache-2.0
package org.nxvms.settings;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.xml.stream.XMLStreamException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What settings there are, as the bundles say that are installed. Keeps texts only, so that no bundle is kept. */
final class KnownSettings {
    private static final Logger LOG = LoggerFactory.getLogger(KnownSettings.class);

    private final BundleContext context;
    /** By bundle, when it was looked at. */
    private final Map<Long, Long> seen = new ConcurrentHashMap<>();

    private final Map<String, Map<String, Setting>> byPid = new ConcurrentHashMap<>();

    KnownSettings(BundleContext context) {
        this.context = context;
    }

    /** {@return the settings of a part by name; none when nobody describes it} Holds no lock while it asks the framework. */
    Map<String, Setting> of(String pid) {
        for (Bundle bundle : context.getBundles()) {
            Long changed = bundle.getLastModified();
            if (!changed.equals(seen.get(bundle.getBundleId()))) {
                read(bundle);
                seen.put(bundle.getBundleId(), changed);
            }
        }
        return byPid.getOrDefault(pid, Map.of());
    }

    private void read(Bundle bundle) {
        // Not findEntries, which would resolve a bundle that is only just being installed.
        Enumeration<String> found = bundle.getEntryPaths("OSGI-INF/metatype");
        for (String one : found == null ? Collections.<String>emptyList() : Collections.list(found)) {
            URL entry = one.endsWith(".xml") ? bundle.getEntry(one) : null;
            if (entry == null) {
                continue;
            }
            try (InputStream in = entry.openStream()) {
                byPid.putAll(MetatypeXml.read(in));
            } catch (IOException | XMLStreamException unreadable) {
                LOG.warn(
                        "The settings of {} cannot be checked: {}: {}",
                        bundle.getSymbolicName(),
                        one,
                        unreadable.getMessage());
            }
        }
    }
}
