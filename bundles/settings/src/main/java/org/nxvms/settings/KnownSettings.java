// SPDX-License-Identifier: Apache-2.0
package org.nxvms.settings;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
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
    private final Map<Long, Long> seen = new HashMap<>();

    private final Map<String, Map<String, Setting>> byPid = new HashMap<>();

    KnownSettings(BundleContext context) {
        this.context = context;
    }

    /** {@return the settings of a part by name; none when nobody describes it} */
    synchronized Map<String, Setting> of(String pid) {
        for (Bundle bundle : context.getBundles()) {
            Long changed = bundle.getLastModified();
            if (!changed.equals(seen.put(bundle.getBundleId(), changed))) {
                read(bundle);
            }
        }
        return byPid.getOrDefault(pid, Map.of());
    }

    private void read(Bundle bundle) {
        Enumeration<URL> found = bundle.findEntries("OSGI-INF/metatype", "*.xml", false);
        for (URL one : found == null ? Collections.<URL>emptyList() : Collections.list(found)) {
            try (InputStream in = one.openStream()) {
                byPid.putAll(MetatypeXml.read(in));
            } catch (IOException | XMLStreamException unreadable) {
                LOG.warn(
                        "The settings of {} cannot be checked: {}: {}",
                        bundle.getSymbolicName(),
                        one.getPath(),
                        unreadable.getMessage());
            }
        }
    }
}
