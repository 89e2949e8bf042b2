// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.factor;

import java.time.Instant;
import org.nxvms.platform.api.security.SecondFactorStore;

/** What tests of other packages need of this one. */
public final class TestFactors {
    private TestFactors() {}

    /** Binds a store as DS does it, or takes it away. */
    public static void attach(SecondFactors factors, SecondFactorStore store) {
        factors.store = store;
    }

    /** {@return the code that an authenticator shows which was told this secret} */
    public static String code(String base32, Instant now) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        byte[] secret = new byte[base32.length() * 5 / 8];
        for (int bit = 0; bit < secret.length * 8; bit++) {
            int value = alphabet.indexOf(base32.charAt(bit / 5)) >> (4 - bit % 5) & 1;
            secret[bit / 8] |= (byte) (value << (7 - bit % 8));
        }
        return new OneTimeCodes().code(secret, OneTimeCodes.step(now));
    }
}
