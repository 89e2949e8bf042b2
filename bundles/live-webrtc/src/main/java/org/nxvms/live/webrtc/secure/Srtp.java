// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.secure;

import java.security.GeneralSecurityException;

/**
 * One direction of SRTP and SRTCP (RFC 3711, RFC 7714) on the JDK's ciphers. Packets are protected in place; the caller says the
 * roll-over counter, which it knows because it counts packets itself. One thread at a time.
 */
public abstract class Srtp {
    /** The longest trailer of any profile: tag, index of SRTCP. */
    public static final int TRAILER_BYTES_MAX = 20;

    private static final int RTCP_HEADER = 8;
    private static final int INDEX_BYTES = 4;
    private static final int ENCRYPTED = 0x8000_0000;

    private final ReplayWindow received = new ReplayWindow();
    private int rtcpIndex;

    /** {@return protection with these keys} */
    public static Srtp of(SrtpKeys keys) {
        return switch (keys.profile()) {
            case AEAD_AES_128_GCM -> GcmSrtp.from(keys);
            case AES128_CM_HMAC_SHA1_80 -> CounterSrtp.from(keys);
        };
    }

    /**
     * Protects an RTP packet.
     *
     * @param packet begins at 0; needs {@link #TRAILER_BYTES_MAX} bytes of room behind
     * @param header length of the header with its extension
     * @param length of the packet
     * @param rollOver how often the sequence number began anew
     * @return length of the protected packet
     */
    public abstract int protect(byte[] packet, int header, int length, int rollOver) throws GeneralSecurityException;

    /** As {@link #protect}, backwards; {@return length of the packet, negative when it was forged or damaged} */
    public abstract int unprotect(byte[] packet, int header, int length, int rollOver);

    /** Protects a compound RTCP packet, as {@link #protect}. */
    public final int protectRtcp(byte[] packet, int length) throws GeneralSecurityException {
        int index = rtcpIndex++ & ~ENCRYPTED;
        return protectRtcp(packet, length, index);
    }

    /** {@return length of the compound packet; negative when it is forged, damaged or comes again} */
    public final int unprotectRtcp(byte[] packet, int length) {
        int trailer = INDEX_BYTES + tagBehindIndex();
        if (length < RTCP_HEADER + trailer) {
            return -1;
        }
        int word = word(packet, length - trailer);
        int index = word & ~ENCRYPTED;
        if ((word & ENCRYPTED) == 0 || !received.isNew(index)) {
            return -1;
        }
        int clear = unprotectRtcp(packet, length, index);
        if (clear >= 0) {
            received.add(index);
        }
        return clear;
    }

    abstract int protectRtcp(byte[] packet, int length, int index) throws GeneralSecurityException;

    abstract int unprotectRtcp(byte[] packet, int length, int index);

    /** {@return bytes of the tag that stand behind the index of SRTCP} */
    abstract int tagBehindIndex();

    static int word(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 24
                | (bytes[at + 1] & 0xFF) << 16
                | (bytes[at + 2] & 0xFF) << 8
                | bytes[at + 3] & 0xFF;
    }

    static void putWord(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }

    /** XORs a big-endian word into an IV. */
    static void mix(byte[] iv, int at, int value) {
        iv[at] ^= (byte) (value >>> 24);
        iv[at + 1] ^= (byte) (value >>> 16);
        iv[at + 2] ^= (byte) (value >>> 8);
        iv[at + 3] ^= (byte) value;
    }

    static int encryptedIndex(int index) {
        return index | ENCRYPTED;
    }
}
