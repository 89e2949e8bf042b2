// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A camera is looked at often when it sends more than waits well, and not for a key frame. */
class HasteTest {
    private static final int ROOM = 200_000;
    private static final int PICTURE = 20_000;
    private static final int KEY_FRAME = 150_000;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(80);

    private long nowNs = 7_000_000_000L;
    private final Haste haste = new Haste(nowNs);

    private boolean found(int bytes) {
        nowNs += LOOK_NS;
        haste.found(bytes, nowNs);
        return !haste.isOver(nowNs);
    }

    @Test
    void aKeyFrameNowAndThenIsNoReason() {
        haste.room(ROOM);
        for (int look = 0; look < 100; look++) {
            assertThat(found(look % 5 == 0 ? KEY_FRAME : PICTURE)).isFalse();
        }
    }

    @Test
    void oneThatTakesTwoLooksIsNoneEither() {
        haste.room(ROOM);
        for (int look = 0; look < 100; look++) {
            assertThat(found(look % 5 < 2 ? KEY_FRAME / 2 + 1_000 : PICTURE)).isFalse();
        }
    }

    @Test
    void muchOfTheBufferThreeTimesInARowIs() {
        haste.room(ROOM);
        assertThat(found(ROOM / 2 + 1)).isFalse();
        assertThat(found(ROOM / 2 + 1)).isFalse();
        assertThat(found(ROOM / 2 + 1)).isTrue();
    }

    /** What is small takes more of the buffer than its bytes, so the camera has to wait long before they fill it. */
    @Test
    void aBufferFullOfSmallSegmentsIsToo() {
        haste.room(ROOM);
        int full = ROOM * 2 / 5;
        assertThat(found(full)).isFalse();
        assertThat(found(full)).isFalse();
        assertThat(found(full)).isTrue();
    }

    @Test
    void aBufferThatIsNearlyFullIsAtOnce() {
        haste.room(ROOM);
        assertThat(found(ROOM)).isTrue();
    }

    @Test
    void itIsOverASecondAfterTheLastReason() {
        haste.room(ROOM);
        found(ROOM);
        nowNs += TimeUnit.SECONDS.toNanos(1) - LOOK_NS;
        assertThat(haste.isOver(nowNs)).isFalse();
        assertThat(found(PICTURE)).isFalse();
    }

    @Test
    void whereTheBuffersSizeIsNotKnownYetThereIsNone() {
        assertThat(found(KEY_FRAME)).isFalse();
        assertThat(found(KEY_FRAME)).isFalse();
    }
}
