// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.rtp;

/**
 * The newest packets of one track, numbered without end. From here viewers are sent what is new, what they lost, and the group
 * of pictures that they begin with. Bounded in packets and bytes; what is older than two key frames and two seconds goes. One thread.
 */
public final class PacketLog {
    /** Means: there is no such packet. */
    public static final long NONE = -1;

    /** What is younger can still be asked for again, however short the groups of pictures are. */
    private static final long HISTORY_US = 2_000_000;

    private final Packet[] packets;
    private final int mask;
    private long head;
    private long tail;
    private long bytes;
    private long newestKey = NONE;

    /** @param packetsMax a power of two */
    public PacketLog(int packetsMax) {
        if (Integer.bitCount(packetsMax) != 1) {
            throw new IllegalArgumentException("packetsMax must be a power of two, not " + packetsMax);
        }
        packets = new Packet[packetsMax];
        mask = packetsMax - 1;
    }

    /** Adds a packet and forgets old ones, so that at most {@code bytesMax} are held. */
    public void add(Packet packet, long bytesMax) {
        if (packet.key()) {
            long oldestUs = packet.wallUs() - HISTORY_US;
            while (tail < newestKey && packets[(int) tail & mask].wallUs() < oldestUs) {
                forget();
            }
            newestKey = head;
        }
        while (tail < head && (head - tail == packets.length || bytes + packet.heldBytes() > bytesMax)) {
            forget();
        }
        packets[(int) head & mask] = packet;
        bytes += packet.heldBytes();
        head++;
    }

    private void forget() {
        int at = (int) tail & mask;
        bytes -= packets[at].heldBytes();
        packets[at] = null;
        tail++;
        if (newestKey < tail) {
            newestKey = NONE;
        }
    }

    /** {@return number of the next packet} */
    public long head() {
        return head;
    }

    /** {@return number of the oldest packet held} */
    public long tail() {
        return tail;
    }

    /** {@return number of the first packet of the newest key frame, {@link #NONE} when it is not held} */
    public long newestKey() {
        return newestKey;
    }

    public long bytes() {
        return bytes;
    }

    /** {@return a packet that is held: from {@link #tail()}, before {@link #head()}} */
    public Packet get(long number) {
        if (number < tail || number >= head) {
            throw new IndexOutOfBoundsException("packet " + number + " is not within " + tail + ".." + head);
        }
        return packets[(int) number & mask];
    }

    /** {@return the newest packet, null when none is held} */
    public Packet newest() {
        return head == tail ? null : get(head - 1);
    }
}
