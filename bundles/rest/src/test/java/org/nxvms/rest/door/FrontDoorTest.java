// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnection;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.AbstractHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.test.kit.Awaiting;

/** The distribution's web server with its front door; callers say by a header from where they are. */
class FrontDoorTest {
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: vms\r\n\r\n";
    private static final String PAGE = "https://portal.example";

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger uploads = new AtomicInteger();
    private final Server server = new Server();
    private ServerConnector connector;
    private FrontDoor door;

    record Settings(
            int addressRequestsPerSecond,
            int addressRequestsBurst,
            int headSecondsMax,
            String allowedOrigins,
            String trustedProxies)
            implements DoorSettings {
        @Override
        public int addressConnectionsMax() {
            return 10;
        }

        @Override
        public boolean proxiesWriteForwarded() {
            return trustedProxies.startsWith("192.0.2.2,");
        }

        @Override
        public int strictTransportDays() {
            return 365;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return DoorSettings.class;
        }
    }

    /** As etc/jetty.xml does. */
    @SuppressWarnings("deprecation")
    @BeforeEach
    void start() throws Exception {
        door = new FrontDoor(new Settings(1, 3, 20, PAGE + ", *, https://portal.example/path", ""), nanos::get);
        HttpConfiguration config = new HttpConfiguration();
        config.addCustomizer((c, settings, request) -> {
            String from = request.getHeader("X-From");
            if (from != null) {
                request.setRemoteAddr(InetSocketAddress.createUnresolved(from, 1));
            }
        });
        config.addCustomizer(door);
        connector = new ServerConnector(server, new HttpConnectionFactory(config));
        connector.setHost("127.0.0.1");
        connector.addBean(new HttpChannel.TransientListeners());
        server.addConnector(connector);
        server.setHandler(new AbstractHandler() {
            @Override
            public void handle(String target, Request base, HttpServletRequest request, HttpServletResponse response)
                    throws IOException {
                response.setHeader("X-Seen", request.getRemoteAddr() + " " + request.isSecure());
                if (target.equals("/console")) {
                    response.setHeader("Content-Security-Policy", "default-src 'self'");
                }
                if (target.equals("/begun-anew")) {
                    response.reset();
                }
                if (target.equals("/upload")) {
                    uploads.incrementAndGet();
                    request.getInputStream().readAllBytes();
                }
                if (target.equals("/wrong")) {
                    response.sendError(404);
                } else {
                    response.getOutputStream().print("answer");
                }
                base.setHandled(true);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        door.stop();
        server.stop();
    }

    private Socket open() throws IOException {
        Socket caller = new Socket("127.0.0.1", connector.getLocalPort());
        caller.setSoTimeout(30_000);
        return caller;
    }

    /** {@return head and body of an answer} */
    private String ask(String method, String path, String... headers) throws IOException {
        try (Socket caller = open()) {
            send(caller, method + " " + path + " HTTP/1.1\r\nHost: vms\r\nConnection: close\r\n");
            for (String header : headers) {
                send(caller, header + "\r\n");
            }
            send(caller, "\r\n");
            return new String(caller.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static void send(Socket caller, String text) throws IOException {
        caller.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void everyAnswerTellsBrowsersWhatItIsNot() throws Exception {
        for (String path : List.of("/", "/wrong", "/begun-anew")) {
            assertThat(ask("GET", path).lines())
                    .as(path)
                    .contains(
                            "X-Content-Type-Options: nosniff",
                            "X-Frame-Options: DENY",
                            "Referrer-Policy: no-referrer",
                            "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
                            "Cross-Origin-Resource-Policy: same-origin")
                    .anyMatch(line -> line.startsWith("Permissions-Policy: "))
                    .noneMatch(line -> line.startsWith("Strict-Transport-Security"));
        }
        assertThat(ask("GET", "/console").lines().filter(line -> line.startsWith("Content-Security-Policy")))
                .containsExactly("Content-Security-Policy: default-src 'self'");
    }

    @Test
    void anAddressThatAsksTooOftenWaitsAndOthersDoNot() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(ask("GET", "/", "X-From: 192.0.2.7")).startsWith("HTTP/1.1 200");
        }
        String refused = ask("GET", "/", "X-From: 192.0.2.7");
        assertThat(refused)
                .startsWith("HTTP/1.1 429")
                .contains("Retry-After: 1\r\n", "application/problem+json", "too-many-requests", "nosniff");

        assertThat(ask("GET", "/", "X-From: 192.0.2.8")).startsWith("HTTP/1.1 200");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(ask("GET", "/", "X-From: 192.0.2.7")).startsWith("HTTP/1.1 200");
        for (int i = 0; i < 10; i++) {
            assertThat(ask("GET", "/")).as("the machine itself").startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void pagesOfNamedServersAreLetInAndNoOthers() throws Exception {
        String named = ask("GET", "/", "Origin: " + PAGE);
        assertThat(named.lines())
                .contains("Access-Control-Allow-Origin: " + PAGE, "Vary: Origin")
                .noneMatch(line -> line.startsWith("Access-Control-Allow-Credentials"));
        String preflight = ask("OPTIONS", "/", "Origin: " + PAGE, "Access-Control-Request-Method: PATCH");
        assertThat(preflight).startsWith("HTTP/1.1 204").contains("Access-Control-Allow-Methods: GET, HEAD, POST");

        for (String origin : List.of("https://evil.example", "http://portal.example", "null", "*")) {
            assertThat(ask("GET", "/", "Origin: " + origin)).doesNotContain("Access-Control");
            assertThat(ask("OPTIONS", "/", "Origin: " + origin, "Access-Control-Request-Method: GET"))
                    .doesNotContain("Access-Control");
        }
        door.apply(new Settings(1, 3, 20, "", ""));
        assertThat(ask("GET", "/", "Origin: " + PAGE)).doesNotContain("Access-Control");
    }

    private String seen(String... headers) throws IOException {
        return ask("GET", "/", headers)
                .lines()
                .filter(line -> line.startsWith("X-Seen: "))
                .map(line -> line.substring(8))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whoAsksIsTheLastThatNoProxyOfOursIs() throws Exception {
        assertThat(seen()).isEqualTo("127.0.0.1 false");
        assertThat(seen("X-Forwarded-For: 198.51.100.7"))
                .as("passed on by nobody we know: not this machine in any case")
                .isEqualTo("0.0.0.0 false");
        assertThat(seen("Forwarded: for=127.0.0.1")).isEqualTo("0.0.0.0 false");
        assertThat(seen("X-From: 203.0.113.9", "X-Forwarded-For: 127.0.0.1"))
                .as("anybody may write anything there")
                .isEqualTo("203.0.113.9 false");

        door.apply(new Settings(1, 300, 20, "", "127.0.0.1, 10.1.0.0/16, nonsense, 10.0.0.0/33"));
        assertThat(seen("X-Forwarded-For: 198.51.100.7", "X-Forwarded-Proto: https"))
                .isEqualTo("198.51.100.7 true");
        assertThat(seen("X-Forwarded-For: 127.0.0.1, 198.51.100.7, 10.1.2.3"))
                .as("what a client wrote itself stands before")
                .isEqualTo("198.51.100.7 false");
        assertThat(seen("X-Forwarded-For: 198.51.100.7", "X-Forwarded-For: 2001:db8::7"))
                .isEqualTo("[2001:db8:0:0:0:0:0:7] false");
        for (String odd : List.of("", "localhost", "unknown", "1.2.3", "999.1.1.1", "10.1.0.1, 127.0.0.1", "::g")) {
            assertThat(seen("X-Forwarded-For: " + odd)).as(odd).isEqualTo("0.0.0.0 false");
        }
        assertThat(seen()).as("the machine's own tools").isEqualTo("127.0.0.1 false");

        door.apply(new Settings(1, 300, 20, "", "192.0.2.2, 127.0.0.1"));
        assertThat(seen("Forwarded: for=127.0.0.1, for=\"[2001:db8::8]:4711\";proto=https;by=192.0.2.2"))
                .isEqualTo("[2001:db8:0:0:0:0:0:8] false");
        assertThat(seen("Forwarded: for=_hidden")).isEqualTo("0.0.0.0 false");
    }

    @Test
    void aProxyThatDoesNotSayForWhomItAsksIsNotThisMachine() throws Exception {
        for (String header : List.of("X-Real-IP: 198.51.100.7", "Via: 1.1 proxy")) {
            assertThat(seen(header)).as("not named: %s", header).isEqualTo("0.0.0.0 false");
        }
        door.apply(new Settings(1, 300, 20, "", "127.0.0.1, 10.1.0.0/16"));
        for (String header : List.of("Forwarded: for=198.51.100.7", "X-Real-IP: 198.51.100.7", "Via: 1.1 proxy")) {
            assertThat(seen(header)).as("named: %s", header).isEqualTo("0.0.0.0 false");
        }
        assertThat(seen("X-From: 10.1.0.5", "Forwarded: for=198.51.100.7")).isEqualTo("0.0.0.0 false");
        door.apply(new Settings(1, 300, 20, "", "192.0.2.2, 127.0.0.1"));
        assertThat(seen("X-Forwarded-For: 198.51.100.7")).isEqualTo("0.0.0.0 false");
    }

    @Test
    void theLoopbackAddressOfAnotherMachineIsNotThisOne() throws Exception {
        door.apply(new Settings(1, 300, 20, "", "10.1.0.0/16"));
        for (String own : List.of("127.0.0.1", "127.1.2.3", "::1", "[::1]:4711", "::ffff:127.0.0.1", "0.0.0.0", "::")) {
            assertThat(seen("X-From: 10.1.0.5", "X-Forwarded-For: " + own))
                    .as(own)
                    .isEqualTo("0.0.0.0 false");
        }
        assertThat(seen("X-From: 10.1.0.5", "X-Forwarded-For: 10.2.0.5")).isEqualTo("10.2.0.5 false");
    }

    @Test
    void aBodyThatComesBehindItsHeadIsNoSlowHead() throws Exception {
        try (Socket caller = open()) {
            send(caller, "POST /upload HTTP/1.1\r\nHost: vms\r\nContent-Length: 5\r\n\r\na");
            Awaiting.until("the request is carried out", () -> uploads.get() == 1);
            door.sweep();
            send(caller, "body");
            answer(caller);
            for (int sweep = 0; sweep < 3; sweep++) {
                door.sweep();
                nanos.addAndGet(TimeUnit.SECONDS.toNanos(21));
            }
            answerOf(caller);
        }
    }

    @Test
    void aConnectionThatCannotBeLookedAtHidesNoOther() throws Exception {
        SlowHeads heads = new SlowHeads(nanos::get);
        heads.limit(20, 10, address -> false);
        try (Socket dripping = open()) {
            send(dripping, "GET / HT");
            Awaiting.until(
                    "a connection", () -> connector.getConnectedEndPoints().size() == 1);
            EndPoint real = connector.getConnectedEndPoints().iterator().next();
            AtomicBoolean made = new AtomicBoolean();
            ServerConnector odd = new ServerConnector(new Server()) {
                @Override
                public boolean isRunning() {
                    return made.get();
                }

                @Override
                public Collection<EndPoint> getConnectedEndPoints() {
                    EndPoint closing = new ByteArrayEndPoint() {
                        @Override
                        public Connection getConnection() {
                            throw new IllegalStateException("closing");
                        }
                    };
                    return List.of(closing, real);
                }
            };
            odd.getServer().addConnector(odd);
            made.set(true);
            heads.watch(odd);
            heads.sweep();
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(21));
            heads.sweep();
            assertThat(isClosed(dripping)).isTrue();
        }
    }

    @Test
    void aHeadThatTricklesIsClosedAndWhatWaitsBetweenRequestsIsNot() throws Exception {
        try (Socket dripping = open();
                Socket second = open();
                Socket idle = open()) {
            send(dripping, "GET / HTTP/1.1\r\nHost:");
            answerOf(second);
            answerOf(idle);
            Awaiting.until(
                    "three connections", () -> connector.getConnectedEndPoints().size() == 3);
            // Who has its answer has it a moment before the server has done with the request.
            Awaiting.until("they wait", () -> connector.getConnectedEndPoints().stream()
                    .map(EndPoint::getConnection)
                    .map(HttpConnection.class::cast)
                    .allMatch(c -> c.getHttpChannel().getState().isIdle()));
            door.sweep();
            send(second, "GET / HTT");
            Awaiting.until("the beginning of another request", () -> connector.getConnectedEndPoints().stream()
                    .map(EndPoint::getConnection)
                    .anyMatch(c -> c.getMessagesIn() == 1 && c.getBytesIn() > REQUEST.length()));
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(19));
            door.sweep();
            send(dripping, " v");
            assertThat(connector.getConnectedEndPoints()).as("not yet").hasSize(3);

            nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
            door.sweep();

            assertThat(isClosed(dripping)).isTrue();
            assertThat(isClosed(second)).as("though its first was whole").isTrue();
            answerOf(idle);
        }
    }

    private static void answerOf(Socket caller) throws IOException {
        send(caller, REQUEST);
        answer(caller);
    }

    private static void answer(Socket caller) throws IOException {
        InputStream in = caller.getInputStream();
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("answer")) {
            int next = in.read();
            assertThat(next).as(answer.toString()).isNotNegative();
            answer.append((char) next);
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
    void theMachineItselfMayHaveAsManyConnectionsAsItWants() throws Exception {
        List<Socket> many = new ArrayList<>();
        try {
            for (int i = 0; i < 15; i++) {
                many.add(open());
                answerOf(many.get(i));
            }
            door.sweep();
            for (Socket one : many) {
                answerOf(one);
            }
        } finally {
            for (Socket one : many) {
                one.close();
            }
        }
    }
}
