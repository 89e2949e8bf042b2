// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 of each fragment, chained: {@code root(n) = SHA-256(root(n-1) || hash(n))}. A chunk's chain begins with the
 * root of the chunk before it in the run (zeros for the first) and the hash of its head, so that no fragment and no
 * chunk of a run can be taken out or exchanged unnoticed (archive.md invariant 8). One thread at a time.
 */
final class HashChain {
    static final int HASH_BYTES = 32;
    /** In place of a hash that is to be computed. */
    static final byte[] UNKNOWN = new byte[0];

    private final MessageDigest digest;
    private final byte[] root;
    private byte[] known = UNKNOWN;

    HashChain(byte[] previousRoot) {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
        root = previousRoot.clone();
    }

    /** Adds bytes to the hash of the element being built; consumes the buffer. */
    void update(ByteBuffer bytes) {
        digest.update(bytes);
    }

    /**
     * Begins an element of all these bytes, which are left as they are.
     *
     * @param hash its hash when it was computed before, otherwise {@link #UNKNOWN}
     * @return how many bytes it has
     */
    long begin(ByteBuffer[] parts, int count, byte[] hash) {
        known = hash;
        long length = 0;
        for (int i = 0; i < count; i++) {
            ByteBuffer part = parts[i];
            length += part.remaining();
            if (hash == UNKNOWN) {
                int position = part.position();
                digest.update(part);
                part.position(position);
            }
        }
        return length;
    }

    /** Forgets the element being built. */
    void drop() {
        digest.reset();
        known = UNKNOWN;
    }

    /** Ends the element and chains it; writes its hash to {@code target} at {@code at}. */
    void add(byte[] target, int at) {
        try {
            if (known == UNKNOWN) {
                digest.digest(target, at, HASH_BYTES);
            } else {
                System.arraycopy(known, 0, target, at, HASH_BYTES);
                known = UNKNOWN;
            }
            chain(target, at);
        } catch (DigestException tooSmall) {
            throw new IllegalArgumentException(tooSmall);
        }
    }

    /** Chains an element whose hash is known. */
    void chain(byte[] hash, int at) {
        try {
            digest.update(root);
            digest.update(hash, at, HASH_BYTES);
            digest.digest(root, 0, HASH_BYTES);
        } catch (DigestException tooSmall) {
            throw new IllegalArgumentException(tooSmall);
        }
    }

    byte[] root() {
        return root.clone();
    }

    String rootHex() {
        return HexFormat.of().formatHex(root);
    }
}
