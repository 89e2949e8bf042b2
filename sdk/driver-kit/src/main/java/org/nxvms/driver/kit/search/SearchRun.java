// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.search;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.SearchScope;

/**
 * One search: asks in rounds, at the pace of its scope, and hears the answers in between. Everything happens on the thread
 * that runs it. A question to a group leaves by the interface that it is for; a single address is asked only where the routing
 * table leads to it over an interface that may be used.
 */
public final class SearchRun implements AutoCloseable {
    /** A datagram is lost at times, and devices start: when everybody is asked again. */
    private static final long[] ROUNDS_MS = {0, 300, 1_500};

    private static final long ROUND_MS = 5_000;
    /** Single addresses are asked so often, those that have answered once. */
    private static final int ADDRESS_ROUNDS_MAX = 2;
    /** So long after the last question nobody answers any more (WS-Discovery: 0.5 s and the network's time). */
    private static final long LAST_ANSWER_MS = 1_500;

    /** More than a site has; whoever sends more is not heard any more. */
    private static final int HEARD_MAX = 20_000;
    /** Several simulated devices, or the inputs of an encoder, are one host. */
    private static final int HEARD_OF_HOST_MAX = 2_000;

    private static final int BYTES_MAX = 65_535;
    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;

    private record Way(InetAddress own, SearchProtocol protocol) {}

    /** What waits to be sent; {@code to} a group, with our address on the interface, or a host, without. */
    private record Question(SearchProtocol protocol, byte[] message, InetAddress to, Optional<InetAddress> own) {}

    private final SearchScope scope;
    private final List<SearchProtocol> protocols;
    private final SearchInterfaces interfaces;
    private final Selector selector;
    private final Map<Way, DatagramChannel> channels = new HashMap<>();
    private final Queue<Question> waiting = new ArrayDeque<>();
    private final Map<InetAddress, Integer> heardOf = new HashMap<>();
    private final Set<InetAddress> unreachable = new HashSet<>();
    /** Groups are joined by interface, but Linux gives a socket what any other one of the machine has joined them for. */
    private final Set<DatagramChannel> ears = new HashSet<>();

    private final Map<InetAddress, Boolean> near = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(BYTES_MAX);
    private final long intervalNanos;
    private int heard;
    private int rounds;
    private int sent;
    private long begunNano;
    private long nextNano;

    private SearchRun(SearchScope scope, List<SearchProtocol> protocols) throws DriverException, IOException {
        this.scope = scope;
        this.protocols = protocols;
        this.interfaces = SearchInterfaces.of(scope.interfaces());
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / scope.packetsPerSecond();
        this.selector = Selector.open();
    }

    /**
     * Searches until the time is over, or until all addresses that are asked have answered or had time to.
     *
     * @throws DriverException of kind UNREACHABLE when nobody can be asked
     * @throws InterruptedException when the thread is interrupted
     */
    public static void run(SearchScope scope, List<SearchProtocol> protocols)
            throws DriverException, InterruptedException {
        try (SearchRun run = new SearchRun(scope, protocols)) {
            run.search();
        } catch (IOException e) {
            throw new DriverException(
                    DriverException.Kind.UNREACHABLE, "The network cannot be searched: " + e.getMessage() + ".", e);
        }
    }

    /** {@return those of some hosts to which the way leads over an interface that may be used} */
    public static List<InetAddress> reachable(SearchScope scope, Collection<InetAddress> hosts) throws DriverException {
        SearchInterfaces interfaces = SearchInterfaces.of(scope.interfaces());
        return hosts.stream()
                .filter(host -> interfaces.sourceTo(host).isPresent())
                .toList();
    }

    /**
     * {@return those of some hosts that are in a network of an interface that may be used, and not this machine} That somebody
     * has an address may be a lie; what leaves for it stays in that network.
     */
    public static List<InetAddress> neighbours(SearchScope scope, Collection<InetAddress> hosts)
            throws DriverException {
        SearchInterfaces interfaces = SearchInterfaces.of(scope.interfaces());
        return reachable(scope, hosts).stream().filter(interfaces::isNeighbour).toList();
    }

    private void listen() throws IOException {
        for (SearchProtocol protocol : protocols) {
            if (protocol.listens() && scope.addresses().isEmpty()) {
                for (DatagramChannel ear : SearchEars.open(protocol, interfaces)) {
                    ears.add(ear);
                    ear.register(selector, SelectionKey.OP_READ, protocol);
                }
            }
        }
    }

    private void search() throws IOException, DriverException, InterruptedException {
        listen();
        begunNano = System.nanoTime();
        nextNano = begunNano;
        long endNano = begunNano + TimeUnit.MILLISECONDS.toNanos(scope.timeMs());
        long roundNano = begunNano;
        long now = begunNano;
        while (now < endNano) {
            if (waiting.isEmpty() && now >= roundNano && !isAsked()) {
                rounds++;
                fill();
                if (isAsked() && waiting.isEmpty()) {
                    endNano = Math.min(endNano, now + TimeUnit.MILLISECONDS.toNanos(LAST_ANSWER_MS));
                }
                long afterMs = rounds < ROUNDS_MS.length ? ROUNDS_MS[rounds] : 0;
                roundNano = afterMs > 0
                        ? begunNano + TimeUnit.MILLISECONDS.toNanos(afterMs)
                        : now + TimeUnit.MILLISECONDS.toNanos(ROUND_MS);
            }
            if (now >= nextNano && !waiting.isEmpty()) {
                send(waiting.remove());
                nextNano = System.nanoTime() + intervalNanos;
                if (waiting.isEmpty() && isAsked()) {
                    endNano =
                            Math.min(endNano, nextNano + TimeUnit.MILLISECONDS.toNanos(sent == 0 ? 0 : LAST_ANSWER_MS));
                }
            }
            long until = Math.min(endNano, waiting.isEmpty() ? isAsked() ? endNano : roundNano : nextNano);
            receive(until);
            now = System.nanoTime();
        }
        if (sent > 0 && !waiting.isEmpty() && !scope.addresses().isEmpty() && rounds == 1) {
            throw new DriverException(
                    DriverException.Kind.BUSY,
                    "The time was not enough to ask all addresses; search longer, or a part of them.");
        }
        if (sent == 0) {
            throw new DriverException(
                    DriverException.Kind.UNREACHABLE,
                    "No network interface that searches may use leads to "
                            + (scope.addresses().isEmpty() ? "anybody" : "these addresses")
                            + "; check the addresses, the network and which interfaces are chosen for searches.");
        }
    }

    /** Whether nobody is left to be asked in another round. */
    private boolean isAsked() {
        return !scope.addresses().isEmpty() && rounds >= ADDRESS_ROUNDS_MAX;
    }

    private void fill() {
        for (SearchProtocol protocol : protocols) {
            for (byte[] message : protocol.questions()) {
                if (scope.addresses().isEmpty()) {
                    everybody(protocol, message);
                }
                for (InetAddress address : scope.addresses()) {
                    if (!heardOf.containsKey(address)) {
                        waiting.add(new Question(protocol, message, address, Optional.empty()));
                    }
                }
            }
        }
    }

    private void everybody(SearchProtocol protocol, byte[] message) {
        for (NetworkInterface one : interfaces.all()) {
            for (InetAddress group : protocol.groups()) {
                SearchInterfaces.source(one, group)
                        .ifPresent(own -> waiting.add(new Question(protocol, message, group, Optional.of(own))));
            }
        }
    }

    private void send(Question question) {
        Optional<InetAddress> own = question.own();
        if (own.isEmpty() && !unreachable.contains(question.to())) {
            own = interfaces.sourceTo(question.to());
        }
        if (own.isEmpty()) {
            unreachable.add(question.to());
            return;
        }
        try {
            DatagramChannel channel = channel(new Way(own.get(), question.protocol()));
            channel.send(
                    ByteBuffer.wrap(question.message()),
                    new InetSocketAddress(question.to(), question.protocol().port()));
            sent++;
        } catch (IOException noWay) {
            // An interface that has just gone, or a host that refused the last one: the others are asked all the same.
            unreachable.add(question.to());
        }
    }

    private DatagramChannel channel(Way way) throws IOException {
        DatagramChannel known = channels.get(way);
        if (known != null) {
            return known;
        }
        DatagramChannel channel = DatagramChannel.open(
                way.own() instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        try {
            NetworkInterface over = NetworkInterface.getByInetAddress(way.own());
            if (over == null) {
                throw new IOException("the interface has gone");
            }
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
            channel.bind(new InetSocketAddress(way.own(), 0));
            channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, over);
            channel.register(selector, SelectionKey.OP_READ, way.protocol());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channels.put(way, channel);
        return channel;
    }

    private void receive(long untilNano) throws IOException, InterruptedException {
        long waitMs = TimeUnit.NANOSECONDS.toMillis(untilNano - System.nanoTime());
        if (waitMs > 0) {
            selector.select(waitMs);
        } else {
            selector.selectNow();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("the search was ended");
        }
        for (SelectionKey key : selector.selectedKeys()) {
            // As many as wait now would let a flood hold the search up; one each is enough.
            hear((DatagramChannel) key.channel(), (SearchProtocol) key.attachment());
        }
        selector.selectedKeys().clear();
    }

    private void hear(DatagramChannel channel, SearchProtocol protocol) {
        buffer.clear();
        InetSocketAddress from;
        try {
            from = (InetSocketAddress) channel.receive(buffer);
        } catch (IOException refused) {
            return;
        }
        if (from != null && ++heard > HEARD_MAX) {
            // Who floods the network does not keep this thread busy.
            selector.keys().forEach(SelectionKey::cancel);
            return;
        }
        if (from == null || heardOf.merge(from.getAddress(), 1, Integer::sum) > HEARD_OF_HOST_MAX) {
            return;
        }
        if (ears.contains(channel) && !near.computeIfAbsent(from.getAddress(), this::isNear)) {
            return;
        }
        byte[] datagram = new byte[buffer.position()];
        buffer.flip();
        buffer.get(datagram);
        protocol.heard(datagram, from.getAddress());
    }

    /** Whether somebody is in a network of an interface that may be used. */
    private boolean isNear(InetAddress from) {
        return interfaces.sourceTo(from).isPresent();
    }

    @Override
    public void close() throws IOException {
        for (DatagramChannel ear : ears) {
            ear.close();
        }
        for (DatagramChannel channel : channels.values()) {
            channel.close();
        }
        selector.close();
    }
}
