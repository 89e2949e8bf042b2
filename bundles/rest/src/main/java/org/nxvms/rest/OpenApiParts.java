// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The documents that active bundles carry, read when asked: a bundle that comes or goes is seen at once. */
final class OpenApiParts {
    private static final Logger LOG = LoggerFactory.getLogger(OpenApiParts.class);
    private static final String FOLDER = "OSGI-INF/openapi";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BundleContext context;

    OpenApiParts(BundleContext context) {
        this.context = context;
    }

    List<JsonNode> read() {
        List<JsonNode> parts = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getState() == Bundle.ACTIVE) {
                Enumeration<URL> entries = bundle.findEntries(FOLDER, "*.json", false);
                for (URL entry : entries == null ? List.<URL>of() : Collections.list(entries)) {
                    addPart(parts, bundle, entry);
                }
            }
        }
        return parts;
    }

    private static void addPart(List<JsonNode> parts, Bundle bundle, URL entry) {
        try (InputStream in = entry.openStream()) {
            parts.add(JSON.readTree(in));
        } catch (IOException e) {
            LOG.warn("{} of bundle {} is no JSON and is left out: {}", entry, bundle.getSymbolicName(), e.getMessage());
        }
    }
}
