// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.features.Feature;
import org.apache.karaf.features.FeaturesService;
import org.nxvms.platform.api.support.SupportPart;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Which features are installed, for the support bundle. */
@Component(service = SupportPart.class)
public final class InstalledFeatures implements SupportPart {
    private final FeaturesService features;

    @Activate
    public InstalledFeatures(@Reference FeaturesService features) {
        this.features = features;
    }

    @Override
    public String name() {
        return "features";
    }

    @Override
    public String about() {
        return "each installed feature: version and state";
    }

    @Override
    public Map<String, Object> facts() {
        try {
            List<Map<String, Object>> all = Arrays.stream(features.listInstalledFeatures())
                    .sorted(Comparator.comparing(Feature::getName))
                    .map(this::facts)
                    .toList();
            return Map.of("features", all);
        } catch (Exception e) {
            // The container's own interface says no more of what it throws.
            throw new IllegalStateException("The container does not tell its features", e);
        }
    }

    private Map<String, Object> facts(Feature feature) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", feature.getName());
        facts.put("version", feature.getVersion());
        facts.put("state", String.valueOf(features.getState(feature.getId())).toLowerCase(java.util.Locale.ROOT));
        return facts;
    }
}
