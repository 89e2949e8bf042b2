// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.pack;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 of each piece of a file, the last of which may be shorter: so that who verifies can say where it is wrong, and can
 * do it piece by piece. One thread at a time.
 */
public final class PieceHashes {
    /** Small enough to show where a picture was altered, large enough that a day's list is some megabytes. */
    public static final int PIECE_BYTES = 256 << 10;

    public static final int HASH_BYTES = 32;

    private final MessageDigest digest = sha256();
    private final ByteArrayOutputStream hashes = new ByteArrayOutputStream();
    private int inPiece;

    /** Adds what remains in the buffer, which is left as it is. */
    public void add(ByteBuffer bytes) {
        ByteBuffer rest = bytes.duplicate();
        while (rest.hasRemaining()) {
            ByteBuffer part = rest.duplicate();
            part.limit(part.position() + Math.min(part.remaining(), PIECE_BYTES - inPiece));
            int length = part.remaining();
            digest.update(part);
            rest.position(rest.position() + length);
            inPiece += length;
            if (inPiece == PIECE_BYTES) {
                close();
            }
        }
    }

    private void close() {
        hashes.writeBytes(digest.digest());
        inPiece = 0;
    }

    /** {@return the hashes one behind the other}; nothing may be added afterwards */
    public byte[] end() {
        if (inPiece > 0) {
            close();
        }
        return hashes.toByteArray();
    }

    /** {@return an empty SHA-256} */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
