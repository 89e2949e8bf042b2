// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.util.Arrays;
import java.util.Map;

/** How the figures of a distribution are called. */
final class Percentiles {
    private Percentiles() {}

    /** Puts median, 95th percentile and maximum of times, in tenths of a millisecond. */
    static void put(Map<String, Object> figures, String what, double[] ms) {
        double[] sorted = ms.clone();
        Arrays.sort(sorted);
        figures.put(what + "P50Ms", tenths(sorted[sorted.length / 2]));
        figures.put(what + "P95Ms", tenths(sorted[sorted.length * 95 / 100]));
        figures.put(what + "MaxMs", tenths(sorted[sorted.length - 1]));
    }

    private static double tenths(double ms) {
        return Math.round(ms * 10) / 10.0;
    }
}
