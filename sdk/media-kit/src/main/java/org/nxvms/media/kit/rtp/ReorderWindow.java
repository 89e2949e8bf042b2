// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;

/**
 * Puts the packets of one source into the order of their sequence numbers, for transports that do not keep it. A packet
 * that is in order passes through untouched; one that is early is copied and waits for those before it, but no longer
 * than a set time and no more than {@value #SLOTS} packets; after that what is missing counts as lost. Memory is reserved
 * once, nothing is allocated per packet. One thread at a time.
 */
public final class ReorderWindow {
    /** Where packets go, in order. */
    public interface Output {
        /** One packet at absolute positions of a buffer that is only valid during the call. */
        void packet(ByteBuffer in, int offset, int length);
    }

    /** Packets that may wait: more than a burst on two paths mixes up, less than a quarter of a second of 4 Mbit/s. */
    public static final int SLOTS = 64;
    /** A longer packet (fragmented IP) does not wait; those before it count as lost. */
    public static final int PACKET_BYTES_MAX = 2048;

    /** A larger step is a restart of the source (RFC 3550 A.1, MAX_DROPOUT). */
    private static final int DROPOUT_MAX = 3000;

    private final Output output;
    private final long waitNs;
    private final ByteBuffer store = ByteBuffer.allocateDirect(SLOTS * PACKET_BYTES_MAX);
    /** Length of the packet in each slot, 0 when free. */
    private final int[] lengths = new int[SLOTS];

    private final long[] arrivedNs = new long[SLOTS];

    private boolean started;
    private int next;
    private int held;
    private long late;
    private long reordered;

    /** @param waitNs how long a packet may wait for those before it */
    public ReorderWindow(Output output, long waitNs) {
        this.output = output;
        this.waitNs = waitNs;
    }

    /** Goes on where another one of the same source stood, in which nothing waited. @param last the newest that it gave out */
    public void goOn(int last) {
        started = true;
        next = last + 1 & 0xFFFF;
    }

    /** {@return whether no packet waits for those before it} */
    public boolean isEmpty() {
        return held == 0;
    }

    /** Takes a packet with its sequence number; gives out what is in order. */
    public void accept(ByteBuffer in, int offset, int length, int sequence, long nowNs) {
        if (!started) {
            started = true;
            next = sequence;
        }
        int ahead = (short) (sequence - next);
        if (ahead < 0 && ahead >= -DROPOUT_MAX) {
            late++;
            return;
        }
        if (ahead < 0 || ahead > DROPOUT_MAX) {
            release();
            next = sequence;
        } else if (ahead >= SLOTS || length > PACKET_BYTES_MAX) {
            // The window moves on: for the oldest places it is too late.
            releaseUpTo(length > PACKET_BYTES_MAX ? sequence : sequence - SLOTS + 1);
            drain();
        }
        if (sequence == next) {
            output.packet(in, offset, length);
            next = next + 1 & 0xFFFF;
            drain();
        } else if ((short) (sequence - next) < 0) {
            // A shorter packet of this number waited and has just been given out.
            late++;
        } else {
            hold(in, offset, length, sequence, nowNs);
        }
    }

    private void hold(ByteBuffer in, int offset, int length, int sequence, long nowNs) {
        int slot = sequence & SLOTS - 1;
        if (lengths[slot] != 0) {
            late++;
            return;
        }
        store.put(slot * PACKET_BYTES_MAX, in, offset, length);
        lengths[slot] = length;
        arrivedNs[slot] = nowNs;
        reordered++;
        held++;
    }

    /** Gives out what has become in order. */
    private void drain() {
        while (held > 0 && lengths[next & SLOTS - 1] != 0) {
            give();
        }
    }

    private void give() {
        int slot = next & SLOTS - 1;
        int length = lengths[slot];
        lengths[slot] = 0;
        held--;
        next = next + 1 & 0xFFFF;
        output.packet(store, slot * PACKET_BYTES_MAX, length);
    }

    /** Gives out all that waits before this number. */
    private void releaseUpTo(int sequence) {
        int steps = Math.min(SLOTS, (short) (sequence - next));
        for (int i = 0; i < steps; i++) {
            if (lengths[next & SLOTS - 1] != 0) {
                give();
            } else {
                next = next + 1 & 0xFFFF;
            }
        }
        next = sequence & 0xFFFF;
    }

    private void release() {
        while (held > 0) {
            skipToHeld();
            give();
        }
    }

    private void skipToHeld() {
        while (lengths[next & SLOTS - 1] == 0) {
            next = next + 1 & 0xFFFF;
        }
    }

    /** To be called at a steady pace: gives up packets that are missing for too long. */
    public void tick(long nowNs) {
        while (held > 0 && longestWaitNs(nowNs) >= waitNs) {
            skipToHeld();
            drain();
        }
    }

    private long longestWaitNs(long nowNs) {
        long longest = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            if (lengths[slot] != 0) {
                longest = Math.max(longest, nowNs - arrivedNs[slot]);
            }
        }
        return longest;
    }

    /** {@return packets that came twice, or when their place was given up} */
    public long late() {
        return late;
    }

    /** {@return packets that had to wait for earlier ones} */
    public long reordered() {
        return reordered;
    }
}
