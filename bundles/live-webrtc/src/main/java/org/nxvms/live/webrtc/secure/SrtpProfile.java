// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.secure;

import java.util.Optional;

/** Protection profiles that are agreed in DTLS (RFC 5764 4.1.2, RFC 7714 14.2), the preferred first. */
public enum SrtpProfile {
    AEAD_AES_128_GCM(7, 16, 12),
    AES128_CM_HMAC_SHA1_80(1, 16, 14);

    private final int id;
    private final int keyBytes;
    private final int saltBytes;

    SrtpProfile(int id, int keyBytes, int saltBytes) {
        this.id = id;
        this.keyBytes = keyBytes;
        this.saltBytes = saltBytes;
    }

    public int id() {
        return id;
    }

    public int keyBytes() {
        return keyBytes;
    }

    public int saltBytes() {
        return saltBytes;
    }

    /** {@return bytes that the DTLS exporter gives for both directions} */
    public int exportedBytes() {
        return 2 * (keyBytes + saltBytes);
    }

    /** {@return the best of those offered} */
    public static Optional<SrtpProfile> choose(int[] offered) {
        for (SrtpProfile profile : values()) {
            for (int id : offered) {
                if (id == profile.id) {
                    return Optional.of(profile);
                }
            }
        }
        return Optional.empty();
    }
}
