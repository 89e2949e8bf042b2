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
        assertThat(portions.next(90 * MS)).isZero();
        room = 500_000;
        assertThat(portions.next(170 * MS)).isEqualTo(500_000);
        room = 0;
        assertThat(portions.next(250 * MS)).isZero();
    }

    /** {@return looks of 80 ms that let the camera wait} */
    private int waits(long fromMs, long toMs) {
        int waits = 0;
        for (long ms = fromMs; ms < toMs; ms += 80) {
            waits += portions.next(ms * MS) == 0 ? 1 : 0;
        }
        return waits;
    }

    @Test
    void aRecorderThatHangsHoldsTheCameraUpForASecondInHalfAMinute() {
        room = 0;
        assertThat(waits(0, 29_000)).isEqualTo(13);
        assertThat(waits(31_000, 60_000)).as("the next half minute").isEqualTo(13);
    }

    @Test
    void oneThatIsSlowerThanTheCameraHoldsItUpNoLongerThanThat() {
        int waits = 0;
        for (long ms = 0; ms < 29_000; ms += 160) {
            room = 0;
            waits += waits(ms, ms + 80);
            room = 40_000;
            assertThat(waits(ms + 80, ms + 160)).isZero();
        }
        assertThat(waits).isEqualTo(13);
    }

    @Test
    void aServerThatStoodStillWhileACameraWaitedStillHasItsSecond() {
        room = 0;
        assertThat(portions.next(0)).isZero();
        assertThat(waits(6_000, 20_000)).isEqualTo(12);
    }
}
