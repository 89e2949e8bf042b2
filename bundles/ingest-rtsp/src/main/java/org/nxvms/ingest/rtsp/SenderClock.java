// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

/**
 * What the camera says of a track's time stamps: which of them stands for the moment from which it plays (RFC 2326 12.33), and by
 * its newest sender report, which for a moment of its clock (RFC 3550 6.4.1). Two tracks of a session share both, whatever the
 * clock shows, so their time stamps can be compared to the sample. Allocates nothing. Loop thread only.
 */
final class SenderClock {
    private final int clockRate;
    private boolean begun;
    private int begin32;
    private long reports;
    private int timestamp32;
    private long wallUs;

    /** @param clockRate of the track's time stamps */
    SenderClock(int clockRate) {
        this.clockRate = clockRate;
    }

    /** The session plays. @param timestamp where the track stands at the moment from which all tracks are played */
    void begins(int timestamp) {
        begun = true;
        begin32 = timestamp;
    }

    /** @param newWallUs negative when the camera has no clock: then its report tells nothing of the other tracks */
    void report(long newTimestamp32, long newWallUs) {
        if (newWallUs >= 0) {
            reports++;
            timestamp32 = (int) newTimestamp32;
            wallUs = newWallUs;
        }
    }

    boolean hasBegin() {
        return begun;
    }

    /** {@return the time stamp of the moment from which is played, which is at most half the range away from the other} */
    long begin(long near) {
        return near + (begin32 - (int) near);
    }

    /** {@return how many reports came that tell a time} */
    long reports() {
        return reports;
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
