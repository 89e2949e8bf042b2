// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The schemas of an OpenAPI document, held strictly: a field that is not described is a fault, though clients must
 * ignore those they do not know. In requests, what may be left out may be null.
 */
final class ApiShapes {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** All that says which values fit; descriptions and examples are left out. */
    private static final List<String> RULES =
            List.of("$ref", "type", "format", "enum", "minimum", "maximum", "minLength", "maxLength", "pattern");

    private final JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private final SchemaValidatorsConfig config =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    private final Map<Boolean, ObjectNode> components;
    private final Map<Key, JsonSchema> compiled = new ConcurrentHashMap<>();

    private record Key(JsonNode schema, boolean request) {}

    /** @param document the whole */
    ApiShapes(JsonNode document) {
        components = Map.of(true, components(document, true), false, components(document, false));
    }

    /** {@return what does not fit, each with its pointer} */
    List<String> faults(JsonNode schema, boolean request, JsonNode value) {
        return compiled.computeIfAbsent(new Key(schema, request), this::compile).validate(value).stream()
                .map(fault -> fault.getMessage())
                .toList();
    }

    private JsonSchema compile(Key key) {
        ObjectNode root = strict(key.schema(), key.request());
        root.set("$defs", components.get(key.request()));
        return factory.getSchema(root, config);
    }

    private static ObjectNode components(JsonNode document, boolean request) {
        ObjectNode schemas = JSON.objectNode();
        document.at("/components/schemas")
                .properties()
                .forEach(schema -> schemas.set(schema.getKey(), strict(schema.getValue(), request)));
        return schemas;
    }

    private static ObjectNode strict(JsonNode schema, boolean request) {
        ObjectNode strict = JSON.objectNode();
        for (String rule : RULES) {
            if (schema.has(rule)) {
                strict.set(rule, schema.get(rule));
            }
        }
        if (schema.has("$ref")) {
            // Where JSON Schema looks for what is referred to.
            strict.put("$ref", schema.get("$ref").asText().replace("#/components/schemas/", "#/$defs/"));
        }
        if (schema.has("items")) {
            strict.set("items", strict(schema.get("items"), request));
        }
        JsonNode others = schema.path("additionalProperties");
        if (others.asBoolean()) {
            strict.put("additionalProperties", true);
        } else if (others.isObject()) {
            strict.set("additionalProperties", strict(others, request));
        }
        if (schema.path("properties").isObject()) {
            properties(schema, strict, request);
        }
        return strict;
    }

    private static void properties(JsonNode schema, ObjectNode strict, boolean request) {
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        if (!required.isEmpty()) {
            strict.set("required", schema.get("required"));
        }
        ObjectNode properties = strict.putObject("properties");
        schema.get("properties").properties().forEach(property -> {
            ObjectNode shape = strict(property.getValue(), request);
            if (request && !required.contains(property.getKey())) {
                ObjectNode either = JSON.objectNode();
                either.putArray("anyOf").add(shape).addObject().put("type", "null");
                shape = either;
            }
            properties.set(property.getKey(), shape);
        });
        if (!strict.has("additionalProperties")) {
            strict.put("additionalProperties", false);
        }
    }
}
