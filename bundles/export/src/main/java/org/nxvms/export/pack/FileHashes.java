// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.pack;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;
import org.nxvms.platform.api.archive.PairedSha256;

/** SHA-256 of a file, and of each of its pieces ({@link PieceHashes}), in one pass. One thread at a time. */
interface FileHashes {
    /** Stays in a processor's cache. */
    int PART_BYTES = 64 << 10;

    /** Adds what remains in the buffer, which is left as it is. */
    void add(ByteBuffer bytes);

    /** {@return the hashes}; nothing may be added afterwards */
    Ended end();

    /**
     * Hashes of a whole file.
     *
     * @param pieces one behind the other; not copied
     */
    record Ended(byte[] whole, byte[] pieces) {}

    /** {@return for one file: both at the cost of one where the machine has a way, else by the JDK} */
    static FileHashes of(Optional<PairedSha256> pair) {
        return pair.filter(PairHashes::works).map(PairHashes::of).orElseGet(FileHashes::jdk);
    }

    private static FileHashes jdk() {
        MessageDigest whole = PieceHashes.sha256();
        PieceHashes pieces = new PieceHashes();
        return new FileHashes() {
            private final byte[] part = new byte[PART_BYTES];

            @Override
            public void add(ByteBuffer bytes) {
                // Of other memory the JDK would copy some kilobytes at a time, for each of the two.
                for (ByteBuffer rest = bytes.duplicate(); rest.hasRemaining(); ) {
                    int length = Math.min(part.length, rest.remaining());
                    rest.get(part, 0, length);
                    whole.update(part, 0, length);
                    pieces.add(ByteBuffer.wrap(part, 0, length));
                }
            }

            @Override
            public Ended end() {
                return new Ended(whole.digest(), pieces.end());
            }
        };
    }
}
