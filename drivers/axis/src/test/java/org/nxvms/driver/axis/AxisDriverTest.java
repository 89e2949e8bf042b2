// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceClock;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DigitalIo;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.Imaging;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzPresets;
import org.nxvms.driver.spi.PtzSpace.Axis;
import org.nxvms.driver.spi.Reboot;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;
import org.nxvms.simulator.device.PtzHead;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.test.kit.Awaiting;

/** What the driver finds out and does, on a simulated camera; and how it fails. */
class AxisDriverTest extends AxisScene {
    @Test
    void theCameraSaysWhoItIsAndWhereItsStreamsAre() throws Exception {
        try (CameraSession session = open()) {
            assertThat(session.identity())
                    .isEqualTo(new DeviceIdentity("Axis", "SIM-PTZ", "11.11.0", "02534D000001", "02:53:4d:00:00:01"));
            List<StreamOffer> streams = session.streams();
            String base = "rtsp://127.0.0.1:" + camera.address().getPort() + "/axis-media/media.amp?streamprofile=";
            assertThat(streams).extracting(StreamOffer::role).containsExactly(StreamRole.MAIN, StreamRole.SUB);
            assertThat(streams)
                    .extracting(offer -> offer.endpoint().uri().toString())
                    .containsExactly(base + "Main", base + "Sub");
            assertThat(streams.get(0).endpoint().credentials().orElseThrow().username())
                    .isEqualTo("root");
            try (CameraSession again = open()) {
                assertThat(again.streams()).as("equal input, equal endpoints").isEqualTo(streams);
            }
        }
        try (CameraSession session =
                driver.open(target(Map.of("mainProfile", "Sub", "subProfile", "Main", "transport", "udp")))) {
            assertThat(session.streams().get(0).name()).isEqualTo("Sub");
            assertThat(session.streams().get(0).endpoint().transports()).containsExactly(StreamEndpoint.Transport.UDP);
        }
    }

    @Test
    void theHeadMoves() throws Exception {
        try (CameraSession session = open()) {
            Ptz ptz = capability(session, Ptz.class);
            assertThat(ptz.spaces().toString()).contains("ABSOLUTE, axis=PAN, min=-180.0, max=180.0, unit=DEGREES");
            ptz.moveTo(Map.of(Axis.PAN, 10.5, Axis.ZOOM, 0.5));
            assertThat(device.ptz().position()).isEqualTo(new PtzHead.Position(10.5, 0, 5000));
            ptz.moveBy(Map.of(Axis.PAN, -20.5, Axis.TILT, 5.0));
            assertThat(device.ptz().position()).isEqualTo(new PtzHead.Position(-10, 5, 5000));
            assertThat(ptz.position().get(Axis.PAN)).isEqualTo(-10);
            assertThat(ptz.position().get(Axis.ZOOM)).isCloseTo(0.5, within(0.001));
            ptz.move(Map.of(Axis.TILT, 0.5), 60_000);
            assertThat(device.ptz().moves()).isTrue();
            ptz.stop();
            assertThat(device.ptz().moves()).isFalse();
            assertThat(device.ptz().position().tilt()).isGreaterThan(5);
        }
    }

    @Test
    void theHeadTurnsToWhatIsSeen() throws Exception {
        try (CameraSession session = open()) {
            Ptz ptz = session.capability(Ptz.class).orElseThrow();
            device.ptz().moveTo(new PtzHead.Position(0, 0, 1));
            assertThat(ptz.aims()).isEqualTo(Ptz.Aim.BOX);
            ptz.aim(0.75, 0.25, 1);
            PtzHead.Position seen = device.ptz().position();
            assertThat(seen.pan()).isCloseTo(PtzHead.FIELD_WIDTH / 4, within(0.001));
            assertThat(seen.tilt()).isCloseTo(PtzHead.FIELD_HEIGHT / 4, within(0.001));
            assertThat(seen.zoom()).isEqualTo(1);

            ptz.aim(0.5, 0.5, 0.5);
            double near = device.ptz().position().zoom();
            assertThat(near).as("twice as near").isGreaterThan(1);
            // What is at the rim now is half as far from the middle.
            ptz.aim(1, 0.5, 1);
            PtzHead.Position nearer = device.ptz().position();
            assertThat(nearer.pan()).isCloseTo(PtzHead.FIELD_WIDTH / 2, within(0.001));
            assertThat(nearer.tilt()).isCloseTo(PtzHead.FIELD_HEIGHT / 4, within(0.001));
            assertThat(nearer.zoom()).isEqualTo(near);
        }
    }

    @Test
    void positionsAreKept() throws Exception {
        try (CameraSession session = open()) {
            PtzPresets presets = capability(session, PtzPresets.class);
            Ptz ptz = capability(session, Ptz.class);
            ptz.moveTo(Map.of(Axis.PAN, 42.0));
            PtzPresets.Preset gate = presets.keep("Gate and yard");
            assertThat(presets.presets()).contains(new PtzPresets.Preset("1", "Home"), gate);
            assertThatThrownBy(() -> presets.keep("Gate and yard")).hasMessageContaining("already");
            ptz.moveTo(Map.of(Axis.PAN, 0.0));
            presets.go(gate.token());
            assertThat(device.ptz().position().pan()).isEqualTo(42);
            presets.forget(gate.token());
            presets.forget(gate.token());
            assertKind(Kind.NOT_FOUND, "has no position", () -> presets.go(gate.token()));
            assertThat(presets.presets()).containsExactly(new PtzPresets.Preset("1", "Home"));
        }
    }

    @Test
    void thePictureIsSetAsTheCameraDescribesIt() throws Exception {
        try (CameraSession session = open()) {
            Imaging imaging = capability(session, Imaging.class);
            assertThat(imaging.settings())
                    .extracting(DriverSetting::name)
                    .contains("brightness", "contrast", "saturation", "sharpness", "exposure", "wdr", "ir_cut");
            DriverSetting brightness = imaging.settings().stream()
                    .filter(setting -> setting.name().equals(Imaging.BRIGHTNESS))
                    .findFirst()
                    .orElseThrow();
            assertThat(brightness.min()).hasValue(0);
            assertThat(brightness.max()).hasValue(100);
            assertThat(imaging.values())
                    .containsEntry("brightness", "50")
                    .containsEntry("wdr", "true")
                    .containsEntry("ir_cut", "auto");

            Map<String, String> changes = Map.of("brightness", "70", "ir_cut", "off", "wdr", "false");
            imaging.change(changes);
            assertThat(imaging.values()).containsAllEntriesOf(changes);
            assertKind(Kind.CONFIG, "does not take", () -> imaging.change(Map.of("brightness", "101")));
            assertThat(DriverSetting.problems(imaging.settings(), imaging.values()))
                    .as("what it tells keeps to what it describes")
                    .isEmpty();
            imaging.change(Map.of("brightness", "50", "ir_cut", "auto", "wdr", "true"));
        }
    }

    @Test
    void theWindowIsWipedAndTheLensFocused() throws Exception {
        int wipes = device.optics().wipes();
        int runs = device.optics().focusRuns();
        try (CameraSession session = open()) {
            Imaging imaging = capability(session, Imaging.class);
            assertThat(imaging.actions()).extracting(Imaging.Action::name).containsExactly("wipe", "focus_once");
            imaging.perform(Imaging.WIPE);
            imaging.perform(Imaging.FOCUS_ONCE);
            assertThat(device.optics().wipes()).isEqualTo(wipes + 1);
            assertThat(device.optics().focusRuns()).isEqualTo(runs + 1);
            assertKind(Kind.NOT_FOUND, "no action", () -> imaging.perform("dance"));
        }
        camera.set(FaultKind.FORBIDDEN);
        try (CameraSession session = open()) {
            Imaging imaging = capability(session, Imaging.class);
            assertThat(imaging.values()).as("looking is allowed").isNotEmpty();
            assertThat(imaging.actions()).isEmpty();
            assertKind(Kind.UNSUPPORTED, "no right", () -> imaging.change(Map.of("brightness", "1")));
        }
    }

    @Test
    void portsAreToldAndSwitched() throws Exception {
        device.ports().set(0, true);
        try (CameraSession session = open()) {
            DigitalIo io = capability(session, DigitalIo.class);
            assertThat(io.ports())
                    .hasSize(4)
                    .contains(
                            new DigitalIo.Port("0", "Door contact", DigitalIo.Direction.INPUT, true),
                            new DigitalIo.Port("2", "Lamp", DigitalIo.Direction.OUTPUT, false));
            io.set("2", true);
            assertThat(device.ports().list().get(2).active()).isTrue();
            io.set("2", false);
            assertThat(device.ports().list().get(2).active()).isFalse();
            assertKind(Kind.NOT_FOUND, "no output '0'", () -> io.set("0", true));
        } finally {
            device.ports().set(0, false);
        }
    }

    @Test
    void theClockIsToldAndSetAndAWrongOneHurtsNobody() throws Exception {
        camera.set(FaultKind.CLOCK_JUMP.fault(31_536_000));
        try (CameraSession session = open()) {
            DeviceClock clock = capability(session, DeviceClock.class);
            assertThat(clock.now().getEpochSecond())
                    .as("the login does not depend on time")
                    .isCloseTo(Instant.now().getEpochSecond() + 31_536_000, within(30L));
            camera.clearFaults();
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
        Awaiting.until("it has rebooted", () -> !device.bootId().equals(boot));
        camera.set(FaultKind.REBOOT.fault(3_600)); // away for longer than any pause of the machine
        assertKind(Kind.UNREACHABLE, "", AxisScene::open);
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
        assertKind(Kind.AUTH, "correct them", AxisScene::open);
        camera.clearFaults();
        camera.set(FaultKind.REFUSE_CONNECTION);
        assertKind(Kind.UNREACHABLE, "", AxisScene::open);
        camera.clearFaults();
        camera.set(FaultKind.SILENT);
        assertKind(Kind.UNREACHABLE, "within 1000 ms", () -> driver.open(target(address, "pass", Map.of(), 1_000)));
        camera.clearFaults();
        camera.set(FaultKind.SLOW_DRIP.fault(20));
        assertKind(Kind.UNREACHABLE, "within 1000 ms", () -> driver.open(target(address, "pass", Map.of(), 1_000)));
        camera.clearFaults();
        camera.set(FaultKind.ANSWER_GARBAGE.fault(65_536));
        assertKind(Kind.PROTOCOL, "does not speak HTTP", AxisScene::open);
        camera.clearFaults();
        camera.set(FaultKind.STALE_NONCE.fault(1));
        open().close();
        assertKind(Kind.CONFIG, "mainProfile names 'Moon'", () -> driver.open(target(Map.of("mainProfile", "Moon"))));
        assertKind(Kind.CONFIG, "transport", () -> driver.open(target(Map.of("transport", "pigeon"))));
        for (String wrong : List.of("rtsp://x", "http://a:b@x", "http://x/path", "http:///", "http://x:0")) {
            assertKind(
                    Kind.CONFIG, "The field address", () -> driver.open(target(wrong, "pass", Map.of(), TIMEOUT_MS)));
        }
    }

    @Test
    void aUserWhoMayOnlyWatchIsRecordedAllTheSame() throws Exception {
        camera.set(FaultKind.FORBIDDEN);
        try (CameraSession session = open()) {
            assertThat(session.streams()).hasSize(2);
            assertThat(session.capability(Ptz.class)).isEmpty();
            assertKind(Kind.UNSUPPORTED, "no right", () -> capability(session, DigitalIo.class)
                    .ports());
            capability(session, DeviceEvents.class).subscribe().close();
        }
    }

    @Test
    void aHeadThatHangsCostsPtzAndNothingElse() throws Exception {
        camera.set(FaultKind.PTZ_SILENT);
        try (CameraSession session = driver.open(target(farm.httpUri(1), "pass", Map.of(), BRIEF_MS))) {
            assertThat(session.streams()).hasSize(2);
            assertThat(session.capability(Ptz.class)).isEmpty();
            assertThat(session.capability(PtzPresets.class)).isEmpty();
            assertThat(capability(session, DigitalIo.class).ports()).hasSize(4);
        }
        camera.clearFaults();
        try (CameraSession session = driver.open(target(farm.httpUri(1), "pass", Map.of(), BRIEF_MS))) {
            Ptz ptz = capability(session, Ptz.class);
            camera.set(FaultKind.PTZ_SILENT);
            assertKind(Kind.UNREACHABLE, "within " + BRIEF_MS + " ms", ptz::stop);
            assertThat(capability(session, DigitalIo.class).ports())
                    .as("the session lives")
                    .hasSize(4);
        }
    }

    @Test
    void aPasswordThatIsChangedMeanwhileIsNoMissingRight() throws Exception {
        try (CameraSession session = open()) {
            camera.set(FaultKind.UNAUTHORIZED);
            assertKind(Kind.AUTH, "correct them", () -> capability(session, DigitalIo.class)
                    .ports());
        }
    }

    /** A camera that starts anew breaks off within TLS: that must not look like a wrong certificate, which is never tried again. */
    @Test
    void aHandshakeThatBreaksOffIsTheNetworks() throws IOException {
        try (ServerSocket dying = new ServerSocket(0, 5, java.net.InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> {
                try {
                    for (int i = 0; i < 5; i++) {
                        java.net.Socket client = dying.accept();
                        client.getInputStream().read(new byte[4096]);
                        client.close();
                    }
                } catch (IOException ended) {
                    // the test has ended
                }
            });
            server.start();
            assertKind(
                    Kind.UNREACHABLE,
                    "",
                    () -> driver.open(
                            target("https://127.0.0.1:" + dying.getLocalPort(), "pass", Map.of(), TIMEOUT_MS)));
        }
    }

    @Test
    void aProfileThatCannotBeRecordedIsNotChosen() throws Exception {
        AxisFacts facts = AxisFacts.parse(
                """
                root.StreamProfile.S0.Name=Huge
                root.StreamProfile.S0.Parameters=videocodec=av1&resolution=3840x2160
                root.StreamProfile.S1.Name=Fine
                root.StreamProfile.S1.Parameters=resolution=1920x1080&videocodec=h265
                root.StreamProfile.S2.Name=Stills
                root.StreamProfile.S2.Parameters=videocodec=jpeg&resolution=320x180
                root.StreamProfile.S3.Name=Small
                root.StreamProfile.S3.Parameters=resolution=640x360
                """);
        AxisStreams streams = AxisStreams.choose(facts.profiles(), AxisSettings.parse(Map.of()));
        assertThat(streams.main().name()).isEqualTo("Fine");
        assertThat(streams.sub().orElseThrow().name()).isEqualTo("Small");
        AxisStreams named = AxisStreams.choose(facts.profiles(), AxisSettings.parse(Map.of("mainProfile", "Huge")));
        assertThat(named.main().name()).as("what is named is taken").isEqualTo("Huge");
    }

    @Test
    void whatIsNoCameraOfAxisIsSaidToBeNone() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 5, java.net.InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> {
                try (java.net.Socket client = other.accept()) {
                    client.getInputStream().read(new byte[4096]);
                    client.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nroot.Brand=XYZ"
                                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                } catch (IOException gone) {
                    // the test has ended
                }
            });
            server.start();
            assertKind(
                    Kind.PROTOCOL,
                    "use another driver",
                    () -> driver.open(
                            target("http://127.0.0.1:" + other.getLocalPort(), "pass", Map.of(), TIMEOUT_MS)));
        }
    }

    @Test
    void aStoppedDriverLeavesNoThreadOfItsOwn() throws Exception {
        open().close();
        // Those of drivers that were closed just now are about to end.
        Set<Thread> before = workers();
        AxisDriver another = new AxisDriver();
        another.open(target(Map.of())).close();
        Set<Thread> its = workers();
        its.removeAll(before);
        assertThat(its).isNotEmpty();
        another.close();
        Awaiting.until("its workers have gone", () -> its.stream().noneMatch(Thread::isAlive));
        assertKind(Kind.CLOSED, "stopped", () -> another.open(target(Map.of())));
    }

    private static Set<Thread> workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("axis-http-"))
                .collect(Collectors.toSet());
    }

    private static void assertKind(
            Kind kind, String words, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(DriverException.class, failed -> assertThat(failed.kind())
                        .as(failed.getMessage())
                        .isEqualTo(kind))
                .hasMessageContaining(words)
                .hasMessageNotContaining("pass\"");
    }
}
