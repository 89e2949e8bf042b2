// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.cameras.fake.House.draft;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.fake.FakeDevice;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.cameras.fake.House;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DigitalIo;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzPresets;
import org.nxvms.driver.spi.PtzSpace.Axis;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.test.kit.Awaiting;

/** What is asked of a camera's control functions, and the session through which it goes. */
class DeviceControlTest {
    private static final Map<Axis, Double> RIGHT = Map.of(Axis.PAN, 0.5);

    private final FakeDevice device = new FakeDevice();
    private final FakeDriver driver = driver();
    private final House house = new House().withAll().install(driver, "1.0.0");
    private final Camera camera = house.add(draft("rtsp://cam/1"));

    private FakeDriver driver() {
        FakeDriver made = new FakeDriver("rtsp");
        made.device = Optional.of(device);
        return made;
    }

    /** {@return what the device was told but for its events, which are listened to meanwhile} */
    private List<String> told() {
        return device.told.stream().filter(what -> !what.endsWith("subscribe")).toList();
    }

    private List<DeviceTarget> openedForControl(FakeDriver by) {
        return by.opened.stream()
                .filter(target -> target.timeoutMs() == DeviceLine.TIMEOUT_MS)
                .toList();
    }

    @Test
    void theStatusSaysWhatTheDeviceCan() {
        CameraStatus status = house.status(camera);

        assertThat(status.device().orElseThrow().capabilities())
                .containsExactly(
                        "ptz",
                        "ptz_presets",
                        "ptz_tours",
                        "events",
                        "analytics",
                        "imaging",
                        "encoders",
                        "io",
                        "snapshot",
                        "audio_out",
                        "edge_recordings",
                        "clock",
                        "reboot",
                        "device_users");
        assertThat(status.device().orElseThrow().driverVersion()).isEqualTo("1.0.0");
        assertThat(status.device().orElseThrow().identity().model()).isEqualTo("Model");
    }

    @Test
    void aSessionIsKeptForTheNextCallAndClosedWhenItIsNotUsed() throws Exception {
        house.control.tell(camera.id(), PtzPresets.class, presets -> presets.go("1"));
        house.control.tell(camera.id(), Ptz.class, Ptz::stop);

        assertThat(told()).contains("preset 1", "stop");
        assertThat(openedForControl(driver)).hasSize(1);
        assertThat(driver.openSessions(DeviceLine.TIMEOUT_MS)).isEqualTo(1);
        house.loop.advance(Duration.ofMillis(DeviceControl.IDLE_MS_MAX + 20_000));
        assertThat(driver.openSessions(DeviceLine.TIMEOUT_MS)).isZero();
    }

    @Test
    void aSessionThatRanOutIsOpenedAnewOnce() throws Exception {
        house.control.tell(camera.id(), Ptz.class, Ptz::stop);
        driver.forgetSessions();

        Integer ports =
                house.control.ask(camera.id(), DigitalIo.class, io -> io.ports().size());

        assertThat(ports).isEqualTo(2);
        assertThat(openedForControl(driver)).hasSize(2);
    }

    @Test
    void anotherConfigurationIsAnotherSession() throws Exception {
        house.control.tell(camera.id(), Ptz.class, Ptz::stop);
        house.change(camera, draft("rtsp://elsewhere/1"));

        house.control.tell(camera.id(), Ptz.class, Ptz::stop);

        assertThat(openedForControl(driver))
                .extracting(target -> target.address().getHost())
                .containsExactly("cam", "elsewhere");
    }

    @Test
    void aDriverThatGoesLeavesNoSessionAndIsSaidToBeMissing() throws Exception {
        house.control.tell(camera.id(), Ptz.class, Ptz::stop);
        house.uninstall(driver);

        assertThatThrownBy(() -> house.control.tell(camera.id(), Ptz.class, Ptz::stop))
                .isInstanceOf(DriverMissingException.class)
                .hasMessageContaining("no driver is installed", "install the driver");
        assertThat(house.status(camera).state()).isEqualTo(CameraStatus.State.RECORDING);
        assertThat(house.status(camera).device()).isEmpty();
        Awaiting.until("no session is left", () -> driver.openSessions() == 0);
    }

    @Test
    void whatADeviceCannotDoOrNobodyMayAskForIsSaid() {
        driver.device = Optional.empty();
        assertThatThrownBy(() -> house.control.tell(camera.id(), Ptz.class, Ptz::stop))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED))
                .hasMessage("The camera, or its driver, has no ptz.");
        house.change(camera, draft("rtsp://cam/1", Optional.empty(), false));
        assertThatThrownBy(() -> house.control.tell(camera.id(), Ptz.class, Ptz::stop))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONFIG));
        assertThatThrownBy(() -> house.control.identity(new UUID(1, 1))).isInstanceOf(NoSuchResourceException.class);
    }

    @Test
    void aDriverThatBreaksIsAFaultOfTheProtocolAndItsSessionIsClosed() throws Exception {
        house.control.tell(camera.id(), Ptz.class, Ptz::stop);
        device.behaviour = () -> {
            throw new IllegalStateException("vendor");
        };

        assertThatThrownBy(() -> house.control.tell(camera.id(), Ptz.class, Ptz::stop))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.PROTOCOL))
                .hasNoCause();
        device.behaviour = () -> {};
        house.control.tell(camera.id(), Ptz.class, Ptz::stop);
        assertThat(openedForControl(driver)).hasSize(2);
    }

    @Test
    void aMoveEndsByItselfUnlessItIsSaidAgain() throws Exception {
        house.control.move(camera.id(), RIGHT, 1_000);
        house.loop.advance(Duration.ofMillis(900));
        house.control.move(camera.id(), RIGHT, 1_000);
        house.loop.advance(Duration.ofMillis(900));
        assertThat(told()).doesNotContain("stop");

        house.loop.advance(Duration.ofMillis(100));
        assertThat(told()).endsWith("move {PAN=0.5}", "stop");
        house.loop.advance(Duration.ofMinutes(1));
        assertThat(told().stream().filter("stop"::equals)).hasSize(1);
    }

    /** Also the old timer of a long move must not end a newer one. */
    @Test
    void anOldMovesTimerEndsNoNewerMove() throws Exception {
        house.control.move(camera.id(), RIGHT, 10_000);
        house.control.move(camera.id(), RIGHT, 100);
        house.loop.advance(Duration.ofMillis(100));
        assertThat(told()).endsWith("stop");

        house.loop.advance(Duration.ofMillis(9_000));
        house.control.move(camera.id(), RIGHT, 10_000);
        house.loop.advance(Duration.ofMillis(5_000));
        assertThat(told()).endsWith("move {PAN=0.5}");
    }

    /** What a preset has begun must not be broken off by the timer of the move before it. */
    @Test
    void whatReplacesAMoveIsNotStoppedByItsTimer() throws Exception {
        house.control.move(camera.id(), RIGHT, 10_000);
        house.control.stop(camera.id());
        house.control.steer(camera.id(), PtzPresets.class, presets -> {
            presets.go("1");
            return true;
        });
        house.loop.advance(Duration.ofMinutes(1));
        assertThat(told()).endsWith("stop", "preset 1");

        house.control.move(camera.id(), RIGHT, 10_000);
        house.control.steer(camera.id(), PtzPresets.class, presets -> {
            presets.go("1");
            return true;
        });
        house.loop.advance(Duration.ofMinutes(1));
        assertThat(told()).endsWith("move {PAN=0.5}", "preset 1");
    }

    @Test
    void aCameraThatMovesIsStoppedWhenThisBundleGoes() throws Exception {
        house.control.move(camera.id(), RIGHT, 10_000);

        house.control.close();

        assertThat(told()).endsWith("stop");
        assertThat(driver.openSessions(DeviceLine.TIMEOUT_MS)).isZero();
    }

    @Test
    void aMoveOfWhichNobodyKnowsWhetherItWasHeardIsEndedToo() {
        device.behaviour = () -> {
            throw new DriverException(Kind.UNREACHABLE, "No answer.");
        };
        assertThatThrownBy(() -> house.control.move(camera.id(), RIGHT, 1_000)).isInstanceOf(DriverException.class);
        house.loop.advance(Duration.ofMillis(1_500));
        device.behaviour = () -> {};

        house.loop.advance(Duration.ofMillis(2_000));
        assertThat(told()).endsWith("stop");
    }
}
