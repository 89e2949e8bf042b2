// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One UDP port on each address of this machine: an answer must leave from the address that was asked, which a socket on all
 * addresses does not promise. Addresses that come and go are followed. One thread reads them all.
 */
final class UdpSockets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UdpSockets.class);
    private static final long LOOK_MS = 10_000;
    private static final int SEND_BUFFER_BYTES = 2 << 20;
    private static final int DATAGRAM_BYTES_MAX = 2_048;
    /** Taken from one socket before the others have their turn. */
    private static final int TAKEN_MAX = 64;

    private static final int ADDRESSES_MAX = 32;

    private static final Comparator<InetAddress> PREFERRED_FIRST = Comparator.comparing(InetAddress::isLoopbackAddress)
            .thenComparing(address -> address.getAddress().length)
            .thenComparing(InetAddress::getHostAddress);

    private final int port;
    private final Receiver receiver;
    private final Map<InetAddress, Door> doors = new HashMap<>();
    private final Set<InetAddress> refused = new HashSet<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(DATAGRAM_BYTES_MAX);
    private volatile List<InetSocketAddress> addresses = List.of();
    private volatile List<InetAddress> present = List.of();
    private volatile String trouble = "";
    private volatile boolean stopped;
    private volatile Selector selector;
    private Thread thread;
    private int odd;

    /** @param port UDP; 0 takes a free one for each address, which is for tests */
    UdpSockets(int port, Receiver receiver) {
        this.port = port;
        this.receiver = receiver;
    }

    void start() {
        thread = new Thread(this::run, "nxvms-webrtc-io");
        thread.setDaemon(true);
        thread.start();
    }

    /** {@return where packets are taken, those of this machine alone last} Any thread. */
    List<InetSocketAddress> addresses() {
        return addresses;
    }

    /** {@return addresses of this machine, also those where the port cannot be opened; its own alone last} Any thread. */
    List<InetAddress> present() {
        return present;
    }

    /** {@return why there is no address, empty when there is one or nobody has looked yet} */
    String trouble() {
        return trouble;
    }

    private void run() {
        try (Selector opened = Selector.open()) {
            selector = opened;
            long lookedNs = System.nanoTime();
            look(opened);
            while (!stopped) {
                opened.select(LOOK_MS);
                for (SelectionKey key : opened.selectedKeys()) {
                    take((Door) key.attachment());
                }
                opened.selectedKeys().clear();
                if ((System.nanoTime() - lookedNs) / 1_000_000 >= LOOK_MS) {
                    lookedNs = System.nanoTime();
                    look(opened);
                }
            }
        } catch (IOException e) {
            trouble = "sockets cannot be waited for: " + e;
            LOG.error("WebRTC is not served: {}", trouble, e);
        } finally {
            addresses = List.of();
            present = List.of();
            doors.values().forEach(Door::close);
            doors.clear();
        }
    }

    private void take(Door door) {
        for (int i = 0; i < TAKEN_MAX; i++) {
            try {
                buffer.clear();
                InetSocketAddress from = (InetSocketAddress) door.channel().receive(buffer);
                if (from == null) {
                    return;
                }
                receiver.datagram(buffer.flip(), new UdpPath(door, from));
            } catch (IOException e) {
                LOG.debug("A datagram could not be received: {}", e.toString());
                return;
            } catch (RuntimeException e) {
                // Told once a look: strangers decide how many there are.
                if (odd++ == 0) {
                    LOG.warn("A datagram was not understood and is dropped", e);
                }
            }
        }
    }

    /** Opens what is new, closes what went. What cannot be listed now has not gone. */
    private void look(Selector opened) {
        tellOdd();
        try {
            follow(addressesOfThisMachine(), opened);
        } catch (IOException | RuntimeException e) {
            LOG.warn("The addresses of this machine cannot be followed: {}", e.toString());
        }
    }

    private void tellOdd() {
        if (odd > 1) {
            LOG.warn("{} datagrams were not understood within {} s and are dropped", odd, LOOK_MS / 1000);
        }
        odd = 0;
    }

    private void follow(Set<InetAddress> now, Selector opened) {
        for (Iterator<Map.Entry<InetAddress, Door>> each = doors.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<InetAddress, Door> one = each.next();
            if (!now.contains(one.getKey())) {
                one.getValue().close();
                each.remove();
            }
        }
        refused.retainAll(now);
        for (InetAddress address : now) {
            if (!doors.containsKey(address) && doors.size() < ADDRESSES_MAX) {
                open(address, opened);
            }
        }
        // Who finds addresses finds those of TCP, too.
        present = now.stream().sorted(PREFERRED_FIRST).limit(ADDRESSES_MAX).toList();
        addresses = doors.values().stream()
                .map(door -> local(door.channel()))
                .sorted(Comparator.comparing(InetSocketAddress::getAddress, PREFERRED_FIRST))
                .toList();
        if (!doors.isEmpty()) {
            trouble = "";
        }
    }

    private void open(InetAddress address, Selector opened) {
        DatagramChannel channel = null;
        try {
            channel = DatagramChannel.open(
                    address.getAddress().length == 4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
            channel.bind(new InetSocketAddress(address, port));
            channel.configureBlocking(false);
            SelectionKey key = channel.register(opened, SelectionKey.OP_READ);
            // Last, as it holds the socket by a descriptor of its own: whatever failed before, closing the channel
            // frees the port.
            Door door = new Door(channel, UdpBursts.of(channel));
            key.attach(door);
            doors.put(address, door);
            refused.remove(address);
        } catch (IOException | ClosedSelectorException e) {
            close(channel);
            if (refused.add(address)) {
                trouble =
                        "UDP port " + port + " of " + address.getHostAddress() + " cannot be opened: " + e.getMessage();
                LOG.warn(
                        "WebRTC is not served at {}: {}. It is tried again every {} s; another port: NXVMS_WEBRTC_PORT",
                        address.getHostAddress(),
                        trouble,
                        LOOK_MS / 1000);
            }
        }
    }

    private static InetSocketAddress local(DatagramChannel channel) {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            throw new IllegalStateException("an open socket has an address", e);
        }
    }

    private static Set<InetAddress> addressesOfThisMachine() throws IOException {
        return NetworkInterface.networkInterfaces()
                .filter(UdpSockets::isUp)
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLinkLocalAddress() && !address.isMulticastAddress())
                .collect(Collectors.toSet());
    }

    private static boolean isUp(NetworkInterface network) {
        try {
            return network.isUp();
        } catch (IOException e) {
            return false;
        }
    }

    private static void close(DatagramChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("A socket did not close cleanly: {}", e.toString());
            }
        }
    }

    /** Ends the thread and waits for it, but not for ever. Idempotent. */
    @Override
    public void close() {
        stopped = true;
        Selector waiting = selector;
        if (waiting != null) {
            waiting.wakeup();
        }
        if (thread != null) {
            try {
                thread.join(2_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A socket, and what sends several datagrams at once from it where something does. */
    private record Door(DatagramChannel channel, Optional<UdpBursts> bursts) {
        void close() {
            bursts.ifPresent(UdpBursts::close);
            UdpSockets.close(channel);
        }
    }

    /** A peer as one of our sockets sees it. */
    private record UdpPath(Door door, InetSocketAddress peer) implements Path {
        @Override
        public boolean send(byte[] bytes, int at, int length) {
            try {
                return door.channel().send(ByteBuffer.wrap(bytes, at, length), peer) > 0;
            } catch (IOException gone) {
                // Lost, as if on the way: what was lost is asked for again, and who has gone is missed by its consent.
                return true;
            }
        }

        @Override
        public int send(Burst burst) {
            if (burst.count() > 1 && door.bursts().isPresent()) {
                int said = door.bursts().get().send(burst, peer);
                if (said != UdpBursts.ONE_BY_ONE) {
                    return said == UdpBursts.SENT ? burst.count() : 0;
                }
            }
            return Path.super.send(burst);
        }
    }
}
