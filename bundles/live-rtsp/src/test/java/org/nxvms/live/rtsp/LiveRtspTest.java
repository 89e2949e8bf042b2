// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nxvms.media.StreamHub;
import org.nxvms.media.kit.rtp.Rtcp;
import org.nxvms.media.kit.rtp.RtpHeader;
import org.nxvms.media.kit.rtsp.RtpInfo;
import org.nxvms.media.kit.rtsp.RtspAuthenticator;
import org.nxvms.media.kit.rtsp.RtspResponse;
import org.nxvms.media.kit.sdp.MediaSection;
import org.nxvms.media.kit.sdp.SessionDescription;
import org.nxvms.platform.api.security.AccessDeniedException.Kind;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.test.kit.Awaiting;

/** What a player sees and hears of a camera, over real sockets. */
@Timeout(120)
class LiveRtspTest {
    private static final int RING_BYTES = 4 << 20;
    private static final int PICTURE_BYTES = 20_000;

    private final StreamHub hub = Stage.hub();
    private final People people = new People();
    private final Places places = new Places(2, 2);
    private final Listener listener = new Listener(
            new Services(() -> hub, () -> people, () -> people, people::cameras, () -> null), (plain, read) -> {
                throw new IOException("no TLS here");
            });
    private final Stage.Camera camera = new Stage.Camera(hub, RING_BYTES, PICTURE_BYTES);

    @BeforeEach
    void open() throws Exception {
        camera.startRun(1_000, Stage.H264, Stage.G711);
        open(60);
    }

    private void open(int timeoutSeconds) throws Exception {
        Rules rules = new Rules(true, true, new UdpOutlet.Ports(0, 0), timeoutSeconds, 1, places);
        listener.apply(rules, Optional.of(new Listener.Address("127.0.0.1", 0)), 2);
        Awaiting.until("the port is open", () -> listener.port() > 0);
    }

    @AfterEach
    void close() {
        listener.close();
    }

    private String uri() {
        return "rtsp://127.0.0.1:" + listener.port() + "/live/" + Stage.CAMERA;
    }

    private TestClient client() throws IOException {
        return TestClient.of(listener.port(), People.KEY);
    }

    private String track(int number) {
        return uri() + "/track" + number;
    }

    private static String interleaved(int channel) {
        return "RTP/AVP/TCP;unicast;interleaved=" + channel + "-" + (channel + 1);
    }

    private static Pictures.Picture last(Pictures film) {
        return film.pictures().get(film.pictures().size() - 1);
    }

    /** Takes packets until a picture with this number is there. */
    private static void watch(TestClient client, Pictures film, int number) throws IOException {
        while (film.pictures().isEmpty() || last(film).number() < number) {
            film.take(client.frame(0).buffer());
        }
    }

    @Test
    void thePicturesAreSentWholeFromTheNewestKeyFrameOn() throws Exception {
        camera.pictures(25);
        try (TestClient client = client()) {
            SessionDescription told =
                    SessionDescription.parse(client.ask("DESCRIBE", uri()).body());
            assertThat(told.media()).extracting(MediaSection::kind).containsExactly("video", "audio");
            assertThat(client.ask("SETUP", track(0), "Transport", interleaved(0))
                            .status())
                    .isEqualTo(200);
            RtspResponse playing = client.ask("PLAY", uri());
            Pictures film = new Pictures();
            watch(client, film, 24);
            camera.pictures(40);
            watch(client, film, 64);

            assertThat(film.pictures())
                    .extracting(Pictures.Picture::number)
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(20, 64).boxed().toList());
            assertThat(film.pictures()).allMatch(picture -> picture.bytes() == PICTURE_BYTES);
            assertThat(film.lost()).isZero();
            assertThat(film.sets().config().orElseThrow().toBytes()).isEqualTo(Stage.H264.configuration());
            RtpInfo info = RtpInfo.parse(playing.headers().first("RTP-Info").orElseThrow())
                    .get(0);
            assertThat(info.isOf(track(0), uri())).isTrue();
            assertThat((int) film.pictures().get(0).rtpTime()).isEqualTo(info.timestamp());
        }
    }

    @Test
    void reportsTellWhenAPictureWasTaken() throws Exception {
        camera.pictures(5);
        try (TestClient client = client()) {
            client.ask("SETUP", track(0), "Transport", interleaved(4));
            client.ask("PLAY", uri());
            TestClient.Frame report = client.frame();
            TestClient.Frame first = client.frame();

            Rtcp rtcp = new Rtcp();
            RtpHeader header = new RtpHeader();
            assertThat(report.channel()).isEqualTo(5);
            assertThat(rtcp.parse(report.buffer(), 0, report.bytes().length)).isTrue();
            assertThat(header.parse(first.buffer(), 0, first.bytes().length)).isTrue();
            assertThat(first.channel()).isEqualTo(4);
            assertThat(rtcp.senderWallUs()).isEqualTo(Stage.START_US);
            assertThat(rtcp.rtpTimestamp()).isEqualTo(header.timestamp());
            assertThat(rtcp.senderSsrc()).isEqualTo(header.ssrc());
        }
    }

    @Test
    void soundBeginsWhereTheAnswerToPlaySays() throws Exception {
        camera.picture();
        camera.sound(60);
        camera.sound(40);
        camera.sound(20);
        try (TestClient client = client()) {
            client.ask("SETUP", track(0), "Transport", interleaved(0));
            client.ask("SETUP", track(1), "Transport", interleaved(2));
            List<RtpInfo> info = RtpInfo.parse(
                    client.ask("PLAY", uri()).headers().first("RTP-Info").orElseThrow());

            RtpHeader header = new RtpHeader();
            TestClient.Frame heard = client.frame(2);
            header.parse(heard.buffer(), 0, heard.bytes().length);
            assertThat(header.payloadType()).isEqualTo(8);
            assertThat((int) header.timestamp())
                    .as("of the same moment as the first picture")
                    .isEqualTo(info.get(1).timestamp());
        }
    }

    @Test
    void overUdpTheyAreTheSame() throws Exception {
        camera.pictures(3);
        try (TestClient client = client();
                DatagramChannel rtp = DatagramChannel.open();
                DatagramChannel rtcp = DatagramChannel.open()) {
            rtp.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20);
            rtp.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            rtcp.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            RtspResponse answer = client.ask(
                    "SETUP",
                    track(0),
                    "Transport",
                    "RTP/AVP;unicast;client_port=" + rtp.socket().getLocalPort() + "-"
                            + rtcp.socket().getLocalPort());
            assertThat(answer.headers().first("Transport").orElseThrow()).contains(";server_port=", ";ssrc=");
            client.ask("PLAY", uri());
            Pictures film = new Pictures();
            ByteBuffer packet = ByteBuffer.allocate(2_000);
            while (film.pictures().size() < 3) {
                rtp.receive(packet.clear());
                film.take(packet.flip());
            }
            rtcp.receive(packet.clear());

            assertThat(film.pictures()).extracting(Pictures.Picture::number).containsExactly(0, 1, 2);
            assertThat(new Rtcp().parse(packet.flip(), 0, packet.limit())).isTrue();
        }
    }

    @Test
    void whoIsSilentOverUdpIsGoneAfterTheTimeOut() throws Exception {
        listener.apply(
                new Rules(true, true, new UdpOutlet.Ports(0, 0), 1, 1, places),
                Optional.of(new Listener.Address("127.0.0.1", 0)),
                2);
        camera.pictures(3);
        try (TestClient client = client()) {
            // The time-out runs from SETUP on: on a machine that stalls even PLAY comes too late, which is no less
            // true.
            assertThatThrownBy(() -> {
                        client.ask("SETUP", track(0), "Transport", "RTP/AVP;unicast;client_port=9-10");
                        client.ask("PLAY", uri());
                        client.takeAll();
                        throw new EOFException("hung up while it played");
                    })
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
        }
        released();
    }

    private void released() {
        Awaiting.until("no place is taken", () -> places.taken() == 0);
    }

    @Test
    void anotherRunGoesOnInTimeWithItsOwnParameterSets() throws Exception {
        camera.pictures(3);
        try (TestClient client = client()) {
            client.ask("SETUP", track(0), "Transport", interleaved(0));
            client.ask("PLAY", uri());
            Pictures film = new Pictures();
            watch(client, film, 2);
            camera.endRun();
            camera.startRun(5, Stage.H264_SMALL, Stage.G711);
            camera.pictures(3);
            watch(client, film, 5);

            long first = film.pictures().get(0).rtpTime();
            assertThat(film.pictures())
                    .extracting(picture -> picture.rtpTime() - first)
                    .containsExactly(0L, 3_600L, 7_200L, 10_800L, 14_400L, 18_000L);
            assertThat(film.sets().config().orElseThrow().toBytes()).isEqualTo(Stage.H264_SMALL.configuration());
        }
    }

    @Test
    void aStreamThatBecomesAnotherEndsTheSession() throws Exception {
        camera.pictures(3);
        try (TestClient client = client()) {
            client.ask("SETUP", track(0), "Transport", interleaved(0));
            client.ask("PLAY", uri());
            camera.endRun();
            camera.startRun(5, Stage.H264);
            camera.pictures(1);
            client.takeAll();
        }
        released();
    }

    @Test
    void whoPausesGoesOnAtTheNewestKeyFrame() throws Exception {
        camera.pictures(3);
        try (TestClient client = client()) {
            client.ask("SETUP", track(0), "Transport", interleaved(0));
            client.ask("PLAY", uri());
            Pictures film = new Pictures();
            watch(client, film, 2);
            assertThat(client.ask("PAUSE", uri()).status()).isEqualTo(200);
            camera.pictures(30);
            RtpInfo info = RtpInfo.parse(client.ask("PLAY", uri())
                            .headers()
                            .first("RTP-Info")
                            .orElseThrow())
                    .get(0);
            watch(client, film, 32);

            assertThat(film.pictures()).extracting(Pictures.Picture::number).containsExactly(0, 1, 2, 30, 31, 32);
            assertThat((int) film.pictures().get(3).rtpTime()).isEqualTo(info.timestamp());
            assertThat(film.lost()).isZero();
        }
    }

    @Test
    void withoutTheKeyNobodyComesIn() throws Exception {
        camera.pictures(1);
        try (TestClient client = TestClient.of(listener.port(), "nxk_another")) {
            assertThat(client.ask("OPTIONS", uri()).status()).isEqualTo(200);
            RtspResponse refused = client.ask("DESCRIBE", uri());
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.headers().all("WWW-Authenticate"))
                    .as("the better one first, MD5 last, and nothing that gives the key away")
                    .hasSize(2)
                    .satisfiesExactly(
                            first -> assertThat(first).startsWith("Digest").contains("algorithm=SHA-256"),
                            last -> assertThat(last).startsWith("Digest").contains("algorithm=MD5"));
            assertThat(client.ask("SETUP", track(0), "Transport", interleaved(0))
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void aKeyThatIsSentInTheClearIsNotTaken() throws Exception {
        camera.pictures(1);
        String pair =
                Base64.getEncoder().encodeToString((People.KEY_ID + ":" + People.KEY).getBytes(StandardCharsets.UTF_8));
        try (TestClient client = new TestClient(new Socket("127.0.0.1", listener.port()), Optional.empty())) {
            assertThat(client.ask("DESCRIBE", uri(), "Authorization", "Basic " + pair)
                            .status())
                    .isEqualTo(401);
        }
    }

    /** RFC 7616 3.4.6; another address of the same stream is taken, which many players give. */
    @Test
    void anAnswerOfAnotherAddressIsNotTaken() throws Exception {
        camera.pictures(1);
        RtspAuthenticator login = new RtspAuthenticator(People.KEY_ID, People.KEY);
        try (TestClient client = new TestClient(new Socket("127.0.0.1", listener.port()), Optional.empty())) {
            login.challenged(client.send("DESCRIBE", uri()).headers());
            for (String other : List.of(
                    "*",
                    "/",
                    "rtsp://127.0.0.1/live/",
                    uri().substring(0, uri().length() - 1),
                    uri() + "/sub",
                    uri().replace("/live/", "/archive/"))) {
                String answer = login.authorization("DESCRIBE", other).orElseThrow();
                assertThat(client.send("DESCRIBE", uri(), "Authorization", answer)
                                .status())
                        .as(other)
                        .isEqualTo(401);
            }
            String ofTheStream = login.authorization("SETUP", uri() + "/").orElseThrow();
            assertThat(client.send("SETUP", track(0), "Transport", interleaved(0), "Authorization", ofTheStream)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void anAnswerThatCameBeforeIsNotTakenAgain() throws Exception {
        camera.pictures(1);
        RtspAuthenticator login = new RtspAuthenticator(People.KEY_ID, People.KEY);
        try (TestClient client = new TestClient(new Socket("127.0.0.1", listener.port()), Optional.empty())) {
            login.challenged(client.send("DESCRIBE", uri()).headers());
            String answer = login.authorization("DESCRIBE", uri()).orElseThrow();
            assertThat(client.send("DESCRIBE", uri(), "Authorization", answer).status())
                    .isEqualTo(200);
            RtspResponse again = client.send("DESCRIBE", uri(), "Authorization", answer);
            assertThat(again.status()).isEqualTo(401);
            assertThat(again.headers().first("WWW-Authenticate").orElseThrow()).contains("stale=true");
            try (TestClient other = new TestClient(new Socket("127.0.0.1", listener.port()), Optional.empty())) {
                assertThat(other.send("DESCRIBE", uri(), "Authorization", answer)
                                .status())
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void whoMayNotWatchIsToldSoAndWhoMayNotKnowIsToldNothing() throws Exception {
        camera.pictures(1);
        people.rights = EnumSet.of(Permission.LISTEN);
        try (TestClient client = client()) {
            assertThat(client.ask("DESCRIBE", uri()).status()).isEqualTo(403);
            people.refusal = Kind.NOT_FOUND;
            assertThat(client.ask("DESCRIBE", uri()).status()).isEqualTo(404);
            assertThat(client.ask("DESCRIBE", uri().replace('2', '4')).status()).isEqualTo(404);
        }
    }

    @Test
    void aHiddenCameraIsRefusedInTheWordsOfOneThatDoesNotExist() throws Exception {
        camera.pictures(1);
        try (TestClient client = client()) {
            people.cameraRemoved = true;
            RtspResponse unknown = client.ask("DESCRIBE", uri());
            people.cameraRemoved = false;
            people.rights = EnumSet.of(Permission.LISTEN);
            people.refusal = Kind.NOT_FOUND;
            RtspResponse hidden = client.ask("DESCRIBE", uri());

            assertThat(unknown.status()).isEqualTo(404);
            assertThat(hidden.status()).isEqualTo(404);
            assertThat(hidden.headers().first("X-Detail"))
                    .isPresent()
                    .isEqualTo(unknown.headers().first("X-Detail"));
        }
    }

    @Test
    void soundIsForThoseWhoMayListen() throws Exception {
        camera.pictures(1);
        people.rights = EnumSet.of(Permission.VIEW_LIVE);
        try (TestClient client = client()) {
            SessionDescription told =
                    SessionDescription.parse(client.ask("DESCRIBE", uri()).body());
            assertThat(told.media()).extracting(MediaSection::kind).containsExactly("video");
            assertThat(client.ask("SETUP", track(1), "Transport", interleaved(2))
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void aRightThatIsTakenAwayEndsTheSessionWithAGoodbye() throws Exception {
        camera.pictures(1);
        try (TestClient client = client()) {
            client.ask("SETUP", track(0), "Transport", interleaved(0));
            client.ask("SETUP", track(1), "Transport", interleaved(2));
            client.ask("PLAY", uri());
            client.frame(0);
            people.rights = EnumSet.of(Permission.VIEW_LIVE);

            Rtcp rtcp = new Rtcp();
            boolean goodbye = false;
            while (!goodbye) {
                TestClient.Frame report = client.frame(1);
                goodbye = rtcp.parse(report.buffer(), 0, report.bytes().length) && rtcp.hasBye();
            }
            client.takeAll();
        }
        released();
    }

    @Test
    void aKeyThatIsRemovedAndACameraThatIsRemovedEndTheSession() throws Exception {
        camera.pictures(1);
        try (TestClient one = client();
                TestClient other = client()) {
            for (TestClient client : List.of(one, other)) {
                client.ask("SETUP", track(0), "Transport", interleaved(0));
                client.ask("PLAY", uri());
            }
            people.removed = true;
            one.takeAll();
            other.takeAll();
            people.removed = false;
            released();
        }
        try (TestClient client = client()) {
            client.ask("SETUP", track(0), "Transport", interleaved(0));
            client.ask("PLAY", uri());
            people.cameraRemoved = true;
            client.takeAll();
        }
    }

    @Test
    void placesAreBoundedAndGivenBack() throws Exception {
        camera.pictures(1);
        try (TestClient one = client();
                TestClient two = client();
                TestClient three = client()) {
            one.ask("SETUP", track(0), "Transport", interleaved(0));
            two.ask("SETUP", track(0), "Transport", interleaved(0));
            assertThat(three.ask("SETUP", track(0), "Transport", interleaved(0)).status())
                    .isEqualTo(453);
            assertThat(one.ask("TEARDOWN", uri()).status()).isEqualTo(200);
            assertThat(three.ask("SETUP", track(0), "Transport", interleaved(0)).status())
                    .isEqualTo(200);
        }
        released();
    }

    @Test
    void requestsThatMakeNoSenseAreRefusedAndTheConnectionGoesOn() throws Exception {
        camera.pictures(1);
        try (TestClient client = client()) {
            assertThat(client.ask("PLAY", uri()).status()).isEqualTo(454);
            assertThat(client.ask("DESCRIBE", "rtsp://127.0.0.1/elsewhere").status())
                    .isEqualTo(404);
            assertThat(client.ask("DESCRIBE", uri() + "/sub").status()).isEqualTo(503);
            assertThat(client.ask("SETUP", uri(), "Transport", interleaved(0)).status())
                    .isEqualTo(459);
            assertThat(client.ask("SETUP", track(7), "Transport", interleaved(0))
                            .status())
                    .isEqualTo(404);
            assertThat(client.ask("SETUP", track(0), "Transport", "RTP/AVP;multicast")
                            .status())
                    .isEqualTo(461);
            assertThat(client.ask("SETUP", track(0), "Transport", "RAW/RAW/UDP").status())
                    .isEqualTo(461);
            RtspResponse portless = client.ask("SETUP", track(0), "Transport", "RTP/AVP;unicast;client_port=5000-0");
            assertThat(portless.status()).isEqualTo(461);
            assertThat(portless.headers().first("X-Detail").orElseThrow()).contains("client_port=40000-40001");
            assertThat(client.ask("ANNOUNCE", uri()).status()).isEqualTo(501);
            RtspResponse required = client.ask("OPTIONS", uri(), "Require", "onvif-replay, funky");
            assertThat(required.status()).isEqualTo(551);
            assertThat(required.headers().first("Unsupported")).contains("funky");
            assertThat(client.ask("SETUP", track(0), "Transport", "RTP/SAVP," + interleaved(0))
                            .status())
                    .isEqualTo(200);
            assertThat(client.ask("GET_PARAMETER", uri()).status()).isEqualTo(200);
        }
    }

    @Test
    void whatIsNoRtspEndsTheConnection() throws Exception {
        try (TestClient client = client()) {
            client.socket()
                    .getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            client.takeAll();
        }
    }
}
