// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * SHA-256 (FIPS 180-4) of several messages side by side in one thread: cuts each into blocks, lets up to four advance by
 * as many blocks as all of them have in one piece, and gives the place of one that has ended to the next. Which messages
 * share a step changes nothing about their hashes. All memory is made here once. One thread at a time.
 */
final class Sha256Lanes {
    static final int LANES_MAX = 4;
    static final int STATE_BYTES = 32;

    private static final int BLOCK_BYTES = 64;
    private static final int LENGTH_BYTES = 8;
    private static final int[] START = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
    };

    /** Advances one to four messages by whole blocks. */
    @FunctionalInterface
    interface Compression {
        /**
         * @param lanes how many messages
         * @param states direct; eight words of each message, in the machine's order; changed
         * @param b0 direct; the blocks of the first message, from byte {@code from0} on, and so on; those behind
         *     {@code lanes} may be anything
         * @param blocks how many of each, at least one
         * @return false when it was not done since the arguments make no sense
         */
        boolean compress(
                int lanes,
                ByteBuffer states,
                ByteBuffer b0,
                int from0,
                ByteBuffer b1,
                int from1,
                ByteBuffer b2,
                int from2,
                ByteBuffer b3,
                int from3,
                int blocks);
    }

    /** What is hashed: the remaining bytes of direct buffers one behind the other, which are left as they are. */
    static class Message {
        ByteBuffer[] parts = new ByteBuffer[0];
        int count;
        final byte[] hash = new byte[STATE_BYTES];
    }

    /** A message on its way; what lies across two parts, and its end, is copied to where it is in one piece. */
    private static final class Lane {
        private final ByteBuffer scratch = ByteBuffer.allocateDirect(2 * BLOCK_BYTES);
        private Message message;
        private int part;
        private int at;
        private int filled;
        private long bytes;
        private boolean ended;
        /** The blocks that come next, in one piece. */
        private ByteBuffer source = scratch;

        private int from;
        private int blocks;

        void begin(Message next) {
            message = next;
            part = 0;
            at = next.count == 0 ? 0 : next.parts[0].position();
            filled = 0;
            bytes = 0;
            ended = false;
            blocks = 0;
        }

        /** {@return whether there are blocks to be compressed} */
        boolean hasBlocks() {
            if (blocks > 0) {
                return true;
            }
            if (ended) {
                return false;
            }
            while (part < message.count) {
                ByteBuffer data = message.parts[part];
                int left = data.limit() - at;
                if (filled == 0 && left >= BLOCK_BYTES) {
                    source(data, at, left / BLOCK_BYTES);
                    at += blocks * BLOCK_BYTES;
                    return true;
                }
                int taken = Math.min(BLOCK_BYTES - filled, left);
                scratch.put(filled, data, at, taken);
                filled += taken;
                at += taken;
                if (at == data.limit()) {
                    bytes += at - data.position();
                    part++;
                    at = part < message.count ? message.parts[part].position() : 0;
                }
                if (filled == BLOCK_BYTES) {
                    filled = 0;
                    source(scratch, 0, 1);
                    return true;
                }
            }
            pad();
            return true;
        }

        private void source(ByteBuffer buffer, int begin, int count) {
            source = buffer;
            from = begin;
            blocks = count;
        }

        /** A bit, zeros, and the message's length in bits. */
        private void pad() {
            scratch.put(filled++, (byte) 0x80);
            int end = filled + LENGTH_BYTES <= BLOCK_BYTES ? BLOCK_BYTES : 2 * BLOCK_BYTES;
            while (filled < end - LENGTH_BYTES) {
                scratch.put(filled++, (byte) 0);
            }
            scratch.putLong(filled, bytes * Byte.SIZE);
            source(scratch, 0, end / BLOCK_BYTES);
            ended = true;
        }

        void advance(int done) {
            from += done * BLOCK_BYTES;
            blocks -= done;
        }
    }

    private final Compression compression;
    private final ByteBuffer states =
            ByteBuffer.allocateDirect(LANES_MAX * STATE_BYTES).order(ByteOrder.nativeOrder());
    private final Lane[] lanes = {new Lane(), new Lane(), new Lane(), new Lane()};

    Sha256Lanes(Compression compression) {
        this.compression = compression;
    }

    /**
     * Fills in the hashes of the first {@code count} messages.
     *
     * @throws IllegalStateException when the compression refuses; no hash counts then
     */
    void hash(Message[] messages, int count) {
        int next = 0;
        int active = 0;
        while (active < lanesFor(count)) {
            begin(active++, messages[next++]);
        }
        while (active > 0) {
            int blocks = Integer.MAX_VALUE;
            for (int l = 0; l < active; ) {
                if (lanes[l].hasBlocks()) {
                    blocks = Math.min(blocks, lanes[l].blocks);
                    l++;
                } else {
                    end(l);
                    if (next < count) {
                        begin(l, messages[next++]);
                    } else {
                        takeOut(l, --active);
                    }
                }
            }
            if (active > 0) {
                compress(active, blocks);
            }
        }
    }

    /** Five messages are three and two rather than four and one, which would be as slow as one alone. */
    private static int lanesFor(int messages) {
        int turns = (messages + LANES_MAX - 1) / LANES_MAX;
        return turns == 0 ? 0 : (messages + turns - 1) / turns;
    }

    private void begin(int lane, Message message) {
        lanes[lane].begin(message);
        for (int i = 0; i < START.length; i++) {
            states.putInt(lane * STATE_BYTES + i * Integer.BYTES, START[i]);
        }
    }

    private void end(int lane) {
        byte[] hash = lanes[lane].message.hash;
        for (int i = 0; i < STATE_BYTES; i++) {
            int word = states.getInt(lane * STATE_BYTES + (i & -Integer.BYTES));
            hash[i] = (byte) (word >>> 24 - (i & 3) * Byte.SIZE);
        }
        lanes[lane].message = null;
        lanes[lane].source = lanes[lane].scratch;
    }

    /** The last lane takes the place of one that has ended. */
    private void takeOut(int lane, int last) {
        Lane ended = lanes[lane];
        lanes[lane] = lanes[last];
        lanes[last] = ended;
        states.put(lane * STATE_BYTES, states, last * STATE_BYTES, STATE_BYTES);
    }

    private void compress(int active, int blocks) {
        Lane a = lanes[0];
        Lane b = lanes[1];
        Lane c = lanes[2];
        Lane d = lanes[3];
        if (!compression.compress(
                active, states, a.source, a.from, b.source, b.from, c.source, c.from, d.source, d.from, blocks)) {
            throw new IllegalStateException(active + " lanes of " + blocks + " blocks were refused");
        }
        for (int l = 0; l < active; l++) {
            lanes[l].advance(blocks);
        }
    }
}
