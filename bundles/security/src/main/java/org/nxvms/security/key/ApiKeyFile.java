// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.key;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.nxvms.platform.api.security.ApiKeyStore.StoredApiKey;
import org.nxvms.rest.kit.json.Json;
import org.nxvms.security.identity.SafeFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** API keys as last read, on disk: programs go on over a restart, whether or not the database is there. Holds hashes only. */
final class ApiKeyFile {
    private static final Logger LOG = LoggerFactory.getLogger(ApiKeyFile.class);

    private final Path file;

    ApiKeyFile(Path file) {
        this.file = file;
    }

    /** {@return the keys last written; empty when there are none or they cannot be read} */
    List<StoredApiKey> read() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return Json.mapper().readValue(Files.readAllBytes(file), new TypeReference<List<StoredApiKey>>() {});
        } catch (IOException e) {
            LOG.warn("{} cannot be read; API keys are refused until the database answers", file, e);
            return List.of();
        }
    }

    void write(List<StoredApiKey> keys) {
        try {
            SafeFile.write(file, Json.mapper().writeValueAsBytes(keys));
        } catch (IOException e) {
            // An old file would revive keys that were removed: rather none.
            LOG.warn("{} cannot be written and is removed; free space in the data folder", file, e);
            try {
                Files.deleteIfExists(file);
            } catch (IOException again) {
                LOG.error("{} is out of date and cannot be removed; remove it by hand", file, again);
            }
        }
    }
}
