// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.nxvms.driver.kit.http.BoundedBody;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.kit.http.DeviceHttp.Ask;
import org.nxvms.driver.kit.search.Sightings;
import org.nxvms.driver.spi.DriverException;

/**
 * Asks hosts by HTTP whether they speak ONVIF, for those that answer no datagram: for the time of day, which devices tell before
 * any login (Core 5.9.1), at one port after the other. A host that does not answer in time is not asked at another one. By the
 * searching thread; answers come on the client's. Serves one search.
 */
final class HttpSearch implements AutoCloseable {
    /** Where cameras have their pages and services. */
    static final List<Integer> PORTS = List.of(80, 8000, 8080);

    /** Those that are not there keep a place each for as long as is waited. */
    private static final int AT_ONCE_MAX = 64;

    static final int PATIENCE_MS = 1_500;
    private static final int ANSWER_BYTES_MAX = 64 << 10;
    /** What a host that is not there costs, of the datagrams that may be sent; one that is costs more, and is one of few. */
    private static final int DATAGRAMS = 4;

    private final HttpClient client;
    private final List<Integer> ports;
    private final int patienceMs;
    private final Consumer<URI> found;
    private final byte[] question = SoapText.envelope("", Service.DEVICE.operation("GetSystemDateAndTime", ""))
            .getBytes(StandardCharsets.UTF_8);
    /** Of each host that was asked, in the end: where it speaks ONVIF, if it does. */
    private final BlockingQueue<Optional<URI>> ends = new LinkedBlockingQueue<>();

    private final Set<CompletableFuture<?>> exchanges = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private int asked;

    /**
     * @param patienceMs for a whole answer
     * @param found told by the searching thread
     */
    HttpSearch(HttpClient client, List<Integer> ports, int patienceMs, Consumer<URI> found) {
        this.client = client;
        this.ports = ports;
        this.patienceMs = patienceMs;
        this.found = found;
    }

    /**
     * Asks hosts, and returns when all have answered or had time to, or the time is over.
     *
     * @param packetsPerSecond as of {@link org.nxvms.driver.spi.SearchScope}
     * @return how many there was no time for
     */
    int ask(Collection<InetAddress> hosts, int packetsPerSecond, long endNano) throws InterruptedException {
        long intervalNanos = TimeUnit.SECONDS.toNanos(DATAGRAMS) / packetsPerSecond;
        Queue<InetAddress> waiting = new ArrayDeque<>(new LinkedHashSet<>(hosts));
        long nextNano = System.nanoTime();
        long now = nextNano;
        while ((asked > 0 || !waiting.isEmpty()) && now - endNano < 0) {
            boolean may = !waiting.isEmpty() && asked < AT_ONCE_MAX;
            if (may && now - nextNano >= 0) {
                asked++;
                ask(waiting.remove(), ports.iterator());
                nextNano = now + intervalNanos;
            } else {
                tell(ends.poll((may ? Math.min(nextNano, endNano) : endNano) - now, TimeUnit.NANOSECONDS));
            }
            now = System.nanoTime();
        }
        return waiting.size();
    }

    private void tell(Optional<URI> end) {
        if (end != null) {
            asked--;
            end.ifPresent(found);
        }
    }

    private void ask(InetAddress host, Iterator<Integer> left) {
        Optional<URI> at = left.hasNext() && !closed
                ? Sightings.address("http", host, Optional.of(left.next()), "")
                : Optional.empty();
        if (at.isEmpty()) {
            ends.add(Optional.empty());
            return;
        }
        CompletableFuture<HttpResponse<byte[]>> exchange = exchange(at.get());
        exchanges.add(exchange);
        exchange.whenComplete((response, trouble) -> {
            exchanges.remove(exchange);
            if (response != null && speaksOnvif(response)) {
                ends.add(at);
            } else if (response != null || isThere(trouble)) {
                ask(host, left);
            } else {
                ends.add(Optional.empty());
            }
        });
        if (closed) {
            exchange.cancel(true);
        }
    }

    /** The time is for the whole answer: who begins one and does not end it would keep its place as long as the search lasts. */
    private CompletableFuture<HttpResponse<byte[]>> exchange(URI at) {
        return new DeviceHttp(client, at, Optional.empty(), patienceMs)
                .exchangeAsync(
                        new Ask(
                                "POST",
                                Services.DEVICE_PATH,
                                Map.of("Content-Type", "application/soap+xml; charset=utf-8"),
                                BodyPublishers.ofByteArray(question),
                                false,
                                0),
                        ANSWER_BYTES_MAX);
    }

    /** Whether somebody is at the host who has nothing at the port, or says what is none of ours. */
    private static boolean isThere(Throwable trouble) {
        Throwable cause = trouble instanceof DriverException told ? told.getCause() : trouble;
        return cause instanceof ConnectException || cause instanceof BoundedBody.TooLong;
    }

    /** Routers, printers and recorders have services at these ports, too. */
    private static boolean speaksOnvif(HttpResponse<byte[]> response) {
        try {
            Optional<XmlNode> body = XmlNode.read(response.body()).find("Body");
            return body.flatMap(one -> one.find("GetSystemDateAndTimeResponse")).isPresent()
                    || body.flatMap(SoapFault::of)
                            .filter(SoapFault::isAboutLogin)
                            .isPresent();
        } catch (DriverException noXml) {
            return false;
        }
    }

    /** Nobody is asked any more. */
    @Override
    public void close() {
        closed = true;
        exchanges.forEach(exchange -> exchange.cancel(true));
    }
}
