// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.nio.ByteBuffer;

/** An access unit on its way to one client, in memory of its own that is used again. One thread. */
final class Unit {
    /** Larger ones are left out; cameras stay far below. */
    static final int BYTES_MAX = 16 << 20;

    private static final int START_BYTES = 64 << 10;

    int track;
    boolean key;
    /** Presentation time in ticks of the track's clock, of one origin for all tracks of a run. */
    long timestamp;

    /** As {@link #timestamp}, in the order in which units are sent. */
    long decodeTime;

    long wallUs;
    /** Rises when this unit does not go on where the one before ended, in a run of its own. */
    long run;

    /** Whether nothing of its track follows it without a gap. */
    boolean last;

    private ByteBuffer bytes = ByteBuffer.allocate(START_BYTES);

    ByteBuffer bytes() {
        return bytes;
    }

    /** {@return memory for so many bytes, from position 0 to its limit; null when that is too much} */
    ByteBuffer room(int length) {
        if (length > BYTES_MAX) {
            return null;
        }
        if (length > bytes.capacity()) {
            bytes = ByteBuffer.allocate(Math.min(BYTES_MAX, Math.max(length, 2 * bytes.capacity())));
        }
        return bytes.clear().limit(length);
    }
}
