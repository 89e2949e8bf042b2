// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.annotation.Annotation;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.PushInbox;
import org.nxvms.driver.spi.PushLimits;
import org.nxvms.driver.spi.PushPort;
import org.nxvms.platform.api.ServerIdentity;

/** What devices deliver by themselves: to the driver's own place, within its limits, and nowhere once the driver has gone. */
class PushTest {
    private static final PushLimits LIMITS = new PushLimits(1_000, 600, 60_000);

    @TempDir
    Path data;

    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    private final HttpClient client = HttpClient.newHttpClient();
    private PushRegistry registry;
    private PushService driver;

    /** Settings of a test. */
    @SuppressWarnings("ClassExplicitlyAnnotation")
    private record Set(String baseUrl, String tcpPorts) implements PushRegistry.Settings {
        @Override
        public Class<? extends Annotation> annotationType() {
            return PushRegistry.Settings.class;
        }
    }

    private record Identity(Path dataFolder) implements ServerIdentity {
        @Override
        public UUID serverId() {
            return new UUID(0, 1);
        }

        @Override
        public String name() {
            return "test";
        }
    }

    @BeforeEach
    void start() throws Exception {
        registry = new PushRegistry(new Identity(data), new Set("", "0"));
        ServletContextHandler context = new ServletContextHandler();
        context.setContextPath(PushContext.PATH);
        context.addServlet(new ServletHolder(new PushServlet(registry)), "/*");
        server.setHandler(context);
        server.start();
        registry.configure(
                new Set("http://127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort() + "/", "0"));
        driver = new PushService(registry, "org.example.driver");
    }

    @AfterEach
    void stop() throws Exception {
        registry.close();
        server.stop();
    }

    private static DeviceTarget device(String address) {
        return new DeviceTarget(URI.create(address), Optional.empty(), Optional.empty(), Map.of(), 5_000);
    }

    private CompletableFuture<HttpResponse<String>> post(URI to, byte[] body) {
        return client.sendAsync(
                HttpRequest.newBuilder(to)
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private int status(URI to, byte[] body) throws Exception {
        return post(to, body).get(60, TimeUnit.SECONDS).statusCode();
    }

    private static void assertKind(Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(DriverException.class, failed -> assertThat(failed.kind())
                .as(failed.getMessage())
                .isEqualTo(kind));
    }

    @Test
    void whatADeviceDeliversIsAnsweredByItsDriver() throws Exception {
        PushInbox inbox = driver.http(device("http://127.0.0.1/"), "events", LIMITS);
        assertThat(inbox.next(0)).isEmpty();
        CompletableFuture<HttpResponse<String>> answer =
                post(URI.create(inbox.address() + "/motion?on=1"), "door".getBytes(StandardCharsets.UTF_8));
        PushInbox.Request request = inbox.next(20_000).orElseThrow();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/motion?on=1");
        assertThat(request.headers()).containsEntry("content-type", "text/plain");
        assertThat(new String(request.body(), StandardCharsets.UTF_8)).isEqualTo("door");
        assertThat(request.answer(201, "text/xml", "<ok/>".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(request.accept()).as("once only").isFalse();
        assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(201);
        assertThat(answer.get().body()).isEqualTo("<ok/>");
        assertThat(answer.get().headers().firstValue("Content-Type")).contains("text/xml");
    }

    @Test
    void whoHasNoThreadToWaitIsToldOfEachDelivery() throws Exception {
        PushInbox inbox = driver.http(device("http://127.0.0.1/"), "events", LIMITS);
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Void> arrival = inbox.arrival().toCompletableFuture();
            assertThat(arrival).isNotDone();
            assertThat(inbox.arrival()).as("nobody piles them up").isSameAs(arrival);
            CompletableFuture<HttpResponse<String>> answer = post(inbox.address(), new byte[1]);
            arrival.get(20, TimeUnit.SECONDS);
            assertThat(inbox.arrival().toCompletableFuture())
                    .as("it waits still")
                    .isDone();
            inbox.next(0).orElseThrow().accept();
            assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
        }
        CompletableFuture<Void> never = inbox.arrival().toCompletableFuture();
        inbox.close();
        assertThat(never).isDone();
        assertThat(inbox.arrival().toCompletableFuture()).isDone();
        assertKind(Kind.CLOSED, () -> inbox.next(0));
    }

    @Test
    void eachDeviceAndPurposeHasASecretOfItsOwnThatOutlivesARestart() throws Exception {
        URI first = driver.http(device("http://127.0.0.1/"), "events", LIMITS).address();
        URI other = driver.http(device("http://127.0.0.2/"), "events", LIMITS).address();
        URI purpose = driver.http(device("http://127.0.0.1/"), "alarm", LIMITS).address();
        URI stranger = new PushService(registry, "org.example.other")
                .http(device("http://127.0.0.1/"), "events", LIMITS)
                .address();
        assertThat(java.util.Set.of(first, other, purpose, stranger)).hasSize(4);
        assertThat(first.getPath()).matches("/push/v1/[A-Za-z0-9_-]{43}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("keys/push"))))
                .isEqualTo("rw-------");

        PushRegistry anew = new PushRegistry(new Identity(data), new Set("http://127.0.0.1", "0"));
        assertThat(new PushService(anew, "org.example.driver")
                        .http(device("http://127.0.0.1/"), "events", LIMITS)
                        .address()
                        .getPath())
                .isEqualTo(first.getPath());
        anew.close();
        PushRegistry elsewhere = new PushRegistry(new Identity(data.resolve("b")), new Set("http://127.0.0.1", "0"));
        assertThat(new PushService(elsewhere, "org.example.driver")
                        .http(device("http://127.0.0.1/"), "events", LIMITS)
                        .address()
                        .getPath())
                .isNotEqualTo(first.getPath());
        elsewhere.close();
    }

    @Test
    void beyondItsLimitsADeviceIsRefusedAndTheDriverHearsNothing() throws Exception {
        PushInbox roomless = driver.http(device("http://127.0.0.1/"), "alarm", new PushLimits(10, 8, 60_000));
        assertThat(status(roomless.address(), new byte[11])).as("size").isEqualTo(413);
        HttpResponse<String> chunked = client.send(
                HttpRequest.newBuilder(roomless.address())
                        .POST(HttpRequest.BodyPublishers.ofInputStream(
                                () -> new java.io.ByteArrayInputStream(new byte[1_000])))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(chunked.statusCode()).as("size, not told before").isEqualTo(413);
        assertThat(roomless.next(0)).isEmpty();
        PushInbox inbox = driver.http(device("http://127.0.0.1/"), "events", new PushLimits(10, 8, 300));
        URI address = inbox.address();
        assertThat(client.send(HttpRequest.newBuilder(address).DELETE().build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(405);
        // Without a body, which has to arrive within the same time.
        assertThat(status(address, new byte[0])).as("time").isEqualTo(504);
        assertThat(inbox.next(0)).as("it was answered").isEmpty();
        int refused = 0;
        for (int i = 0; i < 12 && refused != 429; i++) {
            refused = status(address, new byte[1]);
        }
        assertThat(refused).as("rate").isEqualTo(429);
    }

    @Test
    void whoDoesNotKnowTheSecretFindsNothing() throws Exception {
        URI address = driver.http(device("http://127.0.0.1/"), "events", LIMITS).address();
        URI wrong = URI.create(
                address.toString().replaceAll(".$", address.toString().endsWith("A") ? "B" : "A"));
        assertThat(status(wrong, new byte[1])).isEqualTo(404);
        assertThat(status(address.resolve("/push/v1/"), new byte[1])).isEqualTo(404);
        assertThat(status(address.resolve("/push/v1/x"), new byte[1])).isEqualTo(404);
    }

    @Test
    void theNewerEndpointTakesTheOldersPlaceAndTheBundlesEndClosesAll() throws Exception {
        DeviceTarget device = device("http://127.0.0.1/");
        PushInbox old = driver.http(device, "events", LIMITS);
        PushInbox young = driver.http(device, "events", LIMITS);
        assertThat(young.address()).isEqualTo(old.address());
        assertKind(Kind.CLOSED, () -> old.next(0));
        old.close();
        CompletableFuture<HttpResponse<String>> answer = post(young.address(), new byte[1]);
        young.next(20_000).orElseThrow().accept();
        assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(204);

        PushPort port = driver.tcp(device, "events", LIMITS);
        CompletableFuture<HttpResponse<String>> late = post(young.address(), new byte[1]);
        PushInbox.Request taken = young.next(20_000).orElseThrow();
        CompletableFuture<HttpResponse<String>> waits = post(young.address(), new byte[1]);
        driver.close();
        assertThat(taken.accept()).as("what was taken may still be answered").isTrue();
        assertThat(late.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
        assertThat(waits.get(60, TimeUnit.SECONDS).statusCode()).isIn(404, 503);
        assertThat(status(young.address(), new byte[1])).isEqualTo(404);
        assertKind(Kind.CLOSED, () -> young.next(1_000));
        assertKind(Kind.CLOSED, () -> port.accept(1_000));
        assertThatThrownBy(() -> new Socket("127.0.0.1", port.address().getPort()).close())
                .isInstanceOf(java.io.IOException.class);
        assertKind(Kind.CLOSED, () -> driver.http(device, "events", LIMITS));
    }

    @Test
    void aDeviceTalksOverItsPort() throws Exception {
        try (PushPort port = driver.tcp(device("http://127.0.0.1/"), "dial-in", LIMITS)) {
            assertThat(port.accept(0)).isEmpty();
            try (Socket socket = new Socket("127.0.0.1", port.address().getPort())) {
                PushPort.Connection connection = port.accept(20_000).orElseThrow();
                ByteBuffer heard = ByteBuffer.allocate(100);
                assertThat(connection.read(heard, 1)).isZero();
                socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
                while (heard.position() < 5) {
                    connection.read(heard, 1_000);
                }
                connection.write(ByteBuffer.wrap("welcome".getBytes(StandardCharsets.US_ASCII)), 1_000);
                assertThat(socket.getInputStream().readNBytes(7)).asString().isEqualTo("welcome");
                socket.shutdownOutput();
                assertThat(connection.read(heard, 20_000)).isEqualTo(-1);
                connection.close();
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
                assertKind(Kind.CLOSED, () -> connection.read(heard, 1));
            }
        }
    }

    @Test
    void strangersAndTooManyAreTurnedAwayAtAPort() throws Exception {
        try (PushPort port = driver.tcp(device("http://127.0.0.2/"), "dial-in", LIMITS)) {
            try (Socket stranger = new Socket("127.0.0.1", port.address().getPort())) {
                assertThat(port.accept(200)).isEmpty();
                assertThat(stranger.getInputStream().read()).isEqualTo(-1);
            }
            for (int i = 0; i < PushPort.CONNECTIONS_MAX; i++) {
                connectFromDevice(port);
                assertThat(port.accept(20_000)).isPresent();
            }
            Socket more = connectFromDevice(port);
            assertThat(port.accept(200)).isEmpty();
            assertThat(more.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static Socket connectFromDevice(PushPort port) throws java.io.IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress("127.0.0.2", 0));
        socket.connect(new InetSocketAddress("127.0.0.1", port.address().getPort()));
        return socket;
    }

    @Test
    void aConnectionIsReadAtItsPaceAndNotForeverSilent() throws Exception {
        try (PushPort port = driver.tcp(device("http://127.0.0.1/"), "dial-in", new PushLimits(1_000, 60, 400));
                Socket socket = new Socket("127.0.0.1", port.address().getPort())) {
            PushPort.Connection connection = port.accept(20_000).orElseThrow();
            socket.getOutputStream().write(new byte[1_500]);
            ByteBuffer heard = ByteBuffer.allocate(10_000);
            long begunNs = System.nanoTime();
            while (heard.position() < 1_500) {
                assertThat(connection.read(heard, 5_000)).isPositive();
            }
            assertThat(System.nanoTime() - begunNs)
                    .as("the second half comes when its time has come")
                    .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(300));
            assertKind(Kind.UNREACHABLE, () -> {
                while (connection.read(heard, 5_000) >= 0) {
                    assertThat(heard.position()).isEqualTo(1_500);
                }
            });
        }
    }

    @Test
    void settingsThatCannotWorkAreNamed() throws Exception {
        registry.configure(new Set("camera.example", "0"));
        assertThatThrownBy(() -> driver.http(device("http://127.0.0.1/"), "events", LIMITS))
                .hasMessageContaining("baseUrl of org.nxvms.push");
        registry.configure(new Set("", "lots"));
        assertThat(driver.http(device("http://127.0.0.1/"), "events", LIMITS)
                        .address()
                        .toString())
                .startsWith("https://127.0.0.1:");
        assertThatThrownBy(() -> driver.tcp(device("http://127.0.0.1/"), "dial-in", LIMITS))
                .hasMessageContaining("tcpPorts of org.nxvms.push");
        assertThatThrownBy(() -> driver.http(device("file:/tmp/x"), "events", LIMITS))
                .hasMessageContaining("names no host");
        assertThatThrownBy(() -> driver.http(device("http://127.0.0.1/"), "a/b", LIMITS))
                .isInstanceOf(IllegalArgumentException.class);
        Files.write(data.resolve("keys/push"), new byte[3]);
        PushRegistry damaged = new PushRegistry(new Identity(data), new Set("http://127.0.0.1", "0"));
        assertThatThrownBy(() -> damaged.http("d", device("http://127.0.0.1/"), "events", LIMITS))
                .hasMessageContaining("is damaged");
    }
}
