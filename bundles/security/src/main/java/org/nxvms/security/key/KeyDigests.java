// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import org.nxvms.platform.api.security.ApiKeyStore.StoredApiKey;
import org.nxvms.platform.api.security.KeySignIn;
import org.nxvms.platform.api.security.KeySignIn.Algorithm;
import org.nxvms.platform.api.security.SecretVault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept of a key so that it need not be sent: {@code H(id:realm:key)} of each algorithm (RFC 7616 3.4.2, A1). Who
 * has those can answer challenges as if he had the key, so they are sealed; the key itself does not follow from them.
 */
final class KeyDigests {
    private static final Logger LOG = LoggerFactory.getLogger(KeyDigests.class);
    private static final String SEPARATOR = ":";

    private final SecretVault vault;

    KeyDigests(SecretVault vault) {
        this.vault = vault;
    }

    /** {@return what to store of a new key} */
    String seal(UUID id, String key) {
        String secret = id + SEPARATOR + KeySignIn.REALM + SEPARATOR + key;
        return vault.seal(hash(Algorithm.MD5, secret) + SEPARATOR + hash(Algorithm.SHA_256, secret), purpose(id));
    }

    /** {@return whether an answer could only be given by who has the key} */
    boolean isProved(StoredApiKey key, KeySignIn.Proof proof) {
        if (key.digest().isEmpty()) {
            return false;
        }
        String[] secrets;
        try {
            secrets = vault.open(key.digest().get(), purpose(key.id())).split(SEPARATOR);
        } catch (IllegalArgumentException e) {
            LOG.warn("API key {} cannot be used by Digest: {}", key.id(), e.getMessage());
            return false;
        }
        String secret = secrets[proof.algorithm() == Algorithm.MD5 ? 0 : 1];
        String expected = hash(proof.algorithm(), secret + SEPARATOR + proof.question());
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII),
                proof.response().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
    }

    private static String purpose(UUID id) {
        return "api-key/" + id;
    }

    private static String hash(Algorithm algorithm, String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance(algorithm.id()).digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JDK does not offer " + algorithm.id(), e);
        }
    }
}
