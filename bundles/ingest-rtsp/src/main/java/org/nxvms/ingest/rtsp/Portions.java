// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.util.function.IntSupplier;

/**
 * How much is read from a connection at once: no more than the recorder's part of the ring takes. When the whole server
 * stood still for some seconds, the kernel's buffers hold as much of each camera, and who reads them at once overtakes the
 * recorder, which is late for the same reason and reads on within milliseconds. What waits meanwhile is not lost: TCP holds
 * it. Such waits are a second in half a minute at most: a recorder that hangs in its disk, or is slower than the camera,
 * does not read on soon enough, and then the ring's own rule is the better one, for a camera's buffer is small and what it
 * drops nobody hears of. Loop thread only.
 */
final class Portions {
    /** A larger portion is not worth less waiting, a smaller one not its system call; more than a TLS record. */
    static final int BYTES_MIN = 32 << 10;

    private static final long WAIT_NS_MAX = 1_000_000_000L;
    private static final long SPAN_NS = 30_000_000_000L;
    /** Longer between two looks it was the server that stood still, not the camera that waited. */
    private static final long LOOK_NS_MAX = 100_000_000L;

    private final IntSupplier room;
    private boolean waiting;
    private long lookedNs;
    private long spanFromNs;
    private long waitedNs;

    Portions(IntSupplier room) {
        this.room = room;
    }

    /** {@return the most to read now; 0: nothing yet} */
    int next(long nowNs) {
        int bytes = room.getAsInt();
        if (waiting) {
            waitedNs += Math.min(LOOK_NS_MAX, nowNs - lookedNs);
        }
        waiting = false;
        if (bytes >= BYTES_MIN) {
            return bytes;
        }
        if (waitedNs == 0 || nowNs - spanFromNs >= SPAN_NS) {
            spanFromNs = nowNs;
            waitedNs = 0;
        }
        if (waitedNs >= WAIT_NS_MAX) {
            return Integer.MAX_VALUE;
        }
        waiting = true;
        lookedNs = nowNs;
        return 0;
    }
}
