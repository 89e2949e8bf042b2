// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The UDP port at which devices are found: one for all devices of a machine, since a datagram to a port is given to one
 * socket only. Each device answers for itself. One thread for each family of addresses.
 */
public final class DiscoveryPort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiscoveryPort.class);

    /** WS-Discovery 1.1 2.4, 3.1. */
    public static final int PORT = 3702;

    private static final String GROUP_4 = "239.255.255.250";
    private static final String GROUP_6 = "ff02::c";
    private static final int BYTES_MAX = 65_536;
    /** The fault may ask for more than a datagram holds. */
    private static final int GARBAGE_MAX = 60_000;

    /**
     * One that is found.
     *
     * @param base tells its address of now without a path: {@code http://127.0.0.1:18080}
     */
    public record Member(Device device, Supplier<String> base) {}

    private record Way(DatagramChannel channel, InetAddress group) {}

    private final List<Member> members;
    private final List<NetworkInterface> interfaces = new ArrayList<>();
    private int port;
    private final List<Way> ways = new ArrayList<>();
    /** By where devices have moved to. */
    private final Map<InetAddress, DatagramChannel> moved = new HashMap<>();

    private final Map<Device, FaultSet> faults = new ConcurrentHashMap<>();
    private final Random random = new Random();
    private volatile boolean closed;

    private DiscoveryPort(List<Member> members, int port) {
        this.members = List.copyOf(members);
        this.port = port;
    }

    /**
     * @param port 0 for any free one
     * @throws IOException naming what cannot be used
     */
    public static DiscoveryPort open(List<Member> members, List<String> interfaces, int port) throws IOException {
        DiscoveryPort discovery = new DiscoveryPort(members, port);
        try {
            discovery.join(interfaces);
        } catch (IOException | RuntimeException e) {
            discovery.close();
            throw e;
        }
        for (Member member : discovery.members) {
            discovery.faults.put(member.device(), member.device().faults());
            member.device().camera().tellFaults(now -> discovery.follow(member, now));
            discovery.announce(member, WsDiscovery.hello(member.device(), address(member)));
        }
        discovery.ways.forEach(way -> {
            Thread thread = new Thread(() -> discovery.serve(way), "simulator-discovery");
            thread.setDaemon(true);
            thread.start();
        });
        return discovery;
    }

    private void join(List<String> names) throws IOException {
        for (String name : names) {
            NetworkInterface found = NetworkInterface.getByName(name);
            if (found == null) {
                throw new IOException("there is no network interface '" + name + "' to be found on");
            }
            interfaces.add(found);
        }
        join(StandardProtocolFamily.INET, GROUP_4);
        if (interfaces.stream().anyMatch(one -> has(one, StandardProtocolFamily.INET6))) {
            join(StandardProtocolFamily.INET6, GROUP_6);
        }
    }

    private static boolean has(NetworkInterface one, ProtocolFamily family) {
        return one.inetAddresses()
                .anyMatch(address -> address instanceof Inet4Address == (family == StandardProtocolFamily.INET));
    }

    private void join(ProtocolFamily family, String group) throws IOException {
        DatagramChannel channel = DatagramChannel.open(family);
        Way way = new Way(channel, InetAddress.getByName(group));
        ways.add(way);
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.bind(new InetSocketAddress(
                InetAddress.getByName(family == StandardProtocolFamily.INET ? "0.0.0.0" : "::"), port));
        port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
        for (NetworkInterface one : interfaces) {
            if (has(one, family)) {
                channel.join(way.group(), one);
            }
        }
    }

    /** {@return the UDP port} */
    public int port() {
        return port;
    }

    private static String address(Member member) {
        return member.device().faults().has(FaultKind.OTHER_ADDRESS)
                ? "http://192.0.2.99:8899" + OnvifDevice.PATH
                : member.base().get() + OnvifDevice.PATH;
    }

    private static boolean away(FaultSet faults) {
        return faults.has(FaultKind.REFUSE_CONNECTION) || faults.has(FaultKind.REBOOT);
    }

    private void follow(Member member, FaultSet now) {
        FaultSet before = faults.put(member.device(), now);
        if (closed || before == null || away(before) == away(now)) {
            return;
        }
        if (!away(now)) {
            announce(member, WsDiscovery.hello(member.device(), address(member)));
        } else if (now.has(FaultKind.REBOOT)) {
            announce(member, WsDiscovery.bye(member.device()));
        }
    }

    /** To everybody, on each interface. */
    private void announce(Member member, String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        for (Way way : ways) {
            for (NetworkInterface one : interfaces) {
                try {
                    DatagramChannel channel = channelOf(member, way);
                    synchronized (channel) {
                        channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, one);
                        channel.send(ByteBuffer.wrap(bytes), new InetSocketAddress(way.group(), port));
                    }
                } catch (IOException noWay) {
                    LOG.debug("{} is not told on {}: {}", way.group(), one.getName(), noWay.getMessage());
                }
            }
        }
    }

    private void serve(Way way) {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES_MAX);
        while (way.channel().isOpen()) {
            try {
                buffer.clear();
                SocketAddress from = way.channel().receive(buffer);
                // An IPv6 socket hears IPv4 too; the other one answers that.
                boolean four = ((InetSocketAddress) from).getAddress() instanceof Inet4Address;
                if (four == way.group() instanceof Inet4Address) {
                    answer(way, Arrays.copyOf(buffer.array(), buffer.position()), from);
                }
            } catch (ClosedChannelException end) {
                return;
            } catch (IOException refused) {
                LOG.debug("answering a probe: {}", refused.getMessage());
            }
        }
    }

    private void answer(Way way, byte[] datagram, SocketAddress from) throws IOException {
        Optional<WsDiscovery.Probe> probe;
        try {
            probe = WsDiscovery.Probe.parse(datagram);
        } catch (IOException noMessage) {
            LOG.debug("{} sends no message: {}", from, noMessage.getMessage());
            return;
        }
        if (probe.isEmpty()) {
            return;
        }
        for (Member member : members) {
            FaultSet now = member.device().faults();
            if (away(now) || now.has(FaultKind.SILENT) || !probe.get().asksFor(member.device())) {
                continue;
            }
            byte[] bytes = now.has(FaultKind.ANSWER_GARBAGE)
                    ? garbage((int) now.value(FaultKind.ANSWER_GARBAGE))
                    : WsDiscovery.matches(probe.get(), member.device(), address(member))
                            .getBytes(StandardCharsets.UTF_8);
            long times = Math.max(1, now.value(FaultKind.MANY_DISCOVERIES));
            for (long i = 0; i < times; i++) {
                channelOf(member, way).send(ByteBuffer.wrap(bytes), from);
            }
        }
    }

    /** A device that has moved speaks from where it is: clients believe no other sender. */
    private DatagramChannel channelOf(Member member, Way way) throws IOException {
        InetAddress host = member.device().camera().address().getAddress();
        if (member.device().camera().moves() == 0
                || host instanceof Inet4Address != way.group() instanceof Inet4Address) {
            return way.channel();
        }
        synchronized (moved) {
            DatagramChannel known = moved.get(host);
            if (known == null) {
                known = DatagramChannel.open(
                        host instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
                moved.put(host, known);
                known.bind(new InetSocketAddress(host, 0));
            }
            return known;
        }
    }

    private byte[] garbage(int length) {
        byte[] bytes = new byte[Math.min(length, GARBAGE_MAX)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The devices say that they go. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (Member member : members) {
            if (!away(member.device().faults())) {
                announce(member, WsDiscovery.bye(member.device()));
            }
        }
        ways.forEach(way -> close(way.channel()));
        synchronized (moved) {
            moved.values().forEach(DiscoveryPort::close);
        }
    }

    private static void close(DatagramChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing the port of discovery: {}", e.getMessage());
        }
    }
}
