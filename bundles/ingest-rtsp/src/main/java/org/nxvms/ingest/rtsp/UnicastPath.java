// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.ingest.kit.Literals;
import org.nxvms.media.kit.rtp.Rtcp;
import org.nxvms.media.kit.rtsp.RtspTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RTP over UDP to a pair of ports of our own for each track (RFC 3550 11). Packets are taken from, and reports sent to, one
 * address: the one the endpoint names, or one that the camera's host name has. What the answer to SETUP claims (RFC 2326
 * 12.39, {@code source}) only chooses among the latter: a camera that was taken over cannot make this server listen to
 * somebody else, nor send to him.
 */
final class UnicastPath extends MediaPath {
    private static final Logger LOG = LoggerFactory.getLogger(UnicastPath.class);
    private static final int PAIR_ATTEMPTS_MAX = 50;
    /** A firewall forgets a way that is not used, typically after 30 s. */
    private static final long PUNCH_NS = 15_000_000_000L;

    /** A header of version 2 and nothing else. */
    private static final byte[] EMPTY_RTP = {(byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    private final IoLoop loop;
    private final InetAddress local;
    private final Target target;
    private final Owner owner;
    private final List<Track> tracks = new ArrayList<>();
    private final ByteBuffer out = ByteBuffer.allocate(TrackReceiver.REPORT_BYTES_MAX);
    private TrackPorts opened;
    private long nextPunchNs;
    private boolean playing;
    /** Where the camera says its packets come from, when that is not believed. */
    private Optional<InetAddress> foreign = Optional.empty();

    /** One track and the camera's end of it, as far as the camera tells its ports. */
    private record Track(
            TrackPorts ports,
            TrackReceiver receiver,
            Optional<InetSocketAddress> rtp,
            Optional<InetSocketAddress> rtcp) {
        static Track of(TrackPorts ports, TrackReceiver receiver, InetAddress from, RtspTransport.Pair there) {
            return new Track(ports, receiver, address(from, there.rtp()), address(from, there.rtcp()));
        }

        private static Optional<InetSocketAddress> address(InetAddress from, int port) {
            return port > 0 ? Optional.of(new InetSocketAddress(from, port)) : Optional.empty();
        }

        void sendRtp(ByteBuffer packet) {
            if (rtp.isPresent()) {
                ports.rtp().send(packet, rtp.get());
            }
        }

        void sendRtcp(ByteBuffer packet) {
            if (rtcp.isPresent()) {
                ports.rtcp().send(packet, rtcp.get());
            }
        }
    }

    /**
     * @param local the address that the camera sees
     * @param target whose packets are taken
     */
    UnicastPath(IoLoop loop, InetAddress local, Target target, Owner owner) {
        this.loop = loop;
        this.local = local;
        this.target = target;
        this.owner = owner;
    }

    @Override
    String request(int track) throws IOException {
        closeUnused();
        opened = new TrackPorts(loop, pair(), owner);
        return RtspTransport.unicast(opened.rtp().port(), opened.rtcp().port());
    }

    @Override
    Optional<String> connect(int track, RtspTransport agreed, TrackReceiver receiver) {
        if (agreed.kind() != RtspTransport.Kind.UDP) {
            return Optional.of("it agrees to another transport than it was asked for");
        }
        InetAddress from = source(agreed);
        opened.deliver(receiver, Optional.of(from));
        tracks.add(Track.of(opened, receiver, from, agreed.serverPorts()));
        opened = null;
        return Optional.empty();
    }

    private InetAddress source(RtspTransport agreed) {
        Optional<InetAddress> claimed = agreed.source().flatMap(Literals::address);
        if (target.options().udpSource().isPresent()) {
            return target.options().udpSource().get();
        }
        if (claimed.isPresent() && !target.addresses().contains(claimed.get())) {
            foreign = claimed;
            LOG.info(
                    "{} says that its packets come from {}, which is not believed unless udp-source is set to it",
                    target.uri().host(),
                    claimed.get().getHostAddress());
        }
        return claimed.filter(target.addresses()::contains)
                .orElse(target.addresses().get(0));
    }

    @Override
    String whySilent() {
        return foreign.isPresent()
                ? "it says that they come from another address than its own, which the server's log names: if that is"
                        + " right, set udp-source to it"
                : super.whySilent();
    }

    @Override
    void play() {
        playing = true;
        punch();
    }

    @Override
    void tick(long nowNs) {
        super.tick(nowNs);
        if (playing && nowNs - nextPunchNs > 0) {
            punch();
        }
    }

    /** Opens the way through firewalls between us and the camera: what goes out lets answers in. */
    private void punch() {
        nextPunchNs = loop.nowNs() + PUNCH_NS;
        for (int i = 0; i < tracks.size(); i++) {
            Track track = tracks.get(i);
            track.sendRtp(out.clear().put(EMPTY_RTP).flip());
            Rtcp.writeEmptyReport(out.clear(), track.receiver().ownSsrc());
            track.sendRtcp(out.flip());
        }
    }

    @Override
    void report() {
        for (int i = 0; i < tracks.size(); i++) {
            Track track = tracks.get(i);
            if (track.receiver().report(out.clear())) {
                track.sendRtcp(out.flip());
            }
        }
    }

    /** Two neighbouring ports, the even one first. */
    private DatagramChannel[] pair() throws IOException {
        for (int attempt = 0; attempt < PAIR_ATTEMPTS_MAX; attempt++) {
            DatagramChannel first = DatagramChannel.open();
            DatagramChannel second = DatagramChannel.open();
            try {
                first.bind(new InetSocketAddress(local, 0));
                int port = ((InetSocketAddress) first.getLocalAddress()).getPort();
                second.bind(new InetSocketAddress(local, port ^ 1));
                return port % 2 == 0 ? new DatagramChannel[] {first, second} : new DatagramChannel[] {second, first};
            } catch (IOException taken) {
                first.close();
                second.close();
            }
        }
        throw new IOException("no two neighbouring UDP ports are free");
    }

    private void closeUnused() {
        if (opened != null) {
            opened.close();
            opened = null;
        }
    }

    @Override
    void close() {
        closeUnused();
        tracks.forEach(track -> track.ports().close());
        super.close();
    }
}
