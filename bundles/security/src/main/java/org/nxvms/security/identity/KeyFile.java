// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A secret of 256 bits in a file of its own, made when it is needed first and never replaced. */
public final class KeyFile {
    private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);
    private static final int KEY_BYTES = 32;

    private KeyFile() {}

    /**
     * @param damaged what to say of a file that holds no key
     * @throws IOException when the file cannot be read or written, or holds no key
     */
    public static byte[] readOrCreate(Path file, String damaged) throws IOException {
        if (!Files.exists(file)) {
            byte[] fresh = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(fresh);
            SafeFile.write(file, Base64.getEncoder().encode(fresh));
            LOG.info("Made the key {}; keep a copy apart from the database", file);
            return fresh;
        }
        try {
            byte[] stored = Base64.getDecoder()
                    .decode(Files.readString(file, StandardCharsets.US_ASCII).strip());
            if (stored.length == KEY_BYTES) {
                return stored;
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(damaged, e);
        }
        throw new IOException(damaged);
    }
}
