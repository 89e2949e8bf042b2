// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * The archive's own four {@code uuid} boxes (ISO/IEC 14496-12 11.1); players skip them. {@link Head} stands behind the
 * init segment, {@link Encrypted} behind that in a chunk that is, {@link Seal} and {@link Signed} between the last fragment
 * and the fragment index. Together with those, a chunk tells everything its row says.
 */
final class ChunkBoxes {
    private static final int UUID_BOX = 'u' << 24 | 'u' << 16 | 'i' << 8 | 'd';
    private static final UUID HEAD = UUID.fromString("6e78766d-7368-6561-8001-5b0a7c91d3e6");
    private static final UUID SEAL = UUID.fromString("6e78766d-7373-6561-8001-a3f05d2c7b48");
    private static final UUID SIGNED = UUID.fromString("6e78766d-7373-6967-8001-4c1e92f7ad35");
    private static final UUID ENCRYPTED = UUID.fromString("6e78766d-7365-6e63-8001-3f86d10b7ea9");
    private static final int VERSION = 1;
    private static final int START_BYTES = 8 + 16 + 4;
    private static final int FRAGMENTS_MAX = 1 << 20;
    /** Ten years need twelve. */
    private static final int DAYS_BITS = 16;

    private ChunkBoxes() {}

    /**
     * What is known when a chunk begins.
     *
     * @param retentionDaysMin how long others go first when room is needed; in the upper half of one word with the next
     * @param retentionDaysMax how long it is kept at most
     * @param previousRoot root of the chunk before it in the run, zeros for the first
     */
    record Head(int retentionDaysMin, int retentionDaysMax, byte[] previousRoot) {
        static final int BYTES = START_BYTES + 4 + HashChain.HASH_BYTES;

        void write(ByteBuffer out) {
            begin(out, BYTES, HEAD);
            out.putInt(retentionDaysMin << DAYS_BITS | retentionDaysMax).put(previousRoot);
        }

        /** Reads the box that fills the buffer; empty when it is another one. */
        static Optional<Head> read(ByteBuffer in) {
            if (in.remaining() < BYTES || !is(in, HEAD)) {
                return Optional.empty();
            }
            in.position(in.position() + START_BYTES);
            int days = in.getInt();
            byte[] root = new byte[HashChain.HASH_BYTES];
            in.get(root);
            return Optional.of(new Head(days >>> DAYS_BITS, days & (1 << DAYS_BITS) - 1, root));
        }
    }

    /**
     * How the payload of a chunk's fragments is encrypted; in its head.
     *
     * @param keyId the key of the keyring
     * @param salt from which, with that key, the chunk's own key is derived
     * @param check what is said of the chunk's key, see {@link ChunkKey#check}
     */
    record Encrypted(byte[] keyId, byte[] salt, byte[] check) {
        /** AES-256-GCM with HKDF-SHA-256 (ADR 25). */
        private static final int SCHEME = 1;

        static final int BYTES = START_BYTES + 4 + FootageKeyring.ID_BYTES + ChunkKey.SALT_BYTES + ChunkKey.CHECK_BYTES;

        void write(ByteBuffer out) {
            begin(out, BYTES, ENCRYPTED);
            out.putInt(SCHEME).put(keyId).put(salt).put(check);
        }

        /**
         * Reads the box that the buffer begins with; empty when it is another one.
         *
         * @throws IllegalArgumentException when it is of a version or scheme that this version does not know
         */
        static Optional<Encrypted> read(ByteBuffer in) {
            if (in.remaining() < BYTES || !isOfType(in, ENCRYPTED)) {
                return Optional.empty();
            }
            // Taken for another box it would make ciphertext pass for footage in the clear.
            if (!is(in, ENCRYPTED) || in.getInt(in.position()) != BYTES) {
                throw new IllegalArgumentException(
                        "the box that says how it is encrypted is damaged, or was written by" + " a newer version");
            }
            in.position(in.position() + START_BYTES);
            int scheme = in.getInt();
            if (scheme != SCHEME) {
                throw new IllegalArgumentException("it is encrypted by scheme " + scheme + ", this version knows "
                        + SCHEME + ": it was written by a newer version");
            }
            byte[] keyId = new byte[FootageKeyring.ID_BYTES];
            byte[] salt = new byte[ChunkKey.SALT_BYTES];
            byte[] check = new byte[ChunkKey.CHECK_BYTES];
            in.get(keyId).get(salt).get(check);
            return Optional.of(new Encrypted(keyId, salt, check));
        }
    }

    /**
     * What is known when a chunk ends.
     *
     * @param root root of its chain
     * @param accessUnits video access units in each fragment
     */
    record Seal(byte[] root, int[] accessUnits) {
        static int bytes(int fragments) {
            return START_BYTES + HashChain.HASH_BYTES + 4 + 4 * fragments;
        }

        void write(ByteBuffer out) {
            begin(out, bytes(accessUnits.length), SEAL);
            out.put(root).putInt(accessUnits.length);
            for (int count : accessUnits) {
                out.putInt(count);
            }
        }

        static Optional<Seal> read(ByteBuffer in) {
            if (in.remaining() < bytes(0) || !is(in, SEAL)) {
                return Optional.empty();
            }
            in.position(in.position() + START_BYTES);
            byte[] root = new byte[HashChain.HASH_BYTES];
            in.get(root);
            int fragments = in.getInt();
            if (fragments < 0 || fragments > FRAGMENTS_MAX || in.remaining() < 4 * fragments) {
                return Optional.empty();
            }
            int[] accessUnits = new int[fragments];
            for (int i = 0; i < fragments; i++) {
                accessUnits[i] = in.getInt();
            }
            return Optional.of(new Seal(root, accessUnits));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Seal that
                    && Arrays.equals(root, that.root)
                    && Arrays.equals(accessUnits, that.accessUnits);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(root);
        }
    }

    /**
     * The server's signature over {@link Checkpoint#message()}; stands behind the seal.
     *
     * @param flags of the checkpoint
     */
    record Signed(int flags, byte[] keyId, byte[] signature) {
        static final int BYTES = START_BYTES + 4 + SigningKeys.KEY_ID_BYTES + SigningKeys.SIGNATURE_BYTES;

        void write(ByteBuffer out) {
            begin(out, BYTES, SIGNED);
            out.putInt(flags).put(keyId).put(signature);
        }

        /** Reads the box that the buffer begins with; empty when it is another one. */
        static Optional<Signed> read(ByteBuffer in) {
            if (in.remaining() < BYTES || !is(in, SIGNED)) {
                return Optional.empty();
            }
            in.position(in.position() + START_BYTES);
            int flags = in.getInt();
            byte[] keyId = new byte[SigningKeys.KEY_ID_BYTES];
            in.get(keyId);
            byte[] signature = new byte[SigningKeys.SIGNATURE_BYTES];
            in.get(signature);
            return Optional.of(new Signed(flags, keyId, signature));
        }
    }

    private static void begin(ByteBuffer out, int bytes, UUID type) {
        out.putInt(bytes).putInt(UUID_BOX);
        out.putLong(type.getMostSignificantBits()).putLong(type.getLeastSignificantBits());
        out.putInt(VERSION << 24);
    }

    private static boolean is(ByteBuffer in, UUID type) {
        return isOfType(in, type) && in.get(in.position() + 24) == VERSION;
    }

    private static boolean isOfType(ByteBuffer in, UUID type) {
        int at = in.position();
        return in.getInt(at + 4) == UUID_BOX
                && in.getLong(at + 8) == type.getMostSignificantBits()
                && in.getLong(at + 16) == type.getLeastSignificantBits();
    }
}
