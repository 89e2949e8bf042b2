// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.nxvms.rest.kit.json.Json;
import org.nxvms.security.identity.SafeFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of the chain, in a file beside the key: who removes the newest entries from the database, or puts an older
 * database back, is found out by it.
 */
final class AuditHead {
    private static final Logger LOG = LoggerFactory.getLogger(AuditHead.class);

    private final Path file;
    private boolean failing;

    /** An entry, by its place and hash. */
    record Place(long sequence, String hash) {}

    AuditHead(Path file) {
        this.file = file;
    }

    /** {@return the end as last written; empty when there is none or it cannot be read} */
    Optional<Place> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode json = Json.mapper().readTree(Files.readAllBytes(file));
            return Optional.of(new Place(
                            json.path("sequence").asLong(), json.path("hash").asText()))
                    .filter(place -> place.sequence() > 0 && place.hash().length() == AuditChain.BEGINNING.length());
        } catch (IOException e) {
            LOG.error("{} cannot be read: entries missing at the end of the audit would not be noticed", file, e);
            return Optional.empty();
        }
    }

    void write(Place place) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("sequence", place.sequence());
        json.put("hash", place.hash());
        try {
            SafeFile.write(file, Json.mapper().writeValueAsBytes(json));
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.error("{} cannot be written: free space in the data folder", file, e);
            }
            failing = true;
        }
    }
}
