// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** What the container is made of, and how it is set. */
final class ContainerFacts {
    private static final String OURS = "(service.pid=org.nxvms.*)";

    private ContainerFacts() {}

    /** {@return bundles by number; where they came from is left out: an address may hold a password} */
    static List<Map<String, Object>> bundles(BundleContext context) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("id", bundle.getBundleId());
            facts.put("name", String.valueOf(bundle.getSymbolicName()));
            facts.put("version", bundle.getVersion().toString());
            facts.put("state", state(bundle.getState()));
            facts.put("modified", Instant.ofEpochMilli(bundle.getLastModified()).toString());
            all.add(facts);
        }
        return all;
    }

    private static String state(int state) {
        return switch (state) {
            case Bundle.ACTIVE -> "active";
            case Bundle.STARTING -> "starting";
            case Bundle.STOPPING -> "stopping";
            case Bundle.RESOLVED -> "resolved";
            case Bundle.INSTALLED -> "installed";
            default -> "state " + state;
        };
    }

    /** {@return what is set of each part of ours; parts there may be several of are numbered, as their names are somebody's} */
    static Map<String, Object> settings(BundleContext context, ConfigurationAdmin admin) throws IOException {
        DescribedSettings described = new DescribedSettings(context.getBundles());
        Map<String, Object> parts = new TreeMap<>();
        if (!described.unreadable().isEmpty()) {
            parts.put("[unreadable]", described.unreadable());
        }
        Configuration[] found;
        try {
            found = admin.listConfigurations(OURS);
        } catch (InvalidSyntaxException e) {
            // The filter is ours.
            throw new IllegalStateException(e);
        }
        for (Configuration one : found == null ? new Configuration[0] : found) {
            String pid = one.getFactoryPid() == null ? one.getPid() : one.getFactoryPid();
            String name = pid;
            for (int number = 1; one.getFactoryPid() != null && parts.containsKey(name) || number == 1; number++) {
                name = one.getFactoryPid() == null ? pid : pid + "#" + number;
            }
            parts.put(name, told(one.getProperties(), described.of(pid)));
        }
        return parts;
    }

    static Map<String, Object> told(
            Dictionary<String, Object> properties, Map<String, DescribedSettings.Described> described) {
        Map<String, Object> told = new TreeMap<>();
        int others = 0;
        for (String key : properties == null ? List.<String>of() : Collections.list(properties.keys())) {
            DescribedSettings.Described setting = described.get(key);
            if (setting == null) {
                others++;
            } else {
                told.put(key, setting.told(properties.get(key)));
            }
        }
        if (others > 0) {
            told.put("[others]", others);
        }
        return told;
    }
}
