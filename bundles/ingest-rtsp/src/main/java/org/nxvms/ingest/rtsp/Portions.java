// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.util.function.IntSupplier;

/**
 * How much is read from a connection at once: no more than the recorder's part of the ring takes. When the whole server
 * stood still for some seconds, the kernel's buffers hold as much of each camera, and who reads them at once overtakes the
 * recorder, which is late for the same reason and reads on within milliseconds. What waits meanwhile is not lost: TCP holds
 * it. A recorder that does not read on within a second hangs in its disk; then the ring's own rule is the better one, for
 * a camera's buffer is small. Loop thread only.
 */
final class Portions {
    /** A larger portion is not worth less waiting, a smaller one not its system call; more than a TLS record. */
    static final int BYTES_MIN = 32 << 10;

    private static final long WAIT_NS_MAX = 1_000_000_000L;

    private final IntSupplier room;
    private boolean waiting;
    private long sinceNs;

    Portions(IntSupplier room) {
        this.room = room;
    }

    /** {@return the most to read now; 0: nothing yet} */
    int next(long nowNs) {
        int bytes = room.getAsInt();
        if (bytes >= BYTES_MIN) {
            waiting = false;
            return bytes;
        }
        if (!waiting) {
            waiting = true;
            sinceNs = nowNs;
        }
        return nowNs - sinceNs < WAIT_NS_MAX ? 0 : Integer.MAX_VALUE;
    }
}
