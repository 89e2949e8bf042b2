// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import org.nxvms.media.StreamWriter;

/**
 * What describes the entries of a ring: a circle of rows, one column for each fact. Whether a row may be looked at is the
 * {@link Ring}'s to say.
 */
final class EntryTable {
    private final int mask;
    private final Object[] subject;
    private final long[] sequence;
    private final long[] address;
    private final int[] length;
    private final byte[] track;
    private final byte[] flags;
    private final long[] timestamp;
    private final long[] wallUs;

    EntryTable(int rowsMin) {
        int rows = Integer.highestOneBit(Math.max(2, rowsMin - 1)) << 1;
        mask = rows - 1;
        subject = new Object[rows];
        sequence = new long[rows];
        address = new long[rows];
        length = new int[rows];
        track = new byte[rows];
        flags = new byte[rows];
        timestamp = new long[rows];
        wallUs = new long[rows];
    }

    int slots() {
        return mask + 1;
    }

    /**
     * @param of the {@link Run} of an access unit, or the {@link Run.End}
     * @param at lap and offset of the payload
     */
    void put(long entry, Object of, long number, long at, long ticks, long us) {
        int row = (int) entry & mask;
        subject[row] = of;
        sequence[row] = number;
        address[row] = at;
        timestamp[row] = ticks;
        wallUs[row] = us;
    }

    void putUnit(long entry, int bytes, int trackNumber, int flagBits) {
        int row = (int) entry & mask;
        length[row] = bytes;
        track[row] = (byte) trackNumber;
        flags[row] = (byte) flagBits;
    }

    Object subject(long entry) {
        return subject[(int) entry & mask];
    }

    long sequence(long entry) {
        return sequence[(int) entry & mask];
    }

    long address(long entry) {
        return address[(int) entry & mask];
    }

    int offset(long entry) {
        return (int) address(entry);
    }

    int length(long entry) {
        return length[(int) entry & mask];
    }

    int track(long entry) {
        return track[(int) entry & mask];
    }

    int flags(long entry) {
        return flags[(int) entry & mask];
    }

    long timestamp(long entry) {
        return timestamp[(int) entry & mask];
    }

    long wallUs(long entry) {
        return wallUs[(int) entry & mask];
    }

    /** Whether decoding can start at this entry: a key of the video track, or any key where there is no video. */
    boolean isStart(long entry) {
        return subject(entry) instanceof Run run
                && (flags(entry) & StreamWriter.KEY) != 0
                && (track(entry) == 0 || !run.hasVideo());
    }
}
