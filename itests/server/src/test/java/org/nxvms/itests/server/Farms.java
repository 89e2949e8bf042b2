// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.io.IOException;
import java.nio.file.Path;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.rtsp.AudioCodec;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.CameraSettings;

/** Simulated cameras whose clip is made once for all tests of this module. */
final class Farms {
    private Farms() {}

    /** {@return the address of a camera's main stream} */
    static String main(CameraFarm farm, int number) {
        return farm.camera(number).uri(Camera.Role.MAIN);
    }

    static CameraFarm start(int cameras) throws IOException {
        return farm(cameras).start();
    }

    static CameraFarm start(int cameras, CameraSettings settings) throws IOException {
        return farm(cameras).settings(number -> settings).start();
    }

    /** As {@link #start(int)}, one of them with another sound. */
    static CameraFarm start(int cameras, int other, AudioCodec sound) throws IOException {
        CameraFarm.Builder farm = farm(cameras);
        return farm.settings(number -> {
                    CameraSettings usual = CameraSettings.DEFAULT.withPhaseMs(farm.staggeredPhaseMs(number));
                    return number == other ? usual.withAudio(sound) : usual;
                })
                .start();
    }

    private static CameraFarm.Builder farm(int cameras) {
        return CameraFarm.builder()
                .cameras(cameras)
                .data(Path.of(System.getProperty("nxvms.work")).resolveSibling("simulator"));
    }
}
