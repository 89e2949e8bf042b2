// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.clip.TestClips;

/** A farm of three cameras, the first of which is made sick; without its faults it is well again. */
abstract class FaultScene {
    static final int NAL_SPS = 7;

    static CameraFarm farm;
    static Camera camera;

    @BeforeAll
    static void start() throws IOException {
        farm = CameraFarm.builder()
                .cameras(3)
                .clip(TestClips.SPEC)
                .data(TestClips.FOLDER)
                .settings(number -> number == 2
                        ? CameraSettings.DEFAULT.withLogin(AuthScheme.DIGEST_MD5, "admin", "secret")
                        : CameraSettings.DEFAULT)
                .start();
        camera = farm.camera(1);
    }

    @AfterEach
    void theCameraIsWellAgainWithoutItsFaults() throws IOException {
        camera.clearFaults();
        try (RtspClient client = connect()) {
            client.play(2);
            assertThat(client.frame(0).nalType()).isEqualTo(NAL_SPS);
        }
    }

    @AfterAll
    static void stop() {
        farm.close();
    }

    static RtspClient connect() throws IOException {
        return RtspClient.of(camera, Camera.Role.MAIN);
    }
}
