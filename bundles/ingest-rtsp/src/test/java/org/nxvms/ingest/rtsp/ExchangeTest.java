// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.media.LeftSession;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.front.SecureFront;
import org.nxvms.simulator.front.SelfSigned;
import org.nxvms.simulator.front.TunnelFront;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.CameraSettings;
import org.nxvms.streamhub.HeldSessions;

/** An engine goes and another comes in its place while cameras send. */
class ExchangeTest {
    private static final int TICKS_PER_PICTURE = 3_600;
    /** It is fetched at once, not when its silence is noticed; two seconds are promised on a machine that gets on. */
    private static final long AWAY_US_MAX = 9_000_000;

    private Stage stage;

    @AfterEach
    void stop() {
        stage.close();
    }

    /** Not one picture, not one run, and the camera does not notice: it is told nothing and sees one session. */
    @Test
    void sessionsOverTcpGoOnAsIfNothingHadHappened() throws Exception {
        stage = new Stage(3, Map.of());
        List<Watch> watches = List.of(
                stage.fetch(1, Transport.TCP),
                stage.fetch(2, Transport.TCP, Transport.UDP),
                stage.fetch(3, Transport.TCP));
        for (int exchange = 0; exchange < 4; exchange++) {
            stage.await("pictures of all", () -> watches.stream().noneMatch(watch -> watch.pictures.isEmpty()));
            // Amid a GOP.
            stage.awaitPictures(watches.get(0), 7);
            stage.exchange();
        }
        stage.awaitPictures(watches.get(0), 15);
        for (Watch watch : watches) {
            assertThat(watch.breaks()).isEmpty();
            assertThat(watch.pictures).noneMatch(Watch.Seen::afterLoss);
            assertThat(watch.runs).hasSize(1);
            for (int i = 1; i < watch.pictures.size(); i++) {
                Watch.Seen before = watch.pictures.get(i - 1);
                assertThat(watch.pictures.get(i).timestamp() - before.timestamp())
                        .isEqualTo(TICKS_PER_PICTURE);
                assertThat(watch.pictures.get(i).wallUs())
                        .isBetween(before.wallUs() + 20_000, before.wallUs() + 60_000);
            }
        }
        for (int number = 1; number <= 3; number++) {
            assertThat(stage.farm.camera(number).status().connections()).isEqualTo(1);
        }
        stage.await("all are streaming", () -> stage.ingest.statuses().stream()
                .allMatch(s ->
                        s.state() == IngestStatus.State.STREAMING && s.format().isPresent()));
    }

    /** Datagrams wait for nobody: they are read and kept meanwhile, in their order. */
    @Test
    void sessionsOverUdpGoOnToo() throws Exception {
        stage = new Stage(3, Map.of());
        stage.farm.camera(2).set(FaultKind.REORDER.fault(20));
        List<Watch> watches =
                List.of(stage.fetch(1, Transport.UDP), stage.fetch(2, Transport.UDP), stage.fetch(3, Transport.UDP));
        for (int exchange = 0; exchange < 4; exchange++) {
            stage.await("pictures of all", () -> watches.stream().noneMatch(watch -> watch.pictures.isEmpty()));
            stage.awaitPictures(watches.get(0), 7);
            stage.exchange();
        }
        stage.awaitPictures(watches.get(0), 15);
        for (Watch watch : watches) {
            assertThat(watch.breaks()).isEmpty();
            assertThat(watch.pictures).noneMatch(Watch.Seen::afterLoss);
            assertThat(watch.runs).hasSize(1);
            for (int i = 1; i < watch.pictures.size(); i++) {
                assertThat(watch.pictures.get(i).timestamp()
                                - watch.pictures.get(i - 1).timestamp())
                        .isEqualTo(TICKS_PER_PICTURE);
            }
        }
        for (int number = 1; number <= 3; number++) {
            assertThat(stage.farm.camera(number).status().connections()).isEqualTo(1);
        }
    }

    /** What was lost on its way between two engines is known to be lost. */
    @Test
    void aPacketThatIsLostMeanwhileIsCounted() throws Exception {
        stage = new Stage(1, Map.of());
        Watch watch = stage.fetch(1, Transport.UDP);
        stage.awaitPictures(watch, 10);
        stage.ingest.close();
        LeftSession left = stage.shelf.take(Stage.id(1)).orElseThrow();
        stage.await("a datagram", () -> received(left.datagrams().ports().get(0)));
        HeldSessions other = new HeldSessions(stage.hub);
        other.leave(left);
        stage.ingest = new RtspIngest(stage.hub, other, IngestTest.defaults(RtspIngest.Config.class, Map.of()));
        stage.ingest.ensure(
                Stage.id(1),
                new StreamEndpoint(URI.create(stage.url(1)), Optional.empty(), List.of(Transport.UDP), Map.of()));
        stage.await("the loss", () -> stage.status(1).packetsLost() > 0);
        stage.awaitPictures(watch, 10);

        assertThat(watch.runs).hasSize(1);
        assertThat(watch.pictures).anyMatch(Watch.Seen::afterLoss);
    }

    /** Takes one off, as a full kernel does. */
    private static boolean received(LeftSession.Port port) {
        try {
            return port.channel().receive(ByteBuffer.allocate(2_000)) != null;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Sound stays where its picture is. */
    @Test
    void soundGoesOnWithItsPicture() throws Exception {
        stage = new Stage(1, Map.of());
        Watch watch = stage.fetch(1, Transport.TCP);
        stage.awaitPictures(watch, 25);
        stage.exchange();
        stage.awaitPictures(watch, 25);

        assertThat(watch.breaks()).isEmpty();
        assertThat(watch.soundTimestamps.size()).isGreaterThan(20);
        for (int i = 1; i < watch.soundTimestamps.size(); i++) {
            long step = watch.soundTimestamps.get(i) - watch.soundTimestamps.get(i - 1);
            assertThat(step).as("step %d of sound", i).isBetween(900L, 1_150L);
        }
    }

    /** The session outlives its nonce: the new engine logs in by the first request that it sends. */
    @Test
    void aCameraThatAsksForALoginIsKeptAlive() throws Exception {
        stage = new Stage(
                1,
                Map.of(),
                CameraSettings.DEFAULT
                        .withLogin(AuthScheme.DIGEST_MD5, "admin", "s3cret")
                        .withSessionTimeoutSeconds(2));
        Watch watch = stage.fetch(1, new Credentials("admin", "s3cret"));
        stage.awaitPictures(watch, 10);
        stage.exchange();
        // Longer than the camera keeps a session that shows no sign of life.
        stage.awaitPictures(watch, 70);

        assertThat(watch.breaks()).isEmpty();
        assertThat(watch.runs).hasSize(1);
    }

    /** TLS and tunnels: the session ends and another one begins, from its first key frame on. */
    @Test
    void whatCannotBeLeftIsFetchedAnewAndTheGapSaysWhy() throws Exception {
        stage = new Stage(2, Map.of());
        SelfSigned certificate = SelfSigned.of(Stage.DATA.resolve("camera.p12"));
        try (SecureFront secure = SecureFront.open(stage.farm.camera(1), certificate);
                TunnelFront tunnel = TunnelFront.open(stage.farm.camera(2))) {
            Map<String, String> pinned = Map.of(StreamEndpoint.TLS, "pinned:" + certificate.fingerprint());
            Map<String, String> tunnelled = Map.of(StreamEndpoint.TUNNEL_PORT, "" + tunnel.port());
            List<Watch> watches = List.of(
                    stage.fetch(1, secure.uri(Camera.Role.MAIN), pinned, Transport.TCP),
                    stage.fetch(2, stage.url(2), tunnelled, Transport.HTTP));
            for (Watch watch : watches) {
                stage.awaitPictures(watch, 10);
            }
            stage.exchange();
            for (Watch watch : watches) {
                stage.await("the next run", () -> watch.runs.size() > 2);
                stage.awaitPictures(watch, 10);

                assertThat(watch.runs).hasSize(3);
                assertThat(watch.runs.get(1)).startsWith("end MAINTENANCE the RTSP engine was exchanged");
                assertThat(longestUsWithoutPictures(watch)).isLessThan(AWAY_US_MAX);
            }
        }
    }

    /** Behind the end of the one before, of which there may be many pictures that nobody has read yet. */
    private void awaitAnotherRun(Watch watch) {
        stage.await("another run", () -> watch.runs.size() > 2);
        stage.awaitPictures(watch, 10);
    }

    private static long longestUsWithoutPictures(Watch watch) {
        long longest = 0;
        for (int i = 1; i < watch.pictures.size(); i++) {
            longest = Math.max(
                    longest,
                    watch.pictures.get(i).wallUs() - watch.pictures.get(i - 1).wallUs());
        }
        return longest;
    }

    @Test
    void aCameraWithAnotherAddressByNowIsCalledThere() throws Exception {
        stage = new Stage(2, Map.of());
        Watch watch = stage.fetch(1, Transport.TCP);
        stage.awaitPictures(watch, 10);
        stage.ingest.close();
        stage.ingest = new RtspIngest(stage.hub, stage.shelf, IngestTest.defaults(RtspIngest.Config.class, Map.of()));
        stage.ingest.ensure(Stage.id(1), StreamEndpoint.rtspOverTcp(URI.create(stage.url(2)), Optional.empty()));
        awaitAnotherRun(watch);

        assertThat(watch.lastEnd()).startsWith("end MAINTENANCE");
        assertThat(stage.farm.camera(2).status().playing()).isEqualTo(1);
        stage.await("the other hangs up", () -> stage.farm.camera(1).status().connections() == 0);
    }

    /** Its session goes on all the same: only the rest of the GOP is missing, and is told. */
    @Test
    void aCameraThatTellsItsFormatInKeyFramesOnlyIsWaitedFor() throws Exception {
        stage = new Stage(1, Map.of());
        stage.farm.camera(1).set(FaultKind.NO_PARAMETER_SETS);
        Watch watch = stage.fetch(1, Transport.TCP);
        stage.awaitPictures(watch, 13);
        stage.exchange();
        awaitAnotherRun(watch);

        assertThat(watch.ends()).isEqualTo(1);
        assertThat(watch.lastEnd()).startsWith("end MAINTENANCE");
        assertThat(watch.pictures).noneMatch(picture -> picture.frame() < 0);
        assertThat(stage.farm.camera(1).status().connections()).isEqualTo(1);
    }

    /** The successor may be of another version. */
    @Test
    void wordsThatAreNotUnderstoodAreNoSession() throws Exception {
        stage = new Stage(1, Map.of());
        Watch watch = stage.fetch(1, Transport.TCP);
        stage.awaitPictures(watch, 10);
        stage.ingest.close();
        LeftSession left = stage.shelf.take(Stage.id(1)).orElseThrow();
        stage.shelf.leave(
                new LeftSession(left.stream(), left.run(), Map.of("format", "rtsp-99"), left.channel(), left.unread()));
        stage.ingest = new RtspIngest(stage.hub, stage.shelf, IngestTest.defaults(RtspIngest.Config.class, Map.of()));
        stage.ingest.ensure(Stage.id(1), StreamEndpoint.rtspOverTcp(URI.create(stage.url(1)), Optional.empty()));
        awaitAnotherRun(watch);

        assertThat(watch.lastEnd()).startsWith("end MAINTENANCE");
        assertThat(stage.status(1).attempts()).isZero();
    }

    /** A camera that goes away between two engines is one that goes away. */
    @Test
    void aCameraThatHangsUpMeanwhileIsCalledAgain() throws Exception {
        stage = new Stage(1, Map.of());
        Watch watch = stage.fetch(1, Transport.TCP);
        stage.awaitPictures(watch, 10);
        stage.ingest.close();
        stage.farm.camera(1).disconnectAll();
        stage.ingest = new RtspIngest(stage.hub, stage.shelf, IngestTest.defaults(RtspIngest.Config.class, Map.of()));
        stage.ingest.ensure(Stage.id(1), StreamEndpoint.rtspOverTcp(URI.create(stage.url(1)), Optional.empty()));
        awaitAnotherRun(watch);

        assertThat(watch.lastEnd()).startsWith("end CAMERA_UNREACHABLE the camera closed the connection");
    }

    @Test
    void aSessionIsTheSameAfterItWasWrittenAndRead() throws IOException {
        stage = new Stage(1, Map.of());
        PlayingSession session = new PlayingSession(
                -7,
                "rtsp://127.0.0.1:8554/live",
                new PlayingSession.Dialogue("rtsp://127.0.0.1:8554/live/", "s1", 60, List.of("OPTIONS"), 9),
                "v=0\r\ns=x\r\n",
                List.of("RTP/AVP/TCP;interleaved=0-1", "", "RTP/AVP/TCP;interleaved=4-5"),
                List.of(65_535, -1),
                new PlayingSession.Media(
                        new PlayingSession.Mark(-1, 3_600, 1_000_000),
                        1,
                        2,
                        3,
                        List.of(
                                new PlayingSession.Side(1, Optional.of(new PlayingSession.Mark(-5, 6, 7))),
                                new PlayingSession.Side(SideStash.NO_TRACK, Optional.empty()))));

        assertThat(PlayingSession.of(session.facts())).contains(session);
        assertThat(PlayingSession.of(Map.of())).isEmpty();
        assertThat(PlayingSession.of(Map.of("format", "rtsp-1", "timeoutS", "x")))
                .isEmpty();
    }
}
