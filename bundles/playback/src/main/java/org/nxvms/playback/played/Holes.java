// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.played;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.nxvms.platform.api.archive.TimeSpans;

/** Where the preferred stream of a camera has no footage and the other one stands in for it. */
public final class Holes {
    /**
     * For a shorter one no player changes its stream and back. Longer than what of a stream that records is not in the index
     * yet, so that the newest end of two streams is no hole of one of them.
     */
    public static final long US_MIN = 10_000_000;

    private Holes() {}

    /** {@return what of the other stream is shown} */
    public static TimeSpans filled(TimeSpans chief, TimeSpans other) {
        if (other.count() == 0) {
            return other;
        }
        return without(other, reach(chief, other));
    }

    /** {@return the preferred stream's footage with its short holes, at both ends too} */
    private static TimeSpans reach(TimeSpans chief, TimeSpans other) {
        TimeSpans reach = new TimeSpans();
        long firstUs = other.fromUs(0);
        long lastUs = other.toUs(other.count() - 1);
        for (int i = 0; i < chief.count(); i++) {
            boolean begins = i == 0 && chief.fromUs(i) - firstUs < US_MIN;
            boolean ends = i == chief.count() - 1 && lastUs - chief.toUs(i) < US_MIN;
            reach.add(
                    begins ? Math.min(firstUs, chief.fromUs(i)) : chief.fromUs(i),
                    ends ? Math.max(lastUs, chief.toUs(i)) : chief.toUs(i),
                    US_MIN);
        }
        return reach;
    }

    /** {@return what of some stretches lies in none of others} */
    public static TimeSpans without(TimeSpans some, TimeSpans others) {
        TimeSpans left = new TimeSpans();
        int next = 0;
        for (int i = 0; i < some.count(); i++) {
            long at = some.fromUs(i);
            while (next < others.count() && others.toUs(next) <= at) {
                next++;
            }
            for (int n = next; n < others.count() && others.fromUs(n) < some.toUs(i); n++) {
                left.add(at, others.fromUs(n), 0);
                at = Math.max(at, others.toUs(n));
            }
            left.add(at, some.toUs(i), 0);
        }
        return left;
    }

    /** {@return all of both, those joined that less than so much lies between} */
    public static TimeSpans both(TimeSpans one, TimeSpans other, long mergeUs) {
        List<long[]> all = new ArrayList<>(one.count() + other.count());
        for (TimeSpans spans : List.of(one, other)) {
            for (int i = 0; i < spans.count(); i++) {
                all.add(new long[] {spans.fromUs(i), spans.toUs(i)});
            }
        }
        all.sort(Comparator.comparingLong(span -> span[0]));
        TimeSpans both = new TimeSpans();
        all.forEach(span -> both.add(span[0], span[1], mergeUs));
        return both;
    }
}
