// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.util.ArrayList;
import java.util.List;

/**
 * Bounds what all live streams hold on the heap together: three quarters for the newest pictures, one quarter for what is
 * on its way into sockets. When a picture finds no room, the stream that holds most gives up its older group of
 * pictures. One thread: the pump's.
 */
final class LiveMemory {
    /** A stream that begins must find this much; it is two groups of a usual camera's pictures. */
    static final long BEGIN_BYTES = 2 << 20;
    /** A viewer may always have this much on its way, or nothing would move. */
    private static final long WINDOW_BYTES_MIN = 64 << 10;

    private final List<FragmentLog> logs = new ArrayList<>();
    private long bytesMax;
    private long heldBytes;

    LiveMemory(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    void limit(long changed) {
        bytesMax = changed;
    }

    long heldBytes() {
        return heldBytes;
    }

    private long logBytesMax() {
        return bytesMax / 4 * 3;
    }

    boolean hasRoomForAnother() {
        return heldBytes + BEGIN_BYTES <= logBytesMax();
    }

    /** {@return bytes that each of so many viewers may have on the way} */
    long windowBytes(int viewers) {
        return Math.max(WINDOW_BYTES_MIN, Math.min(Viewer.WINDOW_BYTES, bytesMax / 4 / Math.max(1, viewers)));
    }

    void add(FragmentLog log) {
        logs.add(log);
    }

    void remove(FragmentLog log) {
        log.clear();
        logs.remove(log);
    }

    /** {@return whether so many bytes find room, after others gave up their older pictures if need be} */
    boolean makeRoom(int bytes) {
        while (heldBytes + bytes > logBytesMax()) {
            FragmentLog largest = null;
            for (FragmentLog log : logs) {
                if (log.bytes() > 0 && (largest == null || log.bytes() > largest.bytes())) {
                    largest = log;
                }
            }
            if (largest == null) {
                return false;
            }
            largest.giveUp();
        }
        return true;
    }

    /** A log holds so many bytes more, or less when negative. */
    void changed(long bytes) {
        heldBytes += bytes;
    }
}
