// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;
import org.nxvms.simulator.rtp.TrackFormat;

/**
 * One session: the tracks a client has set up, and where each of them is. Farm's thread only.
 *
 * <p>All sessions of a stream show the same picture at the same moment. A session begins at the next key frame, as its
 * client cannot show anything before.
 */
final class Playback {
    private static final SecureRandom RANDOM = new SecureRandom();
    /** A client so far behind gets the present instead, from a key frame on. */
    private static final long LAG_MAX_NANOS = 10_000_000_000L;

    private static final long STALL_POLL_NANOS = 20_000_000;
    private static final long PACE_NANOS = 1_000_000;
    /** Catching up after a late wake-up is bounded to what so many milliseconds would have sent. */
    private static final long PACE_CREDIT_MAX_NANOS = 20_000_000;
    /** Bytes put together before they are sent. */
    private static final int BATCH_BYTES = 512 * 1024;

    private final String id = String.format(Locale.ROOT, "%016X", RANDOM.nextLong());
    private final Camera camera;
    private final StreamAddress stream;
    private final Connection connection;
    private final FarmLoop loop;
    private final TreeMap<Integer, TrackSender> senders = new TreeMap<>();
    private boolean playing;
    private boolean resync;
    private long pacedNano;

    Playback(Camera camera, StreamAddress stream, Connection connection, FarmLoop loop) {
        this.camera = camera;
        this.stream = stream;
        this.connection = connection;
        this.loop = loop;
    }

    String id() {
        return id;
    }

    Camera.Role role() {
        return stream.role();
    }

    int trackCount() {
        return senders.size();
    }

    boolean isPlaying() {
        return playing;
    }

    /** All tracks of a session travel alike. */
    boolean isUdp() {
        return senders.firstEntry().getValue().transport().isUdp();
    }

    boolean isMulticast() {
        return senders.firstEntry().getValue().transport().multicast();
    }

    TrackSender setup(int track, Transport transport) {
        TrackSender sender = new TrackSender(camera, stream.role(), track, transport.forTrack(track), RANDOM);
        senders.put(track, sender);
        return sender;
    }

    void play(long now) {
        playing = true;
        seekToNow(now);
        pacedNano = now;
    }

    void pause() {
        playing = false;
    }

    /** Video to the next key frame, sound to what was heard at its time. */
    private void seekToNow(long now) {
        long streamNanos = camera.clock().streamNanos(now);
        boolean anyFrame = camera.faultSet().has(FaultKind.START_MID_GOP);
        for (TrackSender sender : senders.values()) {
            TrackFormat format = sender.format();
            long unit = format.unitAt(streamNanos);
            if (format.isVideo() && !anyFrame) {
                unit = sender.track().keyFrom(unit);
            }
            sender.seek(unit);
            if (format.isVideo()) {
                streamNanos = format.unitNanos(unit);
            }
        }
        resync = false;
    }

    /**
     * Where each track begins: its first packet, and its time stamp at the first picture's time (RFC 2326 12.33).
     *
     * @param base scheme, host and port as the client wrote them
     */
    String rtpInfo(String base) {
        long startNanos = senders.firstEntry().getValue().unitNanos();
        StringJoiner info = new StringJoiner(",");
        senders.forEach((track, sender) -> info.add("url=" + stream.track(base, track) + ";seq=" + sender.sequence()
                + ";rtptime=" + Integer.toUnsignedString(sender.timestampAt(startNanos))));
        return info.toString();
    }

    boolean reportsFrom(InetSocketAddress from) {
        return senders.values().stream()
                .anyMatch(sender -> sender.transport().isUdp()
                        && (from.equals(sender.transport().rtcp())
                                || from.equals(sender.transport().rtp())));
    }

    /** Sends what is due; returns when to come back. */
    long pump(long now) throws IOException {
        if (!playing || senders.isEmpty()) {
            return Long.MAX_VALUE;
        }
        if (camera.stallUntilNano() > now) {
            resync = true;
            return now + STALL_POLL_NANOS;
        }
        TrackSender leader = senders.firstEntry().getValue();
        if (resync || now - due(leader) > LAG_MAX_NANOS) {
            long before = leader.unit();
            seekToNow(now);
            camera.counters().skippedUnits += leader.unit() - before;
        }
        int pace = camera.settings().packetsPerMs();
        return pace == 0 ? burst(now, leader) : paced(now, leader, pace);
    }

    private long burst(long now, TrackSender leader) throws IOException {
        FaultSet faults = camera.faultSet();
        ByteBuffer out = loop.scratch().clear();
        TrackSender next = earliest();
        while (due(next) <= now && !connection.hasBacklog()) {
            if (next.send(loop.scratch(), faults, Integer.MAX_VALUE, now) == TrackSender.NOT_MADE) {
                break;
            }
            out = loop.scratch().withRoom(0);
            if (out.position() > BATCH_BYTES) {
                flush(out.flip());
                loop.scratch().clear();
            }
            next = earliest();
        }
        flush(loop.scratch().withRoom(0).flip());
        return due(leader);
    }

    /** At most {@code pace} packets for each millisecond since the last call. */
    private long paced(long now, TrackSender leader, int pace) throws IOException {
        FaultSet faults = camera.faultSet();
        pacedNano = Math.max(pacedNano, now - PACE_CREDIT_MAX_NANOS);
        int budget = (int) ((now - pacedNano) * pace / PACE_NANOS);
        pacedNano += budget * PACE_NANOS / pace;
        loop.scratch().clear();
        TrackSender next = earliest();
        while (budget > 0 && due(next) <= now) {
            int sent = next.send(loop.scratch(), faults, budget, now);
            if (sent == TrackSender.NOT_MADE) {
                break;
            }
            budget -= sent;
            next = earliest();
        }
        flush(loop.scratch().withRoom(0).flip());
        return due(next) <= now ? now + PACE_NANOS : due(leader);
    }

    private long due(TrackSender sender) {
        return camera.clock().nano(sender.unitNanos());
    }

    private TrackSender earliest() {
        TrackSender earliest = null;
        for (TrackSender sender : senders.values()) {
            if (earliest == null || sender.unitNanos() < earliest.unitNanos()) {
                earliest = sender;
            }
        }
        return earliest;
    }

    /** Sends interleaved frames as they are, or one by one to the UDP addresses of their track. */
    private void flush(ByteBuffer frames) throws IOException {
        if (!frames.hasRemaining()) {
            return;
        }
        if (!isUdp()) {
            connection.send(frames);
            return;
        }
        if (isMulticast() && !camera.port().sendsToGroup(this)) {
            return;
        }
        camera.counters().bytes += frames.remaining();
        while (frames.remaining() >= 4) {
            int channel = frames.get(frames.position() + 1) & 0xff;
            int start = frames.position() + 4;
            int end = start + (frames.getShort(frames.position() + 2) & 0xffff);
            TrackSender sender = senders.get(channel / 2);
            ByteBuffer packet = frames.slice(start, end - start);
            if (channel % 2 == 0) {
                loop.rtp().send(packet, sender.transport().rtp());
            } else {
                loop.rtcp().send(packet, sender.transport().rtcp());
            }
            frames.position(end);
        }
    }
}
