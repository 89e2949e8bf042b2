// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DecodeTimesProperties {
    /** Presentation times in decode order: an IDR, then each anchor picture is followed by the B-frames that are shown before it. */
    private static List<Long> decodeOrder(List<Integer> runs, long start) {
        List<Long> times = new ArrayList<>();
        times.add(start);
        long shown = start + 3600;
        for (int bFrames : runs) {
            times.add(shown + bFrames * 3600L);
            for (int i = 0; i < bFrames; i++) {
                times.add(shown + i * 3600L);
            }
            shown += (bFrames + 1) * 3600L;
        }
        return times;
    }

    @Property(tries = 300)
    void decodeTimesGrowAndStayBeforePresentationWhenTheDepthIsKnown(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 0, max = 3) Integer> runs,
            @ForAll @IntRange(min = 0, max = 1_000_000) int start) {
        DecodeTimes times = new DecodeTimes(OptionalInt.of(1));
        long last = -1;
        for (long pts : decodeOrder(runs, start + 100L)) {
            long dts = times.next(pts);
            assertThat(dts).isGreaterThan(last);
            assertThat(dts).isLessThanOrEqualTo(pts + 16);
            last = dts;
        }
    }

    @Property(tries = 300)
    void anUnknownDepthIsLearnedFromTheStream(
            @ForAll @Size(min = 30, max = 60) List<@IntRange(min = 2, max = 2) Integer> runs) {
        DecodeTimes times = new DecodeTimes(OptionalInt.empty());
        long dts = 0;
        long pts = 0;
        for (long each : decodeOrder(runs, 90_000)) {
            pts = each;
            dts = times.next(each);
        }
        assertThat(times.depth()).isEqualTo(1);
        assertThat(dts).isLessThanOrEqualTo(pts);
    }

    @Property(tries = 300)
    void whateverTheCameraSendsDecodeTimesGrow(@ForAll @Size(max = 100) List<Long> nonsense) {
        DecodeTimes times = new DecodeTimes(OptionalInt.empty());
        long last = -1;
        for (long pts : nonsense) {
            long dts = times.next(pts >> 4);
            assertThat(dts).isGreaterThan(last);
            last = dts;
        }
    }

    @Property(tries = 100)
    void withoutReorderingDecodeTimeIsPresentationTime(
            @ForAll @Size(max = 100) List<@IntRange(min = 1) Integer> steps) {
        DecodeTimes times = new DecodeTimes(OptionalInt.of(0));
        long pts = 0;
        for (int step : steps) {
            pts += step;
            assertThat(times.next(pts)).isEqualTo(pts);
        }
    }
}
