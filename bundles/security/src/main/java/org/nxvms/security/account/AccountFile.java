// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.nxvms.rest.kit.json.Json;
import org.nxvms.security.identity.SafeFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the guard knew last, on disk: after a restart tokens are judged at once, and withdrawn ones stay
 * withdrawn, even while the database is away. Holds no secret.
 */
final class AccountFile {
    private static final Logger LOG = LoggerFactory.getLogger(AccountFile.class);

    private final Path file;

    AccountFile(Path file) {
        this.file = file;
    }

    /** {@return the accounts last written; empty when there are none or they cannot be read} */
    List<Account> read() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return Json.mapper().readValue(Files.readAllBytes(file), new TypeReference<List<Account>>() {});
        } catch (IOException e) {
            LOG.warn("{} cannot be read; tokens are refused until the database answers", file, e);
            return List.of();
        }
    }

    void write(List<Account> accounts) {
        try {
            SafeFile.write(file, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(accounts));
        } catch (IOException e) {
            // An old file would revive withdrawn tokens after a restart: rather none.
            LOG.warn("{} cannot be written and is removed; free space in the data folder", file, e);
            try {
                Files.deleteIfExists(file);
            } catch (IOException again) {
                LOG.error("{} is out of date and cannot be removed; remove it by hand", file, again);
            }
        }
    }
}
