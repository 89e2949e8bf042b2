// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;

/** What an authenticator app does with the code it is shown. */
final class Authenticator {
    private Authenticator() {}

    /** {@return the secret of an otpauth URI, read as an authenticator app does} */
    static SecretKeySpec scanned(String uri) {
        Map<String, String> query = new HashMap<>();
        for (String part : uri.substring(uri.indexOf('?') + 1).split("&")) {
            query.put(part.substring(0, part.indexOf('=')), part.substring(part.indexOf('=') + 1));
        }
        assertThat(query)
                .containsEntry("digits", "6")
                .containsEntry("period", "30")
                .containsEntry("algorithm", "SHA1");
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        String secret = query.get("secret");
        byte[] bytes = new byte[secret.length() * 5 / 8];
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            int value = alphabet.indexOf(secret.charAt(bit / 5)) >> (4 - bit % 5) & 1;
            bytes[bit / 8] |= (byte) (value << (7 - bit % 8));
        }
        return new SecretKeySpec(bytes, "HmacSHA1");
    }
}
