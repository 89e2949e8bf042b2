// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.vault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.security.SecretVault;
import org.nxvms.security.identity.KeyFile;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Seals by AES-256-GCM (NIST SP 800-38D): {@code v1.<base64url of nonce, ciphertext and tag>}. The
 * purpose is additional authenticated data. Random nonces of 96 bits are safe for far more secrets than
 * a site has cameras.
 */
@Component(service = SecretVault.class)
public final class AesVault implements SecretVault {
    private static final String ELSEWHERE = "NXVMS_VAULT_KEY_FILE";
    private static final String PREFIX = "v1.";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int SEALED_LENGTH_MAX = 1 << 20;

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    @Activate
    public AesVault(@Reference ServerIdentity identity) throws IOException {
        this(identity, Optional.ofNullable(System.getenv(ELSEWHERE)).filter(text -> !text.isBlank()));
    }

    /** @param elsewhere a file that somebody else provides, which is never made or written here */
    AesVault(ServerIdentity identity, Optional<String> elsewhere) throws IOException {
        Path file =
                elsewhere.map(Path::of).orElseGet(() -> identity.dataFolder().resolve("keys/vault.key"));
        if (elsewhere.isPresent() && !Files.isReadable(file)) {
            throw new IOException(ELSEWHERE + " is " + file + ", which the server's user cannot read: stored secrets"
                    + " cannot be opened. Provide the file, 32 bytes in base64, and restart.");
        }
        this.key = new SecretKeySpec(KeyFile.readOrCreate(file, damaged(file)), "AES");
    }

    @Override
    public String seal(String secret, String purpose) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, purpose);
            byte[] text = cipher.doFinal(secret.getBytes(StandardCharsets.UTF_8));
            byte[] sealed = ByteBuffer.allocate(nonce.length + text.length)
                    .put(nonce)
                    .put(text)
                    .array();
            return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK does not offer " + CIPHER, e);
        }
    }

    @Override
    public String open(String sealed, String purpose) {
        if (!sealed.startsWith(PREFIX) || sealed.length() > SEALED_LENGTH_MAX) {
            throw refusal(purpose, null);
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(sealed.substring(PREFIX.length()));
            if (bytes.length < NONCE_BYTES + TAG_BITS / 8) {
                throw refusal(purpose, null);
            }
            byte[] nonce = new byte[NONCE_BYTES];
            System.arraycopy(bytes, 0, nonce, 0, NONCE_BYTES);
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, purpose);
            return new String(cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw refusal(purpose, e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String purpose) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(("nxvms-vault-1:" + purpose).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static IllegalArgumentException refusal(String purpose, Exception cause) {
        return new IllegalArgumentException(
                "The secret of " + purpose + " was not sealed with this server's keys/vault.key or was altered."
                        + " Put the key file back, or enter the secret again.",
                cause);
    }

    private static String damaged(Path file) {
        return file + " is damaged: stored secrets cannot be opened. Put the file back from a backup; remove it only"
                + " to enter all camera passwords again.";
    }
}
