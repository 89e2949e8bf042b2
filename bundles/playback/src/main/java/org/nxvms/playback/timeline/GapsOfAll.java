// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.timeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.TimeSpans;
import org.nxvms.playback.played.Holes;

/**
 * Why there is nothing of two streams together: gaps of the first, and of the other where the first says nothing, each
 * without the time in which one of them has footage.
 *
 * @param footage of both, of the time that is asked for
 * @param query of which bucket shorter ones are left out, unless they last
 * @param decidedUs one that lasts and is left from then on only is none: the footage is on its way
 */
record GapsOfAll(TimeSpans footage, Timeline.Query query, long decidedUs) {
    /** Lasting ones end here. */
    private static final long EVER_US = Long.MAX_VALUE;

    /** {@return them by their beginning} */
    List<Gap> of(List<Gap> first, List<Gap> other) {
        List<Gap> all = new ArrayList<>();
        for (Gap gap : first) {
            add(all, gap, footage);
        }
        TimeSpans firsts = new TimeSpans();
        for (Gap gap : first) {
            firsts.add(gap.fromUs(), gap.toUs().orElse(EVER_US), 0);
        }
        TimeSpans told = Holes.both(footage, firsts, 0);
        for (Gap gap : other) {
            add(all, gap, told);
        }
        all.sort(Comparator.comparingLong(Gap::fromUs));
        return all;
    }

    private void add(List<Gap> all, Gap gap, TimeSpans told) {
        TimeSpans lacking = new TimeSpans();
        lacking.add(gap.fromUs(), gap.toUs().orElse(EVER_US), 0);
        TimeSpans left = Holes.without(lacking, told);
        for (int i = 0; i < left.count(); i++) {
            long fromUs = left.fromUs(i);
            boolean whole = fromUs == gap.fromUs();
            boolean lasts = left.toUs(i) == EVER_US;
            boolean counts = lasts ? whole || fromUs < decidedUs : left.toUs(i) - fromUs >= query.bucketMs() * 1_000;
            // Beyond what is asked for it is not known whether the other stream has footage.
            if (counts && fromUs < query.toUs() && left.toUs(i) > query.fromUs()) {
                all.add(new Gap(
                        gap.id(),
                        gap.stream(),
                        fromUs,
                        lasts ? OptionalLong.empty() : OptionalLong.of(left.toUs(i)),
                        gap.cause(),
                        gap.detail()));
            }
        }
    }
}
