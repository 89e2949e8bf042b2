// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.pack;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.nxvms.platform.api.archive.PairedSha256;

/**
 * A file and its piece are two messages over the same bytes, and pieces are whole blocks long: so both advance by the same blocks,
 * and one of them ends and begins anew now and then. What is in no whole block yet is kept. One thread at a time.
 */
final class PairHashes implements FileHashes {
    private static final int[] START = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
    };
    private static final int BLOCK_BYTES = PairedSha256.BLOCK_BYTES;
    private static final int LENGTH_BYTES = 8;
    private static final int WHOLE = 0;
    private static final int PIECE = 1;

    private final PairedSha256 pair;
    private final ByteBuffer states = states();
    private final ByteBuffer ended = states();
    /** The last blocks of a message: what is left, and the padding. */
    private final ByteBuffer tail = ByteBuffer.allocateDirect(2 * BLOCK_BYTES);

    private final ByteArrayOutputStream pieces = new ByteArrayOutputStream();
    private int filled;
    private long bytes;
    private int inPiece;

    private PairHashes(PairedSha256 pair) {
        this.pair = pair;
        start(WHOLE);
        start(PIECE);
    }

    static FileHashes of(PairedSha256 pair) {
        return new PairHashes(pair);
    }

    /** {@return whether this machine has a way} */
    static boolean works(PairedSha256 pair) {
        return pair.advance(states(), ByteBuffer.allocateDirect(BLOCK_BYTES), 0, 1);
    }

    private static ByteBuffer states() {
        return ByteBuffer.allocateDirect(PairedSha256.STATES_BYTES).order(ByteOrder.nativeOrder());
    }

    private void start(int message) {
        for (int i = 0; i < START.length; i++) {
            states.putInt(message * PairedSha256.STATE_BYTES + i * Integer.BYTES, START[i]);
        }
    }

    /** @param data direct */
    @Override
    public void add(ByteBuffer data) {
        int end = data.limit();
        for (int at = data.position(); at < end; ) {
            int taken;
            if (filled == 0 && end - at >= BLOCK_BYTES) {
                int blocks = Math.min(end - at, PieceHashes.PIECE_BYTES - inPiece) / BLOCK_BYTES;
                advance(states, data, at, blocks);
                taken = blocks * BLOCK_BYTES;
            } else {
                taken = Math.min(BLOCK_BYTES - filled, end - at);
                tail.put(filled, data, at, taken);
                filled += taken;
                if (filled == BLOCK_BYTES) {
                    advance(states, tail, 0, 1);
                    filled = 0;
                }
            }
            at += taken;
            bytes += taken;
            inPiece += taken;
            if (inPiece == PieceHashes.PIECE_BYTES) {
                endPiece();
            }
        }
    }

    private void advance(ByteBuffer of, ByteBuffer blocks, int from, int count) {
        if (!pair.advance(of, blocks, from, count)) {
            throw new IllegalStateException(count + " blocks were not hashed");
        }
    }

    private void endPiece() {
        pieces.writeBytes(digest(PIECE, inPiece));
        start(PIECE);
        inPiece = 0;
    }

    /** {@return the hash of a message that ends here}; both states and what is left stay as they are */
    private byte[] digest(int message, long length) {
        ended.put(0, states, 0, states.capacity());
        int blocks = filled + 1 + LENGTH_BYTES <= BLOCK_BYTES ? 1 : 2;
        tail.put(filled, (byte) 0x80);
        for (int i = filled + 1; i < blocks * BLOCK_BYTES - LENGTH_BYTES; i++) {
            tail.put(i, (byte) 0);
        }
        tail.putLong(blocks * BLOCK_BYTES - LENGTH_BYTES, length * Byte.SIZE);
        advance(ended, tail, 0, blocks);
        ByteBuffer digest = ByteBuffer.allocate(PairedSha256.STATE_BYTES);
        while (digest.hasRemaining()) {
            digest.putInt(ended.getInt(message * PairedSha256.STATE_BYTES + digest.position()));
        }
        return digest.array();
    }

    @Override
    public Ended end() {
        byte[] whole = digest(WHOLE, bytes);
        if (inPiece > 0) {
            endPiece();
        }
        return new Ended(whole, pieces.toByteArray());
    }
}
