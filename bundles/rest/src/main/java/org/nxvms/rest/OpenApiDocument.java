// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
            "post /api/v1/auth/login",
            "post /api/v1/auth/refresh",
            "post /api/v1/auth/logout",
            "get /api/v1/auth/outside",
            "post /api/v1/auth/outside",
            "get /api/v1/health");
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
                                + " In a request an optional field that is null is as good as left out; in a merge patch it takes"
                                + " away. Bytes of media travel under /media/v1, live pictures under /ws/v1.")
                .putObject("license")
                .put("name", "Apache-2.0");
        document.putArray("servers").addObject().put("url", "/");
        ArrayNode security = document.putArray("security");
        security.addObject().putArray("bearer");
        security.addObject().putArray("session");
        ObjectNode all = document.putObject("paths");
        OpenApiExamples examples = new OpenApiExamples(schemas);
        paths.values().forEach(path -> path.forEach(operation -> examples.add((ObjectNode) operation)));
        paths.values().forEach(OpenApiConditions::describe);
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
                boolean open = OPEN.contains(field.getKey() + " " + whole);
                if (open) {
                    copy.putArray("security");
                }
                OpenApiProblems.describe(copy, open);
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

    private static void components(ObjectNode components, Map<String, JsonNode> schemas) {
        ObjectNode all = components.putObject("schemas");
        schemas.forEach(all::set);
        all.set("Problem", OpenApiProblems.schema());
        components.set("responses", OpenApiProblems.responses());
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
}
