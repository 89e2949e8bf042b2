// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nxvms.health.support.PartsNow;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Health for the support bundle. */
@Component(service = PartsNow.class)
public final class HealthParts implements PartsNow {
    private final Health health;

    @Activate
    public HealthParts(@Reference Health health) {
        this.health = health;
    }

    @Override
    public Map<String, Object> now() {
        HealthReport report = health.report();
        List<Map<String, Object>> parts = new ArrayList<>();
        for (HealthReport.Part part : report.parts()) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("name", part.name());
            facts.put("status", Health.word(part.status()));
            facts.put("required", part.required());
            facts.put("detail", part.detail());
            facts.put("figures", part.figures());
            facts.put(
                    "findings",
                    part.result().findings().stream()
                            .map(finding -> Map.of("code", finding.code(), "parameters", finding.parameters()))
                            .toList());
            parts.add(facts);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("status", Health.word(report.status()));
        facts.put("ready", report.ready());
        facts.put("parts", parts);
        return facts;
    }
}
