// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.secure;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Master key and salt of one direction.
 *
 * @param profile decides lengths
 * @param key master key
 * @param salt master salt
 */
public record SrtpKeys(SrtpProfile profile, byte[] key, byte[] salt) {
    static final int RTP_KEY = 0;
    static final int RTP_AUTH = 1;
    static final int RTP_SALT = 2;
    static final int RTCP_KEY = 3;
    static final int RTCP_AUTH = 4;
    static final int RTCP_SALT = 5;

    /** Where the label stands in the input of the derivation (RFC 3711 4.3.1). */
    private static final int LABEL_AT = 7;

    /** Keys of both directions, as the DTLS exporter gives them: client key, server key, client salt, server salt. */
    public record Pair(SrtpKeys client, SrtpKeys server) {
        public static Pair of(SrtpProfile profile, byte[] exported) {
            int key = profile.keyBytes();
            int salt = profile.saltBytes();
            return new Pair(
                    new SrtpKeys(
                            profile,
                            Arrays.copyOfRange(exported, 0, key),
                            Arrays.copyOfRange(exported, 2 * key, 2 * key + salt)),
                    new SrtpKeys(
                            profile,
                            Arrays.copyOfRange(exported, key, 2 * key),
                            Arrays.copyOfRange(exported, 2 * key + salt, 2 * key + 2 * salt)));
        }
    }

    /** {@return a session key: key stream of the master key, begun at the salt with the label in it (RFC 3711 4.3.3)} */
    byte[] derive(int label, int bytes) {
        byte[] iv = Arrays.copyOf(salt, 16);
        iv[LABEL_AT] ^= (byte) label;
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
            return cipher.doFinal(new byte[bytes]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES in counter mode", e);
        }
    }

    @Override
    public String toString() {
        return "keys of " + profile;
    }
}
