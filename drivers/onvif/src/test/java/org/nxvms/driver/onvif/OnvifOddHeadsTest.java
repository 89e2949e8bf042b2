// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzSpace;
import org.nxvms.driver.spi.PtzSpace.Axis;
import org.nxvms.driver.spi.PtzSpace.Motion;
import org.nxvms.driver.spi.PtzSpace.Unit;
import org.nxvms.simulator.device.PtzHead;
import org.nxvms.simulator.fault.FaultKind;

/** Heads that tell nothing of where they are, or tell it by other numbers than they are moved by. */
class OnvifOddHeadsTest extends OnvifScene {
    @Test
    void aHeadThatDoesNotTellWhereItIsMovesAllTheSame() throws Exception {
        camera.set(FaultKind.NO_PTZ_STATUS);
        try (CameraSession session = open()) {
            Ptz ptz = capability(session, Ptz.class);
            assertThat(ptz.position()).isEmpty();
            ptz.moveTo(Map.of(Axis.PAN, 0.5, Axis.TILT, 0.0));
            assertThat(device.ptz().position().pan()).isEqualTo(90);
            OnvifDriverTest.assertKind(
                    Kind.UNSUPPORTED, "give pan and tilt together", () -> ptz.moveTo(Map.of(Axis.PAN, 0.1)));
        }
    }

    @Test
    void whereAHeadIsIsToldByTheNumbersThatItIsMovedBy() throws Exception {
        camera.set(FaultKind.PTZ_DEGREES);
        device.ptz().moveTo(new PtzHead.Position(-90, 35, 1));
        try (CameraSession session = open()) {
            Ptz ptz = capability(session, Ptz.class);
            assertThat(ptz.spaces())
                    .contains(new PtzSpace(Motion.ABSOLUTE, Axis.PAN, -1, 1, Unit.FRACTION))
                    .noneMatch(space -> space.unit() == Unit.DEGREES);
            assertThat(ptz.position().get(Axis.PAN)).isCloseTo(-0.5, within(0.001));
            assertThat(ptz.position().get(Axis.TILT)).isCloseTo(0, within(0.001));
            ptz.moveTo(Map.of(Axis.PAN, 0.5));
            assertThat(device.ptz().position().pan()).isCloseTo(90, within(0.001));
            assertThat(device.ptz().position().tilt()).as("stays").isCloseTo(35, within(0.001));
        }
    }
}
