// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.deliver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.nxvms.integration.webhook.settings.WholeFile;
import org.nxvms.rest.kit.json.Json;

/** Where the progress of one endpoint is kept over restarts. One thread at a time. */
public final class ProgressFile {
    /** A later version may have written more; this one goes on where that one was. */
    private static final ObjectReader READER =
            Json.mapper().readerFor(Progress.class).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final Path file;

    /** @param folder of all endpoints; made when it is not there */
    public ProgressFile(Path folder, String name) {
        this.file = folder.resolve(name + ".json");
    }

    /**
     * {@return what was kept; nothing when there is none}
     *
     * @throws IOException naming the file, when there is one that cannot be read
     */
    Progress read() throws IOException {
        if (!Files.exists(file)) {
            return Progress.NONE;
        }
        try {
            return READER.readValue(WholeFile.read(file));
        } catch (JsonProcessingException spoilt) {
            throw new IOException(file + ": " + spoilt.getOriginalMessage(), spoilt);
        }
    }

    void write(Progress progress) throws IOException {
        if (!Files.isDirectory(file.getParent())) {
            Files.createDirectories(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        WholeFile.write(file, Json.mapper().writeValueAsString(progress));
    }

    /** The endpoint was removed: another of its name begins anew. */
    public void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
