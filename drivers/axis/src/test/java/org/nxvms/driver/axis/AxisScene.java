// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Capability;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.CameraSettings;
import org.nxvms.simulator.vapix.VapixDialect;

/** The driver and one simulated camera that speaks VAPIX. */
abstract class AxisScene {
    static final ClipSpec CLIP = new ClipSpec(
            new ClipSpec.Rendition(640, 360, 1_000_000), new ClipSpec.Rendition(320, 180, 250_000), 25, 10, 2);
    static final int TIMEOUT_MS = 30_000;
    /** For what is waited for in vain; what is well has to keep to it, too. */
    static final int BRIEF_MS = 5_000;

    static CameraFarm farm;
    static Camera camera;
    static Device device;
    static AxisDriver driver;

    @BeforeAll
    static void start() throws IOException {
        farm = CameraFarm.builder()
                .clip(CLIP)
                .data(Path.of("target", "simulator-data"))
                .settings(number -> CameraSettings.DEFAULT.withLogin(AuthScheme.DIGEST_MD5_QOP, "root", "pass"))
                .dialect(VapixDialect::new)
                .start();
        camera = farm.camera(1);
        device = farm.device(1);
        driver = new AxisDriver();
    }

    @AfterEach
    void well() {
        camera.clearFaults();
    }

    @AfterAll
    static void stop() {
        driver.close();
        farm.close();
    }

    static DeviceTarget target(Map<String, String> settings) {
        return target(farm.httpUri(1), "pass", settings, TIMEOUT_MS);
    }

    static DeviceTarget target(String address, String password, Map<String, String> settings, int timeoutMs) {
        return new DeviceTarget(
                URI.create(address),
                Optional.empty(),
                Optional.of(new Credentials("root", password)),
                settings,
                timeoutMs);
    }

    static CameraSession open() throws DriverException {
        return driver.open(target(Map.of()));
    }

    static <C extends Capability> C capability(CameraSession session, Class<C> type) throws DriverException {
        Optional<C> capability = session.capability(type);
        assertThat(capability).as(type.getSimpleName()).isPresent();
        return capability.get();
    }
}
