// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.factor;

/** Base32 (RFC 4648 6) without padding, as authenticator apps read secrets. */
final class Base32 {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int BITS = 5;

    private Base32() {}

    static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length * 8 / BITS + 1);
        int held = 0;
        int bits = 0;
        for (byte b : bytes) {
            held = held << 8 | b & 0xff;
            bits += 8;
            while (bits >= BITS) {
                bits -= BITS;
                text.append(ALPHABET.charAt(held >> bits & 31));
            }
            held &= (1 << bits) - 1;
        }
        if (bits > 0) {
            text.append(ALPHABET.charAt(held << (BITS - bits) & 31));
        }
        return text.toString();
    }
}
