// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

/**
 * The access units of one track in one fragment, as columns. The arrays are the table itself, not copies.
 *
 * @param trackId from 1
 * @param offset position of each access unit, in bytes from the first byte of {@code moof}
 * @param size bytes
 * @param decodeTime in the track's timescale
 * @param presentationTime in the track's timescale
 * @param duration in the track's timescale
 * @param key whether decoding can start there
 */
public record SampleTable(
        int trackId,
        long[] offset,
        int[] size,
        long[] decodeTime,
        long[] presentationTime,
        int[] duration,
        boolean[] key) {
    public int count() {
        return size.length;
    }

    /** {@return the decode time behind the last access unit} */
    public long endDecodeTime() {
        int last = count() - 1;
        return last < 0 ? 0 : decodeTime[last] + Integer.toUnsignedLong(duration[last]);
    }
}
