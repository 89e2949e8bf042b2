// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.vapix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.fault.Fault;
import org.nxvms.simulator.fault.FaultKind;

/** Faults of connections act on a camera's HTTP port as on its RTSP port. */
class HttpFaultsTest extends VapixScene {
    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
    private static final String READY =
            "POST /axis-cgi/systemready.cgi HTTP/1.1\r\nHost: x\r\nContent-Length: 24\r\n\r\n"
                    + "{\"method\":\"systemready\"}";

    @Test
    void unauthorized() throws Exception {
        assertThat(client.get("/axis-cgi/param.cgi?action=list").statusCode()).isEqualTo(200);
        camera.set(FaultKind.UNAUTHORIZED);
        assertThat(client.get("/axis-cgi/param.cgi?action=list").statusCode()).isEqualTo(401);
    }

    @Test
    void staleNonce() throws Exception {
        String target = "/axis-cgi/param.cgi?action=list";
        assertThat(client.get(target).statusCode()).isEqualTo(200);
        camera.set(FaultKind.STALE_NONCE.fault(1));
        String login = client.login("GET", target);
        HttpResponse<byte[]> answer = client.plain(client.request(target).header("Authorization", login));
        assertThat(answer.statusCode()).as("others have used this nonce").isEqualTo(401);
        for (int fresh = 1; fresh <= 2; fresh++) {
            String challenge = answer.headers().firstValue("WWW-Authenticate").orElseThrow();
            assertThat(challenge).contains("stale=true");
            String next = client.answer(challenge, "GET", target);
            assertThat(client.plain(client.request(target).header("Authorization", next))
                            .statusCode())
                    .isEqualTo(200);
            answer = client.plain(client.request(target).header("Authorization", next));
            assertThat(answer.statusCode()).as("a nonce is good once").isEqualTo(401);
        }
    }

    @Test
    void silent() throws Exception {
        camera.set(FaultKind.SILENT);
        try (Socket socket = connect()) {
            send(socket);
            socket.setSoTimeout(300);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void refuseConnectionAndReboot() throws Exception {
        for (Fault fault : List.of(FaultKind.REFUSE_CONNECTION.fault(), FaultKind.REBOOT.fault(3600))) {
            try (Socket socket = connect()) {
                send(socket);
                assertThat(head(socket)).startsWith("HTTP/1.1 200");
                camera.set(fault);
                assertThat(ends(socket)).isTrue();
                awaitRefusal();
            }
            camera.clearFaults();
            connect().close();
        }
    }

    /** The port is closed when the thread that waits at it has been woken. */
    private static void awaitRefusal() throws IOException {
        long end = System.nanoTime() + 30_000_000_000L;
        while (true) {
            try (Socket socket = connect()) {
                assertThat(ends(socket)).as("who slipped in is not served").isTrue();
                assertThat(System.nanoTime()).isLessThan(end);
            } catch (ConnectException refused) {
                return;
            }
        }
    }

    @Test
    void halfOpen() throws Exception {
        try (Socket old = connect()) {
            send(old);
            whole(old);
            camera.set(FaultKind.HALF_OPEN);
            send(old);
            old.setSoTimeout(300);
            assertThatThrownBy(old.getInputStream()::read).isInstanceOf(SocketTimeoutException.class);
            try (Socket fresh = connect()) {
                send(fresh);
                assertThat(head(fresh)).startsWith("HTTP/1.1 200");
            }
            old.setSoTimeout(30_000);
            camera.clearFaults();
            assertThat(ends(old))
                    .as("the dead connection is gone with the fault")
                    .isTrue();
        }
    }

    @Test
    void aPortOfADeviceThatIsAwayIsNotFree() throws Exception {
        URI uri = URI.create(farm.httpUri(1));
        camera.set(FaultKind.REBOOT.fault(3600));
        awaitRefusal();
        try (ServerSocket stranger = new ServerSocket()) {
            stranger.setReuseAddress(false);
            assertThatThrownBy(() -> stranger.bind(new InetSocketAddress("127.0.0.1", uri.getPort())))
                    .isInstanceOf(BindException.class);
        }
    }

    @Test
    void aPortThatWasTakenIsOpenedWhenItIsFree() throws Exception {
        URI uri = URI.create(farm.httpUri(1));
        camera.set(FaultKind.REFUSE_CONNECTION);
        awaitRefusal();
        try (ServerSocket taken = new ServerSocket()) {
            taken.setReuseAddress(true);
            taken.bind(new InetSocketAddress("127.0.0.1", uri.getPort()));
            camera.clearFaults();
        }
        long end = System.nanoTime() + 30_000_000_000L;
        while (true) {
            try {
                assertThat(client.get("/axis-cgi/param.cgi?action=list&group=Brand")
                                .statusCode())
                        .isEqualTo(200);
                return;
            } catch (IOException stillAway) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
        }
    }

    @Test
    void slowDrip() throws Exception {
        camera.set(FaultKind.SLOW_DRIP.fault(200));
        try (Socket socket = connect()) {
            long start = System.nanoTime();
            send(socket);
            int length = head(socket).length();
            assertThat((System.nanoTime() - start) / 1e9).isGreaterThan(length / 200.0 * 0.7);
        }
    }

    @Test
    void answerGarbage() throws Exception {
        camera.set(FaultKind.ANSWER_GARBAGE.fault(300));
        try (Socket socket = connect()) {
            send(socket);
            assertThat(socket.getInputStream().readNBytes(300)).hasSize(300);
        }
    }

    @Test
    void whatIsNoRequestIsRefusedAndTheConnectionClosed() throws Exception {
        assertRefused("HELLO\r\n\r\n", "HTTP/1.1 400");
        assertRefused("GET / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", "HTTP/1.1 413");
        assertRefused("GET / HTTP/1.1\r\nX: " + "x".repeat(20_000), "HTTP/1.1 431");
        assertRefused("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 501");
    }

    private static void assertRefused(String request, String status) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(head(socket)).startsWith(status).contains("Connection: close");
        }
    }

    private static Socket connect() throws IOException {
        URI uri = URI.create(farm.httpUri(1));
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void send(Socket socket) throws IOException {
        socket.getOutputStream().write(READY.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as(head.toString()).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }

    /** Reads an answer to its end. */
    private static void whole(Socket socket) throws IOException {
        Matcher length = CONTENT_LENGTH.matcher(head(socket));
        assertThat(length.find()).isTrue();
        socket.getInputStream().skipNBytes(Integer.parseInt(length.group(1)));
    }

    /** Whether the other side closes, with a reset or without. */
    private static boolean ends(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }
}
