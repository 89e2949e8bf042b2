// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.rate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How often each of many may ask: so many at once, and so many a second from then on. The generic cell rate algorithm
 * (ITU-T I.371, annex A): of each one only the moment is kept at which all that was asked would be paid for. Any thread;
 * bounded, the longest unused entry makes room.
 */
public final class RequestRates {
    /** A table of all of them is 2 MB. */
    static final int ENTRIES_MAX = 10_000;

    private final LongSupplier nanoClock;
    private final Map<String, Long> paidAtNanos = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > ENTRIES_MAX;
        }
    };

    private long intervalNanos;
    private long aheadNanosMax;

    /** Without a limit until {@link #limit} is called. */
    public RequestRates(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /**
     * Changes the limit for all from now on.
     *
     * @param perSecond how many in the long run; 0 for no limit
     * @param burst how many at once after a rest, at least 1
     */
    public synchronized void limit(int perSecond, int burst) {
        if (perSecond < 0 || burst < 1) {
            throw new IllegalArgumentException(
                    "A rate is 0 or more a second and 1 or more at once, not " + perSecond + " and " + burst);
        }
        intervalNanos = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
        aheadNanosMax = intervalNanos * (burst - 1);
        paidAtNanos.clear();
    }

    /** Counts one request, if it may go on; {@return 0 then, else in how many seconds one may, at least 1} */
    public synchronized int take(String key) {
        if (intervalNanos == 0) {
            return 0;
        }
        long now = nanoClock.getAsLong();
        Long paid = paidAtNanos.get(key);
        long ahead = paid == null ? 0 : Math.max(0, paid - now);
        if (ahead > aheadNanosMax) {
            return (int) TimeUnit.NANOSECONDS.toSeconds(ahead - aheadNanosMax + TimeUnit.SECONDS.toNanos(1) - 1);
        }
        paidAtNanos.put(key, now + ahead + intervalNanos);
        return 0;
    }

    synchronized int size() {
        return paidAtNanos.size();
    }
}
