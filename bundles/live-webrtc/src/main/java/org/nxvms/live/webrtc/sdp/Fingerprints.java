// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.sdp;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** SHA-256 of certificates as session descriptions write it (RFC 8122 5): {@code 4A:AD:B9:...}. */
public final class Fingerprints {
    private static final HexFormat FORM = HexFormat.ofDelimiter(":").withUpperCase();
    private static final int BYTES = 32;

    private Fingerprints() {}

    /** {@return the fingerprint of a certificate in DER} */
    public static byte[] of(byte[] certificate) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(certificate);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public static String text(byte[] fingerprint) {
        return FORM.formatHex(fingerprint);
    }

    static Optional<byte[]> bytes(String text) {
        try {
            byte[] bytes = FORM.parseHex(text.trim());
            return bytes.length == BYTES ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException notHex) {
            return Optional.empty();
        }
    }
}
