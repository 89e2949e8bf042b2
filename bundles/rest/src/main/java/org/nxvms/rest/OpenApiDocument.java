// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Merges the documents of single REST applications (OpenAPI 3.0) into one. An operation there names the base
 * path of its application as its server; here it becomes part of the path.
 */
final class OpenApiDocument {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "options", "head", "patch");
    private static final Set<String> OPEN = Set.of(
            "post /api/v1/auth/login", "post /api/v1/auth/refresh", "post /api/v1/auth/logout", "get /api/v1/health");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private OpenApiDocument() {}

    /**
     * @param parts documents in any order; of two that describe the same operation the first counts
     * @param version the server's version
     */
    static ObjectNode merge(List<JsonNode> parts, String version) {
        Map<String, ObjectNode> paths = new TreeMap<>();
        Map<String, JsonNode> schemas = new TreeMap<>();
        for (JsonNode original : parts) {
            JsonNode part = original.deepCopy();
            OpenApiTypes.correct(part);
            OpenApiTypes.mergeSchemas(part, schemas);
            part.path("paths").properties().forEach(path -> addPath(paths, path.getKey(), path.getValue()));
        }
        ObjectNode document = JSON.objectNode();
        document.put("openapi", "3.0.1");
        document.putObject("info")
                .put("title", "NXvms")
                .put("version", version)
                .put(
                        "description",
                        "Instants are RFC 3339 UTC with milliseconds, ids are UUIDs, errors are RFC 9457 problems."
                                + " Bytes of media travel under /media/v1, live pictures under /ws/v1.")
                .putObject("license")
                .put("name", "Apache-2.0");
        document.putArray("servers").addObject().put("url", "/");
        ArrayNode security = document.putArray("security");
        security.addObject().putArray("bearer");
        security.addObject().putArray("session");
        ObjectNode all = document.putObject("paths");
        paths.forEach(all::set);
        components(document.putObject("components"), schemas);
        return document;
    }

    private static void addPath(Map<String, ObjectNode> paths, String path, JsonNode item) {
        item.properties().forEach(field -> {
            if (METHODS.contains(field.getKey()) && field.getValue() instanceof ObjectNode operation) {
                String base = operation.at("/servers/0/url").asText("");
                String whole = path.equals("/") ? base : base + path;
                ObjectNode copy = operation.deepCopy();
                copy.remove("servers");
                copy.put("operationId", operationId(field.getKey(), whole));
                describeProblems(copy, field.getKey() + " " + whole);
                ObjectNode merged = paths.computeIfAbsent(whole, p -> JSON.objectNode());
                if (!merged.has(field.getKey())) {
                    merged.set(field.getKey(), copy);
                }
            }
        });
    }

    /**
     * {@return such as {@code getCamerasById}} Ids are unique within a document (OpenAPI 3.0, Operation Object); the parts
     * name theirs after methods of classes, of which many are called alike.
     */
    private static String operationId(String method, String path) {
        StringBuilder id = new StringBuilder(method);
        for (String part : path.replaceFirst("^/api/v1", "").split("[/.-]")) {
            if (!part.isEmpty()) {
                String word = part.replaceAll("[{}]", "");
                id.append(part.startsWith("{") ? "By" : "")
                        .append(Character.toUpperCase(word.charAt(0)))
                        .append(word.substring(1));
            }
        }
        return id.toString();
    }

    private static void describeProblems(ObjectNode operation, String name) {
        ObjectNode responses =
                operation.has("responses") ? (ObjectNode) operation.get("responses") : operation.putObject("responses");
        problem(responses, "400", "Malformed: bad JSON, an unknown field or a bad parameter; names the field");
        problem(responses, "429", "Too many requests; see Retry-After");
        problem(responses, "503", "Unavailable for a moment; see Retry-After");
        if (OPEN.contains(name)) {
            operation.putArray("security");
        } else {
            problem(responses, "401", "No or bad credentials");
            problem(responses, "403", "The right is missing, or the initial password must be changed first");
        }
        if (operation.path("requestBody").isObject()) {
            problem(responses, "415", "The body is not application/json");
            problem(responses, "422", "A field's value cannot work; names the field");
        }
        Iterator<JsonNode> parameters = operation.path("parameters").elements();
        while (parameters.hasNext()) {
            if (parameters.next().path("in").asText().equals("path")) {
                problem(responses, "404", "There is no such thing");
            }
        }
    }

    private static void problem(ObjectNode responses, String status, String description) {
        if (!responses.has(status)) {
            responses
                    .putObject(status)
                    .put("description", description)
                    .putObject("content")
                    .putObject("application/problem+json")
                    .putObject("schema")
                    .put("$ref", "#/components/schemas/Problem");
        }
    }

    private static void components(ObjectNode components, Map<String, JsonNode> schemas) {
        ObjectNode all = components.putObject("schemas");
        schemas.forEach(all::set);
        all.set("Problem", problemSchema());
        ObjectNode schemes = components.putObject("securitySchemes");
        schemes.putObject("bearer")
                .put("type", "http")
                .put("scheme", "bearer")
                .put("description", "The access token of a login, or an API key");
        schemes.putObject("session")
                .put("type", "apiKey")
                .put("in", "cookie")
                .put("name", "nxvms_session")
                .put(
                        "description",
                        "The console's session; requests that change something repeat the cookie nxvms_csrf in the"
                                + " header X-NXvms-CSRF");
    }

    private static ObjectNode problemSchema() {
        ObjectNode schema = JSON.objectNode().put("type", "object");
        schema.putArray("required").add("type").add("title").add("status").add("detail");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("type").put("type", "string").put("description", "Stable name, e.g. /problems/validation");
        properties.putObject("title").put("type", "string");
        properties.putObject("status").put("type", "integer");
        properties.putObject("detail").put("type", "string").put("description", "What happened and what to do");
        properties.putObject("instance").put("type", "string");
        ObjectNode errors = properties.putObject("errors").put("type", "array");
        ObjectNode error = errors.putObject("items").put("type", "object");
        error.putObject("properties").putObject("field").put("type", "string");
        ((ObjectNode) error.get("properties")).putObject("detail").put("type", "string");
        return schema;
    }
}
