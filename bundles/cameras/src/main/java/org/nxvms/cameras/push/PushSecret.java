// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.push;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.nxvms.cameras.file.WholeFile;

/**
 * What the secrets of all endpoints come from: so each device has its own, and it is the same after a restart. Kept beside
 * the server's other keys; without it devices must be told new addresses.
 */
final class PushSecret {
    private static final int BYTES = 32;

    private final byte[] key;

    private PushSecret(byte[] key) {
        this.key = key;
    }

    /** Reads the file, or makes it. */
    static PushSecret open(Path file) throws IOException {
        Optional<byte[]> kept = WholeFile.read(file, BYTES);
        if (kept.isPresent() && kept.get().length == BYTES) {
            return new PushSecret(kept.get());
        }
        if (kept.isPresent()) {
            throw new IOException(
                    file + " is damaged; put it back from a backup, or delete it and tell all devices anew");
        }
        byte[] fresh = new byte[BYTES];
        new SecureRandom().nextBytes(fresh);
        Files.createDirectories(file.getParent());
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        try {
            Files.createFile(
                    beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException | UnsupportedOperationException other) {
            throw new IOException("cannot make " + beside + " for its owner only", other);
        }
        // Written into the file that is its owner's already, then renamed.
        WholeFile.replace(file, fresh);
        return new PushSecret(fresh);
    }

    /** {@return the secret of one endpoint, 43 characters that fit into a path} */
    String token(String driver, String device, String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] hash = mac.doFinal((driver + "\n" + device + "\n" + purpose).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has HmacSHA256", impossible);
        }
    }
}
