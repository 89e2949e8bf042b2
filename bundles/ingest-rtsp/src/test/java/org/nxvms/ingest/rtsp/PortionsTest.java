// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A camera waits a moment for a recorder that is about to read on, and never longer. */
class PortionsTest {
    private static final long MS = 1_000_000;

    private int room = Integer.MAX_VALUE;
    private final Portions portions = new Portions(() -> room);

    @Test
    void noMoreIsReadThanTheRecorderHasRoomFor() {
        assertThat(portions.next(0)).isEqualTo(Integer.MAX_VALUE);
        room = 500_000;
        assertThat(portions.next(0)).isEqualTo(500_000);
        room = Portions.BYTES_MIN - 1;
        assertThat(portions.next(10 * MS)).isZero();
        assertThat(portions.next(1_009 * MS)).isZero();
        room = 500_000;
        assertThat(portions.next(1_010 * MS)).isEqualTo(500_000);
        room = 0;
        assertThat(portions.next(1_020 * MS)).as("the next wait begins anew").isZero();
    }

    @Test
    void aRecorderThatHangsHoldsTheCameraUpForASecondOnly() {
        room = 0;
        assertThat(portions.next(0)).isZero();
        assertThat(portions.next(1_000 * MS)).isEqualTo(Integer.MAX_VALUE);
        assertThat(portions.next(60_000 * MS)).isEqualTo(Integer.MAX_VALUE);
    }
}
