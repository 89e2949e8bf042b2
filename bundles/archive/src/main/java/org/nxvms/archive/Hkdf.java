// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keys from keys: HKDF with SHA-256 (RFC 5869), which the JDK offers from 25 on only. */
final class Hkdf {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int HASH_BYTES = 32;

    private Hkdf() {}

    /**
     * Extract and expand.
     *
     * @param salt not empty; need not be secret
     * @param info what the result is for
     * @param length of the result, at most 255 hashes
     */
    static byte[] derive(byte[] secret, byte[] salt, byte[] info, int length) {
        if (length < 1 || length > 255 * HASH_BYTES) {
            throw new IllegalArgumentException("length " + length);
        }
        byte[] extracted = hmac(salt, secret);
        byte[] result = new byte[length];
        byte[] block = new byte[0];
        for (int done = 0, number = 1; done < length; done += HASH_BYTES, number++) {
            byte[] input = Arrays.copyOf(block, block.length + info.length + 1);
            System.arraycopy(info, 0, input, block.length, info.length);
            input[input.length - 1] = (byte) number;
            block = hmac(extracted, input);
            System.arraycopy(block, 0, result, done, Math.min(HASH_BYTES, length - done));
        }
        return result;
    }

    static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(message);
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
