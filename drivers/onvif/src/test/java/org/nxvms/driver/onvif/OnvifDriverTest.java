// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceClock;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.Imaging;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzPresets;
import org.nxvms.driver.spi.PtzSpace.Axis;
import org.nxvms.driver.spi.Reboot;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;
import org.nxvms.simulator.device.PtzHead;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.test.kit.Awaiting;

/** What the driver finds out and does, on a simulated camera; and how it fails. */
class OnvifDriverTest extends OnvifScene {
    @Test
    void theCameraSaysWhoItIsAndWhereItsStreamsAre() throws Exception {
        try (CameraSession session = open()) {
            assertThat(session.identity())
                    .isEqualTo(new DeviceIdentity("NXvms", "SIM-ONVIF", "1.4.2", "02534D000001", "02:53:4d:00:00:01"));
            List<StreamOffer> streams = session.streams();
            assertThat(streams).extracting(StreamOffer::role).containsExactly(StreamRole.MAIN, StreamRole.SUB);
            assertThat(streams)
                    .extracting(offer -> offer.endpoint().uri().toString())
                    .containsExactly(camera.uri(Camera.Role.MAIN), camera.uri(Camera.Role.SUB));
            assertThat(streams.get(0).endpoint().credentials().orElseThrow().username())
                    .isEqualTo("root");
            try (CameraSession again = open()) {
                assertThat(again.streams()).as("equal input, equal endpoints").isEqualTo(streams);
            }
        }
        try (CameraSession session =
                driver.open(target(Map.of("mainProfile", "sub", "subProfile", "main", "transport", "udp")))) {
            assertThat(session.streams().get(0).name()).isEqualTo("sub");
            assertThat(session.streams().get(0).endpoint().transports()).containsExactly(StreamEndpoint.Transport.UDP);
        }
    }

    @Test
    void eachWayThatPicturesCanTravelIsAskedForInTheWordsOfBothServices() throws Exception {
        Map<String, List<Transport>> ways = Map.of(
                "tcp", List.of(Transport.TCP),
                "udp", List.of(Transport.UDP),
                "multicast", List.of(Transport.MULTICAST),
                "http", List.of(Transport.HTTP),
                "https", List.of(Transport.HTTP),
                "auto", List.of(Transport.TCP, Transport.UDP));
        for (boolean old : List.of(false, true)) {
            if (old) {
                camera.set(FaultKind.NO_GET_SERVICES); // which knows Media only
            }
            for (Map.Entry<String, List<Transport>> way : ways.entrySet()) {
                StreamEndpoint main = main(Map.of("transport", way.getKey()));
                assertThat(main.transports()).as(way.getKey()).isEqualTo(way.getValue());
                String plain = camera.uri(Camera.Role.MAIN);
                assertThat(main.uri().toString())
                        .as(way.getKey())
                        .isEqualTo(
                                way.getKey().equals("https")
                                        ? "rtsps://127.0.0.1:443"
                                                + URI.create(plain).getPath()
                                        : plain);
                assertThat(main.quirks()).as(way.getKey()).isEmpty();
            }
        }
    }

    @Test
    void howMulticastIsReceivedAndWhichCertificateCountsIsHandedOn() throws Exception {
        Map<String, String> joined = Map.of("multicast-interface", "lo", "multicast-source", "any");
        Map<String, String> settings = new HashMap<>(joined);
        settings.put("transport", "multicast");
        assertThat(main(settings).quirks()).isEqualTo(joined);
        assertThat(main(Map.of("transport", "https", "tlsVerify", "false", "tunnel-port", "8443"))
                        .quirks())
                .isEqualTo(Map.of("tls", "any", "tunnel-port", "8443"));
        assertKind(Kind.CONFIG, "multicast-source", () -> main(Map.of("multicast-source", "somebody")));
        camera.set(FaultKind.NO_MULTICAST);
        assertKind(Kind.CONFIG, "set it up in the camera", () -> main(Map.of("transport", "multicast")));
        assertThat(main(Map.of()).transports())
                .as("and nothing else is touched")
                .containsExactly(Transport.TCP);
    }

    private static StreamEndpoint main(Map<String, String> settings) throws DriverException {
        try (CameraSession session = driver.open(target(settings))) {
            return session.streams().get(0).endpoint();
        }
    }

    @Test
    void anOldDeviceIsAskedInTheOldWay() throws Exception {
        camera.set(FaultKind.NO_GET_SERVICES);
        try (CameraSession session = open()) {
            assertThat(session.streams())
                    .as("by Media, since Media2 is not told")
                    .extracting(offer -> offer.endpoint().uri().toString())
                    .containsExactly(camera.uri(Camera.Role.MAIN), camera.uri(Camera.Role.SUB));
            assertThat(session.capability(Ptz.class)).isPresent();
            assertThat(capability(session, DeviceSnapshot.class).jpeg(StreamRole.MAIN))
                    .isNotEmpty();
        }
    }

    @Test
    void eachWayToLogInIsFound() throws Exception {
        for (FaultKind odd : List.of(FaultKind.NO_HTTP_DIGEST, FaultKind.NO_USERNAME_TOKEN, FaultKind.BARE_400)) {
            camera.set(odd);
            try (CameraSession session = open()) {
                assertThat(session.streams()).as(odd.id()).hasSize(2);
                capability(session, Ptz.class).stop();
            }
            assertKind(
                    Kind.AUTH,
                    "correct them",
                    () -> driver.open(target(farm.httpUri(1), "wrong", Map.of(), TIMEOUT_MS)));
            camera.clearFaults();
        }
    }

    @Test
    void aClockThatIsWrongByAYearDoesNotStandInTheWayOfALoginNorDoesOneThatJumps() throws Exception {
        for (int year : List.of(-31_536_000, 31_536_000)) {
            camera.set(FaultKind.NO_HTTP_DIGEST); // so that the login holds the time
            camera.set(FaultKind.CLOCK_JUMP.fault(year));
            try (CameraSession session = open()) {
                assertThat(session.streams()).hasSize(2);
                camera.clear(FaultKind.CLOCK_JUMP);
                assertThat(session.streams()).as("after the jump back").hasSize(2);
            }
        }
    }

    @Test
    void theHeadMoves() throws Exception {
        try (CameraSession session = open()) {
            Ptz ptz = capability(session, Ptz.class);
            ptz.moveTo(Map.of(Axis.PAN, 0.5, Axis.TILT, 0.0, Axis.ZOOM, 0.5));
            assertThat(device.ptz().position()).isEqualTo(new PtzHead.Position(90, 35, 5000));
            ptz.moveTo(Map.of(Axis.PAN, 0.0));
            assertThat(device.ptz().position().tilt()).as("stays").isCloseTo(35, within(0.001));
            ptz.moveBy(Map.of(Axis.PAN, -0.5));
            assertThat(device.ptz().position().pan()).isEqualTo(-90);
            assertThat(device.ptz().position().zoom()).isEqualTo(5000);
            assertThat(ptz.position().get(Axis.PAN)).isCloseTo(-0.5, within(0.001));
            assertThat(ptz.position().get(Axis.ZOOM)).isCloseTo(0.5, within(0.001));
            ptz.move(Map.of(Axis.TILT, 0.5), 60_000);
            assertThat(device.ptz().moves()).isTrue();
            ptz.stop();
            assertThat(device.ptz().moves()).isFalse();
            assertThat(device.ptz().position().tilt()).isGreaterThan(35);
        }
    }

    @Test
    void aMoveThatNobodyStopsEndsByItself() throws Exception {
        try (CameraSession session = open()) {
            capability(session, Ptz.class).move(Map.of(Axis.PAN, 0.1), 100);
            Awaiting.until("it stands", () -> !device.ptz().moves());
        }
    }

    @Test
    void positionsAreKept() throws Exception {
        try (CameraSession session = open()) {
            PtzPresets presets = capability(session, PtzPresets.class);
            Ptz ptz = capability(session, Ptz.class);
            ptz.moveTo(Map.of(Axis.PAN, 0.5, Axis.TILT, 0.5));
            PtzPresets.Preset gate = presets.keep("Gate & <yard>");
            assertThat(presets.presets()).contains(new PtzPresets.Preset("preset_1", "Home"), gate);
            assertThatThrownBy(() -> presets.keep("Gate & <yard>")).hasMessageContaining("already");
            ptz.moveTo(Map.of(Axis.PAN, 0.0, Axis.TILT, 0.0));
            presets.go(gate.token());
            assertThat(device.ptz().position().pan()).isEqualTo(90);
            presets.forget(gate.token());
            presets.forget(gate.token());
            assertKind(Kind.NOT_FOUND, "has no position", () -> presets.go(gate.token()));
            assertThat(presets.presets())
                    .containsExactly(
                            new PtzPresets.Preset("nxvms-home", "Home position"),
                            new PtzPresets.Preset("preset_1", "Home"));
        }
    }

    @Test
    void thePictureIsSetAsTheCameraDescribesIt() throws Exception {
        try (CameraSession session = open()) {
            Imaging imaging = capability(session, Imaging.class);
            assertThat(imaging.settings())
                    .extracting(DriverSetting::name)
                    .containsExactly(
                            "brightness", "saturation", "contrast", "exposure", "focus", "ir_cut", "sharpness", "wdr");
            assertThat(imaging.values())
                    .containsEntry("brightness", "50")
                    .containsEntry("wdr", "false")
                    .containsEntry("ir_cut", "auto");
            Map<String, String> changes = Map.of("brightness", "70", "ir_cut", "off", "wdr", "true", "focus", "manual");
            imaging.change(changes);
            assertThat(imaging.values()).containsAllEntriesOf(changes).containsEntry("contrast", "50");
            assertKind(Kind.CONFIG, "does not take", () -> imaging.change(Map.of("brightness", "101")));
            assertThat(DriverSetting.problems(imaging.settings(), imaging.values()))
                    .as("what it tells keeps to what it describes")
                    .isEmpty();
            imaging.change(Map.of("brightness", "50", "ir_cut", "auto", "wdr", "false", "focus", "auto"));
        }
    }

    @Test
    void theClockIsToldAndSet() throws Exception {
        try (CameraSession session = open()) {
            DeviceClock clock = capability(session, DeviceClock.class);
            clock.set(Instant.parse("2030-01-01T00:00:00Z"));
            assertThat(clock.now())
                    .isBetween(Instant.parse("2030-01-01T00:00:00Z"), Instant.parse("2030-01-01T00:00:30Z"));
        } finally {
            camera.setTime(Instant.now());
        }
    }

    @Test
    void aStillHasTheSizeOfItsStream() throws Exception {
        try (CameraSession session = open()) {
            DeviceSnapshot snapshot = capability(session, DeviceSnapshot.class);
            assertThat(ImageIO.read(new ByteArrayInputStream(snapshot.jpeg(StreamRole.MAIN)))
                            .getWidth())
                    .isEqualTo(640);
            assertThat(ImageIO.read(new ByteArrayInputStream(snapshot.jpeg(StreamRole.SUB)))
                            .getWidth())
                    .isEqualTo(320);
        }
    }

    @Test
    void aRebootedCameraIsReachedBySessionsThatComeAfter() throws Exception {
        String boot = device.bootId();
        try (CameraSession session = open()) {
            capability(session, Reboot.class).reboot();
        }
        Awaiting.until("it has started again", () -> !device.bootId().equals(boot));
        camera.set(FaultKind.REBOOT.fault(3_600)); // away for longer than any pause of the machine
        assertKind(Kind.UNREACHABLE, "", OnvifScene::open);
        camera.clearFaults();
        open().close();
    }

    @Test
    void aClosedSessionSaysSo() throws Exception {
        CameraSession session = open();
        Ptz ptz = capability(session, Ptz.class);
        session.close();
        session.close();
        assertKind(Kind.CLOSED, "", session::streams);
        assertKind(Kind.CLOSED, "", () -> session.capability(Ptz.class));
        assertKind(Kind.CLOSED, "", ptz::stop);
    }

    @Test
    void troubleHasItsKindAndAWordOnWhatToDo() throws Exception {
        String address = farm.httpUri(1);
        assertKind(Kind.AUTH, "correct them", () -> driver.open(target(address, "wrong", Map.of(), TIMEOUT_MS)));
        camera.set(FaultKind.UNAUTHORIZED);
        assertKind(Kind.AUTH, "correct them", OnvifScene::open);
        camera.clearFaults();
        camera.set(FaultKind.REFUSE_CONNECTION);
        assertKind(Kind.UNREACHABLE, "", OnvifScene::open);
        camera.clearFaults();
        camera.set(FaultKind.SILENT);
        assertKind(Kind.UNREACHABLE, "within 1000 ms", () -> driver.open(target(address, "pass", Map.of(), 1_000)));
        camera.clearFaults();
        camera.set(FaultKind.ANSWER_GARBAGE.fault(65_536));
        assertKind(Kind.PROTOCOL, "does not speak HTTP", OnvifScene::open);
        camera.clearFaults();
        assertKind(
                Kind.UNSUPPORTED,
                "no ONVIF service at /elsewhere",
                () -> driver.open(target(address + "/elsewhere", "pass", Map.of(), TIMEOUT_MS)));
        assertKind(Kind.CONFIG, "mainProfile names 'Moon'", () -> driver.open(target(Map.of("mainProfile", "Moon"))));
        assertKind(Kind.CONFIG, "transport", () -> driver.open(target(Map.of("transport", "pigeon"))));
        for (String wrong : List.of("rtsp://x", "http://a:b@x", "http://x/?y", "http:///", "http://x:0")) {
            assertKind(
                    Kind.CONFIG, "The field address", () -> driver.open(target(wrong, "pass", Map.of(), TIMEOUT_MS)));
        }
    }

    @Test
    void aUserWhoMayOnlyWatchIsRecordedAllTheSame() throws Exception {
        camera.set(FaultKind.FORBIDDEN);
        try (CameraSession session = open()) {
            assertThat(session.streams()).hasSize(2);
            assertKind(Kind.UNSUPPORTED, "no right to Stop", () -> capability(session, Ptz.class)
                    .stop());
            assertKind(Kind.UNSUPPORTED, "no right", () -> capability(session, Imaging.class)
                    .change(Map.of("brightness", "1")));
            capability(session, DeviceEvents.class).subscribe().close();
        }
    }

    @Test
    void answersThatComeLateAreWaitedForWithinTheLimitAndStreamsGoOnMeanwhile() throws Exception {
        camera.set(FaultKind.LATE_ANSWERS.fault(120_000));
        assertKind(
                Kind.UNREACHABLE,
                "within 1000 ms",
                () -> driver.open(target(farm.httpUri(1), "pass", Map.of(), 1_000)));
        try (Socket stream =
                new Socket(camera.address().getAddress(), camera.address().getPort())) {
            stream.setSoTimeout(TIMEOUT_MS);
            stream.getOutputStream().write("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(stream.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .as("while SOAP is late by two minutes")
                    .isEqualTo("RTSP/1.0 200");
        }
        camera.set(FaultKind.LATE_ANSWERS.fault(50));
        long since = System.nanoTime();
        try (CameraSession session = open()) {
            assertThat(session.streams()).hasSize(2);
        }
        assertThat(System.nanoTime() - since).as("more than two answers").isGreaterThan(100_000_000L);
    }

    @Test
    void aHeadThatHangsCostsPtzAndNothingElse() throws Exception {
        camera.set(FaultKind.PTZ_SILENT);
        try (CameraSession session = driver.open(target(farm.httpUri(1), "pass", Map.of(), BRIEF_MS))) {
            assertThat(session.streams()).hasSize(2);
            assertThat(session.capability(Ptz.class)).isEmpty();
            assertThat(session.capability(PtzPresets.class)).isEmpty();
            assertThat(session.unanswered()).containsOnlyKeys(Ptz.class, PtzPresets.class);
            assertThat(session.unanswered().get(Ptz.class)).contains("does not answer within");
        }
        camera.clear(FaultKind.PTZ_SILENT);
        try (CameraSession session = open()) {
            assertThat(session.capability(Ptz.class)).isPresent();
            assertThat(session.unanswered()).isEmpty();
        }
    }

    @Test
    void aPasswordThatIsChangedMeanwhileIsNoMissingRight() throws Exception {
        try (CameraSession session = open()) {
            camera.set(FaultKind.UNAUTHORIZED);
            assertKind(Kind.AUTH, "correct them", session::streams);
        }
    }

    static void assertKind(Kind kind, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(DriverException.class, failed -> assertThat(failed.kind())
                        .isEqualTo(kind))
                .hasMessageContaining(message);
    }
}
