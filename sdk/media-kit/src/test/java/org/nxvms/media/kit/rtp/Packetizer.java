// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Makes RTP packets as cameras do (RFC 6184): single NAL units, STAP-A for small ones, FU-A for large ones. */
final class Packetizer {
    /** How a camera uses the marker bit. */
    enum Marker {
        LAST_PACKET,
        NEVER,
        EVERY_NAL
    }

    private final int payloadMax;
    private final boolean aggregate;
    private final Marker marker;
    private int sequence;
    private final List<byte[]> packets = new ArrayList<>();

    Packetizer(int payloadMax, boolean aggregate, Marker marker, int firstSequence) {
        this.payloadMax = payloadMax;
        this.aggregate = aggregate;
        this.marker = marker;
        this.sequence = firstSequence;
    }

    List<byte[]> packets() {
        return packets;
    }

    void picture(List<byte[]> nals, long timestamp) {
        for (int i = 0; i < nals.size(); i++) {
            byte[] nal = nals.get(i);
            boolean last = i == nals.size() - 1;
            if (aggregate && !last && 1 + 2 + nal.length + 2 + nals.get(i + 1).length <= payloadMax) {
                ByteBuffer stap = ByteBuffer.allocate(payloadMax).put((byte) (3 << 5 | 24));
                while (i < nals.size() && stap.remaining() >= 2 + nals.get(i).length) {
                    stap.putShort((short) nals.get(i).length).put(nals.get(i));
                    i++;
                }
                i--;
                packet(copy(stap.array(), 0, stap.position()), timestamp, i == nals.size() - 1, true);
            } else if (nal.length <= payloadMax) {
                packet(nal, timestamp, last, true);
            } else {
                fragments(nal, timestamp, last);
            }
        }
    }

    private void fragments(byte[] nal, long timestamp, boolean lastNal) {
        for (int at = 1; at < nal.length; ) {
            int size = Math.min(payloadMax - 2, nal.length - at);
            boolean end = at + size == nal.length;
            ByteBuffer fu = ByteBuffer.allocate(2 + size);
            fu.put((byte) (nal[0] & 0xE0 | 28));
            fu.put((byte) ((at == 1 ? 0x80 : 0) | (end ? 0x40 : 0) | nal[0] & 0x1F));
            fu.put(nal, at, size);
            packet(fu.array(), timestamp, lastNal && end, end);
            at += size;
        }
    }

    private void packet(byte[] payload, long timestamp, boolean lastOfPicture, boolean lastOfNal) {
        boolean mark =
                switch (marker) {
                    case LAST_PACKET -> lastOfPicture;
                    case NEVER -> false;
                    case EVERY_NAL -> lastOfNal;
                };
        packets.add(rtp(payload, 96, mark, timestamp));
    }

    byte[] rtp(byte[] payload, int type, boolean mark, long timestamp) {
        ByteBuffer packet = ByteBuffer.allocate(12 + payload.length);
        packet.put((byte) 0x80).put((byte) ((mark ? 0x80 : 0) | type));
        packet.putShort((short) sequence++)
                .putInt((int) timestamp)
                .putInt(0x1234)
                .put(payload);
        return packet.array();
    }

    private static byte[] copy(byte[] from, int offset, int length) {
        byte[] bytes = new byte[length];
        System.arraycopy(from, offset, bytes, 0, length);
        return bytes;
    }

    /** Feeds packets as a receiver does: header, sequence, payload, from within a larger buffer. */
    static void feed(List<byte[]> packets, Depacketizer into) {
        RtpHeader header = new RtpHeader();
        SequenceTracker tracker = new SequenceTracker();
        for (byte[] packet : packets) {
            ByteBuffer in = ByteBuffer.allocateDirect(packet.length + 7);
            in.put(3, packet);
            if (header.parse(in, 3, packet.length)) {
                int lost = tracker.accept(header.sequence());
                if (lost >= 0) {
                    into.accept(in, header, lost);
                }
            }
        }
        into.close();
    }
}
