// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.factor;

import com.eatthepath.otp.HmacOneTimePasswordGenerator;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.OptionalLong;
import javax.crypto.spec.SecretKeySpec;

/**
 * Codes of six digits for 30 seconds by HMAC-SHA-1 (RFC 6238, its default values: all that every authenticator app
 * knows). A clock may be one step off in either direction (5.2).
 */
final class OneTimeCodes {
    static final int DIGITS = 6;
    static final int STEP_SECONDS = 30;
    private static final int STEPS_OFF_MAX = 1;

    private final HmacOneTimePasswordGenerator generator = new HmacOneTimePasswordGenerator(DIGITS);

    /** {@return the time slot of a moment} */
    static long step(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), STEP_SECONDS);
    }

    String code(byte[] secret, long step) {
        try {
            return generator.generateOneTimePasswordString(new SecretKeySpec(secret, "HmacSHA1"), step);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("A secret of " + secret.length + " bytes is no key", e);
        }
    }

    /** {@return the time slot a code belongs to; empty when there is none near now, or it is not after {@code last}} */
    OptionalLong find(byte[] secret, String code, Instant now, long last) {
        byte[] sent = code.getBytes(StandardCharsets.US_ASCII);
        OptionalLong found = OptionalLong.empty();
        for (long step = step(now) - STEPS_OFF_MAX; step <= step(now) + STEPS_OFF_MAX; step++) {
            byte[] right = code(secret, step).getBytes(StandardCharsets.US_ASCII);
            if (MessageDigest.isEqual(right, sent) && step > last && found.isEmpty()) {
                found = OptionalLong.of(step);
            }
        }
        return found;
    }
}
