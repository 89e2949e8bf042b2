// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.front.SecureFront;
import org.nxvms.simulator.front.SelfSigned;
import org.nxvms.simulator.front.TunnelFront;
import org.nxvms.simulator.rtsp.Camera;

/** Every way a camera's packets can travel: each picture arrives, to the last byte. */
class TransportTest {
    private static final int LOOP_AND_A_BIT = 60;

    private Stage stage;

    @AfterEach
    void stop() {
        stage.close();
    }

    private void assertWhole(Watch... watches) {
        for (Watch watch : watches) {
            stage.await("a loop and a bit", () -> watch.pictures.size() >= LOOP_AND_A_BIT);
            assertThat(watch.breaks()).isEmpty();
            assertThat(watch.pictures).noneMatch(Watch.Seen::afterLoss);
            assertThat(watch.sounds).isPositive();
            assertThat(watch.runs).hasSize(1);
        }
    }

    /** Seven ways at once; the cameras that mix up their packets and wrap their numbers among them. */
    @Test
    void overEveryTransportEachPictureArrivesToTheLastByte() throws Exception {
        stage = new Stage(8, Map.of());
        stage.farm.camera(3).set(FaultKind.REORDER.fault(3));
        stage.farm.camera(4).set(FaultKind.WRAP);
        stage.farm.camera(5).set(FaultKind.WRAP);
        SelfSigned certificate = SelfSigned.of(Stage.DATA.resolve("camera.p12"));
        try (SecureFront secure = SecureFront.open(stage.farm.camera(6), certificate);
                TunnelFront tunnel = TunnelFront.open(stage.farm.camera(7))) {
            Watch wrapping = stage.fetch(4, Transport.TCP);
            assertWhole(
                    stage.fetch(1, Transport.TCP),
                    stage.fetch(2, Transport.UDP),
                    stage.fetch(3, Transport.UDP),
                    wrapping,
                    stage.fetch(5, Transport.UDP),
                    stage.fetch(6, secure.uri(Camera.Role.MAIN), pinned(certificate), Transport.TCP),
                    stage.fetch(
                            7, stage.url(7), Map.of(StreamEndpoint.TUNNEL_PORT, "" + tunnel.port()), Transport.HTTP),
                    stage.fetch(
                            8,
                            stage.url(8),
                            Map.of(StreamEndpoint.MULTICAST_INTERFACE, "127.0.0.1"),
                            Transport.MULTICAST));
            for (int number = 1; number <= 8; number++) {
                assertThat(stage.status(number).packetsLost()).isZero();
            }
            int last = wrapping.pictures.size() - 1;
            assertThat(wrapping.pictures.get(last).timestamp()
                            - wrapping.pictures.get(0).timestamp())
                    .as("over the wrap")
                    .isEqualTo(last * 3600L);
            assertThat(stage.status(8).link().orElseThrow().transport()).isEqualTo(Transport.MULTICAST);
        }
    }

    private static Map<String, String> pinned(SelfSigned certificate) throws GeneralSecurityException {
        return Map.of(StreamEndpoint.TLS, "pinned:" + certificate.fingerprint());
    }

    @Test
    void packetsThatUdpLosesAreCountedAndTheirPicturesLeftOut() throws Exception {
        stage = new Stage(1, Map.of());
        stage.farm.camera(1).set(FaultKind.DROP_PACKETS.fault(40));
        Watch watch = stage.fetch(1, Transport.UDP);
        stage.awaitPictures(watch, LOOP_AND_A_BIT);

        assertThat(stage.status(1).packetsLost()).isPositive();
        assertThat(watch.pictures).as("none is damaged").allMatch(seen -> seen.frame() >= 0);
        assertThat(watch.breaks()).isNotEmpty();
        assertThat(watch.pictures).anyMatch(Watch.Seen::afterLoss);
        assertThat(watch.runs).as("the session goes on").hasSize(1);
    }

    @Test
    void multicastOfAnotherSenderIsNotTaken() throws Exception {
        stage = new Stage(1, Map.of());
        stage.fetch(
                1,
                stage.url(1),
                Map.of(StreamEndpoint.MULTICAST_SOURCE, "192.0.2.1"),
                Transport.MULTICAST,
                Transport.TCP);
        stage.await("the other transport", () -> stage.status(1).state() == IngestStatus.State.STREAMING);
        assertThat(stage.farm.camera(1).status().connections()).isEqualTo(1);
    }

    @Test
    void onlyThePinnedCertificateIsTaken() throws Exception {
        stage = new Stage(1, Map.of());
        SelfSigned certificate = SelfSigned.of(Stage.DATA.resolve("camera.p12"));
        try (SecureFront front = SecureFront.open(stage.farm.camera(1), certificate)) {
            String url = front.uri(Camera.Role.MAIN);
            stage.fetch(1, url, Map.of(), Transport.TCP);
            stage.await("the refusal", () -> stage.status(1).state() == IngestStatus.State.WAITING);
            assertThat(stage.status(1).detail()).contains("is not trusted", "pinned:" + certificate.fingerprint());

            stage.fetch(1, url, Map.of(StreamEndpoint.TLS, "pinned:" + "0".repeat(64)), Transport.TCP);
            stage.await(
                    "the other refusal",
                    () -> stage.status(1).detail().contains("another than the one that is pinned"));

            stage.fetch(1, url, Map.of(StreamEndpoint.TLS, "any"), Transport.TCP);
            stage.await("any", () -> stage.status(1).state() == IngestStatus.State.STREAMING);
        }
    }

    @Test
    void aTunnelIsTriedWhereRtspIsNotLetThrough() throws Exception {
        stage = new Stage(1, Map.of("connectTimeoutMs", 1000));
        try (TunnelFront front = TunnelFront.open(stage.farm.camera(1))) {
            String closed = stage.url(1).replaceFirst(":\\d+/", ":1/");
            stage.fetch(
                    1, closed, Map.of(StreamEndpoint.TUNNEL_PORT, "" + front.port()), Transport.TCP, Transport.HTTP);
            stage.await("the tunnel", () -> stage.status(1).state() == IngestStatus.State.STREAMING);
        }
    }

    @Test
    void aCameraThatRefusesTcpIsAskedForUdpInTheSameSession() throws Exception {
        stage = new Stage(1, Map.of());
        stage.farm.camera(1).set(FaultKind.NO_TCP);
        Watch watch = stage.fetch(1, Transport.TCP, Transport.UDP);
        assertWhole(watch);
        assertThat(watch.runs).hasSize(1);
    }

    @Test
    void aCameraThatRefusesAllThatIsAllowedIsSaidSo() throws Exception {
        stage = new Stage(1, Map.of());
        stage.farm.camera(1).set(FaultKind.NO_TCP);
        stage.fetch(1, Transport.TCP);
        stage.await("the refusal", () -> stage.status(1).state() == IngestStatus.State.WAITING);
        assertThat(stage.status(1).cause()).contains(GapCause.UNSUPPORTED);
        assertThat(stage.status(1).detail()).contains("none of the transports that are allowed (RTP over TCP)");
    }
}
