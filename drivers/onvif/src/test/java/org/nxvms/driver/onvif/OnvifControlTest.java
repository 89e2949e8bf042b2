// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DigitalIo;
import org.nxvms.driver.spi.DigitalIo.Direction;
import org.nxvms.driver.spi.DigitalIo.Port;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.Imaging;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzPresets;
import org.nxvms.driver.spi.PtzSpace.Axis;
import org.nxvms.driver.spi.PtzTours;
import org.nxvms.driver.spi.PtzTours.Tour;
import org.nxvms.simulator.device.PtzHead;
import org.nxvms.simulator.fault.FaultKind;

/** Ports, rounds, the home position and what else a head does when told. */
class OnvifControlTest extends OnvifScene {
    @Test
    void portsSayInWhichStateTheyAreAndRelaysAreSwitched() throws Exception {
        device.ports().set(1, true);
        try (CameraSession session = open()) {
            DigitalIo io = capability(session, DigitalIo.class);
            assertThat(io.ports())
                    .containsExactly(
                            new Port("input_0", "input_0", Direction.INPUT, false),
                            new Port("input_1", "input_1", Direction.INPUT, true),
                            new Port("relay_2", "relay_2", Direction.OUTPUT, false),
                            new Port("relay_3", "relay_3", Direction.OUTPUT, false));
            io.set("relay_3", true);
            assertThat(device.ports().list().get(3).active()).isTrue();
            assertThat(io.ports()).contains(new Port("relay_3", "relay_3", Direction.OUTPUT, true));
            OnvifDriverTest.assertKind(Kind.NOT_FOUND, "no output 'input_1'", () -> io.set("input_1", true));
            assertThat(device.ports().list().get(1).active()).isTrue();
        } finally {
            device.ports().set(1, false);
            device.ports().set(3, false);
        }
    }

    @Test
    void lookingAtPortsGivesThePlaceOfItsPullPointBack() throws Exception {
        try (CameraSession session = open()) {
            DigitalIo io = capability(session, DigitalIo.class);
            camera.set(FaultKind.PULL_POINT_GONE); // those of other tests, whose device went away before the goodbye
            io.ports();
            camera.clearFaults();
            camera.set(FaultKind.SESSION_LIMIT.fault(1));
            device.ports().set(0, true);
            for (int i = 0; i < 3; i++) {
                assertThat(io.ports()).contains(new Port("input_0", "input_0", Direction.INPUT, true));
            }
        } finally {
            device.ports().set(0, false);
        }
    }

    @Test
    void aDeviceThatDoesNotSayItsStatesIsBelievedToDoWhatItWasTold() throws Exception {
        camera.set(FaultKind.NO_PULL_POINT);
        try (CameraSession session = open()) {
            DigitalIo io = capability(session, DigitalIo.class);
            io.set("relay_2", true);
            assertThat(io.ports()).contains(new Port("relay_2", "relay_2", Direction.OUTPUT, true));
        } finally {
            device.ports().set(2, false);
        }
    }

    @Test
    void anOldDeviceTellsWhereItsPortsAre() throws Exception {
        camera.set(FaultKind.NO_GET_SERVICES);
        try (CameraSession session = open()) {
            assertThat(capability(session, DigitalIo.class).ports()).hasSize(4);
        }
    }

    @Test
    void roundsAreBegunAndEnded() throws Exception {
        try (CameraSession session = open()) {
            PtzTours tours = capability(session, PtzTours.class);
            assertThat(tours.tours())
                    .containsExactly(
                            new Tour("tour_0", "Round by day", false), new Tour("tour_1", "Round by night", false));
            tours.start("tour_1");
            assertThat(device.tours().isRunning("Round by night")).isTrue();
            assertThat(tours.tours()).contains(new Tour("tour_1", "Round by night", true));
            tours.stop("tour_0");
            assertThat(tours.tours()).contains(new Tour("tour_1", "Round by night", true));
            tours.stop("tour_1");
            assertThat(device.tours().isRunning("Round by night")).isFalse();
            tours.stop("tour_7");
            OnvifDriverTest.assertKind(Kind.NOT_FOUND, "no round 'tour_7'", () -> tours.start("tour_7"));
        }
    }

    @Test
    void theHeadTurnsToWhatIsSeen() throws Exception {
        try (CameraSession session = open()) {
            Ptz ptz = capability(session, Ptz.class);
            device.ptz().moveTo(new PtzHead.Position(10, 0, 1));
            assertThat(ptz.aims()).isEqualTo(Ptz.Aim.POINT);
            ptz.aim(0, 0.25, 1);
            PtzHead.Position seen = device.ptz().position();
            assertThat(seen.pan()).as("to the left").isCloseTo(10 - PtzHead.FIELD_WIDTH / 2, within(0.001));
            assertThat(seen.tilt()).as("upwards").isCloseTo(PtzHead.FIELD_HEIGHT / 4, within(0.001));
            OnvifDriverTest.assertKind(Kind.UNSUPPORTED, "cannot aim", () -> ptz.aim(0.5, 0.5, 0.5));
            // By the range of the head, as before.
            ptz.moveBy(Map.of(Axis.PAN, 0.1));
            assertThat(device.ptz().position().pan()).isCloseTo(seen.pan() + 0.1 * PtzHead.MAX.pan(), within(0.001));
        }
    }

    @Test
    void theHeadGoesHome() throws Exception {
        try (CameraSession session = open()) {
            PtzPresets presets = capability(session, PtzPresets.class);
            capability(session, Ptz.class).moveTo(Map.of(Axis.PAN, 0.5, Axis.TILT, 0.5));
            PtzPresets.Preset home = presets.presets().get(0);
            assertThat(home.name()).isEqualTo("Home position");
            presets.go(home.token());
            assertThat(device.ptz().position().pan()).isZero();
            OnvifDriverTest.assertKind(Kind.UNSUPPORTED, "it stays", () -> presets.forget(home.token()));
        }
    }

    @Test
    void aKeptPositionAndHomeAreReplacedByWhereItLooks() throws Exception {
        try (CameraSession session = open()) {
            PtzPresets presets = capability(session, PtzPresets.class);
            Ptz ptz = capability(session, Ptz.class);
            ptz.moveTo(Map.of(Axis.PAN, 0.5));
            PtzPresets.Preset gate = presets.keep("Gate");
            assertThat(presets.replaces(gate.token())).isTrue();
            ptz.moveTo(Map.of(Axis.PAN, -0.5));
            assertThat(presets.keep(gate.token(), "Yard & <gate>"))
                    .isEqualTo(new PtzPresets.Preset(gate.token(), "Yard & <gate>"));
            assertThat(presets.presets())
                    .extracting(PtzPresets.Preset::name)
                    .containsExactly("Home position", "Home", "Yard & <gate>");
            OnvifDriverTest.assertKind(Kind.CONFIG, "already", () -> presets.keep(gate.token(), "Home"));
            OnvifDriverTest.assertKind(Kind.NOT_FOUND, "has no position", () -> presets.keep("preset_77", "x"));
            ptz.moveTo(Map.of(Axis.PAN, 0.0));
            presets.go(gate.token());
            assertThat(device.ptz().position().pan()).isEqualTo(-90);

            assertThat(presets.replaces(PtzPresets.Preset.HOME)).isTrue();
            presets.keep(PtzPresets.Preset.HOME, "");
            ptz.moveTo(Map.of(Axis.PAN, 0.0));
            presets.go(PtzPresets.Preset.HOME);
            assertThat(device.ptz().position().pan()).isEqualTo(-90);
            // As the other tests have it.
            ptz.moveTo(Map.of(Axis.PAN, 0.0, Axis.TILT, 0.0));
            presets.keep(PtzPresets.Preset.HOME, "");
            presets.forget(gate.token());
        }
    }

    @Test
    void whatElseTheHeadDoesIsAnAction() throws Exception {
        try (CameraSession session = open()) {
            Imaging imaging = capability(session, Imaging.class);
            assertThat(imaging.actions())
                    .extracting(Imaging.Action::name)
                    .containsExactly("wiper_on", "irlamp_on", "irlamp_off", "focus_near", "focus_far");
            int wipes = device.optics().wipes();
            imaging.perform("wiper_on");
            assertThat(device.optics().wipes()).isEqualTo(wipes + 1);
            imaging.perform("irlamp_on");
            assertThat(device.optics().isLit()).isTrue();
            imaging.perform("irlamp_off");
            assertThat(device.optics().isLit()).isFalse();
            int focusRuns = device.optics().focusRuns();
            imaging.perform("focus_far");
            assertThat(device.optics().focusRuns()).isEqualTo(focusRuns + 1);
            OnvifDriverTest.assertKind(Kind.NOT_FOUND, "no action wash", () -> imaging.perform("wash"));
        }
    }

    @Test
    void commandsOfManyMakersHaveNamesThatFit() {
        assertThat(OnvifAuxiliary.named(List.of("tt:Wiper|On", "|x|", "Light 1|On", "||", "tt:wiper|on")))
                .containsExactly(
                        Map.entry("wiper_on", "tt:Wiper|On"),
                        Map.entry("x", "|x|"),
                        Map.entry("light_1_on", "Light 1|On"));
    }

    @Test
    void aHeadThatSaysNoNumberOfRoundsHasNone() throws Exception {
        String node = "<n><HomeSupported>1</HomeSupported><AuxiliaryCommands>a|b</AuxiliaryCommands>%s</n>";
        assertThat(OnvifNode.parse(XmlNode.read(node.formatted("").getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(new OnvifNode(true, true, List.of("a|b"), false));
        String none = "<Extension><SupportedPresetTour><MaximumNumberOfPresetTours>0</MaximumNumberOfPresetTours>"
                + "</SupportedPresetTour></Extension>";
        assertThat(OnvifNode.parse(XmlNode.read(node.formatted(none).getBytes(StandardCharsets.UTF_8)))
                        .tours())
                .isFalse();
    }
}
