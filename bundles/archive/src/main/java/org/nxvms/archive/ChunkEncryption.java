// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * How one chunk is encrypted. Fragments are encrypted by the process that began the chunk and by no other, so that the
 * numbers of fragments, which are the nonces, cannot repeat. One thread appends.
 */
final class ChunkEncryption {
    /** One thread writes a volume, and there are rarely more volumes; each holds the largest fragment so far. */
    private static final int SPARE_MAX = 16;

    private final ChunkBoxes.Encrypted box;
    private final Optional<Writing> writing;

    /** What a writer has: the chunk's key, and ciphers that all chunks share. */
    private record Writing(ChunkKey key, Spare spare) {}

    private long number;

    private ChunkEncryption(ChunkBoxes.Encrypted box, Optional<Writing> writing) {
        this.box = box;
        this.writing = writing;
    }

    /** Of a chunk that begins now. */
    static ChunkEncryption begin(ChunkBoxes.Encrypted box, ChunkKey key, Spare spare) {
        return new ChunkEncryption(box, Optional.of(new Writing(key, spare)));
    }

    /** Of a chunk that an earlier process began. */
    static ChunkEncryption earlier(ChunkBoxes.Encrypted box) {
        return new ChunkEncryption(box, Optional.empty());
    }

    /** {@return what the chunk's head says} */
    ChunkBoxes.Encrypted box() {
        return box;
    }

    /** A cipher for one fragment; to be given back. */
    FragmentCipher take() {
        return writer().spare().take();
    }

    /** Encrypts a fragment; a number is used up also when the fragment is taken back. */
    ByteBuffer encrypt(FragmentCipher cipher, long offset, ByteBuffer[] parts, int count) {
        return cipher.encrypt(writer().key(), ++number, offset, parts, count);
    }

    void giveBack(FragmentCipher cipher) {
        writer().spare().giveBack(cipher);
    }

    private Writing writer() {
        return writing.orElseThrow(
                () -> new IllegalStateException("nothing is appended to a chunk that an earlier process began"));
    }

    /** Ciphers that nobody uses just now. Any thread. */
    static final class Spare {
        private final ArrayBlockingQueue<FragmentCipher> ciphers = new ArrayBlockingQueue<>(SPARE_MAX);

        private FragmentCipher take() {
            FragmentCipher one = ciphers.poll();
            return one == null ? new FragmentCipher() : one;
        }

        private void giveBack(FragmentCipher cipher) {
            // Also after a failure: each fragment begins the cipher anew.
            ciphers.offer(cipher);
        }
    }
}
