// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Puts an example beside each JSON body of a document. They are composed of the examples of single properties, so that
 * none can differ from its schema. A request shows what must be given, or all there is when nothing must.
 */
final class OpenApiExamples {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String SCHEMAS = "#/components/schemas/";
    private static final String TIME = "2026-11-22T14:03:05.120Z";
    private static final String ID = "7d0d4bd6-9c0a-4a3c-8a53-8f2f0f1a2b3c";

    /** Nothing of ours nests deeper; what refers to itself ends here. */
    private static final int DEPTH_MAX = 12;

    private final Map<String, JsonNode> schemas;

    OpenApiExamples(Map<String, JsonNode> schemas) {
        this.schemas = schemas;
    }

    /** Changes the operation in place. */
    void add(ObjectNode operation) {
        operation.at("/requestBody/content").properties().forEach(type -> add(type.getKey(), type.getValue(), true));
        operation.path("responses").forEach(response -> response.path("content")
                .properties()
                .forEach(type -> add(type.getKey(), type.getValue(), false)));
    }

    private void add(String mediaType, JsonNode content, boolean request) {
        boolean json = mediaType.equals("application/json") || mediaType.equals("*/*");
        if (json && content instanceof ObjectNode object && object.has("schema") && !object.has("example")) {
            object.set("example", example(object.get("schema"), request, 0));
        }
    }

    private JsonNode example(JsonNode schema, boolean request, int depth) {
        String reference = schema.path("$ref").asText();
        if (!reference.isEmpty()) {
            return example(
                    schemas.getOrDefault(reference.substring(SCHEMAS.length()), JSON.objectNode()), request, depth);
        }
        if (schema.has("example")) {
            return schema.get("example");
        }
        if (schema.path("enum").has(0)) {
            return schema.get("enum").get(0);
        }
        return switch (schema.path("type").asText()) {
            case "object" -> object(schema, request, depth + 1);
            case "array" ->
                depth < DEPTH_MAX
                        ? JSON.arrayNode().add(example(schema.path("items"), request, depth + 1))
                        : JSON.arrayNode();
            case "integer" -> JSON.numberNode(schema.path("minimum").asInt(1));
            case "number" -> JSON.numberNode(0.5);
            case "boolean" -> JSON.booleanNode(true);
            default -> JSON.textNode(text(schema.path("format").asText()));
        };
    }

    private static String text(String format) {
        return switch (format) {
            case "date-time" -> TIME;
            case "uuid" -> ID;
            default -> "text";
        };
    }

    private ObjectNode object(JsonNode schema, boolean request, int depth) {
        ObjectNode object = JSON.objectNode();
        if (depth > DEPTH_MAX) {
            return object;
        }
        Set<String> required = new HashSet<>();
        StreamSupport.stream(schema.path("required").spliterator(), false)
                .map(JsonNode::asText)
                .forEach(required::add);
        schema.path("properties").properties().forEach(property -> {
            boolean shown = request
                    ? required.isEmpty() || required.contains(property.getKey())
                    : !property.getValue().path("writeOnly").asBoolean();
            if (shown) {
                object.set(property.getKey(), example(property.getValue(), request, depth));
            }
        });
        JsonNode others = schema.path("additionalProperties");
        if (others.isObject() && object.isEmpty()) {
            object.set("name", example(others, request, depth));
        }
        return object;
    }
}
