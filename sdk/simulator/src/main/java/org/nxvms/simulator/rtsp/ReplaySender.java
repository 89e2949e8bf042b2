// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.nxvms.simulator.rtp.PacketTrack;

/**
 * Sends what was recorded in a time over TCP, track by track in the order of time, each first packet of a picture or a frame of
 * sound with the header extension of ONVIF (Streaming Specification 6.3). It is what was sent live at that time, packet by
 * packet. Farm's thread only.
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
     * What is played; numbers are those of pictures.
     *
     * @param first unit, one that decoding can start at
     * @param end the first one that is not played any more
     * @param available behind the last one that there is, at least {@code end}
     * @param paced as fast as it was recorded, else as fast as the client reads
     * @param cseq number of the request that asks for it
     */
    record Order(long first, long end, long available, boolean paced, int cseq) {}

    private static final Order NOTHING = new Order(0, 0, 0, false, 0);

    private final Camera camera;
    private final Connection connection;
    private final FarmLoop loop;
    private final List<Lane> lanes = new ArrayList<>();
    private Order order = NOTHING;
    private long begunNano;
    private boolean playing;

    ReplaySender(Camera camera, Connection connection, FarmLoop loop) {
        this.camera = camera;
        this.connection = connection;
        this.loop = loop;
    }

    /** One track on its way. */
    private static final class Lane {
        private final int number;
        private final PacketTrack track;
        private final int channel;
        private final int ssrc;
        private final int timestampBase;
        private int sequence;
        private long first;
        private long unit;
        private long end;
        private long available;

        private Lane(int number, PacketTrack track, int channel, int ssrc) {
            this.number = number;
            this.track = track;
            this.channel = channel;
            this.ssrc = ssrc;
            this.timestampBase = ssrc * 31;
            this.sequence = ssrc >>> 8 & 0xffff;
        }

        private long nanos() {
            return track.format().unitNanos(unit);
        }

        private boolean isOver() {
            return unit >= end;
        }
    }

    /** @param ssrc also makes the numbers that a sender chooses */
    void add(int number, int channel, int ssrc) {
        lanes.add(new Lane(number, camera.recordedTracks().get(number), channel, ssrc));
    }

    boolean has(int number) {
        return lanes.stream().anyMatch(lane -> lane.number == number);
    }

    /** {@return how each track begins (RFC 2326 12.33)} @param uri of a track, but for its number */
    String info(String uri, Order of) {
        return lanes.stream()
                .map(lane -> "url=" + uri + lane.number + ";seq=" + lane.sequence + ";rtptime="
                        + Integer.toUnsignedString(lane.timestampBase
                                + (int) (at(lane, of.first())
                                        * lane.track.format().unitTicks())))
                .collect(Collectors.joining(","));
    }

    /** {@return the unit of a track that begins with a picture, or next} */
    private long at(Lane lane, long picture) {
        PacketTrack pictures = camera.video(Camera.Role.MAIN);
        return lane.track == pictures
                ? picture
                : lane.track.format().unitAt(pictures.format().unitNanos(picture));
    }

    void play(Order newOrder, long now) {
        order = newOrder;
        for (Lane lane : lanes) {
            lane.first = at(lane, newOrder.first());
            lane.unit = lane.first;
            lane.end = at(lane, newOrder.end());
            lane.available = at(lane, newOrder.available());
        }
        begunNano = now;
        playing = true;
    }

    void pause() {
        playing = false;
    }

    private Optional<Lane> next() {
        return lanes.stream().filter(lane -> !lane.isOver()).min(Comparator.comparingLong(Lane::nanos));
    }

    /** Sends what is due; returns when to come back. */
    long pump(long now) throws IOException {
        Optional<Lane> lane = playing ? next() : Optional.empty();
        if (lane.isEmpty() || camera.stallUntilNano() > now) {
            return lane.isEmpty() ? Long.MAX_VALUE : camera.stallUntilNano();
        }
        ByteBuffer out = loop.scratch().clear();
        while (lane.isPresent() && due(lane.get()) <= now && out.position() < BATCH_BYTES) {
            put(lane.get());
            out = loop.scratch().withRoom(0);
            lane = next();
        }
        connection.send(out.flip());
        return lane.map(left -> Math.max(due(left), now)).orElse(Long.MAX_VALUE);
    }

    private long due(Lane lane) {
        long begin = camera.video(Camera.Role.MAIN).format().unitNanos(order.first());
        return order.paced() ? begunNano + lane.nanos() - begin : begunNano;
    }

    private void put(Lane lane) {
        PacketTrack track = lane.track;
        int count = track.packetCount(lane.unit);
        for (int packet = 0; packet < count; packet++) {
            ByteBuffer out = loop.scratch().withRoom((1 << 16) + EXTENSION_BYTES);
            int at = out.position();
            track.copy(lane.unit, packet, out);
            int header = at + PacketTrack.PREFIX_BYTES;
            out.put(at + 1, (byte) lane.channel);
            out.putShort(header + 2, (short) lane.sequence);
            out.putInt(
                    header + 4,
                    lane.timestampBase + (int) (lane.unit * track.format().unitTicks()));
            out.putInt(header + 8, lane.ssrc);
            if (packet == 0) {
                extend(lane, out, at);
            }
            lane.sequence = lane.sequence + 1 & 0xffff;
            camera.counters().packets++;
        }
        camera.counters().units++;
        lane.unit++;
    }

    /** Puts the extension behind the header of the packet from {@code at} to the buffer's position. */
    private void extend(Lane lane, ByteBuffer out, int at) {
        int header = at + PacketTrack.PREFIX_BYTES;
        int payload = header + PacketTrack.HEADER_BYTES;
        byte[] rest = new byte[out.position() - payload];
        out.get(payload, rest);
        out.put(header, (byte) (out.get(header) | HAS_EXTENSION));
        out.position(payload);
        out.putShort((short) EXTENSION).putShort((short) EXTENSION_WORDS);
        out.putLong(camera.ntp(lane.nanos()));
        boolean last = lane.unit + 1 == lane.available;
        int flags = (lane.track.keyFrom(lane.unit) == lane.unit ? CLEAN_POINT : 0)
                | (last ? END | TERMINAL : 0)
                | (lane.unit == lane.first ? DISCONTINUITY : 0);
        out.put((byte) flags).put((byte) order.cseq()).putShort((short) 0);
        out.put(rest);
        out.putShort(at + 2, (short) (out.position() - header));
    }
}
