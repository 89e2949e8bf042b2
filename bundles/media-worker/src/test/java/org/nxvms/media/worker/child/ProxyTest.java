// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.media.worker.wire.Body;
import org.nxvms.media.worker.wire.FrameReader;
import org.nxvms.media.worker.wire.FrameType;
import org.nxvms.media.worker.wire.FrameWriter;
import org.nxvms.media.worker.wire.HostAnswer;
import org.nxvms.media.worker.wire.SourceOrder;

/** The proxy as its only client sees it, and as another program of this machine does. */
class ProxyTest {
    private static final int PATIENCE_MS = 60_000;

    private final List<String> asked = new ArrayList<>();
    private final Door door = new Door(new FrameWriter(new Server()));
    private ServerSocket host;
    private Proxy proxy;

    /** Answers each question as soon as it is whole. */
    private final class Server extends ByteArrayOutputStream {
        @Override
        public void flush() throws IOException {
            FrameReader frame = new FrameReader(new ByteArrayInputStream(toByteArray()));
            reset();
            assertThat(frame.next()).isEqualTo(FrameType.ASK);
            int number = Body.number(frame.body());
            asked.add(Body.text(frame.body()));
            door.answered(new HostAnswer(number, List.of("127.0.0.1"), ""));
        }
    }

    @BeforeEach
    void start() throws IOException {
        host = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        host.setSoTimeout(PATIENCE_MS);
        proxy = new Proxy(door, PATIENCE_MS);
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        host.close();
    }

    private Socket client() throws IOException {
        Socket client = new Socket("127.0.0.1", URI.create(proxy.url()).getPort());
        client.setSoTimeout(PATIENCE_MS);
        return client;
    }

    private String login() {
        String user = URI.create(proxy.url()).getUserInfo();
        return "Proxy-Authorization: Basic "
                + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.US_ASCII)) + "\r\n";
    }

    private static void send(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String request(String path, String login) {
        return "GET http://camera.test:" + host.getLocalPort() + path + " HTTP/1.1\r\nHost: camera.test\r\n" + login
                + "Proxy-Connection: x\r\nAuthorization: Basic eA==\r\n\r\n";
    }

    @Test
    void whoDoesNotKnowTheCredentialGetsNowhere() throws IOException {
        String other = "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString("nxvms:guess".getBytes());
        for (String login : List.of("", other + "\r\n")) {
            try (Socket stranger = client()) {
                send(stranger, request("/", login));
                assertThat(new String(stranger.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .startsWith("HTTP/1.1 407 ");
            }
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void requestsAreHandedOnWithoutWhatIsTheProxysAndToOneHostOnly() throws IOException {
        try (Socket client = client()) {
            send(client, request("/live/a%20b?k=1", login()));
            try (Socket accepted = host.accept()) {
                accepted.setSoTimeout(PATIENCE_MS);
                String first = "GET /live/a%20b?k=1 HTTP/1.1\r\nHost: camera.test\r\nAuthorization: Basic eA==\r\n\r\n";
                assertThat(new String(accepted.getInputStream().readNBytes(first.length()), StandardCharsets.US_ASCII))
                        .isEqualTo(first);
                send(accepted, "one");
                assertThat(client.getInputStream().readNBytes(3)).isEqualTo("one".getBytes(StandardCharsets.US_ASCII));

                send(client, request("/", login()));
                String second = "GET / HTTP/1.1\r\nHost: camera.test\r\nAuthorization: Basic eA==\r\n\r\n";
                assertThat(new String(accepted.getInputStream().readNBytes(second.length()), StandardCharsets.US_ASCII))
                        .isEqualTo(second);
                send(client, request("/", login()).replace("//camera.test", "//other.test"));
                assertThat(accepted.getInputStream().read()).as("the end").isEqualTo(-1);
            }
        }
        assertThat(asked).containsExactly("camera.test");
    }

    @Test
    void aTunnelCarriesBytesBothWaysToTheEnd() throws IOException {
        try (Socket client = client()) {
            send(client, "CONNECT camera.test:" + host.getLocalPort() + " HTTP/1.1\r\n" + login() + "\r\n");
            String established = "HTTP/1.1 200 OK\r\n\r\n";
            assertThat(new String(client.getInputStream().readNBytes(established.length()), StandardCharsets.US_ASCII))
                    .isEqualTo(established);
            try (Socket accepted = host.accept()) {
                send(client, "to");
                assertThat(accepted.getInputStream().readNBytes(2)).isEqualTo(new byte[] {'t', 'o'});
                send(accepted, "fro");
            }
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(new byte[] {'f', 'r', 'o'});
        }
    }

    @Test
    void moreConnectionsThanASourceNeedsAreClosed() throws IOException {
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 64; i++) {
                clients.add(client());
            }
            try (Socket oneMore = client()) {
                assertThat(oneMore.getInputStream().read()).isEqualTo(-1);
            }
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1",
                "GET https://a/ HTTP/1.1",
                "POST http://a/ HTTP/1.1",
                "GET http:///x HTTP/1.1",
                "GET http://u:p@a/ HTTP/1.1",
                "GET http://a:0/ HTTP/1.1",
                "GET http://a:99999/ HTTP/1.1",
                "GET http://a:b:1/ HTTP/1.1",
                "GET http://[::1/ HTTP/1.1",
                "CONNECT a HTTP/1.1",
                "CONNECT :1 HTTP/1.1",
                "CONNECT a:1"
            })
    void oddRequestsAreRefused(String line) {
        assertThatThrownBy(() -> RequestHead.parse(line + "\r\n\r\n")).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "GET http://a HTTP/1.0, a, 80, GET / HTTP/1.0",
        "GET http://a?x=1 HTTP/1.1, a, 80, GET /?x=1 HTTP/1.1",
        "GET http://[::1]:81/a b HTTP/1.1, ::1, 81, GET /a b HTTP/1.1",
        "GET http://a:8080/http://b/ HTTP/1.1, a, 8080, GET /http://b/ HTTP/1.1"
    })
    void usualOnesAreTakenApart(String line, String host, int port, String forward) throws IOException {
        RequestHead head = RequestHead.parse(line + "\r\n\r\n");
        assertThat(head.host()).isEqualTo(host);
        assertThat(head.port()).isEqualTo(port);
        assertThat(new String(head.forward(), StandardCharsets.ISO_8859_1)).isEqualTo(forward + "\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "http://a/b.ts, true",
        "https://a/b.ts, true",
        "crypto+http://a/b.ts, true",
        "file:///etc/passwd, false",
        "/etc/passwd, false",
        "crypto+file:///etc/passwd, false",
        "crypto:/etc/passwd, false",
        "httpproxy://192.0.2.1/x, false",
        "tcp://192.0.2.1:80, false",
        "udp://192.0.2.1:80, false",
        "'data:text/plain,x', false",
        "concat:http://a/|http://b/, false",
        "'subfile,,start,0,end,1,,:http://a/', false",
        "HTTP://a/b.ts, false"
    })
    void aPlaylistLeadsToHttpOnly(String url, boolean may) throws Exception {
        SourceOrder order = new SourceOrder("http://a/", "", "", List.of(), List.of(), true, false, 1_000, 1_000);
        try (Ways ways = new Ways(order, door)) {
            assertThat(ways.mayOpen(url)).isEqualTo(may);
            assertThat(ways.refusal().isEmpty()).isEqualTo(may);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rtmp://h/live/cam, rtmp://h:1935/live",
        "rtmp://h:19350/live, rtmp://h:19350/live",
        "rtmp://h/site/gate/cam, rtmp://h:1935/site/gate",
        "rtmp://h/vod/mp4:a/b.mp4, rtmp://h:1935/vod",
        "rtmp://h/ondemand/a/b, rtmp://h:1935/ondemand",
        "rtmp://h, rtmp://h:1935/"
    })
    void theApplicationIsWhatFfmpegTakesForIt(String uri, String url) {
        assertThat(RtmpApplication.url(URI.create(uri))).isEqualTo(url);
    }
}
