// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.UnknownHostException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.drivers.DeviceDoor;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.cameras.fake.House;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.InvalidCameraException;
import org.nxvms.platform.api.network.AddressRule;

/** Changes of a camera that was added before the administrator kept cameras off the server itself. */
class IntakeTest {
    private final House house = new House().withAll().install(new FakeDriver("rtsp"), "1.0.0");
    private final Camera camera = house.add(House.draft("rtsp://127.0.0.1:18554/1"));
    private final DeviceDoor door = new DeviceDoor(() -> new AddressRule(false, true), name -> {
        throw new UnknownHostException(name);
    });
    private final Intake intake = new Intake(house.shelf, house.secrets, door, Optional::empty);

    @Test
    void itCanStillBeSwitchedOffWhereItIs() throws InvalidCameraException {
        CameraDraft off = House.draft("rtsp://127.0.0.1:18554/1", Optional.empty(), false);

        assertThat(intake.forChange(camera, off).draft().enabled()).isFalse();
    }

    @Test
    void itIsNotMovedToAnotherPlaceThere() {
        CameraDraft moved = House.draft("rtsp://127.0.0.1:9/1");

        InvalidCameraException refused =
                catchThrowableOfType(InvalidCameraException.class, () -> intake.forChange(camera, moved));

        assertThat(refused.fields()).containsOnlyKeys("address");
    }
}
