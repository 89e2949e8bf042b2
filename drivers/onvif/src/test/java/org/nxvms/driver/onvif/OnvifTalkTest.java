// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.AudioOut.Codec;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.test.kit.Awaiting;

/** Back channels that are described, and guarded, in other ways than the simulated ones. */
class OnvifTalkTest {
    private static final String AAC_FIRST =
            """
            v=0
            m=video 0 RTP/AVP 96
            a=control:v
            a=recvonly
            m=audio 0 RTP/AVP 97
            a=control:aac
            a=sendonly
            a=rtpmap:97 MPEG4-GENERIC/16000
            m=audio 0 RTP/AVP 0
            a=control:mulaw
            a=sendonly
            """;

    private static final String BY_SESSION =
            """
            v=0
            a=sendonly
            m=audio 0 RTP/AVP 8
            a=control:hears
            a=recvonly
            m=audio 0 RTP/AVP 0
            a=control:mulaw
            """;

    private ServerSocket server;
    private volatile String sdp = AAC_FIRST;
    /** First lines of requests, with the nonce of their login. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private volatile String nonce = "n1";

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread device = new Thread(this::serve, "talk-device");
        device.setDaemon(true);
        device.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private void serve() {
        try {
            while (true) {
                try (Socket visit = server.accept()) {
                    answer(visit);
                } catch (IOException over) {
                    if (server.isClosed()) {
                        return;
                    }
                }
            }
        } catch (RuntimeException odd) {
            asked.add("failed: " + odd);
        }
    }

    /** What is said between requests, a byte a character, is sound. */
    private void answer(Socket visit) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(visit.getInputStream(), StandardCharsets.ISO_8859_1));
        String first = null;
        String cseq = "";
        String login = "-";
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.endsWith(" RTSP/1.0")) {
                first = line.replaceFirst("(?s)^.*?([A-Z_]+ rtsp:)", "$1");
            } else if (line.startsWith("CSeq: ")) {
                cseq = line;
            } else if (line.startsWith("Authorization: ")) {
                login = line.replaceFirst(".*nonce=\"([^\"]*)\".*", "$1");
            } else if (line.isEmpty() && first != null) {
                asked.add(first + " " + login);
                visit.getOutputStream().write(said(first, login, cseq).getBytes(StandardCharsets.UTF_8));
                first = null;
                login = "-";
            }
        }
    }

    private String said(String request, String login, String cseq) {
        if (!login.equals(nonce)) {
            return "RTSP/1.0 401 Unauthorized\r\n" + cseq + "\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"" + nonce
                    + "\"" + (login.equals("-") ? "" : ", stale=true") + "\r\n\r\n";
        }
        String more = request.startsWith("SETUP")
                ? "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 7;timeout=2\r\n"
                : "Session: 7\r\n";
        String body = request.startsWith("DESCRIBE") ? sdp.replace("\n", "\r\n") : "";
        return "RTSP/1.0 200 OK\r\n" + cseq + "\r\n" + more + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private AudioOut.Talk talk(Codec codec) throws Exception {
        return OnvifTalk.begin(
                URI.create("rtsp://127.0.0.1:" + server.getLocalPort() + "/live"),
                Optional.of(new Credentials("root", "pass")),
                30_000,
                codec);
    }

    private void talkUntilKeptAliveBy(AudioOut.Talk talk, String by) {
        Awaiting.until("it is asked again, by the new nonce", () -> {
            try {
                talk.send(ByteBuffer.wrap(new byte[160]));
            } catch (DriverException failed) {
                throw new AssertionError(failed);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            return asked.stream().anyMatch(one -> one.startsWith("OPTIONS") && one.endsWith(" " + by));
        });
    }

    private boolean wasAsked(String text) {
        return asked.stream().anyMatch(request -> request.contains(text));
    }

    @Test
    void theBackChannelOfTheCodecIsTakenWhereThereAreSeveral() throws Exception {
        talk(Codec.PCMU).close();
        assertThat(wasAsked("/mulaw RTSP")).as("%s", asked).isTrue();
        OnvifDriverTest.assertKind(Kind.UNSUPPORTED, "does not take PCMA", () -> talk(Codec.PCMA));
    }

    @Test
    void aDirectionThatIsSaidOfTheWholeCountsWhereAPartSaysNone() throws Exception {
        sdp = BY_SESSION;
        talk(Codec.PCMU).close();
        assertThat(wasAsked("/mulaw RTSP")).as("%s", asked).isTrue();
        OnvifDriverTest.assertKind(Kind.UNSUPPORTED, "does not take PCMA", () -> talk(Codec.PCMA));
    }

    @Test
    void aSessionIsKeptAliveWhenItsNonceIsOver() throws Exception {
        try (AudioOut.Talk talk = talk(Codec.PCMU)) {
            nonce = "n2";
            talkUntilKeptAliveBy(talk, "n2");
        }
        Awaiting.until("it is ended by the new nonce", () -> asked.stream()
                .anyMatch(one -> one.startsWith("TEARDOWN") && one.endsWith(" n2")));
        assertThat(asked.stream().filter(one -> one.startsWith("OPTIONS") && one.endsWith(" n1")))
                .as("%s", asked)
                .hasSize(1);
    }
}
