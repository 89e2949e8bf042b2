// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The native part is used where it is there and right, and nowhere else. */
class NativeSha256Test {
    private final Optional<Sha256Lanes.Compression> here = NativeSha256.compression();

    @Test
    void itIsThereWhereverTheBuildMadeItAndTheProcessorCan() throws Exception {
        boolean built = NativeSha256.class.getResource("/native/linux-x86_64/libnxvms-sha256-lanes.so") != null;
        boolean linux = Files.isReadable(Path.of("/proc/cpuinfo"));
        boolean can = linux && Files.readString(Path.of("/proc/cpuinfo")).contains("sha_ni");
        assertThat(here.isPresent()).isEqualTo(built && can);
    }

    @Test
    void whatSaysTheSameAsTheJdkIsRight() {
        assertThat(NativeSha256.isRight(new PlainCompression())).isTrue();
        here.ifPresent(
                compression -> assertThat(NativeSha256.isRight(compression)).isTrue());
    }

    /** Each kind of fault that a wrong build or a sick processor could have. */
    @Test
    void whatDiffersFromTheJdkInASingleCaseIsNotTaken() {
        PlainCompression plain = new PlainCompression();
        assertThat(NativeSha256.isRight((lanes, states, b0, f0, b1, f1, b2, f2, b3, f3, blocks) -> true))
                .as("does nothing")
                .isFalse();
        for (int wrong = 1; wrong <= Sha256Lanes.LANES_MAX; wrong++) {
            int lane = wrong;
            assertThat(NativeSha256.isRight((lanes, states, b0, f0, b1, f1, b2, f2, b3, f3, blocks) -> {
                        boolean done = plain.compress(lanes, states, b0, f0, b1, f1, b2, f2, b3, f3, blocks);
                        int last = lane * Sha256Lanes.STATE_BYTES - 1;
                        if (lanes == lane) {
                            states.put(last, (byte) (states.get(last) ^ 1));
                        }
                        return done;
                    }))
                    .as("a bit is wrong with " + lane + " lanes")
                    .isFalse();
        }
        assertThat(NativeSha256.isRight((lanes, states, b0, f0, b1, f1, b2, f2, b3, f3, blocks) ->
                        plain.compress(lanes, states, b0, f0, b1, f1, b2, f2, b3, f3, Math.min(blocks, 8))))
                .as("leaves out blocks of long pieces")
                .isFalse();
    }

    /** Bounds are Java's to keep; what breaks them all the same is refused and reads nothing. */
    @Test
    void whatIsOutOfBoundsIsRefused() {
        here.ifPresent(compression -> {
            ByteBuffer states = ByteBuffer.allocateDirect(128);
            ByteBuffer data = ByteBuffer.allocateDirect(640);
            assertThat(alone(compression, states, data, 0, 10)).isTrue();
            assertThat(alone(compression, states, data, 0, 11)).isFalse();
            assertThat(alone(compression, states, data, 1, 10)).isFalse();
            assertThat(alone(compression, states, data, -1, 1)).isFalse();
            assertThat(alone(compression, states, data, Integer.MAX_VALUE, 1)).isFalse();
            assertThat(alone(compression, states, data, 0, Integer.MAX_VALUE)).isFalse();
            assertThat(alone(compression, states, data, 0, 0)).isFalse();
            assertThat(alone(compression, states, ByteBuffer.allocate(640), 0, 1))
                    .as("on the heap")
                    .isFalse();
            assertThat(alone(compression, ByteBuffer.allocateDirect(127), data, 0, 1))
                    .isFalse();
            assertThat(alone(compression, ByteBuffer.allocate(128), data, 0, 1)).isFalse();
            assertThat(compression.compress(5, states, data, 0, data, 0, data, 0, data, 0, 1))
                    .isFalse();
            assertThat(compression.compress(0, states, data, 0, data, 0, data, 0, data, 0, 1))
                    .isFalse();
            assertThat(compression.compress(4, states, data, 0, data, 0, data, 0, null, 0, 1))
                    .isFalse();
        });
    }

    private static boolean alone(
            Sha256Lanes.Compression compression, ByteBuffer states, ByteBuffer data, int from, int blocks) {
        return compression.compress(1, states, data, from, data, 0, data, 0, data, 0, blocks);
    }
}
