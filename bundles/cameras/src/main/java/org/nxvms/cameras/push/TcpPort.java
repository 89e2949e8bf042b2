// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.push;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.PushLimits;
import org.nxvms.driver.spi.PushPort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port for one device, on the threads of its driver. */
final class TcpPort implements PushPort {
    private static final Logger LOG = LoggerFactory.getLogger(TcpPort.class);
    private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);
    /** Strangers are turned away; a name may stand for another address by now. */
    private static final long RESOLVE_NS_MIN = TimeUnit.SECONDS.toNanos(30);

    private final ServerSocketChannel server;
    private final Selector selector;
    private final InetSocketAddress address;
    private final String deviceHost;
    private final PushLimits limits;
    private final Runnable onClose;
    private final Allowance allowance;
    private final Set<TcpConnection> open = ConcurrentHashMap.newKeySet();
    private Set<InetAddress> allowed;
    private long resolvedNs = System.nanoTime();
    private volatile boolean closed;

    /**
     * @param server bound already
     * @param address as the device shall know it
     */
    TcpPort(
            ServerSocketChannel server,
            InetSocketAddress address,
            String deviceHost,
            PushLimits limits,
            Runnable onClose)
            throws IOException {
        this.server = server;
        this.address = address;
        this.deviceHost = deviceHost;
        this.limits = limits;
        this.onClose = onClose;
        this.allowance = new Allowance(limits.perMinuteMax(), MINUTE_NS, System.nanoTime());
        this.allowed = resolve(deviceHost);
        this.selector = Selector.open();
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    private static Set<InetAddress> resolve(String host) throws UnknownHostException {
        return Arrays.stream(InetAddress.getAllByName(host)).collect(Collectors.toUnmodifiableSet());
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public Optional<Connection> accept(int waitMs) throws DriverException, InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        try {
            while (true) {
                if (closed) {
                    throw new DriverException(Kind.CLOSED, "The endpoint has been closed.");
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException("the wait for a device was ended");
                }
                SocketChannel client = server.accept();
                if (client != null) {
                    Optional<Connection> connection = admit(client);
                    if (connection.isPresent()) {
                        return connection;
                    }
                    continue;
                }
                long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
                if (leftMs <= 0) {
                    return Optional.empty();
                }
                selector.select(leftMs);
                selector.selectedKeys().clear();
            }
        } catch (IOException | java.nio.channels.ClosedSelectorException e) {
            throw new DriverException(Kind.CLOSED, "The endpoint has been closed.");
        }
    }

    private Optional<Connection> admit(SocketChannel client) throws IOException {
        InetAddress from = ((InetSocketAddress) client.getRemoteAddress()).getAddress();
        open.removeIf(TcpConnection::isClosed);
        if (!isDevice(from) || open.size() >= CONNECTIONS_MAX || !allowance.take(1, System.nanoTime())) {
            LOG.debug("A connection of {} to port {} was turned away", from.getHostAddress(), address.getPort());
            client.close();
            return Optional.empty();
        }
        TcpConnection connection = new TcpConnection(client, limits);
        open.add(connection);
        if (closed) {
            connection.close();
        }
        return Optional.of(connection);
    }

    private boolean isDevice(InetAddress from) {
        long now = System.nanoTime();
        if (!allowed.contains(from) && now - resolvedNs > RESOLVE_NS_MIN) {
            resolvedNs = now;
            try {
                allowed = resolve(deviceHost);
            } catch (UnknownHostException e) {
                LOG.debug("The host {} has no address now; those of before count", deviceHost);
            }
        }
        return allowed.contains(from);
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(TcpConnection::close);
        try {
            server.close();
            selector.close();
        } catch (IOException e) {
            LOG.debug("Port {} did not close cleanly: {}", address.getPort(), e.toString());
        }
        onClose.run();
    }
}
