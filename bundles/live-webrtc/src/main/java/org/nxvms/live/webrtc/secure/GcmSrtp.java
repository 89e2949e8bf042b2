// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.secure;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AEAD_AES_128_GCM (RFC 7714). */
final class GcmSrtp extends Srtp {
    private static final int TAG_BYTES = 16;
    private static final int IV_BYTES = 12;
    private static final int RTCP_HEADER = 8;
    private static final int INDEX_BYTES = 4;

    private Cipher cipher;
    private final SecretKeySpec rtpKey;
    private final SecretKeySpec rtcpKey;
    private final byte[] rtpSalt;
    private final byte[] rtcpSalt;
    private final byte[] indexBytes = new byte[INDEX_BYTES];

    /** @param sessionKeys key and salt of RTP, key and salt of RTCP */
    GcmSrtp(byte[]... sessionKeys) {
        cipher = cipher();
        rtpKey = new SecretKeySpec(sessionKeys[0], "AES");
        rtpSalt = sessionKeys[1].clone();
        rtcpKey = new SecretKeySpec(sessionKeys[2], "AES");
        rtcpSalt = sessionKeys[3].clone();
    }

    private static Cipher cipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /** The JDK refuses an IV that it has just used. A packet that is sent again as it was is no misuse: nothing differs. */
    private void begin(SecretKeySpec key, byte[] iv) throws GeneralSecurityException {
        GCMParameterSpec parameters = new GCMParameterSpec(TAG_BYTES * 8, iv);
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, parameters);
        } catch (InvalidAlgorithmParameterException again) {
            cipher = cipher();
            cipher.init(Cipher.ENCRYPT_MODE, key, parameters);
        }
    }

    static GcmSrtp from(SrtpKeys keys) {
        SrtpProfile profile = keys.profile();
        return new GcmSrtp(
                keys.derive(SrtpKeys.RTP_KEY, profile.keyBytes()),
                keys.derive(SrtpKeys.RTP_SALT, profile.saltBytes()),
                keys.derive(SrtpKeys.RTCP_KEY, profile.keyBytes()),
                keys.derive(SrtpKeys.RTCP_SALT, profile.saltBytes()));
    }

    /** 00 00, SSRC, roll-over counter, sequence number: mixed with the salt (RFC 7714 8.1). */
    private byte[] rtpIv(byte[] packet, int rollOver) {
        byte[] iv = Arrays.copyOf(rtpSalt, IV_BYTES);
        mix(iv, 2, word(packet, 8));
        mix(iv, 6, rollOver);
        iv[10] ^= packet[2];
        iv[11] ^= packet[3];
        return iv;
    }

    /** 00 00, SSRC, 00 00, index: mixed with the salt (RFC 7714 9.1). */
    private byte[] rtcpIv(byte[] packet, int index) {
        byte[] iv = Arrays.copyOf(rtcpSalt, IV_BYTES);
        mix(iv, 2, word(packet, 4));
        mix(iv, 8, index);
        return iv;
    }

    @Override
    public int protect(byte[] packet, int header, int length, int rollOver) throws GeneralSecurityException {
        begin(rtpKey, rtpIv(packet, rollOver));
        cipher.updateAAD(packet, 0, header);
        return header + cipher.doFinal(packet, header, length - header, packet, header);
    }

    @Override
    public int unprotect(byte[] packet, int header, int length, int rollOver) {
        if (length < header + TAG_BYTES) {
            return -1;
        }
        try {
            cipher.init(Cipher.DECRYPT_MODE, rtpKey, new GCMParameterSpec(TAG_BYTES * 8, rtpIv(packet, rollOver)));
            cipher.updateAAD(packet, 0, header);
            return header + cipher.doFinal(packet, header, length - header, packet, header);
        } catch (GeneralSecurityException forged) {
            return -1;
        }
    }

    @Override
    int protectRtcp(byte[] packet, int length, int index) throws GeneralSecurityException {
        begin(rtcpKey, rtcpIv(packet, index));
        associate(packet, index);
        int end = RTCP_HEADER + cipher.doFinal(packet, RTCP_HEADER, length - RTCP_HEADER, packet, RTCP_HEADER);
        putWord(packet, end, encryptedIndex(index));
        return end + INDEX_BYTES;
    }

    @Override
    int unprotectRtcp(byte[] packet, int length, int index) {
        int end = length - INDEX_BYTES;
        if (end < RTCP_HEADER + TAG_BYTES) {
            return -1;
        }
        try {
            cipher.init(Cipher.DECRYPT_MODE, rtcpKey, new GCMParameterSpec(TAG_BYTES * 8, rtcpIv(packet, index)));
            associate(packet, index);
            return RTCP_HEADER + cipher.doFinal(packet, RTCP_HEADER, end - RTCP_HEADER, packet, RTCP_HEADER);
        } catch (GeneralSecurityException forged) {
            return -1;
        }
    }

    /** The first two words and the index are not encrypted, but authenticated (RFC 7714 9.2). */
    private void associate(byte[] packet, int index) {
        putWord(indexBytes, 0, encryptedIndex(index));
        cipher.updateAAD(packet, 0, RTCP_HEADER);
        cipher.updateAAD(indexBytes);
    }

    @Override
    int tagBehindIndex() {
        return 0;
    }
}
