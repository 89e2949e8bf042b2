// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What follows from a path with {@code If-Match}: reading and changing it answer with an ETag, and reading takes one. */
final class OpenApiConditions {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private OpenApiConditions() {}

    /** @param path its operations by method */
    static void describe(ObjectNode path) {
        boolean conditional = false;
        for (JsonNode operation : path) {
            conditional |= takes(operation, "If-Match");
        }
        if (!conditional) {
            return;
        }
        for (String method : List.of("get", "put", "patch")) {
            if (path.path(method).at("/responses/200") instanceof ObjectNode answer && !answer.has("headers")) {
                ObjectNode header = answer.putObject("headers").putObject("ETag");
                header.put("description", "Stands for what can be changed; given as If-Match to change only that");
                header.putObject("schema").put("type", "string");
            }
        }
        if (path.path("get") instanceof ObjectNode read && !takes(read, "If-None-Match")) {
            read.withArray("parameters")
                    .add(JSON.objectNode()
                            .put("name", "If-None-Match")
                            .put("in", "header")
                            .put("description", "ETag of an earlier answer: 304 while it is the same")
                            .set("schema", JSON.objectNode().put("type", "string")));
            ((ObjectNode) read.get("responses"))
                    .putObject("304")
                    .put("description", "What can be changed is as the ETag in If-None-Match says");
        }
    }

    private static boolean takes(JsonNode operation, String header) {
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.path("in").asText().equals("header")
                    && parameter.path("name").asText().equals(header)) {
                return true;
            }
        }
        return false;
    }
}
