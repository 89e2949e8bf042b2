// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The problems that operations answer with, described once and referred to. What holds for all operations of a kind is
 * added here; a capability describes only what is its own, such as why there is a 409.
 */
final class OpenApiProblems {
    static final String MEDIA_TYPE = "application/problem+json";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String SCHEMA = "#/components/schemas/Problem";
    private static final String RESPONSES = "#/components/responses/";
    /** By status. */
    private static final Map<String, Kind> KINDS = Stream.of(
                    new Kind(
                            "400",
                            "Malformed",
                            "Bad JSON, an unknown field or a bad parameter; names the field",
                            "malformed",
                            "Request cannot be read",
                            "\"nmae\" is not a field here. Known are: name, driver.",
                            "nmae"),
                    new Kind(
                            "401",
                            "Unauthenticated",
                            "No or bad credentials",
                            "unauthenticated",
                            "Not signed in",
                            "Sign in first: POST /api/v1/auth/login.",
                            ""),
                    new Kind(
                            "403",
                            "Forbidden",
                            "The right is missing, or the initial password must be changed, or a second factor enrolled, first",
                            "forbidden",
                            "Not allowed",
                            "You may not do this. Ask an administrator for the right manage_cameras.",
                            ""),
                    new Kind(
                            "404",
                            "NotFound",
                            "There is no such thing, or the caller may not know of it; a problem no-such-path while what answers at"
                                    + " this address is not installed",
                            "not-found",
                            "Not found",
                            "There is no camera 7d0d4bd6-9c0a-4a3c-8a53-8f2f0f1a2b3c. GET /api/v1/cameras lists what there is.",
                            ""),
                    new Kind(
                            "406",
                            "NotAcceptable",
                            "There is nothing that the caller can take; says the way out",
                            "not-playable",
                            "Not playable by WebRTC",
                            "The stream is H.265, which WebRTC does not carry here. Ask for stream=sub, or use /ws/v1/live.",
                            ""),
                    new Kind(
                            "408",
                            "RequestTimeout",
                            "The body trickles; what is left of it is not read",
                            "request-timeout",
                            "Body arrives too slowly",
                            "The body arrives too slowly. Send it again over a better connection.",
                            ""),
                    new Kind(
                            "409",
                            "Conflict",
                            "The state does not allow it",
                            "conflict",
                            "Conflict",
                            "There is a role \"guard\" already. Choose another name.",
                            ""),
                    new Kind(
                            "412",
                            "PreconditionFailed",
                            "Changed since it was read: If-Match names another ETag. Read it again and repeat the change",
                            "precondition-failed",
                            "Changed in the meantime",
                            "It was changed in the meantime. Read it again and repeat the change.",
                            ""),
                    new Kind(
                            "413",
                            "TooLarge",
                            "The body is larger than accepted",
                            "too-large",
                            "Body too large",
                            "The body has more than 1048576 bytes. Send less.",
                            ""),
                    new Kind(
                            "415",
                            "UnsupportedMediaType",
                            "The body is of another type than is taken here",
                            "unsupported-media-type",
                            "Unsupported media type",
                            "Send the body as Content-Type: application/json.",
                            ""),
                    new Kind(
                            "416",
                            "RangeNotSatisfiable",
                            "There is nothing in the range that Range asks for; Content-Range tells the size",
                            "range-not-satisfiable",
                            "There is nothing in this range",
                            "There is nothing in the range \"bytes=7000-\": there are 5120 bytes, the last one is 5119."
                                    + " Ask for a range that begins before the end.",
                            ""),
                    new Kind(
                            "422",
                            "Validation",
                            "A field's value cannot work; names the field",
                            "validation",
                            "Values cannot work",
                            "\"name\" is missing or blank. Give 1 to 100 characters.",
                            "name"),
                    new Kind(
                            "429",
                            "TooManyRequests",
                            "Too many requests; see Retry-After",
                            "too-many-requests",
                            "Too many requests",
                            "Too many requests from you. Try again in 2 s.",
                            ""),
                    new Kind(
                            "503",
                            "Unavailable",
                            "Unavailable for a moment; see Retry-After",
                            "unavailable",
                            "Not available now",
                            "The camera registry is starting or being replaced. Try again in a second.",
                            ""))
            .collect(Collectors.toMap(Kind::code, kind -> kind, (a, b) -> a, LinkedHashMap::new));

    /**
     * @param code the status
     * @param name among the components
     * @param type of the example, as in {@code /problems/type}
     * @param field that the example names, empty for none
     */
    private record Kind(
            String code, String name, String description, String type, String title, String detail, String field) {
        ObjectNode example() {
            ObjectNode example = JSON.objectNode()
                    .put("type", "/problems/" + type)
                    .put("title", title)
                    .put("status", Integer.parseInt(code))
                    .put("detail", detail);
            if (!field.isEmpty()) {
                example.putArray("errors").addObject().put("field", field).put("detail", detail);
            }
            return example;
        }
    }

    private OpenApiProblems() {}

    /**
     * Adds what can come to the answers of an operation.
     *
     * @param open whether it is answered without credentials
     */
    static void describe(ObjectNode operation, boolean open) {
        ObjectNode responses =
                operation.has("responses") ? (ObjectNode) operation.get("responses") : operation.putObject("responses");
        own(responses);
        refer(responses, "400", "429", "503");
        // What is open and takes a body takes credentials in it.
        if (!open || operation.path("requestBody").isObject()) {
            refer(responses, "401", "403");
        }
        if (operation.path("requestBody").isObject()) {
            otherBodies(responses, operation.at("/requestBody/content"));
            refer(responses, "408", "413", "415", "422");
        }
        for (JsonNode parameter : operation.path("parameters")) {
            String name = parameter.path("name").asText();
            if (parameter.path("in").asText().equals("path")) {
                refer(responses, "404");
            } else if (parameter.path("in").asText().equals("query")) {
                refer(responses, "422");
            } else if (name.equals("If-Match")) {
                refer(responses, "412");
            } else if (name.equals("Idempotency-Key")) {
                refer(responses, "409", "422");
            }
        }
    }

    /** What the reusable answer says holds for JSON; other bodies are named. */
    private static void otherBodies(ObjectNode responses, JsonNode bodies) {
        List<String> types = new ArrayList<>();
        bodies.fieldNames().forEachRemaining(types::add);
        if (!types.isEmpty() && !types.contains("application/json") && !responses.has("415")) {
            Kind kind = KINDS.get("415");
            content(
                    responses.putObject("415").put("description", kind.description()),
                    kind.example().put("detail", "Send the body as Content-Type: " + String.join(" or ", types) + "."));
        }
    }

    /** What a capability says of a refusal is right; that it is a problem goes without saying. */
    private static void own(ObjectNode responses) {
        responses.properties().forEach(response -> {
            boolean refusal = response.getKey().matches("[45]\\d\\d");
            if (refusal && response.getValue() instanceof ObjectNode answer && !answer.has("content")) {
                Kind kind = KINDS.get(response.getKey());
                content(answer, kind == null ? null : kind.example());
            }
        });
    }

    private static void refer(ObjectNode responses, String... codes) {
        for (String code : codes) {
            if (!responses.has(code)) {
                responses
                        .putObject(code)
                        .put("$ref", RESPONSES + KINDS.get(code).name());
            }
        }
    }

    private static void content(ObjectNode answer, ObjectNode example) {
        ObjectNode type = answer.putObject("content").putObject(MEDIA_TYPE);
        type.putObject("schema").put("$ref", SCHEMA);
        if (example != null) {
            type.set("example", example);
        }
    }

    /** {@return the answers that operations refer to} */
    static ObjectNode responses() {
        ObjectNode all = JSON.objectNode();
        for (Kind kind : KINDS.values()) {
            ObjectNode answer = all.putObject(kind.name()).put("description", kind.description());
            if (kind.code().equals("429") || kind.code().equals("503")) {
                ObjectNode retry = answer.putObject("headers").putObject("Retry-After");
                retry.put("description", "Seconds");
                retry.putObject("schema").put("type", "integer");
            }
            content(answer, kind.example());
        }
        return all;
    }

    /** {@return the shape of a problem (RFC 9457)} */
    static ObjectNode schema() {
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
        error.putArray("required").add("field").add("detail");
        ObjectNode fields = error.putObject("properties");
        fields.putObject("field").put("type", "string");
        fields.putObject("detail").put("type", "string");
        return schema;
    }
}
