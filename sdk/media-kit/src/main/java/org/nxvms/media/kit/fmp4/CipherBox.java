// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The {@code uuid} box in front of a fragment whose payload is ciphertext: nonce and tag of an authenticated cipher. It is
 * the fragment's first part, so that whoever copies, hashes or indexes fragments needs to know nothing of it; players skip
 * it. Which cipher and which key is not said here.
 */
public final class CipherBox {
    /** Length of the box. */
    public static final int BYTES = 8 + 16 + 4 + 12 + 16;
    /** Length of the nonce (NIST SP 800-38D 5.2.1.1). */
    public static final int NONCE_BYTES = 12;
    /** Length of the tag. */
    public static final int TAG_BYTES = 16;
    /** Where the nonce stands in the box. */
    public static final int NONCE_AT = 8 + 16 + 4;
    /** Where the tag stands in the box. */
    public static final int TAG_AT = NONCE_AT + NONCE_BYTES;

    private static final UUID TYPE = UUID.fromString("6e78766d-7363-7074-8001-e27a90d4415c");
    private static final int VERSION = 1;

    private CipherBox() {}

    /** Writes the box at the buffer's position (big-endian); the tag as zeros, to be put at {@link #TAG_AT} when known. */
    public static void write(ByteBuffer out, byte[] nonce) {
        if (nonce.length != NONCE_BYTES) {
            throw new IllegalArgumentException("a nonce of " + nonce.length + " bytes, expected " + NONCE_BYTES);
        }
        out.putInt(BYTES).putInt(Boxes.UUID_BOX);
        Boxes.putUuid(out, TYPE);
        out.putInt(VERSION << 24).put(nonce).putLong(0).putLong(0);
    }

    /** {@return whether the box that begins there is one; of a version this code does not know counts too} */
    public static boolean isAt(ByteBuffer in, int at) {
        return in.limit() - at >= 24
                && in.getInt(at + 4) == Boxes.UUID_BOX
                && in.getLong(at + 8) == TYPE.getMostSignificantBits()
                && in.getLong(at + 16) == TYPE.getLeastSignificantBits();
    }

    /** {@return whether a whole box of the known version begins there} */
    public static boolean isWholeAt(ByteBuffer in, int at) {
        return in.limit() - at >= BYTES
                && isAt(in, at)
                && in.getInt(at) == BYTES
                && in.getInt(at + NONCE_AT - 4) == VERSION << 24;
    }
}
