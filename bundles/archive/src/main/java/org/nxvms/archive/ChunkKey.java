// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of one chunk and no other: HKDF of a key of the keyring, the salt in the chunk's head, and the chunk's path
 * (ADR 25). Immutable; the cipher state is in {@link FragmentCipher}.
 */
final class ChunkKey {
    static final int SALT_BYTES = 32;
    static final int CHECK_BYTES = 32;
    private static final int KEY_BYTES = 32;
    private static final String INFO = "nxvms-chunk-key-1\n";
    private static final byte[] CHECK = "nxvms-chunk-check-1".getBytes(StandardCharsets.US_ASCII);

    private final String path;
    private final byte[] bytes;
    private final SecretKey key;

    private ChunkKey(String path, byte[] bytes) {
        this.path = path;
        this.bytes = bytes;
        this.key = new SecretKeySpec(bytes, "AES");
    }

    static ChunkKey derive(byte[] secret, byte[] salt, String path) {
        byte[] info = (INFO + path).getBytes(StandardCharsets.US_ASCII);
        return new ChunkKey(path, Hkdf.derive(secret, salt, info, KEY_BYTES));
    }

    /** {@return what the head says of it, so that another key is known at once, and nobody can show a wrong one} */
    byte[] check() {
        return Hkdf.hmac(bytes, CHECK);
    }

    boolean is(byte[] check) {
        return MessageDigest.isEqual(check(), check);
    }

    /** {@return the chunk, for messages} */
    String path() {
        return path;
    }

    SecretKey secret() {
        return key;
    }

    byte[] bytes() {
        return bytes.clone();
    }
}
