// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

/**
 * How large a stream's ring ought to be, from what is written: some seconds beyond what a reader wants to be kept, two
 * GOPs, and room for its largest access unit. Noted by the holder of the lease, allocates nothing; the wish may be read by any thread.
 */
final class Appetite {
    /** A ring that holds less than this much of its stream is replaced by one that holds {@link #PLANNED_SECONDS}. */
    static final int SECONDS_MIN = 4;

    static final int PLANNED_SECONDS = 5;
    /** A viewer who comes late in a GOP and a recorder at its begin both want the whole of it. */
    private static final double GOPS = 2.25;
    /** An access unit may take this part of its ring (StreamBudget). */
    static final int UNITS_PER_RING = 4;

    static final int UNIT_BYTES_MAX = 16 << 20;
    /** As in StreamBudget. */
    private static final int UNITS_MAX = 1 << 20;

    private static final long WINDOW_US = 5_000_000;

    private long windowStartUs = Long.MIN_VALUE;
    private long windowBytes;
    private int windowUnits;
    private long gopBytes;
    private boolean wholeGop;
    private volatile long bytesPerSecond;
    private volatile long bytesPerUnit;
    private volatile long gopBytesMax;
    private volatile int unitBytesWished;

    /** An access unit was stored. */
    void stored(int bytes, boolean start, long wallUs) {
        if (windowStartUs == Long.MIN_VALUE || wallUs < windowStartUs) {
            windowStartUs = wallUs;
            windowBytes = 0;
            windowUnits = 0;
        }
        if (start) {
            gopBytesMax = wholeGop ? Math.max(gopBytes, gopBytesMax) : gopBytesMax;
            wholeGop = true;
            gopBytes = 0;
        }
        windowBytes += bytes;
        windowUnits++;
        gopBytes += bytes;
        long passedUs = wallUs - windowStartUs;
        if (passedUs >= WINDOW_US) {
            bytesPerSecond = (long) (windowBytes * 1e6 / passedUs);
            bytesPerUnit = windowBytes / windowUnits;
            windowStartUs = wallUs;
            windowBytes = 0;
            windowUnits = 0;
        }
    }

    /** An access unit was refused since it is larger than this. */
    void refused(int bytes) {
        unitBytesWished = (int) Math.min(UNIT_BYTES_MAX, Math.max(unitBytesWished, 2L * bytes));
        wholeGop = false;
    }

    /** @param keptSeconds what a reader asked to be kept, beside what every ring holds */
    boolean exceeds(Ring ring, int keptSeconds) {
        return unitBytesWished > ring.unitBytesMax()
                || bytesPerSecond * (SECONDS_MIN + keptSeconds) > ring.bytes()
                || gopBytesMax * GOPS > ring.bytes();
    }

    /** {@return seconds a ring is made for: a stream that grows by a quarter does not need another at once} */
    static int plannedSeconds(int keptSeconds) {
        return PLANNED_SECONDS + keptSeconds * 5 / 4;
    }

    /** {@return largest access unit that should find room} */
    int unitBytes() {
        return unitBytesWished;
    }

    long ringBytes(int keptSeconds) {
        long forTime = bytesPerSecond * plannedSeconds(keptSeconds);
        long forGops = (long) (gopBytesMax * (GOPS + 0.5));
        return Math.max((long) unitBytesWished * UNITS_PER_RING, Math.max(forTime, forGops));
    }

    /** {@return access units that a ring of this size should hold, at least as many as are held now} */
    int units(long bytes, Ring now) {
        long average = bytesPerUnit;
        return average == 0 ? now.slots() : (int) Math.max(now.slots(), Math.min(UNITS_MAX, bytes * 5 / 4 / average));
    }

    /** {@return bytes of so many seconds; 0 until it is known} */
    long bytesOf(int seconds) {
        return bytesPerSecond * seconds;
    }
}
