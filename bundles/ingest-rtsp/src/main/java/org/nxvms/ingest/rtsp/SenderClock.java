// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

/**
 * What the newest sender report of a track says: which moment of the camera's clock a time stamp stands for (RFC 3550 6.4.1). Two
 * tracks of a session share that clock, whatever it shows, so their time stamps can be compared to the sample. Allocates
 * nothing. Loop thread only.
 */
final class SenderClock {
    private final int clockRate;
    private boolean known;
    private int timestamp32;
    private long wallUs;

    /** @param clockRate of the track's time stamps */
    SenderClock(int clockRate) {
        this.clockRate = clockRate;
    }

    void report(long newTimestamp32, long newWallUs) {
        known = true;
        timestamp32 = (int) newTimestamp32;
        wallUs = newWallUs;
    }

    boolean isKnown() {
        return known;
    }

    /** {@return the camera's time at a time stamp that is at most half its range away from the report's} */
    long wallUs(long ticks) {
        return wallUs + ((int) ticks - timestamp32) * 1_000_000L / clockRate;
    }

    /**
     * {@return the time stamp of a moment of the camera's time}
     *
     * @param near an unwrapped time stamp that is at most half the range away
     */
    long ticks(long momentUs, long near) {
        return near + (timestamp32 - (int) near) + (momentUs - wallUs) * clockRate / 1_000_000;
    }
}
