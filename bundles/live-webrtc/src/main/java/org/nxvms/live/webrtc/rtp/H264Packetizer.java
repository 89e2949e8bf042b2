// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.rtp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts access units of H.264 into RTP payloads (RFC 6184 5.6 to 5.8): whole NAL units, long ones in fragments (FU-A), parameter
 * sets together (STAP-A). Browsers decode nothing before parameter sets came in band, whatever the session description says;
 * so they stand before each key frame. One thread.
 */
public final class H264Packetizer {
    /** With headers, extension, number of what is sent again and the tag of SRTP a datagram stays below 1200 bytes. */
    public static final int PAYLOAD_BYTES_MAX = 1_140;

    private static final int SPS = 7;
    private static final int PPS = 8;
    private static final int AUD = 9;
    private static final int FILLER = 12;
    private static final int STAP_A = 24;
    private static final int FU_A = 28;
    private static final int FU_START = 0x80;
    private static final int FU_END = 0x40;

    private final List<byte[]> sets = new ArrayList<>();

    /** @param sets sequence, then picture parameter sets */
    public H264Packetizer(List<byte[]> sets) {
        this.sets.addAll(sets);
    }

    /**
     * Cuts one access unit.
     *
     * @param unit NAL units, each after its length in four bytes; its position is left alone
     * @return the payloads in order; empty when the unit holds no picture or its lengths do not fit
     */
    public List<byte[]> cut(ByteBuffer unit, boolean key) {
        ByteBuffer in = unit.duplicate();
        List<byte[]> payloads = new ArrayList<>(2 + in.remaining() / PAYLOAD_BYTES_MAX);
        if (key) {
            addSets(payloads);
        }
        boolean picture = false;
        while (in.remaining() >= 4) {
            int length = in.getInt();
            if (length < 1 || length > in.remaining()) {
                return List.of();
            }
            int type = in.get(in.position()) & 0x1F;
            picture |= type >= 1 && type <= 5;
            if (isCarried(type, key)) {
                add(in, length, payloads);
            } else {
                in.position(in.position() + length);
            }
        }
        return picture && !in.hasRemaining() ? payloads : List.of();
    }

    /** Parameter sets of a key frame were put before it already. */
    private boolean isCarried(int type, boolean key) {
        boolean set = type == SPS || type == PPS;
        return type != AUD && type != FILLER && !(set && key && !sets.isEmpty());
    }

    private void addSets(List<byte[]> payloads) {
        int bytes = 1;
        for (byte[] set : sets) {
            bytes += 2 + set.length;
        }
        if (sets.isEmpty()) {
            return;
        }
        if (bytes > PAYLOAD_BYTES_MAX) {
            sets.forEach(set -> add(ByteBuffer.wrap(set), set.length, payloads));
            return;
        }
        ByteBuffer together = ByteBuffer.allocate(bytes);
        int importance = 0;
        for (byte[] set : sets) {
            importance = Math.max(importance, set[0] & 0x60);
        }
        together.put((byte) (importance | STAP_A));
        sets.forEach(set -> together.putShort((short) set.length).put(set));
        payloads.add(together.array());
    }

    private static void add(ByteBuffer in, int length, List<byte[]> payloads) {
        if (length <= PAYLOAD_BYTES_MAX) {
            byte[] whole = new byte[length];
            in.get(whole);
            payloads.add(whole);
            return;
        }
        int header = in.get() & 0xFF;
        int left = length - 1;
        // Even parts: a last one of a few bytes costs as much as a full one. All but the last of one length can be sent
        // together.
        int parts = (left + PAYLOAD_BYTES_MAX - 3) / (PAYLOAD_BYTES_MAX - 2);
        int even = (left + parts - 1) / parts;
        for (int start = FU_START; left > 0; start = 0) {
            int bytes = Math.min(left, even);
            byte[] payload = new byte[2 + bytes];
            left -= bytes;
            payload[0] = (byte) (header & 0xE0 | FU_A);
            payload[1] = (byte) (header & 0x1F | start | (left == 0 ? FU_END : 0));
            in.get(payload, 2, bytes);
            payloads.add(payload);
        }
    }
}
