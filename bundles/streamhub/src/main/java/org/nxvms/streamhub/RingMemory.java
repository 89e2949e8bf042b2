// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory of all rings and the limit on it. A block that was given back is kept for the next ring: the JVM frees direct
 * memory only at a garbage collection, which a server that allocates nothing hardly has. Any thread.
 */
final class RingMemory {
    /** A block up to so many times as large as is asked for may serve. */
    private static final int OVERSIZE_MAX = 2;

    private final List<ByteBuffer> spare = new ArrayList<>();
    private long usedBytes;
    private long spareBytes;

    /** Why there is no memory, in words for an administrator. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /** {@return a block of at least so many bytes, its content undefined; {@link #give} takes it back} */
    synchronized ByteBuffer take(int bytes, long bytesMax) throws Refused {
        ByteBuffer best = null;
        for (ByteBuffer each : spare) {
            boolean fits = each.capacity() >= bytes && each.capacity() / OVERSIZE_MAX <= bytes;
            if (fits && (best == null || each.capacity() < best.capacity())) {
                best = each;
            }
        }
        int size = best == null ? bytes : best.capacity();
        if (usedBytes + size > bytesMax) {
            throw new Refused(mebibytes(usedBytes) + " of " + mebibytes(bytesMax)
                    + " of ring memory are in use; raise memoryMaxMiB of org.nxvms.streamhub or record fewer streams");
        }
        if (best == null) {
            best = allocate(bytes, bytesMax);
        } else {
            spare.remove(best);
            spareBytes -= size;
        }
        usedBytes += size;
        return best;
    }

    private ByteBuffer allocate(int bytes, long bytesMax) throws Refused {
        if (usedBytes + spareBytes + bytes > bytesMax) {
            // Of the wrong sizes; the collector takes them when the JVM runs short of direct memory.
            spare.clear();
            spareBytes = 0;
        }
        try {
            return ByteBuffer.allocateDirect(bytes);
        } catch (OutOfMemoryError noDirectMemory) {
            throw new Refused("the JVM has no " + mebibytes(bytes) + " of direct memory left;"
                    + " raise -XX:MaxDirectMemorySize above memoryMaxMiB of org.nxvms.streamhub");
        }
    }

    /** Takes a block back; late readers of it must be able to tell. */
    synchronized void give(ByteBuffer block) {
        usedBytes -= block.capacity();
        spareBytes += block.capacity();
        spare.add(block);
    }

    /** A block that serves no more: somebody may still look at it. */
    synchronized void abandon(ByteBuffer block) {
        usedBytes -= block.capacity();
    }

    synchronized long usedBytes() {
        return usedBytes;
    }

    static String mebibytes(long bytes) {
        return (bytes + (1 << 20) - 1 >> 20) + " MiB";
    }
}
