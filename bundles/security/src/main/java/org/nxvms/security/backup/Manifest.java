// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.nxvms.platform.api.backup.BackupException;
import org.nxvms.rest.kit.json.Json;

/** The first entry of a backup: of whom and when it is. */
record Manifest(UUID serverId, String serverName, Instant made) {
    static final String NAME = "manifest.json";
    static final int BYTES_MAX = 10_000;

    byte[] bytes() throws IOException {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("serverId", serverId.toString());
        json.put("serverName", serverName);
        json.put("made", made.toString());
        return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    }

    static Manifest of(byte[] bytes) throws IOException {
        try {
            JsonNode json = Json.mapper().readTree(bytes);
            return new Manifest(
                    UUID.fromString(json.path("serverId").asText()),
                    json.path("serverName").asText(),
                    Instant.parse(json.path("made").asText()));
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
            throw new BackupException("The backup does not say of which server it is. Use another copy of it.", e);
        }
    }
}
