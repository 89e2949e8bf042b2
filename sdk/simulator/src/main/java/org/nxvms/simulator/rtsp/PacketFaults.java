// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.nio.ByteBuffer;
import java.util.Random;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;
import org.nxvms.simulator.rtp.PacketTrack;

/** The faults of one track that change single packets. Repeatable: the bytes follow from a seed. */
final class PacketFaults {
    /** Payload of a made-up fragment, after the two bytes of FU-A. */
    static final int FRAGMENT_BYTES = 1200;

    private static final int FU_A = 28;
    private static final int NAL_FILLER = 12;
    private static final int NAL_IDR = 5;
    private static final int STRAY_BYTES = 32;
    private static final int STRAY_CHANNEL = 200;

    private final Random random;
    private final byte[] noise = new byte[FRAGMENT_BYTES];
    private long packets;
    private long inserted;
    private byte[] held;
    private boolean endless;
    private int endlessTimestamp;

    PacketFaults(long seed) {
        random = new Random(seed);
    }

    /** True if no packet waits for its successor. */
    boolean isIdle() {
        return held == null;
    }

    /** Returns false if the packet from {@code at} to the buffer's position was taken out for good. */
    boolean shape(ByteBuffer out, int at, FaultSet faults) {
        packets++;
        if (isTurn(faults, FaultKind.DROP_PACKETS)) {
            out.position(at);
            return false;
        }
        if (held != null) {
            out.put(held);
            held = null;
        } else if (isTurn(faults, FaultKind.REORDER)) {
            held = new byte[out.position() - at];
            out.get(at, held);
            out.position(at);
        }
        return true;
    }

    private boolean isTurn(FaultSet faults, FaultKind kind) {
        long every = faults.value(kind);
        return every > 0 && packets % every == 0;
    }

    /** Puts what does not belong there after a packet. */
    void insert(Scratch scratch, int packetBytes, int channel, int ssrc, boolean udp, FaultSet faults) {
        if (isTurn(faults, FaultKind.GARBAGE) && !udp) {
            stray(scratch.withRoom(STRAY_BYTES * 2));
        }
        if (isTurn(faults, FaultKind.CORRUPT_RTP)) {
            corrupt(scratch.withRoom(64), channel, ssrc);
        }
    }

    private void stray(ByteBuffer out) {
        byte[] bytes = new byte[STRAY_BYTES];
        random.nextBytes(bytes);
        if (inserted++ % 2 == 0) {
            bytes[0] = 'x';
            out.put(bytes);
        } else {
            out.put((byte) '$')
                    .put((byte) STRAY_CHANNEL)
                    .putShort((short) STRAY_BYTES)
                    .put(bytes);
        }
    }

    private void corrupt(ByteBuffer out, int channel, int ssrc) {
        boolean truncated = inserted++ % 2 == 0;
        int length = truncated ? 3 : 20;
        out.put((byte) '$').put((byte) channel).putShort((short) length);
        int at = out.position();
        out.put((byte) (truncated ? 0x80 : 0x40)).put((byte) 96).put((byte) random.nextInt());
        for (int i = 3; i < length; i++) {
            out.put((byte) (ssrc >> i % 4 * 8));
        }
        assert out.position() == at + length;
    }

    /** A fragment of a key frame's slice whose end never comes. */
    void endlessFragment(ByteBuffer out, int payloadType) {
        prefix(out, payloadType);
        out.put((byte) (0x60 | FU_A)).put((byte) (endless ? NAL_IDR : 0x80 | NAL_IDR));
        random.nextBytes(noise);
        out.put(noise);
    }

    /** All fragments of one picture have one timestamp: the first one's. */
    int endlessTimestamp(int timestamp) {
        if (!endless) {
            endless = true;
            endlessTimestamp = timestamp;
        }
        return endlessTimestamp;
    }

    void endEndless() {
        endless = false;
    }

    static void fillerFragment(ByteBuffer out, int payloadType, boolean first, boolean last) {
        int at = out.position();
        prefix(out, payloadType);
        if (last) {
            out.put(at + PacketTrack.PREFIX_BYTES + 1, (byte) (0x80 | payloadType));
        }
        out.put((byte) FU_A).put((byte) ((first ? 0x80 : 0) | (last ? 0x40 : 0) | NAL_FILLER));
        for (int i = 1; i < FRAGMENT_BYTES; i++) {
            out.put((byte) 0xff);
        }
        out.put((byte) (last ? 0x80 : 0xff));
    }

    private static void prefix(ByteBuffer out, int payloadType) {
        int size = PacketTrack.HEADER_BYTES + 2 + FRAGMENT_BYTES;
        out.put((byte) '$').put((byte) 0).putShort((short) size);
        out.put((byte) 0x80).put((byte) payloadType);
        out.position(out.position() + PacketTrack.HEADER_BYTES - 2);
    }
}
