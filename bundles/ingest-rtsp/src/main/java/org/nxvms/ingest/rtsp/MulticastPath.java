// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.ingest.kit.Literals;
import org.nxvms.media.kit.rtsp.RtspTransport;

/**
 * RTP from a multicast group that the camera names in its answer to SETUP. Joined on the interface the camera is reached by,
 * unless the endpoint names one, and for the camera's address alone where the network can (RFC 4607). No reports are
 * sent: they would go to everybody in the group, and the RTSP connection keeps the session alive.
 */
final class MulticastPath extends MediaPath implements TrackPorts.Gate {
    private static final String ANY = "any";

    private final IoLoop loop;
    private final InetAddress local;
    private final InetAddress camera;
    private final Options options;
    private final Owner owner;
    private final List<TrackPorts> joined = new ArrayList<>();

    MulticastPath(IoLoop loop, InetAddress local, Target target, Owner owner) {
        this.loop = loop;
        this.local = local;
        this.camera = target.address().getAddress();
        this.options = target.options();
        this.owner = owner;
    }

    @Override
    String request(int track) {
        return RtspTransport.multicast();
    }

    @Override
    Optional<String> connect(int track, RtspTransport agreed, TrackReceiver receiver) throws IOException {
        Optional<InetAddress> group = agreed.destination().flatMap(Literals::address);
        if (agreed.kind() != RtspTransport.Kind.MULTICAST
                || group.isEmpty()
                || !group.get().isMulticastAddress()
                || agreed.ports().rtp() <= 0
                || agreed.ports().rtcp() <= 0) {
            return Optional.of("it names no multicast group with its ports");
        }
        Optional<NetworkInterface> on = networkInterface();
        if (on.isEmpty()) {
            return Optional.of("this server has no network interface "
                    + options.multicastInterface().orElse("to join the group on"));
        }
        Optional<InetAddress> from = source(agreed);
        DatagramChannel[] channels = new DatagramChannel[2];
        try {
            channels[0] = join(group.get(), agreed.ports().rtp(), on.get(), from);
            channels[1] = join(group.get(), agreed.ports().rtcp(), on.get(), from);
        } catch (IOException | RuntimeException notJoined) {
            if (channels[0] != null) {
                channels[0].close();
            }
            return Optional.of("this server cannot join the group "
                    + group.get().getHostAddress() + " on " + on.get().getName() + ": " + notJoined.getMessage());
        }
        TrackPorts ports = new TrackPorts(loop, channels, this);
        joined.add(ports);
        ports.deliver(receiver, from);
        return Optional.empty();
    }

    /** {@return the only sender that is believed; empty for any} */
    private Optional<InetAddress> source(RtspTransport agreed) {
        if (options.multicastSource().isPresent()) {
            return options.multicastSource().filter(text -> !ANY.equals(text)).flatMap(Literals::address);
        }
        return Optional.of(agreed.source().flatMap(Literals::address).orElse(camera));
    }

    private Optional<NetworkInterface> networkInterface() throws IOException {
        if (options.multicastInterface().isEmpty()) {
            return Optional.ofNullable(NetworkInterface.getByInetAddress(local));
        }
        String wanted = options.multicastInterface().get();
        Optional<InetAddress> address = Literals.address(wanted);
        return Optional.ofNullable(
                address.isPresent()
                        ? NetworkInterface.getByInetAddress(address.get())
                        : NetworkInterface.getByName(wanted));
    }

    private static DatagramChannel join(InetAddress group, int port, NetworkInterface on, Optional<InetAddress> from)
            throws IOException {
        DatagramChannel channel = DatagramChannel.open(
                group instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        try {
            // Other streams, and other programs, may listen to the same group.
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            // Bound to the group, as other groups on the same port are none of ours.
            channel.bind(new InetSocketAddress(group, port));
            if (from.isPresent()) {
                channel.join(group, on, from.get());
            } else {
                channel.join(group, on);
            }
            return channel;
        } catch (IOException | RuntimeException notJoined) {
            channel.close();
            throw notJoined;
        }
    }

    @Override
    public void broke(Throwable fault) {
        owner.broke(fault);
    }

    @Override
    void report() {
        // See above.
    }

    @Override
    void close() {
        joined.forEach(TrackPorts::close);
        super.close();
    }
}
