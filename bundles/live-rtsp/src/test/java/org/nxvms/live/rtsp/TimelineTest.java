// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RTP time as clients see it. */
class TimelineTest {
    private static final long BASE = 0xFFFF_F000L;

    private final Timeline timeline = new Timeline(new int[] {90_000, 8_000}, new long[] {BASE, 77});
    private final Unit unit = new Unit();

    private long place(int track, long run, long timestamp, long wallUs) {
        unit.track = track;
        unit.run = run;
        unit.timestamp = timestamp;
        unit.wallUs = wallUs;
        return timeline.place(unit);
    }

    @Test
    void allTracksBeginAtTheMomentOfTheFirstUnit() {
        timeline.begin(1, false);

        assertThat(place(0, 1, 900_000, 0)).isEqualTo(BASE);
        assertThat(place(1, 1, 80_160, 20_000)).as("20 ms later").isEqualTo(77 + 160);
        assertThat(place(0, 1, 903_600, 40_000)).isEqualTo(BASE + 3_600);
    }

    @Test
    void aPictureOutOfOrderHasItsOwnTime() {
        timeline.begin(1, false);
        place(0, 1, 900_000, 0);

        assertThat(place(0, 1, 910_800, 120_000)).isEqualTo(BASE + 10_800);
        assertThat(place(0, 1, 903_600, 40_000)).isEqualTo(BASE + 3_600);
    }

    @Test
    void anotherRunFollowsAfterTheTimeBetween() {
        timeline.begin(1, false);
        place(0, 1, 900_000, 1_000_000);
        place(0, 1, 903_600, 1_040_000);

        assertThat(place(0, 2, 5, 3_040_000)).isEqualTo(BASE + 3_600 + 180_000);
        assertThat(place(1, 2, 160, 3_060_000)).isEqualTo(77 + (40 + 2_000 + 20) * 8);
    }

    /** A clock that was put back, or overlapping runs: time never goes back. */
    @Test
    void aRunThatIsEarlierByTheClockFollowsAPictureLater() {
        timeline.begin(1, false);
        place(0, 1, 900_000, 5_000_000);

        assertThat(place(0, 2, 0, 1_000_000)).isEqualTo(BASE + 3_600);
    }

    @Test
    void afterAPauseItGoesOnWhereTheAnswerToPlaySays() {
        timeline.begin(1, false);
        place(0, 1, 900_000, 0);
        place(0, 1, 903_600, 40_000);
        timeline.pause();
        long start = timeline.start(0);
        timeline.begin(1, false);

        assertThat(start).isEqualTo(BASE + 7_200 & 0xFFFF_FFFFL);
        assertThat(place(0, 1, 1_800_000, 10_000_000) & 0xFFFF_FFFFL).isEqualTo(start);
    }

    @Test
    void soundFromBeforeTheFirstPictureIsEarly() {
        timeline.begin(1, false);
        place(0, 1, 900_000, 0);

        place(1, 1, 79_999, 0);
        assertThat(timeline.isEarly(unit)).isTrue();
        place(1, 1, 80_000, 0);
        assertThat(timeline.isEarly(unit)).isFalse();
    }
}
