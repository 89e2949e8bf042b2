// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nxvms.media.kit.rtp.Rtcp;
import org.nxvms.media.kit.rtp.RtpHeader;
import org.nxvms.media.kit.rtsp.RtpInfo;
import org.nxvms.media.kit.rtsp.RtspResponse;
import org.nxvms.media.kit.sdp.MediaSection;
import org.nxvms.media.kit.sdp.SessionDescription;

/** What a player sees and hears of a camera, over real sockets. */
class LiveRtspTest extends LiveScene {
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
}
