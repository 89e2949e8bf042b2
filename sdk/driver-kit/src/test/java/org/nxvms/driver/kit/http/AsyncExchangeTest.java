// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.kit.http.DeviceHttp.Ask;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** Exchanges for which nobody waits: they end in time whatever the device does, and hold no worker until then. */
class AsyncExchangeTest {
    /** For what ends at once; machines that stand still are waited for. */
    private static final int LONG_MS = 60_000;

    private static final int SLOW = 20;
    private static final String BEGINNING = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx";

    /** Of this test, and of none whose threads are about to end. */
    private final String threads = "test-" + UUID.randomUUID();

    private HttpClients clients;
    private HttpServer good;
    /** A device whose answers are written by hand. */
    private ServerSocket odd;

    /** Whether it begins to answer whoever comes. */
    private volatile boolean drips;

    private final BlockingQueue<Socket> visits = new LinkedBlockingQueue<>();
    private final List<String> logins = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws IOException {
        clients = new HttpClients(threads);
        InetAddress here = InetAddress.getLoopbackAddress();
        good = HttpServer.create(new InetSocketAddress(here, 0), 0);
        good.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            String login = exchange.getRequestHeaders().getFirst("Authorization");
            logins.add(String.valueOf(login));
            boolean asks = login == null && exchange.getRequestURI().getPath().equals("/closed");
            if (asks) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"");
            }
            byte[] body = "hello".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(asks ? 401 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        good.start();
        odd = new ServerSocket(0, 200, here);
        Thread doorman = new Thread(this::letIn, "odd-device");
        doorman.setDaemon(true);
        doorman.start();
    }

    private void letIn() {
        try {
            while (true) {
                Socket visit = odd.accept();
                visits.add(visit);
                if (drips) {
                    // Without a look at what is asked.
                    say(visit, BEGINNING);
                }
            }
        } catch (IOException over) {
            // The test is over.
        }
    }

    @AfterEach
    void stop() throws IOException {
        clients.close();
        good.stop(0);
        odd.close();
        for (Socket visit : visits) {
            visit.close();
        }
    }

    private DeviceHttp http(int port, int timeoutMs) throws DriverException {
        return new DeviceHttp(
                clients.get(true),
                URI.create("http://127.0.0.1:" + port),
                Optional.of(new Credentials("root", "pass")),
                timeoutMs);
    }

    private DeviceHttp goodDevice() throws DriverException {
        return http(good.getAddress().getPort(), LONG_MS);
    }

    /** {@return a connection of the odd device's, whose request was read} */
    private Socket visit() throws Exception {
        Socket visit = visits.poll(LONG_MS, TimeUnit.MILLISECONDS);
        assertThat(visit).as("a connection").isNotNull();
        InputStream in = visit.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int one = in.read();
            assertThat(one).as("after %s", head).isNotNegative();
            head.append((char) one);
        }
        return visit;
    }

    private static void say(Socket visit, String text) throws IOException {
        visit.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        visit.getOutputStream().flush();
    }

    private static String said(CompletableFuture<HttpResponse<byte[]>> exchange) throws Exception {
        return new String(exchange.get(LONG_MS, TimeUnit.MILLISECONDS).body(), StandardCharsets.UTF_8);
    }

    private static void assertFails(CompletableFuture<?> exchange, Kind kind, String why) {
        assertThatThrownBy(() -> exchange.get(LONG_MS, TimeUnit.MILLISECONDS))
                .isInstanceOfSatisfying(ExecutionException.class, failed -> assertThat(failed.getCause())
                        .isInstanceOfSatisfying(DriverException.class, told -> {
                            assertThat(told.kind()).isEqualTo(kind);
                            assertThat(told.getMessage()).contains(why);
                        }));
    }

    @Test
    void aDeviceThatWantsALoginGetsIt() throws Exception {
        DeviceHttp http = goodDevice();
        assertThat(said(http.exchangeAsync(Ask.get("/closed"), 100))).isEqualTo("hello");
        assertThat(said(http.exchangeAsync(Ask.get("/closed"), 100))).isEqualTo("hello");

        assertThat(logins).as("the first one learns how, the next ones know").hasSize(3);
        assertThat(logins.get(0)).isEqualTo("null");
        assertThat(logins.get(2)).startsWith("Digest username=\"root\"").contains("nc=00000002");
    }

    @Test
    void anAnswerThatIsLongerThanItMayBeIsOneThatBreaksBounds() throws Exception {
        assertFails(goodDevice().exchangeAsync(Ask.get("/"), 4), Kind.PROTOCOL, "bounds");
    }

    /** The client's own time limit ends with the head of an answer. */
    @Test
    void devicesThatNeverEndTheirAnswersHoldNoWorkerAndAreGivenUpInTime() throws Exception {
        List<CompletableFuture<HttpResponse<byte[]>>> slow = new ArrayList<>();
        DeviceHttp patient = http(odd.getLocalPort(), LONG_MS);
        for (int i = 0; i < SLOW; i++) {
            slow.add(patient.exchangeAsync(Ask.get("/"), 1_000));
        }
        for (int i = 0; i < SLOW; i++) {
            say(visit(), BEGINNING);
        }
        assertThat(said(goodDevice().exchangeAsync(Ask.get("/"), 100)))
                .as("a good device is heard beside them")
                .isEqualTo("hello");
        assertThat(slow).noneMatch(CompletableFuture::isDone);
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith(threads)))
                .as("four workers and their clock")
                .hasSizeLessThanOrEqualTo(5);

        // Its time may be over before anybody looks at it.
        drips = true;
        CompletableFuture<HttpResponse<byte[]>> brief =
                http(odd.getLocalPort(), 200).exchangeAsync(Ask.get("/"), 1_000);
        assertFails(brief, Kind.UNREACHABLE, "within 200 ms");
    }

    @Test
    void whoCancelsAnExchangeHangsUp() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http(odd.getLocalPort(), LONG_MS).exchangeAsync(Ask.get("/"), 1_000);
        Socket visit = visit();
        exchange.cancel(true);

        visit.setSoTimeout(LONG_MS);
        assertThat(isOver(visit)).as("the end of the connection").isTrue();
    }

    private static boolean isOver(Socket visit) throws IOException {
        try {
            return visit.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Test
    void whatIsUnderWayEndsWithTheDriver() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http(odd.getLocalPort(), LONG_MS).exchangeAsync(Ask.get("/"), 1_000);
        DeviceHttp late = goodDevice();
        visit();
        CompletableFuture<Void> pause = late.after(LONG_MS);

        clients.close();
        assertFails(exchange, Kind.CLOSED, "stopped");
        assertFails(late.exchangeAsync(Ask.get("/"), 100), Kind.CLOSED, "stopped");
        assertThat(pause).isCompletedExceptionally();
        assertThat(late.after(1)).isCompletedExceptionally();
    }
}
