// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.laws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** Whoever changes or removes a thing by its id can say which state of it that is meant for (ADR 71). */
class ConditionsTest {
    /**
     * There is no reading one alone: no ETag, and nothing to lose. Nothing of them can be changed once they are made; a position that a
     * camera keeps is replaced as a whole.
     */
    private static final Set<String> NEVER_CHANGE = Set.of(
            "delete /api/v1/api-keys/{id}",
            "delete /api/v1/auth/sessions/{id}",
            "delete /api/v1/users/{id}/grants/{grant}",
            "delete /api/v1/users/{id}/sessions/{session}",
            "delete /api/v1/live/{cameraId}/whep/{id}",
            "delete /api/v1/motion/searches/{id}",
            "delete /api/v1/cameras/{id}/ptz/presets/{token}",
            "patch /api/v1/cameras/{id}/ptz/presets/{token}",
            "delete /api/v1/plugins/{name}",
            "delete /api/v1/plugins/trusted/{sha256}");

    private static Map<String, JsonNode> operations() throws IOException {
        Map<String, JsonNode> all = new java.util.TreeMap<>();
        for (String rooms : List.of("bundles", "integrations")) {
            for (BuiltBundle bundle : BuiltBundle.in(rooms)) {
                try (JarFile jar = new JarFile(bundle.jar().toFile())) {
                    for (JarEntry entry : jar.stream()
                            .filter(e -> e.getName().matches("OSGI-INF/openapi/.*\\.json"))
                            .toList()) {
                        add(jar, entry, all);
                    }
                }
            }
        }
        return all;
    }

    private static void add(JarFile jar, JarEntry entry, Map<String, JsonNode> all) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            JsonNode paths = new ObjectMapper().readTree(in).path("paths");
            paths.properties().forEach(path -> path.getValue()
                    .properties()
                    .forEach(operation -> all.put(
                            operation.getKey() + " "
                                    + operation.getValue().at("/servers/0/url").asText() + path.getKey(),
                            operation.getValue())));
        }
    }

    @Test
    void whatIsChangedOrRemovedByIdTakesIfMatch() throws IOException {
        List<String> without = new ArrayList<>();
        Map<String, JsonNode> operations = operations();
        assertThat(operations).containsKey("patch /api/v1/cameras/{id}");
        operations.forEach((name, operation) -> {
            boolean changes = name.matches("(put|patch|delete) .*}");
            if (changes
                    && !operation.path("parameters").findValuesAsText("name").contains("If-Match")) {
                without.add(name);
            }
        });
        assertThat(without).containsExactlyInAnyOrderElementsOf(NEVER_CHANGE);
    }
}
