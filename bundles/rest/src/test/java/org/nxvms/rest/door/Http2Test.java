// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLParameters;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.AbstractHandler;
import org.eclipse.jetty.util.ssl.KeyStoreScanner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.test.kit.Awaiting;

/** HTTP/2 of the distribution's web server: who speaks it, and that what holds for HTTP/1.1 holds for it. */
class Http2Test {
    private static final int SECONDS_MAX = 60;
    /** More than anybody may reset in any second in which a machine does anything. */
    private static final int STREAMS_MAX = 200_000;

    private static final String OLDER = "org.ops4j.pax.web.ssl.protocols.included";
    private static final String PREFERRED = "org.nxvms.web.preferredProtocol";

    @TempDir
    private static Path certified;

    @TempDir
    private Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger uploaded = new AtomicInteger();
    private final AtomicBoolean cutOff = new AtomicBoolean();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final FrontDoor door = new FrontDoor(new FrontDoorTest.Settings(1, 3, 20, "", ""), nanos::get);
    private Path keyStore;
    private Server server;
    private ServerConnector plain;
    private ServerConnector everybody;

    @BeforeAll
    static void certify() throws Exception {
        WebServerFile.certify(certified.resolve("https.p12"), "first");
    }

    private void start(Map<String, String> settings) throws Exception {
        keyStore = Files.copy(certified.resolve("https.p12"), folder.resolve("https.p12"));
        server = WebServerFile.read(keyStore, settings);
        for (Connector connector : server.getConnectors()) {
            // As Pax Web does with customizers that are services.
            HttpConfiguration config =
                    connector.getConnectionFactory(HttpConnectionFactory.class).getHttpConfiguration();
            config.addCustomizer((c, its, request) -> {
                String from = request.getHeader("X-From");
                if (from != null) {
                    request.setRemoteAddr(InetSocketAddress.createUnresolved(from, 1));
                }
            });
            config.addCustomizer(door);
        }
        server.setHandler(new AbstractHandler() {
            @Override
            public void handle(String target, Request base, HttpServletRequest request, HttpServletResponse response)
                    throws IOException {
                response.setHeader("X-Connection", String.valueOf(request.getRemotePort()));
                answer(target, request, response);
                base.setHandled(true);
            }
        });
        server.start();
        plain = (ServerConnector) server.getConnectors()[0];
        everybody = (ServerConnector) server.getConnectors()[1];
    }

    private void answer(String target, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (target.equals("/upload")) {
            try (InputStream body = request.getInputStream()) {
                while (body.read() >= 0) {
                    uploaded.incrementAndGet();
                }
            } catch (IOException e) {
                cutOff.set(true);
            }
        } else if (target.equals("/wait")) {
            waiting.incrementAndGet();
            await(goOn);
        }
        response.getOutputStream().print("answer");
        if (target.equals("/cut")) {
            response.flushBuffer();
            response.sendError(-1);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() throws Exception {
        goOn.countDown();
        door.stop();
        server.stop();
    }

    private static HttpClient client(Version version, String... tls) {
        HttpClient.Builder builder = HttpClient.newBuilder().version(version).sslContext(Http2Client.trustingAll());
        if (tls.length > 0) {
            builder.sslParameters(new SSLParameters(null, tls));
        }
        return builder.build();
    }

    private HttpRequest request(ServerConnector connector, String path, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(
                (connector == plain ? "http" : "https") + "://127.0.0.1:" + connector.getLocalPort() + path));
        if (headers.length > 0) {
            builder.headers(headers);
        }
        return builder.build();
    }

    private HttpResponse<String> ask(HttpClient client, ServerConnector connector, String... headers)
            throws IOException, InterruptedException {
        return client.send(request(connector, "/", headers), BodyHandlers.ofString());
    }

    @Test
    void whoKnowsItSpeaksItOverTlsAndNobodyInTheClear() throws Exception {
        start(Map.of());
        HttpResponse<String> answer = ask(client(Version.HTTP_2), everybody);
        assertThat(answer.version()).isEqualTo(Version.HTTP_2);
        assertThat(answer.body()).isEqualTo("answer");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(ask(client(Version.HTTP_1_1), everybody).version()).isEqualTo(Version.HTTP_1_1);

        assertThat(ask(client(Version.HTTP_2), plain).version())
                .as("though it asks for an upgrade")
                .isEqualTo(Version.HTTP_1_1);
        try (Socket caller = new Socket("127.0.0.1", plain.getLocalPort())) {
            caller.setSoTimeout(SECONDS_MAX * 1_000);
            caller.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(caller.getInputStream().readNBytes(8), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1");
        }
    }

    @Test
    void olderTlsCarriesItToo() throws Exception {
        start(Map.of(OLDER, "TLSv1.3,TLSv1.2"));
        assertThat(ask(client(Version.HTTP_2, "TLSv1.2"), everybody).version()).isEqualTo(Version.HTTP_2);
        assertThat(ask(client(Version.HTTP_2, "TLSv1.3"), everybody).version()).isEqualTo(Version.HTTP_2);
    }

    @Test
    void whereItIsNotPreferredNobodySpeaksIt() throws Exception {
        start(Map.of(PREFERRED, "http/1.1"));
        assertThat(ask(client(Version.HTTP_2), everybody).version()).isEqualTo(Version.HTTP_1_1);
        try (Http2Client client = new Http2Client(everybody.getLocalPort())) {
            assertThat(client.protocol()).isEqualTo("http/1.1");
        }
    }

    @Test
    void aWordThatNamesNoProtocolShutsNobodyOut() throws Exception {
        start(Map.of(PREFERRED, "off"));
        assertThat(ask(client(Version.HTTP_2), everybody).version()).isEqualTo(Version.HTTP_1_1);
    }

    @Test
    void aConnectionHasItsBounds() throws Exception {
        start(Map.of());
        try (Http2Client client = new Http2Client(everybody.getLocalPort()).begin()) {
            assertThat(client.protocol()).isEqualTo("h2");
            // RFC 9113 6.5.2: table of fields, streams, window of a stream, fields of a request.
            assertThat(client.settings())
                    .containsEntry(1, 4_096)
                    .containsEntry(3, 128)
                    .containsEntry(4, 131_072)
                    .containsEntry(6, 8_192);
        }
        assertThatIOException()
                .as("a head that is too large")
                .isThrownBy(() -> ask(client(Version.HTTP_2), everybody, "X-Long", "x".repeat(9_000)));
        assertThat(ask(client(Version.HTTP_2), everybody).statusCode()).isEqualTo(200);
    }

    @Test
    void whoResetsWhatHeAsksForAgainAndAgainLosesTheConnection() throws Exception {
        start(Map.of());
        try (Http2Client client = new Http2Client(everybody.getLocalPort()).begin()) {
            CompletableFuture<Void> end = CompletableFuture.runAsync(() -> {
                try {
                    client.awaitEnd();
                } catch (IOException stays) {
                    throw new AssertionError(stays);
                }
            });
            for (int stream = 1; stream < 2 * STREAMS_MAX && !end.isDone(); stream += 2) {
                try {
                    client.get(stream, "/")
                            .send(Http2Client.RST_STREAM, 0, stream, (byte) 0, (byte) 0, (byte) 0, (byte) 8);
                } catch (IOException closed) {
                    break;
                }
            }
            end.get(SECONDS_MAX, TimeUnit.SECONDS);
        }
        assertThat(ask(client(Version.HTTP_2), everybody).statusCode()).isEqualTo(200);
    }

    @Test
    void requestsCountForTheirAddress() throws Exception {
        start(Map.of());
        HttpClient client = client(Version.HTTP_2);
        for (int i = 0; i < 3; i++) {
            assertThat(ask(client, everybody, "X-From", "192.0.2.7").statusCode())
                    .isEqualTo(200);
        }
        HttpResponse<String> refused = ask(client, everybody, "X-From", "192.0.2.7");
        assertThat(refused.version()).isEqualTo(Version.HTTP_2);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    }

    @Test
    void anAnswerThatIsCutEndsItsStreamAndNotTheConnection() throws Exception {
        start(Map.of());
        HttpClient client = client(Version.HTTP_2);
        String connection = connection(ask(client, everybody));
        CompletableFuture<HttpResponse<String>> other =
                client.sendAsync(request(everybody, "/wait"), BodyHandlers.ofString());
        Awaiting.until("another answer is waited for", () -> waiting.get() == 1);

        HttpResponse<InputStream> cut = client.send(request(everybody, "/cut"), BodyHandlers.ofInputStream());
        assertThat(connection(cut)).isEqualTo(connection);
        assertThatIOException().isThrownBy(() -> cut.body().readAllBytes());

        goOn.countDown();
        assertThat(other.get(SECONDS_MAX, TimeUnit.SECONDS).body()).isEqualTo("answer");
        assertThat(connection(other.join())).isEqualTo(connection);
        assertThat(connection(ask(client, everybody))).isEqualTo(connection);
    }

    private static String connection(HttpResponse<?> answer) {
        return answer.headers().firstValue("X-Connection").orElseThrow();
    }

    @Test
    void aBodyThatTricklesIsCutOffAndOthersOfTheConnectionAreNot() throws Exception {
        start(Map.of());
        try (Http2Client client = new Http2Client(everybody.getLocalPort()).begin()) {
            client.post(1, "/upload").send(Http2Client.DATA, 0, 1, (byte) 'a');
            Awaiting.until("a byte is read", () -> uploaded.get() == 1);
            nanos.addAndGet(SlowBodies.GRACE_NS + 1_000_000_000L);
            client.send(Http2Client.DATA, 0, 1, (byte) 'b');
            Awaiting.until("its thread is free", cutOff::get);

            client.get(3, "/");
            Http2Client.Frame head = client.await(Http2Client.HEADERS);
            assertThat(head.stream() == 3 || client.await(Http2Client.HEADERS).stream() == 3)
                    .isTrue();
        }
    }

    @Test
    void aHandshakeOrFirstHeadThatTricklesIsClosed() throws Exception {
        start(Map.of());
        ask(client(Version.HTTP_1_1), plain);
        try (Socket unfinished = Http2Client.unfinished(everybody.getLocalPort());
                Http2Client silent = new Http2Client(everybody.getLocalPort()).begin()) {
            silent.settings();
            Awaiting.until(
                    "two connections", () -> everybody.getConnectedEndPoints().size() == 2);
            door.sweep();
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(19));
            door.sweep();
            assertThat(everybody.getConnectedEndPoints()).as("not yet").hasSize(2);

            nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
            door.sweep();
            silent.awaitEnd();
            Awaiting.until(
                    "none is left", () -> everybody.getConnectedEndPoints().isEmpty());
            assertThat(isClosed(unfinished)).isTrue();
        }
    }

    private static boolean isClosed(Socket caller) throws IOException {
        try {
            return caller.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Test
    void aConnectionWithoutRequestsEndsWhateverItSendsAndOneWithARequestGoesOn() throws Exception {
        start(Map.of());
        try (Http2Client pinging = new Http2Client(everybody.getLocalPort()).begin();
                Http2Client busy = new Http2Client(everybody.getLocalPort()).begin()) {
            pinging.get(1, "/").await(Http2Client.HEADERS);
            busy.get(1, "/wait");
            Awaiting.until("one is served, and one waits for its answer", () -> waiting.get() == 1 && idle() == 1);
            door.sweep();
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(59));
            ping(pinging);
            door.sweep();
            ping(pinging);

            nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
            door.sweep();
            assertThat(pinging.await(Http2Client.GOAWAY).number(4))
                    .as("no error")
                    .isZero();
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(11));
            door.sweep();
            pinging.awaitEnd();

            goOn.countDown();
            assertThat(busy.await(Http2Client.HEADERS).stream()).isEqualTo(1);
        }
    }

    private static void ping(Http2Client client) throws IOException {
        client.send(Http2Client.PING, 0, 0, new byte[8]).await(Http2Client.PING);
    }

    /** {@return how many connections of HTTP/2 have had a request and have none} */
    private long idle() {
        return everybody.getConnectedEndPoints().stream()
                .map(EndPoint::getConnection)
                .map(SslConnection.class::cast)
                .map(tls -> tls.getDecryptedEndPoint().getConnection())
                .filter(HTTP2Connection.class::isInstance)
                .filter(Http2Test::isIdle)
                .count();
    }

    private static boolean isIdle(Connection connection) {
        return connection.getMessagesIn() == 1 && connection.getMessagesOut() == 1;
    }

    @Test
    void anotherCertificateKeepsItAndCutsNobodyOff() throws Exception {
        start(Map.of());
        try (Http2Client before = new Http2Client(everybody.getLocalPort()).begin()) {
            assertThat(before.peer()).isEqualTo("CN=first");
            WebServerFile.certify(keyStore, "second");
            KeyStoreScanner scanner = server.getBean(KeyStoreScanner.class);
            Awaiting.until("the new one is shown", () -> {
                scanner.scan();
                return shown().equals("CN=second by h2");
            });
            assertThat(before.get(1, "/").await(Http2Client.HEADERS).stream()).isEqualTo(1);
        }
        assertThat(ask(client(Version.HTTP_2), everybody).version()).isEqualTo(Version.HTTP_2);
    }

    private String shown() {
        try (Http2Client client = new Http2Client(everybody.getLocalPort())) {
            return client.peer() + " by " + client.protocol();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
