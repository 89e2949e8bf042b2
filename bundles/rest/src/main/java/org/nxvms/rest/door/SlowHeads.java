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
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnection;
import org.nxvms.rest.kit.rate.Networks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections that bring the head of a request, or of TLS, by drops: Jetty's idle time begins anew with each byte.
 * They hold no thread, but a socket and a buffer each, and whoever has all sockets keeps everybody else out. For the same
 * reason no address may have more than its share of connections.
 *
 * <p>Looks at all connections every few seconds; nothing is done per request.
 */
final class SlowHeads {
    private static final Logger LOG = LoggerFactory.getLogger(SlowHeads.class);

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
                    if (isSlow(end, next)) {
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

    private boolean isSlow(EndPoint end, Map<EndPoint, Seen> next) {
        long now = nanoClock.getAsLong();
        HttpConnection http = http(end);
        if (http == null) {
            // Upgraded: a WebSocket has limits of its own.
            return false;
        }
        boolean waits = http.getHttpChannel().getState().isIdle();
        Seen current = new Seen(http.getMessagesIn(), http.getBytesIn(), waits, now);
        Seen before = known.get(end);
        // Bytes that came while a request was carried out are its body, not the next one's head.
        boolean begun = before != null
                && before.waits()
                && before.requests() == current.requests()
                && (current.requests() == 0 || current.bytes() > before.bytes());
        if (!waits || !begun) {
            next.put(end, current);
            return false;
        }
        next.put(end, before);
        return now - before.nanos() > headNanosMax;
    }

    private static HttpConnection http(EndPoint end) {
        Connection connection = end.getConnection();
        if (connection instanceof SslConnection tls) {
            connection = tls.getDecryptedEndPoint().getConnection();
        }
        return connection instanceof HttpConnection http ? http : null;
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
