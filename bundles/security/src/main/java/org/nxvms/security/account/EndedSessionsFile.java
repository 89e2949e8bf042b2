// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.nxvms.rest.kit.json.Json;
import org.nxvms.security.identity.SafeFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sessions that ended before their access tokens did, on disk: session to the end of its last token. Holds no secret. */
final class EndedSessionsFile {
    private static final Logger LOG = LoggerFactory.getLogger(EndedSessionsFile.class);

    private final Path file;

    EndedSessionsFile(Path file) {
        this.file = file;
    }

    Map<UUID, Instant> read() {
        if (!Files.exists(file)) {
            return Map.of();
        }
        try {
            return Json.mapper().readValue(Files.readAllBytes(file), new TypeReference<Map<UUID, Instant>>() {});
        } catch (IOException e) {
            LOG.error(
                    "{} cannot be read: access tokens of sessions that ended within the last hour are believed until"
                            + " they end. Remove keys/tokens.jwks and restart if that must not be: everybody signs in again",
                    file,
                    e);
            return Map.of();
        }
    }

    void write(Map<UUID, Instant> ended) {
        try {
            SafeFile.write(file, Json.mapper().writeValueAsBytes(ended));
        } catch (IOException e) {
            LOG.error(
                    "{} cannot be written: a session that has just ended would live again after a restart within the"
                            + " hour. Free space in the data folder",
                    file,
                    e);
        }
    }
}
