// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
import org.nxvms.simulator.onvif.OnvifDialect;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.CameraSettings;

/** The driver and one simulated camera that speaks ONVIF. */
abstract class OnvifScene {
    static final ClipSpec CLIP = new ClipSpec(
            new ClipSpec.Rendition(640, 360, 1_000_000), new ClipSpec.Rendition(320, 180, 250_000), 25, 10, 2);
    static final int TIMEOUT_MS = 30_000;
    /** For what is waited for in vain; what is well has to keep to it, too. */
    static final int BRIEF_MS = 5_000;

    private static final long PATIENCE_SECONDS = 120;

    static CameraFarm farm;
    static Camera camera;
    static Device device;
    static OnvifDriver driver;

    @BeforeAll
    static void start() throws IOException {
        farm = CameraFarm.builder()
                .clip(CLIP)
                .data(Path.of("target", "simulator-data"))
                .settings(number -> CameraSettings.DEFAULT.withLogin(AuthScheme.DIGEST_MD5_QOP, "root", "pass"))
                .dialect(OnvifDialect::new)
                .start();
        camera = farm.camera(1);
        device = farm.device(1);
        driver = new OnvifDriver();
    }

    @AfterEach
    void well() {
        camera.clearFaults();
        answersAgain();
    }

    /** Somebody may have taken its port while it was closed: then it is open when it is free, and not at once. */
    static void answersAgain() {
        URI door = URI.create(farm.httpUri(1));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try (Socket socket = new Socket(door.getHost(), door.getPort())) {
                assertThat(socket.isConnected()).isTrue();
                return;
            } catch (IOException closed) {
                assertThat(System.nanoTime() - end)
                        .as("it is open again: " + closed.getMessage())
                        .isNegative();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
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
