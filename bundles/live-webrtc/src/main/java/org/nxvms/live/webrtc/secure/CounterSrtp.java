// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.secure;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES in counter mode with HMAC-SHA1, tag of 80 bits (RFC 3711 4.1.1, 4.2.1): what every WebRTC client knows. */
final class CounterSrtp extends Srtp {
    private static final int TAG_BYTES = 10;
    private static final int AUTH_KEY_BYTES = 20;
    private static final int RTCP_HEADER = 8;
    private static final int INDEX_BYTES = 4;

    private final Cipher cipher;
    private final Mac rtpMac;
    private final Mac rtcpMac;
    private final SecretKeySpec rtpKey;
    private final SecretKeySpec rtcpKey;
    private final byte[] rtpSalt;
    private final byte[] rtcpSalt;
    private final byte[] rollOverBytes = new byte[4];

    private CounterSrtp(SrtpKeys keys) throws GeneralSecurityException {
        SrtpProfile profile = keys.profile();
        cipher = Cipher.getInstance("AES/CTR/NoPadding");
        rtpKey = new SecretKeySpec(keys.derive(SrtpKeys.RTP_KEY, profile.keyBytes()), "AES");
        rtcpKey = new SecretKeySpec(keys.derive(SrtpKeys.RTCP_KEY, profile.keyBytes()), "AES");
        rtpSalt = keys.derive(SrtpKeys.RTP_SALT, profile.saltBytes());
        rtcpSalt = keys.derive(SrtpKeys.RTCP_SALT, profile.saltBytes());
        rtpMac = mac(keys.derive(SrtpKeys.RTP_AUTH, AUTH_KEY_BYTES));
        rtcpMac = mac(keys.derive(SrtpKeys.RTCP_AUTH, AUTH_KEY_BYTES));
    }

    static CounterSrtp from(SrtpKeys keys) {
        try {
            return new CounterSrtp(keys);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES in counter mode and HmacSHA1", e);
        }
    }

    private static Mac mac(byte[] key) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(key, "HmacSHA1"));
        return mac;
    }

    /** Salt, SSRC at bytes 4 to 7, index of the packet at bytes 8 to 13, block counter at 14 (RFC 3711 4.1.1). */
    static IvParameterSpec iv(byte[] salt, int ssrc, int indexHigh, int indexLow) {
        byte[] iv = Arrays.copyOf(salt, 16);
        mix(iv, 4, ssrc);
        mix(iv, 8, indexHigh);
        iv[12] ^= (byte) (indexLow >>> 8);
        iv[13] ^= (byte) indexLow;
        return new IvParameterSpec(iv);
    }

    private void cryptRtp(byte[] packet, int header, int length, int rollOver) throws GeneralSecurityException {
        int sequence = (packet[2] & 0xFF) << 8 | packet[3] & 0xFF;
        cipher.init(Cipher.ENCRYPT_MODE, rtpKey, iv(rtpSalt, word(packet, 8), rollOver, sequence));
        cipher.doFinal(packet, header, length - header, packet, header);
    }

    private void cryptRtcp(byte[] packet, int length, int index) throws GeneralSecurityException {
        cipher.init(Cipher.ENCRYPT_MODE, rtcpKey, iv(rtcpSalt, word(packet, 4), index >>> 16, index));
        cipher.doFinal(packet, RTCP_HEADER, length - RTCP_HEADER, packet, RTCP_HEADER);
    }

    private byte[] rtpTag(byte[] packet, int length, int rollOver) {
        putWord(rollOverBytes, 0, rollOver);
        rtpMac.update(packet, 0, length);
        return rtpMac.doFinal(rollOverBytes);
    }

    @Override
    public int protect(byte[] packet, int header, int length, int rollOver) throws GeneralSecurityException {
        cryptRtp(packet, header, length, rollOver);
        System.arraycopy(rtpTag(packet, length, rollOver), 0, packet, length, TAG_BYTES);
        return length + TAG_BYTES;
    }

    @Override
    public int unprotect(byte[] packet, int header, int length, int rollOver) {
        int clear = length - TAG_BYTES;
        if (clear < header || !isTag(rtpTag(packet, clear, rollOver), packet, clear)) {
            return -1;
        }
        try {
            cryptRtp(packet, header, clear, rollOver);
            return clear;
        } catch (GeneralSecurityException e) {
            return -1;
        }
    }

    @Override
    int protectRtcp(byte[] packet, int length, int index) throws GeneralSecurityException {
        cryptRtcp(packet, length, index);
        putWord(packet, length, encryptedIndex(index));
        int end = length + INDEX_BYTES;
        rtcpMac.update(packet, 0, end);
        System.arraycopy(rtcpMac.doFinal(), 0, packet, end, TAG_BYTES);
        return end + TAG_BYTES;
    }

    @Override
    int unprotectRtcp(byte[] packet, int length, int index) {
        int end = length - TAG_BYTES;
        rtcpMac.update(packet, 0, end);
        if (!isTag(rtcpMac.doFinal(), packet, end)) {
            return -1;
        }
        try {
            cryptRtcp(packet, end - INDEX_BYTES, index);
            return end - INDEX_BYTES;
        } catch (GeneralSecurityException e) {
            return -1;
        }
    }

    private static boolean isTag(byte[] full, byte[] packet, int at) {
        return MessageDigest.isEqual(Arrays.copyOf(full, TAG_BYTES), Arrays.copyOfRange(packet, at, at + TAG_BYTES));
    }

    @Override
    int tagBehindIndex() {
        return TAG_BYTES;
    }
}
