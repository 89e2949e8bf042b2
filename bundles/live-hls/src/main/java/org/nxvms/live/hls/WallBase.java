// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import org.nxvms.media.StreamFormat;

/**
 * What is added to the times of a run, whose clock begins anywhere, so that they count from 1970: the streams of a camera then agree
 * on when a picture was taken, as variants of one presentation must (RFC 8216bis 6.2.4). Immutable.
 */
final class WallBase {
    /** A whole number of ticks of all clocks there are, 11025 Hz among them; two streams are apart by less than that. */
    private static final long STEP_US = 40_000;

    private final long[] ticks;

    /**
     * @param wallUs when the first access unit of track 0 was taken
     * @param presented when it is shown by its own clock
     */
    WallBase(StreamFormat format, long wallUs, long presented) {
        int clockRate = format.tracks().get(0).clockRate();
        long presentedUs = presented / clockRate * 1_000_000 + presented % clockRate * 1_000_000 / clockRate;
        long baseUs = Math.max(0, (wallUs - presentedUs) / STEP_US * STEP_US);
        ticks = format.tracks().stream()
                .mapToLong(track ->
                        baseUs / 1_000_000 * track.clockRate() + baseUs % 1_000_000 * track.clockRate() / 1_000_000)
                .toArray();
    }

    long ticks(int track) {
        return ticks[track];
    }
}
