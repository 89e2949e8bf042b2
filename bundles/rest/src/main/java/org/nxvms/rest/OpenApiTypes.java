// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Makes what the build derived from Java types say what really travels: enum words are in lower case, and
 * an optional number is a number. Keeps schemas of the same name but other shape apart.
 */
final class OpenApiTypes {
    private static final String REFERENCE = "$ref";
    private static final String SCHEMAS = "#/components/schemas/";

    /** What the generator makes of {@code OptionalLong} and its kin, by the property that holds the value. */
    private static final Set<String> OPTIONAL_VALUES = Set.of("asLong", "asInt", "asDouble");

    private OpenApiTypes() {}

    /** Changes the document in place. */
    static void correct(JsonNode node) {
        if (node instanceof ObjectNode object) {
            if (object.path("type").asText().equals("array")) {
                // The generator says of a list what is meant of each of its words.
                JsonNode words = object.remove("enum");
                if (words != null && object.path("items") instanceof ObjectNode each && !each.has("enum")) {
                    each.set("enum", words);
                }
            }
            if (object.path("enum") instanceof ArrayNode words) {
                lowerCase(words);
            }
            JsonNode value = optionalValue(object.path("properties"));
            if (value != null) {
                object.removeAll();
                object.setAll((ObjectNode) value);
            }
        }
        node.forEach(OpenApiTypes::correct);
    }

    private static void lowerCase(ArrayNode words) {
        Set<String> lower = new LinkedHashSet<>();
        words.forEach(word -> lower.add(word.asText().toLowerCase(Locale.ROOT)));
        words.removeAll();
        lower.forEach(words::add);
    }

    /** {@return the schema of the value, null when these are not the properties of an optional number} */
    private static JsonNode optionalValue(JsonNode properties) {
        Set<String> names = StreamSupport.stream(((Iterable<String>) properties::fieldNames).spliterator(), false)
                .collect(Collectors.toSet());
        for (String name : OPTIONAL_VALUES) {
            if (names.equals(Set.of(name, "present", "empty"))) {
                return properties.get(name);
            }
        }
        return null;
    }

    /** Adds a part's schemas to {@code all}, renaming those (and references to them) whose name is taken by another shape. */
    static void mergeSchemas(JsonNode part, Map<String, JsonNode> all) {
        Map<String, String> renamed = new HashMap<>();
        part.path("components").path("schemas").properties().forEach(schema -> {
            String name = schema.getKey();
            JsonNode other = all.get(name);
            int number = 2;
            while (other != null && !other.equals(schema.getValue())) {
                name = schema.getKey() + number++;
                other = all.get(name);
            }
            all.put(name, schema.getValue());
            if (!name.equals(schema.getKey())) {
                renamed.put(SCHEMAS + schema.getKey(), SCHEMAS + name);
            }
        });
        if (!renamed.isEmpty()) {
            rename(part, renamed);
        }
    }

    private static void rename(JsonNode node, Map<String, String> renamed) {
        if (node instanceof ObjectNode object
                && renamed.containsKey(object.path(REFERENCE).asText())) {
            object.put(REFERENCE, renamed.get(object.path(REFERENCE).asText()));
        }
        node.forEach(child -> rename(child, renamed));
    }
}
