// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.nxvms.ingest.kit.Literals;
import org.nxvms.media.LeftSession;
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
final class UnicastPath extends MediaPath implements TrackPorts.Gate {
    private static final Logger LOG = LoggerFactory.getLogger(UnicastPath.class);
    private static final int PAIR_ATTEMPTS_MAX = 50;
    /** A firewall forgets a way that is not used, typically after 30 s. */
    private static final long PUNCH_NS = 15_000_000_000L;

    /** Of one camera at once: the datagrams of others wait in the kernel meanwhile. */
    private static final int CATCH_UP_BYTES_MAX = 1 << 20;

    /** A header of version 2 and nothing else. */
    private static final byte[] EMPTY_RTP = {(byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    private final IoLoop loop;
    private final InetAddress local;
    private final Target target;
    private final Owner owner;
    private final List<Track> tracks = new ArrayList<>();
    private final ByteBuffer out = ByteBuffer.allocate(TrackReceiver.REPORT_BYTES_MAX);
    private TrackPorts opened;
    private final Portions portions;
    /** What came between an engine before this one and this. */
    private ByteBuffer left = ByteBuffer.allocate(0);

    private long nextPunchNs;
    private boolean playing;
    /** Of the next track, when another engine chose it. */
    private Optional<InetAddress> sender = Optional.empty();
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
     * @param roomBytes how many bytes may come without danger to what a recorder has not read yet
     */
    UnicastPath(IoLoop loop, InetAddress local, Target target, Owner owner, IntSupplier roomBytes) {
        this.loop = loop;
        this.local = local;
        this.target = target;
        this.owner = owner;
        this.portions = new Portions(roomBytes);
    }

    @Override
    String request(int track) throws IOException {
        closeUnused();
        opened = new TrackPorts(loop, pair(), this);
        return RtspTransport.unicast(opened.rtp().port(), opened.rtcp().port());
    }

    @Override
    Optional<String> connect(int track, RtspTransport agreed, TrackReceiver receiver) {
        if (agreed.kind() != RtspTransport.Kind.UDP) {
            return Optional.of("it agrees to another transport than it was asked for");
        }
        InetAddress from = sender.orElseGet(() -> source(agreed));
        sender = Optional.empty();
        opened.deliver(receiver, Optional.of(from));
        tracks.add(Track.of(opened, receiver, from, agreed.serverPorts()));
        opened = null;
        return Optional.empty();
    }

    @Override
    void goOn(Iterator<LeftSession.Port> ports) throws IOException {
        DatagramChannel[] channels = new DatagramChannel[2];
        for (int i = 0; i < channels.length; i++) {
            if (!ports.hasNext()) {
                throw new IOException("a track has no ports");
            }
            LeftSession.Port port = ports.next();
            channels[i] = port.channel();
            sender = port.from();
        }
        opened = new TrackPorts(loop, channels, this);
    }

    @Override
    void goOn(ByteBuffer datagrams) {
        left = datagrams;
    }

    @Override
    LeftSession.Datagrams leave(ByteBuffer farewell) {
        List<LeftSession.Port> ports = new ArrayList<>();
        for (Track track : tracks) {
            ports.add(track.ports().rtp().release());
            ports.add(track.ports().rtcp().release());
        }
        tracks.clear();
        return new LeftSession.Datagrams(ports, left, farewell);
    }

    @Override
    public boolean wanted() {
        return !owner.paused() && caughtUp();
    }

    @Override
    public void taken(TrackReceiver by) {
        owner.taken(by == receivers().get(0));
    }

    @Override
    public void broke(Throwable fault) {
        owner.broke(fault);
    }

    /** Takes of what was left as much as there is room for. {@return whether nothing is left of it} */
    private boolean caughtUp() {
        if (!left.hasRemaining()) {
            return true;
        }
        int portion = Math.min(CATCH_UP_BYTES_MAX, portions.next(loop.nowNs()));
        while (portion > 0 && !owner.paused() && left.remaining() > LeftSession.Datagrams.HEAD_BYTES) {
            int port = left.get() & 0xFF;
            int length = left.getShort() & 0xFFFF;
            if (port >= 2 * tracks.size() || length > left.remaining()) {
                left = ByteBuffer.allocate(0);
                return true;
            }
            ByteBuffer in = loop.shared().clear();
            in.put(0, left, left.position(), length).position(length);
            left.position(left.position() + length);
            portion -= length;
            tracks.get(port / 2).ports().take(in, length, port % 2 == 1);
        }
        if (left.remaining() <= LeftSession.Datagrams.HEAD_BYTES) {
            // The session may last for months, and this for a moment.
            left = ByteBuffer.allocate(0);
        }
        return !left.hasRemaining();
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
        if (!owner.paused()) {
            caughtUp();
        }
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
