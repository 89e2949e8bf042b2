// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.platform.api.archive.FootageDamagedException;

/**
 * AES-256-GCM over one fragment after the other (NIST SP 800-38D): the payload of {@code mdat} becomes ciphertext in
 * place, nonce and tag go into a {@link CipherBox} in front. Additional data is the fragment's offset in its chunk and its
 * header. One thread at a time; costs the JCE's few objects a fragment, nothing an access unit.
 */
final class FragmentCipher {
    /**
     * A recorder's fragment has a header and at most 8 MiB, or one access unit, of which a ring takes 16 MiB; what claims
     * more is damaged.
     */
    static final int FRAGMENT_BYTES_MAX = (16 << 20) + (128 << 10);

    private static final int TAG_BITS = 8 * CipherBox.TAG_BYTES;
    private static final int START_BYTES = 1 << 20;
    private static final int MDAT = 'm' << 24 | 'd' << 16 | 'a' << 8 | 't';

    private final Cipher cipher;
    private final ByteBuffer place = ByteBuffer.allocate(8);
    private final byte[] nonce = new byte[CipherBox.NONCE_BYTES];
    /** On the heap: there the JDK needs a fifth less CPU than off it, and 1 kB of garbage a fragment instead of 14. */
    private ByteBuffer stored = ByteBuffer.allocate(0);

    FragmentCipher() {
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /**
     * Encrypts a fragment.
     *
     * @param number never used before with this key
     * @param offset where the fragment begins in its chunk, its box included
     * @param parts header and payload, consumed
     * @return box, header and ciphertext; valid until the next call
     * @throws IllegalArgumentException when header and payload are not one whole fragment
     */
    ByteBuffer encrypt(ChunkKey key, long number, long offset, ByteBuffer[] parts, int count) {
        gather(number, parts, count);
        int length = stored.limit() - CipherBox.TAG_BYTES;
        int payload = payloadAt(stored, CipherBox.BYTES, length);
        if (payload < 0) {
            throw new IllegalArgumentException("a fragment must be a header, and an mdat with all of the payload");
        }
        try {
            byte[] bytes = stored.array();
            begin(Cipher.ENCRYPT_MODE, key, offset);
            cipher.updateAAD(bytes, CipherBox.BYTES, payload - CipherBox.BYTES);
            cipher.doFinal(bytes, payload, length - payload, bytes, payload);
            System.arraycopy(bytes, length, bytes, CipherBox.TAG_AT, CipherBox.TAG_BYTES);
        } catch (GeneralSecurityException everyJdkCanDoIt) {
            throw new IllegalStateException(everyJdkCanDoIt);
        }
        return stored.limit(length).position(0);
    }

    /** Box, header and payload one behind the other, with room for the tag. */
    private void gather(long number, ByteBuffer[] parts, int count) {
        long bytes = CipherBox.BYTES + CipherBox.TAG_BYTES;
        for (int i = 0; i < count; i++) {
            bytes += parts[i].remaining();
        }
        if (bytes > FRAGMENT_BYTES_MAX) {
            throw new IllegalArgumentException("a fragment of " + bytes + " bytes");
        }
        if (stored.capacity() < bytes) {
            stored = ByteBuffer.allocate(Math.max(START_BYTES, Integer.highestOneBit((int) bytes - 1) << 1));
        }
        stored.clear();
        ByteBuffer.wrap(nonce).putLong(CipherBox.NONCE_BYTES - 8, number);
        CipherBox.write(stored, nonce);
        for (int i = 0; i < count; i++) {
            stored.put(parts[i]);
        }
        stored.limit((int) bytes);
    }

    private void begin(int mode, ChunkKey key, long offset) throws GeneralSecurityException {
        cipher.init(mode, key.secret(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place.putLong(0, offset).clear());
    }

    /**
     * Decrypts a fragment where it lies.
     *
     * @param bytes from 0: box, header and ciphertext; room for a tag behind them
     * @param length of the fragment, without that room
     * @throws FootageDamagedException when it is not what was written there; the bytes are then worthless
     */
    void decrypt(ChunkKey key, byte[] bytes, int length, long offset) throws FootageDamagedException {
        ByteBuffer fragment = ByteBuffer.wrap(bytes, 0, length);
        int payload = CipherBox.isWholeAt(fragment, 0) ? payloadAt(fragment, CipherBox.BYTES, length) : -1;
        if (payload < 0) {
            throw damaged(key, offset, length, "its boxes are not as they were written");
        }
        System.arraycopy(bytes, CipherBox.NONCE_AT, nonce, 0, nonce.length);
        System.arraycopy(bytes, CipherBox.TAG_AT, bytes, length, CipherBox.TAG_BYTES);
        try {
            begin(Cipher.DECRYPT_MODE, key, offset);
            cipher.updateAAD(bytes, CipherBox.BYTES, payload - CipherBox.BYTES);
            cipher.doFinal(bytes, payload, length - payload + CipherBox.TAG_BYTES, bytes, payload);
        } catch (AEADBadTagException altered) {
            throw damaged(key, offset, length, "its tag says that header, payload or place were altered");
        } catch (GeneralSecurityException everyJdkCanDoIt) {
            throw new IllegalStateException(everyJdkCanDoIt);
        }
    }

    private static FootageDamagedException damaged(ChunkKey key, long offset, int length, String how) {
        return new FootageDamagedException(key.path() + ": bytes " + offset + ".." + (offset + length - 1)
                + " are not what was recorded: " + how
                + ". Nothing of them is given out; nxvms:archive-check --hashes tells how much is affected");
    }

    /** {@return where the payload of the {@code mdat} that ends the fragment begins; -1 when there is none} */
    static int payloadAt(ByteBuffer fragment, int from, int end) {
        int at = from;
        while (end - at >= 8) {
            int size = fragment.getInt(at);
            if (size < 8 || size > end - at) {
                return -1;
            }
            if (fragment.getInt(at + 4) == MDAT) {
                return at + size == end ? at + 8 : -1;
            }
            at += size;
        }
        return -1;
    }
}
