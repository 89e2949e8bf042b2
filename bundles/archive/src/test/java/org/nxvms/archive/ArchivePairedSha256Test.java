// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.archive.PairedSha256;

/** Others hash as footage is hashed, or are told that they cannot. */
class ArchivePairedSha256Test {
    private final PairedSha256 pair = new ArchivePairedSha256();
    private final ByteBuffer states =
            ByteBuffer.allocateDirect(PairedSha256.STATES_BYTES).order(ByteOrder.nativeOrder());

    @Test
    void bothMessagesAdvanceByTheSameBlocksWhereTheMachineCan() {
        ByteBuffer blocks = ByteBuffer.allocateDirect(300);
        new Random(7).ints(blocks.capacity()).forEach(one -> blocks.put((byte) one));
        for (int i = 0; i < 16; i++) {
            states.putInt(4 * i, i * 0x9E3779B9);
        }
        ByteBuffer expected =
                ByteBuffer.allocateDirect(PairedSha256.STATES_BYTES).order(ByteOrder.nativeOrder());
        expected.put(0, states, 0, states.capacity());
        boolean done = pair.advance(states, blocks, 40, 4);
        assertThat(done).isEqualTo(NativeSha256.compression().isPresent());
        if (done) {
            new PlainCompression().compress(2, expected, blocks, 40, blocks, 40, blocks, 40, blocks, 40, 4);
        }
        assertThat(states).isEqualTo(expected);
    }

    @Test
    void blocksThatAreNotThereAreRefused() {
        assertThat(pair.advance(states, ByteBuffer.allocateDirect(100), 40, 1)).isFalse();
        assertThat(pair.advance(states, ByteBuffer.allocateDirect(100), 0, 0)).isFalse();
        assertThat(pair.advance(ByteBuffer.allocateDirect(64), ByteBuffer.allocateDirect(64), 0, 1))
                .isFalse();
    }
}
