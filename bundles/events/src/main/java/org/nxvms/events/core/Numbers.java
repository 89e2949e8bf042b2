// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.core;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Numbers changes, and makes ids of the numbers. A number is the wall clock in microseconds, or one more than the last
 * where the clock stands still or went back: so it rises over restarts without being stored, and still rises when the
 * database was emptied. One thread.
 */
public final class Numbers {
    private final LongSupplier nowUs;
    private long last;

    public Numbers(LongSupplier nowUs) {
        this.nowUs = nowUs;
    }

    public long next() {
        last = Math.max(last + 1, nowUs.getAsLong());
        return last;
    }

    /** A number was given out before, by an earlier process. */
    public void above(long sequence) {
        last = Math.max(last, sequence);
    }

    /**
     * {@return an id of UUID version 7 (RFC 9562 5.7, 6.2 method 3): milliseconds, in 12 bits the fraction of the
     * millisecond, the rest random; ids of rising numbers rise}
     */
    public static UUID id(long sequence) {
        long ms = Math.floorDiv(sequence, 1_000L);
        long fraction = Math.floorMod(sequence, 1_000L) * 4_096 / 1_000;
        long high = ms << 16 | 0x7000 | fraction;
        long low = ThreadLocalRandom.current().nextLong() >>> 2 | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
