// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A file and its pieces have the same hashes, whoever makes them. */
class FileHashesTest {
    private static final int PIECE = PieceHashes.PIECE_BYTES;

    /** Around the ends of blocks, of the room for a length in the last of them, and of pieces. */
    private static final List<Integer> LENGTHS = List.of(
            0,
            1,
            55,
            56,
            63,
            64,
            65,
            119,
            120,
            128,
            PIECE - 1,
            PIECE,
            PIECE + 1,
            PIECE + 56,
            2 * PIECE,
            2 * PIECE + 777);

    private static ByteBuffer content(int bytes) {
        byte[] random = new byte[bytes];
        new Random(bytes).nextBytes(random);
        return ByteBuffer.allocateDirect(bytes).put(random).flip();
    }

    private static FileHashes.Ended of(FileHashes hashes, ByteBuffer content, int part) {
        for (int from = 0; from < content.limit(); from += part) {
            hashes.add(content.duplicate().position(from).limit(Math.min(content.limit(), from + part)));
        }
        return hashes.end();
    }

    @Test
    void bothAtOnceAreWhatTheJdkSays() {
        for (int length : LENGTHS) {
            ByteBuffer content = content(length);
            byte[] bytes = new byte[length];
            content.get(0, bytes);
            for (int part : new int[] {61, 4_096, PIECE - 1, 3 * PIECE}) {
                FileHashes.Ended pair = of(FileHashes.of(Optional.of(new PlainPair())), content, part);
                assertThat(pair.whole())
                        .as("%d bytes in parts of %d", length, part)
                        .isEqualTo(PieceHashes.sha256().digest(bytes));
                assertThat(pair.pieces())
                        .as("pieces of %d bytes in parts of %d", length, part)
                        .isEqualTo(of(FileHashes.of(Optional.empty()), content, part)
                                .pieces());
            }
        }
    }

    @Test
    void piecesAreHashedEachForItself() {
        ByteBuffer content = content(2 * PIECE + 777);
        byte[] last = new byte[777];
        content.get(2 * PIECE, last);
        FileHashes.Ended ended = of(FileHashes.of(Optional.of(new PlainPair())), content, 100_000);
        assertThat(ended.pieces()).hasSize(3 * PieceHashes.HASH_BYTES);
        assertThat(Arrays.copyOfRange(ended.pieces(), 64, 96))
                .isEqualTo(PieceHashes.sha256().digest(last));
    }

    @Test
    void whereTheMachineHasNoWayTheJdkHashes() {
        ByteBuffer content = content(1_000);
        FileHashes.Ended ended = of(FileHashes.of(Optional.of((states, blocks, from, count) -> false)), content, 100);
        assertThat(ended).usingRecursiveComparison().isEqualTo(of(FileHashes.of(Optional.empty()), content, 1_000));
    }
}
