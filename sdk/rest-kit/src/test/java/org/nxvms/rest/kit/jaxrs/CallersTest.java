// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;

/** Callers that hang up, and callers that dawdle. */
class CallersTest {
    private final AtomicLong nanos = new AtomicLong();
    private final CountDownLatch bodyBegun = new CountDownLatch(1);
    private final CountDownLatch late = new CountDownLatch(1);
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);
    private TestServer server;

    /** Lets everybody in. */
    private static final class OpenGuard implements AccessGuard {
        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) {
            return new AuthenticatedUser(new UUID(0, 1), "anna", "administrator", false);
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId) {}
    }

    @BeforeEach
    void start() throws Exception {
        AccessGuard guard = new OpenGuard();
        server = new TestServer(
                new RestApplication() {
                    @Override
                    protected AccessGuard guard() {
                        return guard;
                    }

                    @Override
                    protected List<Object> resources() {
                        return List.of(new LampsResource(() -> CallersTest.this::untilTold));
                    }

                    @Override
                    LongSupplier nanoClock() {
                        return () -> {
                            long now = nanos.get();
                            bodyBegun.countDown();
                            if (now > PacedBodies.GRACE_NS) {
                                late.countDown();
                            }
                            return now;
                        };
                    }
                },
                "/api/v1/lamps");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private void untilTold() {
        asked.countDown();
        try {
            answer.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aCallerThatHangsUpIsNoErrorOfOurs() throws Exception {
        PrintStream console = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            try (Socket caller = server.connect()) {
                send(caller, "GET /api/v1/lamps/large HTTP/1.1\r\nHost: a\r\n\r\n");
                asked.await();
                // Reset, as a browser does when its page is left.
                caller.setSoLinger(true, 0);
            }
            answer.countDown();
            server.awaitIdle();
        } finally {
            System.setErr(console);
        }
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("Request failed", "500");
    }

    @Test
    void aBodyThatTricklesIsRefusedAndItsThreadIsFree() throws Exception {
        try (Socket caller = server.connect()) {
            send(
                    caller,
                    "POST /api/v1/lamps/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 100000\r\n\r\n{");
            bodyBegun.await();
            nanos.addAndGet(PacedBodies.GRACE_NS + 1_000_000_000L);
            send(caller, "\"name\"");
            late.await();
            // It is refused; the answer goes out when no more comes.
            server.hurry();

            byte[] status = caller.getInputStream().readNBytes(12);
            assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 408");
            server.awaitIdle();
        }
    }

    @Test
    void aSlowButSteadyBodyIsRead() throws Exception {
        String body = "{\"name\":\"" + "n".repeat(8_000) + "\",\"watts\":1}";
        try (Socket caller = server.connect()) {
            send(
                    caller,
                    "POST /api/v1/lamps/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + "Content-Length: "
                            + body.length() + "\r\n\r\n" + body.substring(0, 8_000));
            bodyBegun.await();
            nanos.addAndGet(PacedBodies.GRACE_NS + 1_000_000_000L);
            send(caller, body.substring(8_000));

            byte[] status = caller.getInputStream().readNBytes(12);
            assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 201");
        }
    }

    private static void send(Socket socket, String text) throws Exception {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }
}
