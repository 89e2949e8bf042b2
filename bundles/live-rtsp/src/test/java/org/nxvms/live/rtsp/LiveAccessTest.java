// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.media.kit.rtp.Rtcp;
import org.nxvms.media.kit.rtsp.RtspAuthenticator;
import org.nxvms.media.kit.rtsp.RtspResponse;
import org.nxvms.media.kit.sdp.MediaSection;
import org.nxvms.media.kit.sdp.SessionDescription;
import org.nxvms.platform.api.security.AccessDeniedException.Kind;
import org.nxvms.platform.api.security.Permission;

/** Who is given a live stream, who is not, and when it is taken away; over real sockets. */
class LiveAccessTest extends LiveScene {
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
    void aTrackThatIsSetUpAgainAndAgainTakesNoMoreThanItsChannels() throws Exception {
        camera.pictures(1);
        try (TestClient client = client()) {
            for (int i = 0; i < 300; i++) {
                RtspResponse answer = client.ask("SETUP", track(0), "Transport", "RTP/AVP/TCP;unicast");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.headers().first("Transport").orElseThrow())
                        .containsAnyOf("interleaved=0-1;", "interleaved=2-3;");
            }
        }
        released();
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
