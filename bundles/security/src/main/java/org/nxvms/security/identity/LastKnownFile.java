// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.identity;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nxvms.rest.kit.json.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was last known of something in the database, on disk, so that who may do what is judged at once after a restart,
 * whether or not the database is there. To hold no secret. One thread at a time.
 */
public final class LastKnownFile<T> {
    private static final Logger LOG = LoggerFactory.getLogger(LastKnownFile.class);

    private final Path file;
    private final TypeReference<T> type;
    private final T nothing;
    private final String unread;

    /**
     * @param nothing what is known when there is no file or it cannot be read
     * @param unread what follows from that, for the log: {@code tokens are refused until the database answers}
     */
    public LastKnownFile(Path file, TypeReference<T> type, T nothing, String unread) {
        this.file = file;
        this.type = type;
        this.nothing = nothing;
        this.unread = unread;
    }

    /** {@return what was last written} */
    public T read() {
        if (!Files.exists(file)) {
            return nothing;
        }
        try {
            return Json.mapper().readValue(Files.readAllBytes(file), type);
        } catch (IOException e) {
            LOG.warn("{} cannot be read; {}", file, unread, e);
            return nothing;
        }
    }

    /** On return it is on the disk, or nothing is: an old file would revive after a restart what was withdrawn. */
    public void write(T known) {
        try {
            SafeFile.write(file, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(known));
        } catch (IOException e) {
            LOG.warn("{} cannot be written and is removed; free space in the data folder", file, e);
            try {
                SafeFile.delete(file);
            } catch (IOException again) {
                LOG.error("{} is out of date and cannot be removed; remove it by hand", file, again);
            }
        }
    }
}
