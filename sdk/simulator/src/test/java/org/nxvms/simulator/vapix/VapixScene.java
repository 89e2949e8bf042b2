// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.vapix;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.clip.TestClips;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.CameraSettings;

/** One camera that speaks VAPIX, and somebody who knows its password. */
abstract class VapixScene {
    static CameraFarm farm;
    static Camera camera;
    static Device device;
    static VapixClient client;

    @BeforeAll
    static void start() throws IOException {
        farm = CameraFarm.builder()
                .clip(TestClips.SPEC)
                .data(TestClips.FOLDER)
                .settings(number -> CameraSettings.DEFAULT.withLogin(AuthScheme.DIGEST_MD5_QOP, "root", "pass"))
                .dialect(VapixDialect::new)
                .start();
        camera = farm.camera(1);
        device = farm.device(1);
        client = new VapixClient(farm.httpUri(1), "pass");
    }

    @AfterEach
    void well() {
        camera.clearFaults();
    }

    @AfterAll
    static void stop() {
        farm.close();
    }
}
