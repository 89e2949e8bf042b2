// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.nxvms.simulator.rtp.PacketTrack;

/**
 * Sends the recorded pictures of a time over TCP, each first packet of a picture with the header extension of ONVIF
 * (Streaming Specification 6.3). They are the pictures that were sent live at that time, packet by packet. Farm's thread only.
 */
final class ReplaySender {
    private static final int EXTENSION = 0xABAC;
    /** In words of four bytes: the time, the flags. */
    private static final int EXTENSION_WORDS = 3;

    private static final int EXTENSION_BYTES = 4 + 4 * EXTENSION_WORDS;
    private static final int CLEAN_POINT = 0x80;
    private static final int END = 0x40;
    private static final int DISCONTINUITY = 0x20;
    private static final int TERMINAL = 0x10;
    private static final int HAS_EXTENSION = 0x10;
    /** Bytes put together before they are sent; so much at a time of a client that reads as fast as it can. */
    private static final int BATCH_BYTES = 256 * 1024;

    /**
     * What is played.
     *
     * @param first unit, one that decoding can start at
     * @param end the first one that is not played any more
     * @param available behind the last one that there is, at least {@code end}
     * @param paced as fast as it was recorded, else as fast as the client reads
     * @param cseq number of the request that asks for it
     */
    record Order(long first, long end, long available, boolean paced, int cseq) {}

    private final Camera camera;
    private final PacketTrack track;
    private final Connection connection;
    private final FarmLoop loop;
    private final int channel;
    private final int ssrc;
    private final int timestampBase;
    private int sequence;
    private Order order = new Order(0, 0, 0, false, 0);
    private long unit;
    private long begunNano;
    private boolean playing;

    /** @param seed makes the numbers that a sender chooses */
    ReplaySender(Camera camera, Connection connection, FarmLoop loop, int channel, int seed) {
        this.camera = camera;
        this.track = camera.video(Camera.Role.MAIN);
        this.connection = connection;
        this.loop = loop;
        this.channel = channel;
        this.ssrc = seed;
        this.timestampBase = seed * 31;
        this.sequence = seed >>> 8 & 0xffff;
    }

    int ssrc() {
        return ssrc;
    }

    int sequence() {
        return sequence;
    }

    /** {@return the time stamp of the first picture of an order} */
    int timestamp(Order of) {
        return timestampBase + (int) (of.first() * track.format().unitTicks());
    }

    void play(Order newOrder, long now) {
        order = newOrder;
        unit = newOrder.first();
        begunNano = now;
        playing = true;
    }

    void pause() {
        playing = false;
    }

    /** Sends what is due; returns when to come back. */
    long pump(long now) throws IOException {
        if (!playing || unit >= order.end() || camera.stallUntilNano() > now) {
            return playing && unit < order.end() ? camera.stallUntilNano() : Long.MAX_VALUE;
        }
        ByteBuffer out = loop.scratch().clear();
        while (unit < order.end() && due() <= now && out.position() < BATCH_BYTES) {
            put();
            out = loop.scratch().withRoom(0);
        }
        connection.send(out.flip());
        return unit < order.end() ? Math.max(due(), now) : Long.MAX_VALUE;
    }

    private long due() {
        return order.paced()
                ? begunNano + track.format().unitNanos(unit) - track.format().unitNanos(order.first())
                : begunNano;
    }

    private void put() {
        int count = track.packetCount(unit);
        for (int packet = 0; packet < count; packet++) {
            ByteBuffer out = loop.scratch().withRoom((1 << 16) + EXTENSION_BYTES);
            int at = out.position();
            track.copy(unit, packet, out);
            int header = at + PacketTrack.PREFIX_BYTES;
            out.put(at + 1, (byte) channel);
            out.putShort(header + 2, (short) sequence);
            out.putInt(header + 4, timestampBase + (int) (unit * track.format().unitTicks()));
            out.putInt(header + 8, ssrc);
            if (packet == 0) {
                extend(out, at);
            }
            sequence = sequence + 1 & 0xffff;
            camera.counters().packets++;
        }
        camera.counters().units++;
        unit++;
    }

    /** Puts the extension behind the header of the packet from {@code at} to the buffer's position. */
    private void extend(ByteBuffer out, int at) {
        int header = at + PacketTrack.PREFIX_BYTES;
        int payload = header + PacketTrack.HEADER_BYTES;
        byte[] rest = new byte[out.position() - payload];
        out.get(payload, rest);
        out.put(header, (byte) (out.get(header) | HAS_EXTENSION));
        out.position(payload);
        out.putShort((short) EXTENSION).putShort((short) EXTENSION_WORDS);
        out.putLong(camera.ntp(track.format().unitNanos(unit)));
        boolean last = unit + 1 == order.available();
        int flags = (track.keyFrom(unit) == unit ? CLEAN_POINT : 0)
                | (last ? END | TERMINAL : 0)
                | (unit == order.first() ? DISCONTINUITY : 0);
        out.put((byte) flags).put((byte) order.cseq()).putShort((short) 0);
        out.put(rest);
        out.putShort(at + 2, (short) (out.position() - header));
    }
}
