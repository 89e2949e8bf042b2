// SPDX-License-Identifier: Apache-2.0
package org.nxvms.transcode;

/** Which wall time belongs to which time stamp of the newest pictures. Thread-safe. */
final class WallTimes {
    /** More than an encoder and a reordering decoder hold. */
    private static final int KEPT = 512;

    private final long[] timestamps = new long[KEPT];
    private final long[] wallUs = new long[KEPT];
    private int count;

    synchronized void add(long timestamp, long us) {
        timestamps[count % KEPT] = timestamp;
        wallUs[count % KEPT] = us;
        count++;
    }

    /** {@return the wall time of that picture; {@code otherwise} when it is none of them} */
    synchronized long of(long timestamp, long otherwise) {
        for (int i = count - 1; i >= 0 && i >= count - KEPT; i--) {
            if (timestamps[i % KEPT] == timestamp) {
                return wallUs[i % KEPT];
            }
        }
        return otherwise;
    }

    synchronized void clear() {
        count = 0;
    }
}
