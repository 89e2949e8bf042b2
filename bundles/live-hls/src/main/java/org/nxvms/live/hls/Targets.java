// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

/**
 * How long parts and segments of a stream shall be, by what its camera sends.
 *
 * <p>A part must last from 85 % to 100 % of the part target (RFC 8216bis 4.4.4.9). Where pictures come so fast that one of them is
 * less than those 15 %, the part target is as wished; else it is a number of pictures, with some room for uneven ones.
 *
 * @param partUs the part target
 * @param segmentUsMin a segment ends with the first key frame after that
 * @param seconds the target duration; no segment is longer when it is rounded
 * @param breakUs a longer time without a picture is a break; not longer than a segment may be, since no segment could hold it
 */
record Targets(long partUs, long segmentUsMin, int seconds, long breakUs) {
    /** Parts that are not the last of their segment are at least so long (of 100). */
    static final int PART_PERCENT_MIN = 85;
    /** A camera with fewer key frames gets segments that begin without one. */
    private static final long KEY_US_MAX = 10_000_000;

    private static final int ROOM_PERCENT = 10;
    private static final long BREAK_US_MIN = 2_000_000;
    private static final int BREAK_PICTURES = 4;
    private static final int PICTURES_MIN = 2;

    /**
     * @param pictureUs from one picture to the next
     * @param keyUs from one key frame to the next
     */
    static Targets of(long pictureUs, long keyUs, long wishedPartUs, long wishedSegmentUs) {
        long partUs = wishedPartUs;
        if (pictureUs * 100 > wishedPartUs * (100 - PART_PERCENT_MIN)) {
            long pictures = Math.max(1, wishedPartUs / pictureUs);
            partUs = millis(pictures * pictureUs * (100 + ROOM_PERCENT) / 100);
        }
        long group = Math.min(Math.max(keyUs, pictureUs), KEY_US_MAX);
        long segmentUs = group * Math.max(1, Math.round((double) wishedSegmentUs / group));
        // A picture that lasts twice as long as usual is no break.
        long longestUs = Math.max(segmentUs + 750_000, PICTURES_MIN * pictureUs);
        int seconds = (int) Math.max(1, longestUs / 1_000_000);
        long breakUs = Math.max(BREAK_US_MIN, pictureUs * BREAK_PICTURES);
        return new Targets(partUs, segmentUs - group / 2, seconds, Math.min(breakUs, Timeline.segmentUsMax(seconds)));
    }

    /** Rounded up to whole milliseconds, in which they are written. */
    static long millis(long us) {
        return -Math.floorDiv(-us, 1_000L) * 1_000;
    }
}
