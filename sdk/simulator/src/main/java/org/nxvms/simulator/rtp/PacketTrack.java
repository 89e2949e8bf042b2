// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * One loop of one track as ready packets: each is an interleaved prefix (RFC 2326 10.12), an RTP header and a payload.
 *
 * <p>Channel, sequence number, timestamp and SSRC are written when a packet is sent. A <em>unit</em> is what shares one
 * timestamp: a picture or a frame of sound. Units are numbered from the Unix epoch on; the loop repeats. Immutable, read
 * by any number of sessions.
 */
public final class PacketTrack {
    public static final int PREFIX_BYTES = 4;
    public static final int HEADER_BYTES = 12;
    static final int PAYLOAD_MAX = 1400;

    private final TrackFormat format;
    private final byte[] bytes;
    private final int[] packetOffsets;
    private final int[] unitPackets;
    private final int[] nextKeys;

    private PacketTrack(Builder builder) {
        format = builder.format;
        bytes = builder.out.toByteArray();
        packetOffsets = toArray(builder.packetOffsets, bytes.length);
        unitPackets = toArray(builder.unitPackets, builder.packetOffsets.size());
        nextKeys = nextKeys(builder.keys, builder.unitPackets.size());
    }

    public TrackFormat format() {
        return format;
    }

    /** Units in one loop. */
    public int unitCount() {
        return unitPackets.length - 1;
    }

    public int packetCount(long unit) {
        int index = index(unit);
        return unitPackets[index + 1] - unitPackets[index];
    }

    /** The first key unit at or after {@code unit}. */
    public long keyFrom(long unit) {
        return unit + nextKeys[index(unit)];
    }

    /** Bytes of all packets of a unit, prefixes included. */
    public int unitBytes(long unit) {
        int index = index(unit);
        return packetOffsets[unitPackets[index + 1]] - packetOffsets[unitPackets[index]];
    }

    /** Copies packet {@code packet} of a unit, prefix first; the four sender's fields are left zero. Returns its size. */
    public int copy(long unit, int packet, ByteBuffer to) {
        int first = unitPackets[index(unit)] + packet;
        int length = packetOffsets[first + 1] - packetOffsets[first];
        to.put(bytes, packetOffsets[first], length);
        return length;
    }

    /** Copies all packets of a unit, one after the other, as {@link #copy} does one. */
    public void copyUnit(long unit, ByteBuffer to) {
        to.put(bytes, packetOffsets[unitPackets[index(unit)]], unitBytes(unit));
    }

    private int index(long unit) {
        return (int) Math.floorMod(unit, (long) unitCount());
    }

    private static int[] toArray(List<Integer> values, int end) {
        int[] array = new int[values.size() + 1];
        for (int i = 0; i < values.size(); i++) {
            array[i] = values.get(i);
        }
        array[values.size()] = end;
        return array;
    }

    private static int[] nextKeys(BitSet keys, int count) {
        int[] distances = new int[count];
        for (int i = 0; i < count; i++) {
            int next = keys.nextSetBit(i);
            distances[i] = next >= 0 ? next - i : keys.nextSetBit(0) + count - i;
        }
        return distances;
    }

    /** Collects packets; one thread. */
    static final class Builder {
        private final TrackFormat format;
        private final ByteArrayOutputStream out;
        private final List<Integer> packetOffsets = new ArrayList<>();
        private final List<Integer> unitPackets = new ArrayList<>();
        private final BitSet keys = new BitSet();

        Builder(TrackFormat format) {
            this(format, 1 << 20);
        }

        /** @param bytes of all packets, about */
        Builder(TrackFormat format, int bytes) {
            this.format = format;
            this.out = new ByteArrayOutputStream(bytes);
        }

        void unit(boolean key) {
            keys.set(unitPackets.size(), key);
            unitPackets.add(packetOffsets.size());
        }

        /** Adds a packet whose payload is {@code head} followed by a part of {@code body}. */
        void packet(boolean marker, byte[] head, byte[] body, int offset, int length) {
            packetOffsets.add(out.size());
            int size = HEADER_BYTES + head.length + length;
            out.write('$');
            out.write(0);
            out.write(size >> 8);
            out.write(size);
            out.write(0x80);
            out.write((marker ? 0x80 : 0) | format.payloadType());
            out.write(new byte[HEADER_BYTES - 2], 0, HEADER_BYTES - 2);
            out.write(head, 0, head.length);
            out.write(body, offset, length);
        }

        PacketTrack build() {
            if (keys.isEmpty()) {
                throw new IllegalArgumentException("a track needs at least one key unit");
            }
            return new PacketTrack(this);
        }
    }
}
