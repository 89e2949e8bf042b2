// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP port for players whose network lets no UDP through (RFC 6544, passive). A connection is a stranger's until a genuine check
 * of the way came over it: those are few and short-lived, and the oldest makes room for the next, so that nobody can keep players out
 * by doing nothing. One thread takes connections and reads them all.
 */
final class TcpSockets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TcpSockets.class);

    /** Players check the way as soon as they are connected. */
    static final long STRANGER_MS_MAX = 10_000;
    /** As long as RFC 7675 5.1 lets a consent last; players check every few seconds. */
    static final long SILENT_MS_MAX = 30_000;

    static final int STRANGERS_MAX = 128;
    /** A browser opens one for each of our addresses, and several may be behind one router. */
    static final int STRANGERS_PER_ADDRESS_MAX = 32;
    /** What viewers may have: eight ways each, of which a player that cannot use UDP has one or two. */
    static final int CONNECTIONS_MAX = 2_048;

    private static final int BACKLOG = 128;
    private static final int ACCEPTED_MAX = 64;
    private static final long LOOK_MS = 10_000;
    private static final long SWEEP_MS = 500;
    private static final long REFUSED_NS = 100_000_000;

    private final int port;
    private final Receiver receiver;
    private final LongSupplier nowMs;
    private final Set<TcpPath> connections = new LinkedHashSet<>();
    private final Set<TcpPath> strangers = new LinkedHashSet<>();
    private final Map<InetAddress, Integer> strangersOf = new HashMap<>();
    private volatile int localPort;
    private volatile int open;
    private volatile boolean stopped;
    private volatile Selector selector;
    private ServerSocketChannel door;
    private boolean refused;
    private Thread thread;
    private int odd;

    /**
     * @param port TCP, on all addresses; 0 takes a free one, which is for tests
     * @param nowMs a clock for intervals
     */
    TcpSockets(int port, Receiver receiver, LongSupplier nowMs) {
        this.port = port;
        this.receiver = receiver;
        this.nowMs = nowMs;
    }

    void start() {
        thread = new Thread(this::run, "nxvms-webrtc-tcp");
        thread.setDaemon(true);
        thread.start();
    }

    /** {@return the port where players are taken, 0 when none are} Any thread. */
    int port() {
        return localPort;
    }

    /** {@return connections that are open} For tests. Any thread. */
    int connections() {
        return open;
    }

    private void run() {
        try (Selector opened = Selector.open()) {
            selector = opened;
            long sweptMs = nowMs.getAsLong();
            while (!stopped) {
                if (door == null) {
                    open(opened);
                }
                opened.select(connections.isEmpty() ? LOOK_MS : SWEEP_MS);
                for (SelectionKey key : opened.selectedKeys()) {
                    attend(key, opened);
                }
                opened.selectedKeys().clear();
                long now = nowMs.getAsLong();
                if (now - sweptMs >= SWEEP_MS) {
                    sweptMs = now;
                    sweep(now);
                }
            }
        } catch (IOException e) {
            LOG.error("WebRTC is not served over TCP: sockets cannot be waited for", e);
        } finally {
            localPort = 0;
            close(door);
            List.copyOf(connections).forEach(this::remove);
        }
    }

    private void open(Selector opened) {
        ServerSocketChannel made = null;
        try {
            made = ServerSocketChannel.open();
            made.bind(new InetSocketAddress(port), BACKLOG);
            made.configureBlocking(false);
            made.register(opened, SelectionKey.OP_ACCEPT);
            localPort = made.socket().getLocalPort();
            door = made;
            refused = false;
        } catch (IOException e) {
            close(made);
            if (!refused) {
                refused = true;
                LOG.warn(
                        "WebRTC is not served over TCP: port {} cannot be opened: {}. It is tried again every {} s; another"
                                + " port: tcpPort in etc/org.nxvms.live.webrtc.cfg",
                        port,
                        e.getMessage(),
                        LOOK_MS / 1000);
            }
        }
    }

    private void attend(SelectionKey key, Selector opened) {
        try {
            if (!key.isValid()) {
                return;
            }
            if (key.isAcceptable()) {
                accept(opened);
                return;
            }
            TcpPath path = (TcpPath) key.attachment();
            if (key.isWritable()) {
                path.flush();
            }
            if (key.isReadable() && !path.read(receiver, nowMs.getAsLong())) {
                remove(path);
            } else if (path.isProven() && strangers.contains(path)) {
                acquainted(path);
            }
        } catch (IOException | CancelledKeyException gone) {
            LOG.debug("A connection ended: {}", gone.toString());
            removeOf(key);
        } catch (RuntimeException e) {
            // Told once a sweep: strangers decide how often.
            if (odd++ == 0) {
                LOG.warn("What came over TCP was not understood; the connection is closed", e);
            }
            removeOf(key);
        }
    }

    private void removeOf(SelectionKey key) {
        if (key.attachment() instanceof TcpPath path) {
            remove(path);
        } else {
            // No more connections can be had now; those that wait would wake this thread at once again.
            LockSupport.parkNanos(REFUSED_NS);
        }
    }

    private void accept(Selector opened) throws IOException {
        for (int i = 0; i < ACCEPTED_MAX; i++) {
            SocketChannel channel = door.accept();
            if (channel == null) {
                return;
            }
            try {
                TcpPath path = TcpPath.of(channel, opened, nowMs.getAsLong());
                makeRoom(path.peer().getAddress());
                if (connections.size() >= CONNECTIONS_MAX) {
                    path.close();
                    continue;
                }
                connections.add(path);
                strangers.add(path);
                strangersOf.merge(path.peer().getAddress(), 1, Integer::sum);
                open = connections.size();
            } catch (IOException gone) {
                channel.close();
            }
        }
    }

    /** The oldest stranger goes, of the same address when that has its share already. */
    private void makeRoom(InetAddress address) {
        boolean share = strangersOf.getOrDefault(address, 0) >= STRANGERS_PER_ADDRESS_MAX;
        if (!share && strangers.size() < STRANGERS_MAX) {
            return;
        }
        strangers.stream()
                .filter(one -> !share || one.peer().getAddress().equals(address))
                .findFirst()
                .ifPresent(this::remove);
    }

    private void acquainted(TcpPath path) {
        if (strangers.remove(path)) {
            strangersOf.computeIfPresent(path.peer().getAddress(), (any, count) -> count == 1 ? null : count - 1);
        }
    }

    private void sweep(long now) {
        odd = 0;
        List<TcpPath> gone = new ArrayList<>();
        for (TcpPath path : connections) {
            long silentMs = now - path.heardMs();
            if (!path.isOpen() || silentMs > (path.isProven() ? SILENT_MS_MAX : STRANGER_MS_MAX)) {
                gone.add(path);
            }
        }
        gone.forEach(this::remove);
    }

    private void remove(TcpPath path) {
        connections.remove(path);
        acquainted(path);
        open = connections.size();
        path.close();
        receiver.gone(path);
    }

    private static void close(ServerSocketChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("A port did not close cleanly: {}", e.toString());
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
}
