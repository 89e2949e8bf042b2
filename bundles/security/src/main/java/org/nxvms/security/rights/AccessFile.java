// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.rights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.nxvms.platform.api.security.AccessStore.StoredAccess;
import org.nxvms.rest.kit.json.Json;
import org.nxvms.security.identity.SafeFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Roles and grants as they were last, on disk, for a start without database. Holds no secret. */
final class AccessFile {
    private static final Logger LOG = LoggerFactory.getLogger(AccessFile.class);

    private final Path file;

    AccessFile(Path file) {
        this.file = file;
    }

    /** {@return what was last written; nothing, so that only administrators may anything, when it cannot be read} */
    StoredAccess read() {
        if (Files.exists(file)) {
            try {
                return Json.mapper().readValue(Files.readAllBytes(file), StoredAccess.class);
            } catch (IOException e) {
                LOG.warn("{} cannot be read; until the database answers only administrators may anything", file, e);
            }
        }
        return new StoredAccess(List.of(), List.of(), Set.of());
    }

    void write(StoredAccess access) {
        try {
            SafeFile.write(file, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(access));
        } catch (IOException e) {
            // An old file would give rights back after a restart: rather none.
            LOG.warn("{} cannot be written and is removed; free space in the data folder", file, e);
            try {
                Files.deleteIfExists(file);
            } catch (IOException again) {
                LOG.error("{} is out of date and cannot be removed; remove it by hand", file, again);
            }
        }
    }
}
