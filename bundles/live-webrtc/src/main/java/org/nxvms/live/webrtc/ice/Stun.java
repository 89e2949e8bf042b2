// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.ice;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The little of STUN that an ICE-lite agent needs (RFC 8445 2.5, RFC 8489): reads binding requests, answers them. A message that
 * is anything else, or damaged, is empty here and so dropped.
 */
public final class Stun {
    private static final int HEADER = 20;
    private static final int COOKIE = 0x2112_A442;
    private static final int BINDING_REQUEST = 0x0001;
    private static final int BINDING_SUCCESS = 0x0101;
    private static final int USERNAME = 0x0006;
    private static final int MESSAGE_INTEGRITY = 0x0008;
    private static final int XOR_MAPPED_ADDRESS = 0x0020;
    private static final int USE_CANDIDATE = 0x0025;
    private static final int FINGERPRINT = 0x8028;
    private static final int FINGERPRINT_XOR = 0x5354_554E;
    private static final int INTEGRITY_BYTES = 20;
    /** RFC 8489 14.3 allows 508 bytes of name; ours are far shorter. */
    private static final int USERNAME_BYTES_MAX = 513;

    private Stun() {}

    /**
     * A binding request, not yet believed; see {@link #isSignedWith}.
     *
     * @param message its bytes
     * @param user the part of the user name before the colon: the fragment of who is asked
     * @param integrityAt where MESSAGE-INTEGRITY begins
     * @param nominates whether it carries USE-CANDIDATE
     */
    public record Request(byte[] message, String user, int integrityAt, boolean nominates) {
        /** {@return whether the message was made with this password (RFC 8489 14.5)} */
        public boolean isSignedWith(String password) {
            byte[] there = new byte[INTEGRITY_BYTES];
            System.arraycopy(message, integrityAt + 4, there, 0, INTEGRITY_BYTES);
            return MessageDigest.isEqual(there, integrity(message, integrityAt, password));
        }
    }

    /** {@return whether a datagram's first byte is that of STUN (RFC 7983 7)} */
    public static boolean isStun(int firstByte) {
        return firstByte >= 0 && firstByte <= 3;
    }

    /** Reads a binding request; empty when it is none, is damaged, or carries no user name or no integrity. */
    public static Optional<Request> request(ByteBuffer datagram) {
        byte[] message = new byte[datagram.remaining()];
        datagram.duplicate().get(message);
        ByteBuffer in = ByteBuffer.wrap(message);
        if (message.length < HEADER
                || in.getShort(0) != BINDING_REQUEST
                || in.getInt(4) != COOKIE
                || (in.getShort(2) & 0xFFFF) != message.length - HEADER) {
            return Optional.empty();
        }
        String user = "";
        boolean nominates = false;
        for (int at = HEADER; at + 4 <= message.length; ) {
            int type = in.getShort(at) & 0xFFFF;
            int length = in.getShort(at + 2) & 0xFFFF;
            if (length > message.length - at - 4) {
                return Optional.empty();
            }
            switch (type) {
                case USERNAME -> user = user(message, at + 4, Math.min(length, USERNAME_BYTES_MAX));
                case USE_CANDIDATE -> nominates = true;
                case MESSAGE_INTEGRITY -> {
                    // What follows the integrity is not protected by it and is passed over, but for the fingerprint.
                    boolean whole = length == INTEGRITY_BYTES
                            && !user.isEmpty()
                            && isFingerprintRight(in, at + 4 + INTEGRITY_BYTES);
                    return whole ? Optional.of(new Request(message, user, at, nominates)) : Optional.empty();
                }
                default -> {
                    // PRIORITY, ICE-CONTROLLING, SOFTWARE ... : an agent that is lite and controlled has no use for
                    // them
                }
            }
            at += 4 + (length + 3 & ~3);
        }
        return Optional.empty();
    }

    private static String user(byte[] message, int at, int length) {
        String name = new String(message, at, length, StandardCharsets.UTF_8);
        int colon = name.indexOf(':');
        return colon < 0 ? "" : name.substring(0, colon);
    }

    /** A message without fingerprint is taken; one with a wrong fingerprint is not STUN. */
    private static boolean isFingerprintRight(ByteBuffer in, int at) {
        if (at == in.capacity()) {
            return true;
        }
        return at + 8 == in.capacity()
                && (in.getShort(at) & 0xFFFF) == FINGERPRINT
                && in.getShort(at + 2) == 4
                && in.getInt(at + 4) == fingerprint(in.array(), at);
    }

    /** {@return the success response: where the request came from, protected as the request was} */
    public static ByteBuffer success(Request request, InetSocketAddress from, String password) {
        byte[] address = from.getAddress().getAddress();
        int mappedBytes = 4 + address.length;
        int integrityAt = HEADER + 4 + mappedBytes;
        ByteBuffer out = ByteBuffer.allocate(integrityAt + 4 + INTEGRITY_BYTES + 8);
        out.putShort((short) BINDING_SUCCESS).putShort((short) (out.capacity() - HEADER));
        out.put(request.message(), 4, 16);
        out.putShort((short) XOR_MAPPED_ADDRESS).putShort((short) mappedBytes);
        out.put((byte) 0).put((byte) (address.length == 4 ? 1 : 2));
        out.putShort((short) (from.getPort() ^ COOKIE >>> 16));
        for (int i = 0; i < address.length; i++) {
            out.put((byte) (address[i] ^ request.message()[4 + i]));
        }
        out.putShort((short) MESSAGE_INTEGRITY).putShort((short) INTEGRITY_BYTES);
        out.put(integrity(out.array(), integrityAt, password));
        int fingerprintAt = out.position();
        out.putShort((short) FINGERPRINT).putShort((short) 4).putInt(fingerprint(out.array(), fingerprintAt));
        return out.flip();
    }

    /** HMAC-SHA1 over what stands before, with a length as if the integrity were last. */
    private static byte[] integrity(byte[] message, int integrityAt, String password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            mac.update(message, 0, 2);
            mac.update(length(integrityAt + 4 + INTEGRITY_BYTES));
            mac.update(message, 4, integrityAt - 4);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA1", e);
        }
    }

    private static int fingerprint(byte[] message, int fingerprintAt) {
        CRC32 crc = new CRC32();
        crc.update(message, 0, 2);
        crc.update(length(fingerprintAt + 8));
        crc.update(message, 4, fingerprintAt - 4);
        return (int) crc.getValue() ^ FINGERPRINT_XOR;
    }

    private static byte[] length(int end) {
        int length = end - HEADER;
        return new byte[] {(byte) (length >>> 8), (byte) length};
    }
}
