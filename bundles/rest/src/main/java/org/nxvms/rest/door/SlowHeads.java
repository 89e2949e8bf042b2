// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.door;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnection;
import org.eclipse.jetty.server.NegotiatingServerConnection;
import org.nxvms.rest.kit.rate.Networks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections that bring the head of a request, or of TLS, by drops: Jetty's idle time begins anew with each byte.
 * They hold no thread, but a socket and a buffer each, and whoever has all sockets keeps everybody else out. For the same
 * reason no address may have more than its share of connections.
 *
 * <p>Of HTTP/2 only the first head has that limit. Later bytes may be pings and windows of a client that is well; so a
 * connection without a request ends after the connector's idle time, whatever else comes by it.
 *
 * <p>Looks at all connections every few seconds; nothing is done per request.
 */
final class SlowHeads {
    private static final Logger LOG = LoggerFactory.getLogger(SlowHeads.class);
    /** How long somebody has who was told that the connection ends, to take note of it. */
    private static final long GOODBYE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier nanoClock;
    /** Two in the distribution; of a server that was stopped they have no connections. */
    private final Set<Connector> connectors = ConcurrentHashMap.newKeySet();

    private Map<EndPoint, Seen> known = new IdentityHashMap<>();
    private volatile long headNanosMax;
    private volatile int addressConnectionsMax;
    private volatile Predicate<InetAddress> proxies = address -> false;

    /** How a connection was when something whole had last come by it. */
    private record Seen(long requests, long bytes, boolean waits, long nanos) {}

    SlowHeads(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** @param isProxy whose connections are those of many */
    void limit(int headSecondsMax, int newAddressConnectionsMax, Predicate<InetAddress> isProxy) {
        proxies = isProxy;
        headNanosMax = TimeUnit.SECONDS.toNanos(headSecondsMax);
        addressConnectionsMax = newAddressConnectionsMax;
    }

    /** The first request to any connector makes all of the server known, and with them their connections of before. */
    void watch(Connector connector) {
        if (!connectors.contains(connector)) {
            connectors.addAll(List.of(connector.getServer().getConnectors()));
        }
    }

    synchronized void sweep() {
        connectors.removeIf(connector -> !connector.isRunning());
        Map<EndPoint, Seen> next = new IdentityHashMap<>();
        Map<String, List<EndPoint>> byNetwork = new HashMap<>();
        int slow = 0;
        for (Connector connector : connectors) {
            for (EndPoint end : connector.getConnectedEndPoints()) {
                try {
                    if (isSlow(end, connector.getIdleTimeout(), next)) {
                        end.close();
                        slow++;
                    } else {
                        network(end).ifPresent(network -> byNetwork
                                .computeIfAbsent(network, n -> new ArrayList<>())
                                .add(end));
                    }
                } catch (RuntimeException e) {
                    // It may be closing just now; the others are looked at all the same.
                    LOG.debug("A connection cannot be looked at", e);
                }
            }
        }
        known = next;
        if (slow > 0) {
            LOG.warn("{} connections closed whose requests did not begin in time", slow);
        }
        byNetwork.forEach(this::closeBeyond);
    }

    /** {@return whose share a connection takes; nobody's for this machine and for proxies} */
    private Optional<String> network(EndPoint end) {
        return Optional.ofNullable(end.getRemoteAddress())
                .map(InetSocketAddress::getAddress)
                .filter(address -> !address.isLoopbackAddress() && !proxies.test(address))
                .map(address -> Networks.of(address.getHostAddress()));
    }

    private boolean isSlow(EndPoint end, long idleMs, Map<EndPoint, Seen> next) {
        Connection connection = connection(end);
        if (connection instanceof HttpConnection http) {
            boolean waits = http.getHttpChannel().getState().isIdle();
            Seen current = new Seen(http.getMessagesIn(), http.getBytesIn(), waits, now());
            Seen before = known.get(end);
            // Bytes that came while a request was carried out are its body, not the next one's head.
            boolean begun = current.requests() == 0 || before != null && current.bytes() > before.bytes();
            return waitedNanos(end, current, begun, next) > headNanosMax;
        }
        if (connection instanceof HTTP2Connection http2) {
            long streams = http2.getMessagesIn();
            boolean waits = streams == http2.getMessagesOut();
            long nanos = waitedNanos(end, new Seen(streams, http2.getBytesIn(), waits, now()), true, next);
            return streams == 0 ? nanos > headNanosMax : sendAway(http2, nanos - TimeUnit.MILLISECONDS.toNanos(idleMs));
        }
        // Agrees on keys and on the protocol. What else there is was upgraded: a WebSocket has limits of its own.
        return connection instanceof NegotiatingServerConnection
                && waitedNanos(end, new Seen(0, 0, true, now()), true, next) > headNanosMax;
    }

    private long now() {
        return nanoClock.getAsLong();
    }

    /**
     * {@return for how long nothing whole has come by a connection}
     *
     * @param begun whether something has that is not whole yet
     */
    private long waitedNanos(EndPoint end, Seen current, boolean begun, Map<EndPoint, Seen> next) {
        Seen before = known.get(end);
        boolean goesOn =
                before != null && before.waits() && current.waits() && before.requests() == current.requests() && begun;
        next.put(end, goesOn ? before : current);
        return goesOn ? current.nanos() - before.nanos() : 0;
    }

    /** Tells a client first, which then comes by another connection. {@return whether it stays all the same} */
    private static boolean sendAway(HTTP2Connection connection, long beyondNanos) {
        if (beyondNanos > 0) {
            connection.close();
        }
        return beyondNanos > GOODBYE_NANOS;
    }

    private static Connection connection(EndPoint end) {
        Connection connection = end.getConnection();
        return connection instanceof SslConnection tls
                ? tls.getDecryptedEndPoint().getConnection()
                : connection;
    }

    private void closeBeyond(String network, List<EndPoint> ends) {
        int max = addressConnectionsMax;
        if (ends.size() <= max) {
            return;
        }
        LOG.warn("{} has {} connections, the newest of them beyond {} are closed", network, ends.size(), max);
        ends.sort(Comparator.comparingLong(EndPoint::getCreatedTimeStamp));
        ends.subList(max, ends.size()).forEach(EndPoint::close);
    }
}
