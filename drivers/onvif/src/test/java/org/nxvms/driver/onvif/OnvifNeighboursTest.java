// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.kit.http.HttpClients;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.SearchFindings;
import org.nxvms.driver.spi.SearchScope;

/** Devices that answer no datagram of WS-Discovery are found by HTTP, where one has reason to ask; nobody else is. */
class OnvifNeighboursTest {
    private static final String TIME = "<Envelope><Body><GetSystemDateAndTimeResponse/></Body></Envelope>";
    private static final String REFUSAL =
            "<Envelope><Body><Fault><Code><Value>Sender</Value><Subcode><Value>ter:NotAuthorized</Value></Subcode></Code>"
                    + "</Fault></Body></Envelope>";
    private static final String MATCH =
            "<Envelope><Body><ProbeMatches><ProbeMatch><EndpointReference><Address>urn:uuid:1</Address></EndpointReference>"
                    + "<Types>dn:NetworkVideoTransmitter</Types><XAddrs>http://127.0.0.1:8899/onvif/device_service</XAddrs>"
                    + "</ProbeMatch></ProbeMatches></Body></Envelope>";
    /** A port at which no machine listens nowadays. */
    private static final int NOBODY = 1;

    private static final String HERE = "127.0.0.1";
    /** Another host of loopback's network, which no interface is called. */
    private static final String THERE = "127.0.0.2";

    private static final int PORTS_MAX = 100;

    private final List<HttpServer> servers = new ArrayList<>();
    private final List<DatagramChannel> channels = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClients clients = new HttpClients("onvif-http");
    private final List<String> found = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private String loopback;
    private int silent;

    @BeforeEach
    void start() throws IOException {
        loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress())
                .getName();
        // Taken, and nobody answers at it.
        silent = port(channel(HERE, 0));
    }

    @AfterEach
    void stop() throws IOException {
        over.countDown();
        servers.forEach(server -> server.stop(0));
        for (DatagramChannel channel : channels) {
            channel.close();
        }
        clients.close();
        threads.shutdownNow();
    }

    private DatagramChannel channel(String host, int port) throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        channels.add(channel);
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.bind(new InetSocketAddress(host, port));
        return channel;
    }

    private static int port(DatagramChannel channel) throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    private HttpServer server(String host) throws IOException {
        return server(host, 0);
    }

    private HttpServer server(String host, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 0);
        servers.add(server);
        server.setExecutor(threads);
        return server;
    }

    /** {@return servers of one port: here, and there, where somebody else may have a port that is free here} */
    private List<HttpServer> hereAndThere() throws IOException {
        for (int tried = 1; ; tried++) {
            HttpServer here = server(HERE);
            try {
                return List.of(here, server(THERE, here.getAddress().getPort()));
            } catch (BindException taken) {
                assertThat(tried).as(taken.getMessage()).isLessThan(PORTS_MAX);
            }
        }
    }

    /** {@return the port of a server that says the same to all} */
    private static int says(HttpServer server, int status, String body, AtomicInteger asked) {
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        return server.getAddress().getPort();
    }

    private int says(String host, int status, String body) throws IOException {
        return says(server(host), status, body, new AtomicInteger());
    }

    /** A server that takes a request and does not answer it, or begins to. */
    private int hangs(HttpServer server, boolean begins) {
        server.createContext("/", exchange -> {
            if (begins) {
                exchange.sendResponseHeaders(200, 100);
                exchange.getResponseBody().write('<');
                exchange.getResponseBody().flush();
            }
            try {
                over.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        return server.getAddress().getPort();
    }

    private OnvifSearch search(int discovery, int upnp, Integer... http) {
        return new OnvifSearch(new OnvifSearch.Ports(discovery, upnp, List.of(http)), clients);
    }

    /** One that waits for who is slow, as all are on a machine that is. */
    private OnvifSearch patient(int answerMs, Integer... http) {
        return new OnvifSearch(new OnvifSearch.Ports(silent, silent, List.of(http)), clients, answerMs);
    }

    private void range(OnvifSearch search, String... addresses) throws Exception {
        List<InetAddress> all = new ArrayList<>();
        for (String address : addresses) {
            all.add(InetAddress.getByName(address));
        }
        SearchScope scope = new SearchScope(60_000, Set.of(loopback), all, SearchScope.PACKETS_PER_SECOND_DEFAULT);
        search.search(scope, findings());
    }

    private SearchFindings findings() {
        return SearchFindings.of(device -> found.add(device.address().toString()));
    }

    @Test
    void anAddressThatAnswersNoDatagramIsAskedByHttpAndWhatElseAnswersIsNone() throws Exception {
        List<Integer> ports = new ArrayList<>();
        ports.add(NOBODY);
        for (String body : List.of(
                "",
                "<html><body><GetSystemDateAndTimeResponse/></body></html>",
                "<!DOCTYPE html><html><body>Router</body></html>",
                "<Envelope><Body><Fault><faultcode>Client</faultcode></Fault></Body></Envelope>",
                "<Envelope><Body><Other/></Body></Envelope>",
                "<Envelope><Body>" + "<a/>".repeat(30_000) + "<GetSystemDateAndTimeResponse/></Body></Envelope>")) {
            ports.add(says(HERE, 200, body));
        }
        ports.add(says(HERE, 401, "Unauthorized"));
        ports.add(says(HERE, 404, "<Envelope><Body/></Envelope>"));
        int device = says(HERE, 200, TIME);
        ports.add(device);
        range(patient(OnvifScene.TIMEOUT_MS, ports.toArray(Integer[]::new)), HERE);
        assertThat(found).containsExactly("http://127.0.0.1:" + device);
    }

    @Test
    void aHostThatDoesNotAnswerKeepsNobodyFromOneThatWantsALoginFirst() throws Exception {
        List<HttpServer> both = hereAndThere();
        int device = says(both.get(0), 400, REFUSAL, new AtomicInteger());
        hangs(both.get(1), false);
        AtomicInteger again = new AtomicInteger();
        int other = says(server(THERE), 200, TIME, again);
        range(patient(OnvifScene.BRIEF_MS, device, other), THERE, HERE);
        assertThat(found).containsExactly("http://127.0.0.1:" + device);
        assertThat(again).as("asked at another port").hasValue(0);
    }

    @Test
    void whoAnswersADatagramIsNotAskedByHttp() throws Exception {
        DatagramChannel device = channel(HERE, 0);
        threads.submit(() -> answer(device, List.of(device), MATCH));
        AtomicInteger asked = new AtomicInteger();
        int port = says(server(HERE), 200, TIME, asked);
        range(search(port(device), silent, port), HERE);
        assertThat(found).containsExactly("http://127.0.0.1:8899");
        assertThat(asked).hasValue(0);
    }

    @Test
    void whatThereIsNoTimeForIsSaid() throws Exception {
        int device = says(HERE, 200, TIME);
        List<URI> spoken = new ArrayList<>();
        try (HttpSearch http =
                new HttpSearch(clients.get(true), List.of(device), HttpSearch.PATIENCE_MS, spoken::add)) {
            // A datagram a second: the second host's turn comes in four seconds.
            int left = http.ask(
                    List.of(InetAddress.getByName(HERE), InetAddress.getByName(THERE)),
                    1,
                    System.nanoTime() + 1_000_000_000L);
            assertThat(left).isPositive();
        }
    }

    @Test
    void aHostThatNeverEndsItsAnswerDoesNotHoldUpTheSearch() throws Exception {
        int port = hangs(server(HERE), true);
        List<URI> spoken = new ArrayList<>();
        try (HttpSearch http = new HttpSearch(clients.get(true), List.of(port), HttpSearch.PATIENCE_MS, spoken::add)) {
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
            assertThat(http.ask(List.of(InetAddress.getByName(HERE)), SearchScope.PACKETS_PER_SECOND_DEFAULT, end))
                    .isZero();
            assertThat(System.nanoTime() - end).as("it ends before its time").isNegative();
        }
        assertThat(spoken).isEmpty();
    }

    /** Sends an answer to each question of a channel, by others. */
    private static Void answer(DatagramChannel asked, List<DatagramChannel> by, String text) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        while (true) {
            buffer.clear();
            InetSocketAddress from = (InetSocketAddress) asked.receive(buffer);
            for (DatagramChannel one : by) {
                one.send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), from);
            }
        }
    }

    /** Devices of UPnP at some hosts, which answer for as what they were asked for. */
    private int announces(String... hosts) throws IOException {
        DatagramChannel group = channel("0.0.0.0", 0);
        group.join(InetAddress.getByName("239.255.255.250"), NetworkInterface.getByName(loopback));
        List<DatagramChannel> by = new ArrayList<>();
        for (String host : hosts) {
            by.add(channel(host, 0));
        }
        threads.submit(() ->
                answer(group, by, "HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: uuid:1::upnp:rootdevice\r\n\r\n"));
        return port(group);
    }

    @Test
    void aNeighbourThatAnnouncesItselfAsAnythingIsAskedByHttpAndNotThisServer() throws Exception {
        AtomicInteger own = new AtomicInteger();
        List<HttpServer> both = hereAndThere();
        int device = says(both.get(0), 200, TIME, own);
        says(both.get(1), 200, TIME, new AtomicInteger());
        OnvifSearch search = search(silent, announces(THERE, HERE), device);
        for (int i = 0; i < 40 && found.isEmpty(); i++) {
            search.search(new SearchScope(1_500, Set.of(loopback), List.of(), 1_000), findings());
        }
        assertThat(found).containsExactly("http://127.0.0.2:" + device);
        assertThat(own).as("who says to be this server sends it nowhere").hasValue(0);
    }

    @Test
    void whereNothingMayBeSentNothingIs() {
        assertThatThrownBy(() -> range(search(silent, silent, 1), "192.0.2.1"))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.UNREACHABLE));
    }
}
