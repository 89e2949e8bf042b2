// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Hashing several fragments at once allocates nothing, however they lie in pieces. */
class FragmentHashingAllocTest {
    private static final int FRAGMENTS = 7;
    private static final int ROUNDS = 5;
    /** So many where the just-in-time compiler takes its time, as on a busy machine: until then more is allocated. */
    private static final int ROUNDS_MAX = 50;

    @Test
    void nothingIsAllocatedForAFragment() {
        FragmentHashing hashing = new FragmentHashing();
        // What compresses is not the question here, and the one in Java allocates.
        hashing.by((lanes, states, b0, f0, b1, f1, b2, f2, b3, f3, blocks) -> true);
        ByteBuffer[] parts = new ByteBuffer[18];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = ByteBuffer.allocateDirect(100 + 77 * i);
        }
        FragmentHashing.Announced[] fragments = new FragmentHashing.Announced[FRAGMENTS];
        for (int i = 0; i < FRAGMENTS; i++) {
            fragments[i] = new FragmentHashing.Announced();
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        // What the just-in-time compiler allocates on this thread comes once; what the loop allocates comes every time.
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS || least > 0 && round < ROUNDS_MAX; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int turn = 0; turn < 2_000; turn++) {
                for (FragmentHashing.Announced fragment : fragments) {
                    assert hashing.announce(fragment, parts, parts.length - turn % 3);
                }
                for (FragmentHashing.Announced fragment : fragments) {
                    hashing.take(fragment);
                }
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least)
                .as("bytes allocated for " + 2_000 * FRAGMENTS + " fragments")
                .isZero();
    }
}
