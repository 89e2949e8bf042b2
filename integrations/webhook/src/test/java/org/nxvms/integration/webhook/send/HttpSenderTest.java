// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.integration.webhook.fake.Patience.until;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.integration.webhook.fake.Receiver;

/** Requests on real sockets, to endpoints of every kind. */
class HttpSenderTest {
    private static final byte[] BODY = "{\"type\":\"camera.motion\"}".getBytes(StandardCharsets.UTF_8);

    /** More than the kernel holds of a connection on loopback. */
    private static final long TAKEN_MAX = 64 << 20;

    private HttpSender sender;

    @BeforeEach
    void start() throws Exception {
        sender = new HttpSender(SSLContext.getDefault());
        sender.localAllowed(true);
    }

    @AfterEach
    void stop() {
        sender.close();
        // A thread pool says that it is over a moment before its last thread is.
        until("no thread is left", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("nxvms-webhook")));
    }

    private Answer send(String url, int timeoutMs) {
        return sender.call(new HttpSender.Request(URI.create(url), Map.of("X-Api-Key", "k1"), BODY, timeoutMs))
                .send();
    }

    @Test
    void whatIsSentArrivesAsItIs() throws Exception {
        try (Receiver receiver = new Receiver()) {
            assertThat(send(receiver.url(), 30_000)).isEqualTo(new Answer(Answer.Kind.DELIVERED, 204, 0, ""));
            assertThat(receiver.got()).singleElement().satisfies(got -> {
                assertThat(got.body()).isEqualTo(BODY);
                assertThat(got.apiKey()).isEqualTo("k1");
            });
        }
    }

    @Test
    void eachStatusHasItsMeaning() throws Exception {
        try (Receiver receiver = new Receiver()) {
            Map<Integer, Answer.Kind> meanings = Map.of(
                    200, Answer.Kind.DELIVERED,
                    202, Answer.Kind.DELIVERED,
                    410, Answer.Kind.GONE,
                    400, Answer.Kind.REFUSED,
                    413, Answer.Kind.REFUSED,
                    401, Answer.Kind.FAILED,
                    404, Answer.Kind.FAILED,
                    429, Answer.Kind.FAILED,
                    503, Answer.Kind.FAILED);
            meanings.forEach((status, meaning) -> {
                receiver.answers(status);
                Answer answer = send(receiver.url(), 30_000);
                assertThat(answer.kind()).as("status %d", status).isEqualTo(meaning);
                assertThat(answer.status()).isEqualTo(status);
            });
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        try (Receiver elsewhere = new Receiver();
                Receiver receiver = new Receiver()) {
            for (int status : new int[] {301, 302, 303, 307, 308}) {
                receiver.answers(got -> new Receiver.Reply(status, "Location", elsewhere.url()));
                Answer answer = send(receiver.url(), 30_000);
                assertThat(answer.kind()).isEqualTo(Answer.Kind.FAILED);
                assertThat(answer.detail()).contains(String.valueOf(status), "redirects are not followed");
            }
            assertThat(elsewhere.got()).isEmpty();
        }
    }

    @Test
    void whoAsksToBeLeftAloneIsHeard() throws Exception {
        Instant now = Instant.parse("2026-11-26T12:00:00Z");
        assertThat(Answer.of(503, "120", now).retryAfterMs()).isEqualTo(120_000);
        assertThat(Answer.of(429, " 7 ", now).retryAfterMs()).isEqualTo(7_000);
        assertThat(Answer.of(503, "Thu, 26 Nov 2026 12:00:30 GMT", now).retryAfterMs())
                .isEqualTo(30_000);
        assertThat(Answer.of(503, "Thu, 26 Nov 2026 11:00:30 GMT", now).retryAfterMs())
                .isZero();
        assertThat(Answer.of(503, "9999999999", now).retryAfterMs()).isEqualTo(Answer.RETRY_AFTER_MS_MAX);
        for (String odd : new String[] {"", "-5", "soon", "99999999999999999999", "1e3", "٣"}) {
            assertThat(Answer.of(503, odd, now).retryAfterMs()).as(odd).isZero();
        }
        try (Receiver receiver = new Receiver()) {
            receiver.answers(got -> new Receiver.Reply(429, "Retry-After", "90"));
            assertThat(send(receiver.url(), 30_000).retryAfterMs()).isEqualTo(90_000);
        }
    }

    @Test
    void localAddressesAreRefusedUnlessAllowed() throws Exception {
        try (Receiver receiver = new Receiver()) {
            sender.localAllowed(false);
            for (String host : new String[] {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"}) {
                Answer answer = send("http://" + host + ":" + receiver.address().getPort() + "/", 30_000);
                assertThat(answer.kind()).isEqualTo(Answer.Kind.FAILED);
                assertThat(answer.detail()).contains("localAddressesAllowed");
            }
            sender.localAllowed(true);
            // Linux takes it for the machine itself.
            Answer answer = send("http://0.0.0.0:" + receiver.address().getPort() + "/", 5_000);
            assertThat(answer.detail()).contains("no address of a single host").doesNotContain("localAddressesAllowed");
            assertThat(receiver.got()).isEmpty();
        }
    }

    @Test
    void aConnectionThatIsInUseWhenItIsForbiddenIsNotUsedAgain() throws Exception {
        try (Receiver receiver = new Receiver()) {
            receiver.answers(got -> {
                sender.localAllowed(false);
                return new Receiver.Reply(204, "", "");
            });
            assertThat(send(receiver.url(), 30_000).kind()).isEqualTo(Answer.Kind.DELIVERED);
            assertThat(send(receiver.url(), 30_000).detail()).contains("localAddressesAllowed");
            assertThat(receiver.got()).hasSize(1);
        }
    }

    @Test
    void aConnectionIsMadeToTheAddressThatWasLookedAt() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Receiver receiver = new Receiver();
                HttpSender named = new HttpSender(SSLContext.getDefault(), name -> {
                    asked.incrementAndGet();
                    return new InetAddress[] {InetAddress.getLoopbackAddress()};
                })) {
            named.localAllowed(true);
            URI url = URI.create("http://hook.invalid:" + receiver.address().getPort() + "/");
            Answer answer = named.call(new HttpSender.Request(url, Map.of(), BODY, 30_000))
                    .send();
            assertThat(answer.kind()).isEqualTo(Answer.Kind.DELIVERED);
            assertThat(asked)
                    .as("one look-up, and no other resolver: the name exists nowhere else")
                    .hasValue(1);
        }
    }

    /** Says what it is told to, a byte at a time, for ever. */
    private static final class Dripping implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        private final CountDownLatch over = new CountDownLatch(1);
        private final AtomicReference<Socket> client = new AtomicReference<>();

        Dripping(String head, String drop) throws Exception {
            Thread thread = new Thread(() -> {
                try (Socket socket = server.accept()) {
                    client.set(socket);
                    InputStream in = socket.getInputStream();
                    in.read(new byte[4096]);
                    OutputStream out = socket.getOutputStream();
                    out.write(head.getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    while (!over.await(20, TimeUnit.MILLISECONDS)) {
                        out.write(drop.getBytes(StandardCharsets.US_ASCII));
                        out.flush();
                    }
                } catch (Exception clientGone) {
                    over.countDown();
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getLocalPort() + "/";
        }

        @Override
        public void close() throws IOException {
            over.countDown();
            server.close();
        }
    }

    @Test
    void oneTimeLimitHoldsForAllOfItHoweverItDrips() throws Exception {
        for (String head :
                new String[] {"", "HTTP/1.1 200 O", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\nX: "}) {
            try (Dripping dripping = new Dripping(head, "a")) {
                long begin = System.nanoTime();
                Answer answer = send(dripping.url(), 400);
                long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
                assertThat(answer.kind()).isEqualTo(Answer.Kind.FAILED);
                assertThat(tookMs).as("after \"%s\"", head).isBetween(300L, 30_000L);
            }
        }
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(send("https://127.0.0.1:" + silent.getLocalPort() + "/", 300)
                            .detail())
                    .isEqualTo("The endpoint did not answer within 300 ms.");
        }
    }

    @Test
    void anAnswerWithoutEndIsOfNoInterestBehindItsStatus() throws Exception {
        try (Dripping endless = new Dripping("HTTP/1.1 200 OK\r\n\r\n", "x".repeat(20_000))) {
            assertThat(send(endless.url(), 30_000).kind()).isEqualTo(Answer.Kind.DELIVERED);
        }
        try (Dripping headers = new Dripping("HTTP/1.1 200 OK\r\n", "X-More: " + "y".repeat(5_000) + "\r\n")) {
            assertThat(send(headers.url(), 1_000).kind()).isEqualTo(Answer.Kind.FAILED);
        }
    }

    /** What comes before the answer's body is kept while it is read, so it ends as well. */
    @Test
    void aHeadWithoutEndIsNotReadToTheEnd() throws Exception {
        for (String again :
                new String[] {"y".repeat(1 << 16), "X-More: z\r\n".repeat(1 << 12), "\r\n".repeat(1 << 15)}) {
            AtomicLong taken = new AtomicLong();
            try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                Thread flooding = new Thread(() -> flood(server, again.getBytes(StandardCharsets.US_ASCII), taken));
                flooding.start();
                Answer answer = send("http://127.0.0.1:" + server.getLocalPort() + "/", 30_000);
                assertThat(answer.kind()).isEqualTo(Answer.Kind.FAILED);
                assertThat(answer.detail()).startsWith("The connection failed");
                flooding.join();
            }
            assertThat(taken).as("bytes that the kernel or we took").hasValueLessThan(TAKEN_MAX);
        }
    }

    private static void flood(ServerSocket server, byte[] again, AtomicLong taken) {
        try (Socket socket = server.accept()) {
            socket.getInputStream().read(new byte[4096]);
            OutputStream out = socket.getOutputStream();
            if (again[0] != '\r') {
                out.write("HTTP/1.1 200 OK\r\nX-First: ".getBytes(StandardCharsets.US_ASCII));
            }
            while (taken.get() < TAKEN_MAX) {
                out.write(again);
                taken.addAndGet(again.length);
            }
        } catch (IOException refused) {
            assertThat(taken).hasValueLessThan(TAKEN_MAX);
        }
    }

    @Test
    void whatIsNoHttpIsAFailureInWords() throws Exception {
        for (String noise :
                new String[] {"SSH-2.0-OpenSSH\r\n", "\u0000\u0001\u0002\r\n\r\n", "HTTP/9.9 two hundred\r\n\r\n"}) {
            try (Dripping odd = new Dripping(noise, "\r\n")) {
                Answer answer = send(odd.url(), 1_000);
                assertThat(answer.kind()).as(noise).isEqualTo(Answer.Kind.FAILED);
                assertThat(answer.detail()).isNotEmpty();
            }
        }
        // A port that is taken, so that nobody else opens it, and at which nobody listens.
        try (Socket nobody = new Socket()) {
            nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertThat(send("http://127.0.0.1:" + nobody.getLocalPort() + "/?token=hidden", 30_000)
                            .detail())
                    .startsWith("The connection failed")
                    .doesNotContain("hidden");
        }
        assertThat(send("http://no-such-host.invalid/", 30_000).detail())
                .isEqualTo("The host no-such-host.invalid is not known.");
    }

    @Test
    void whoCancelsHasAnAnswerAtOnce() throws Exception {
        try (Dripping dripping = new Dripping("HTTP/1.1 200 O", "")) {
            HttpSender.Call call =
                    sender.call(new HttpSender.Request(URI.create(dripping.url()), Map.of(), BODY, 60_000));
            AtomicReference<Answer> answer = new AtomicReference<>();
            Thread sending = new Thread(() -> answer.set(call.send()));
            sending.start();
            until("it is on its way", () -> dripping.client.get() != null);
            call.cancel();
            sending.join(TimeUnit.SECONDS.toMillis(30));
            assertThat(answer.get()).isEqualTo(Answer.failed("The request was given up."));
        }
    }

    @Test
    void certificatesAndNamesAreChecked(@TempDir Path folder) throws Exception {
        Path keys = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "hook",
                        "-dname",
                        "CN=hook.test",
                        "-ext",
                        "SAN=dns:hook.test",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        keys.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(store, "changeit".toCharArray());
        SSLContext server = SSLContext.getInstance("TLS");
        server.init(managers.getKeyManagers(), null, null);
        KeyStore known = KeyStore.getInstance("PKCS12");
        known.load(null, null);
        known.setCertificateEntry("hook", store.getCertificate("hook"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(known);
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, trust.getTrustManagers(), null);

        com.sun.net.httpserver.HttpsServer https =
                com.sun.net.httpserver.HttpsServer.create(new java.net.InetSocketAddress("127.0.0.1", 0), 0);
        AtomicInteger got = new AtomicInteger();
        https.setHttpsConfigurator(new com.sun.net.httpserver.HttpsConfigurator(server));
        https.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            got.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        https.start();
        JudgedNames.Lookup loopback = name -> new InetAddress[] {InetAddress.getLoopbackAddress()};
        try (HttpSender careful = new HttpSender(SSLContext.getDefault(), loopback);
                HttpSender knowing = new HttpSender(trusting, loopback)) {
            careful.localAllowed(true);
            knowing.localAllowed(true);
            int port = https.getAddress().getPort();
            assertThat(overTls(careful, "hook.test", port).detail()).contains("certificate is not trusted");
            assertThat(overTls(knowing, "other.test", port).detail()).contains("is for another host");
            assertThat(got).hasValue(0);
            assertThat(overTls(knowing, "hook.test", port).kind()).isEqualTo(Answer.Kind.DELIVERED);
            assertThat(got).hasValue(1);
        } finally {
            https.stop(0);
        }
    }

    private static Answer overTls(HttpSender by, String host, int port) {
        URI url = URI.create("https://" + host + ":" + port + "/");
        return by.call(new HttpSender.Request(url, Map.of(), BODY, 30_000)).send();
    }
}
