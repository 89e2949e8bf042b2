// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.send;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The symmetric scheme of Standard Webhooks 1.0 (standardwebhooks.com): HMAC-SHA-256 over {@code id.timestamp.body}, in
 * base64 behind {@code v1,}. The secret is {@code whsec_} and the key in base64.
 */
public final class Signature {
    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";
    /** The bounds of the specification. */
    private static final int KEY_BYTES_MIN = 24;

    private static final int KEY_BYTES_MAX = 64;
    private static final int KEY_BYTES_FRESH = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Signature() {}

    /** {@return a new secret} */
    public static String freshSecret() {
        byte[] key = new byte[KEY_BYTES_FRESH];
        RANDOM.nextBytes(key);
        return PREFIX + Base64.getEncoder().encodeToString(key);
    }

    /** @throws IllegalArgumentException when it is no secret; says what one is, and nothing of it */
    public static byte[] key(String secret) {
        try {
            if (secret.startsWith(PREFIX)) {
                byte[] key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
                if (key.length >= KEY_BYTES_MIN && key.length <= KEY_BYTES_MAX) {
                    return key;
                }
            }
        } catch (IllegalArgumentException notBase64) {
            throw noSecret();
        }
        throw noSecret();
    }

    private static IllegalArgumentException noSecret() {
        // Without the cause, which quotes a character of it.
        return new IllegalArgumentException("secret must be " + PREFIX + " and " + KEY_BYTES_MIN + " to "
                + KEY_BYTES_MAX + " bytes in base64; leave it out to have one made");
    }

    /** {@return the value of the header {@code webhook-signature}} */
    public static String of(byte[] key, String id, long timestampSeconds, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update((id + "." + timestampSeconds + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException("This JDK does not offer " + ALGORITHM, everyJdkHasIt);
        }
    }
}
