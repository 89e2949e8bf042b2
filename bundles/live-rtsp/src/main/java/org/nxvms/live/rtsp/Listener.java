// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the port, takes connections up to a number, looks after them twice a second. A port that somebody else has is tried
 * again.
 */
final class Listener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final long CHECK_MS = 500;
    private static final long REOPEN_NS = TimeUnit.SECONDS.toNanos(5);
    private static final int BACKLOG = 64;
    /** Without it, a machine that has no descriptors or threads left would have a core that does nothing but ask. */
    private static final long ACCEPT_REST_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Connections that have proved nothing yet, from one address and beyond the sessions in all. */
    private static final int NEW_PER_ADDRESS_MAX = 64;

    private static final int NEW_MAX = 128;
    /** Requests are parsed and pictures cut here; nothing recurses. */
    private static final int STACK_BYTES = 256 << 10;

    /** @param host empty for all addresses of the machine */
    record Address(String host, int port) {}

    private final Services services;
    private final Connection.Tls tls;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger number = new AtomicInteger();
    /** A look is on its way. */
    private final AtomicBoolean looking = new AtomicBoolean();

    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "nxvms-rtsp-watch");
        thread.setDaemon(true);
        return thread;
    });

    private volatile Rules rules;
    private volatile int connectionsMax;
    private volatile Optional<Address> wanted = Optional.empty();
    private volatile boolean closed;
    /** These four are the watch's. */
    private Optional<Address> open = Optional.empty();

    private volatile ServerSocket socket;
    private long triedNs;
    private boolean failing;

    Listener(Services services, Connection.Tls tls) {
        this.services = services;
        this.tls = tls;
    }

    /**
     * Takes other settings; what is open goes on by those it began with.
     *
     * @param address empty: nothing is served, and what is open ends
     */
    void apply(Rules newRules, Optional<Address> address, int sessionsMax) {
        rules = newRules;
        connectionsMax = sessionsMax + NEW_MAX;
        wanted = address;
        watch.execute(() -> {
            triedNs = System.nanoTime() - REOPEN_NS;
            look();
            lookSoon();
        });
    }

    /** While there are clients, or the port is not as it should be. */
    private void lookSoon() {
        if (looking.compareAndSet(false, true)) {
            try {
                watch.schedule(this::lookAgain, CHECK_MS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("Stopping; the RTSP port is not looked after any more", e);
            }
        }
    }

    private void lookAgain() {
        look();
        // A client that comes after this sees that nobody looks.
        looking.set(false);
        if (!connections.isEmpty() || !wanted.equals(open)) {
            lookSoon();
        }
    }

    /** {@return the port that is open, 0 while none is} */
    int port() {
        ServerSocket now = socket;
        return now == null ? 0 : now.getLocalPort();
    }

    private void look() {
        try {
            long now = System.nanoTime();
            if (!wanted.equals(open)) {
                shut();
                if (wanted.isPresent() && now - triedNs >= REOPEN_NS) {
                    triedNs = now;
                    open(wanted.get());
                }
            }
        } catch (RuntimeException e) {
            LOG.error("The RTSP port is not looked after well", e);
        }
        connections.forEach(this::look);
    }

    private void look(Connection connection) {
        try {
            if (wanted.isEmpty()) {
                connection.close();
            }
            connection.check(System.nanoTime());
        } catch (RuntimeException e) {
            // The others are to be looked after none the less; who cannot be does not go on.
            LOG.error("The RTSP connection of {} cannot be looked after and is closed", connection.address(), e);
            connection.close();
        }
    }

    private void open(Address address) {
        try {
            ServerSocket opened = bound(address);
            socket = opened;
            open = Optional.of(address);
            failing = false;
            Thread thread = new Thread(() -> accept(opened), "nxvms-rtsp-accept");
            thread.setDaemon(true);
            thread.start();
            LOG.info("RTSP and RTSPS at port {}", opened.getLocalPort());
            if (closed) {
                // Meanwhile, when there was nothing to shut yet.
                shut();
            }
        } catch (IOException | IllegalArgumentException e) {
            if (!failing) {
                LOG.warn(
                        "RTSP cannot be served at port {}: {}. Tried again; another port: NXVMS_RTSP_PORT, or port of"
                                + " org.nxvms.live.rtsp",
                        address.port(),
                        e.getMessage());
            }
            failing = true;
        }
    }

    private static ServerSocket bound(Address address) throws IOException {
        ServerSocket opened = new ServerSocket();
        try {
            opened.setReuseAddress(true);
            InetSocketAddress where = address.host().isEmpty()
                    ? new InetSocketAddress(address.port())
                    : new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
            opened.bind(where, BACKLOG);
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                admit(from.accept());
            } catch (IOException | RuntimeException e) {
                LOG.debug("RTSP takes no connection: {}", e.toString());
                LockSupport.parkNanos(ACCEPT_REST_NS);
            } catch (OutOfMemoryError e) {
                LOG.error("There is no memory or no thread for another RTSP client; those that play go on", e);
                LockSupport.parkNanos(ACCEPT_REST_NS);
            }
        }
    }

    private void admit(Socket client) throws IOException {
        Connection connection = new Connection(client, services, rules, tls);
        long strangers = connections.stream()
                .filter(other -> other.isNew() && other.address().equals(connection.address()))
                .count();
        if (closed || connections.size() >= connectionsMax || strangers >= NEW_PER_ADDRESS_MAX) {
            client.close();
            return;
        }
        connections.add(connection);
        lookSoon();
        Runnable life = () -> {
            try {
                connection.run();
            } finally {
                connections.remove(connection);
            }
        };
        Thread thread = new Thread(null, life, "nxvms-rtsp-" + number.incrementAndGet(), STACK_BYTES);
        thread.setDaemon(true);
        start(thread, connection);
        if (closed) {
            connection.close();
        }
    }

    private void start(Thread thread, Connection connection) {
        boolean started = false;
        try {
            thread.start();
            started = true;
        } finally {
            if (!started) {
                connection.close();
                connections.remove(connection);
            }
        }
    }

    private void shut() {
        ServerSocket opened = socket;
        socket = null;
        open = Optional.empty();
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException e) {
                LOG.debug("The RTSP port was not closed cleanly: {}", e.toString());
            }
        }
    }

    /** Ends all. Does not wait for clients. */
    @Override
    public void close() {
        closed = true;
        watch.shutdownNow();
        shut();
        connections.forEach(Connection::close);
    }
}
