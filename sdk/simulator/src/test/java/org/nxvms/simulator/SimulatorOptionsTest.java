// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.clip.TestClips;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.rtsp.AudioCodec;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.Camera;

class SimulatorOptionsTest {
    @Test
    void aFullCommandLineBecomesAFarm() throws IOException {
        String line = "--cameras 4 --port 0 --data " + TestClips.FOLDER + " --clip small --seconds 2"
                + " --auth digest-sha256 --user root --pace 4 --session-timeout 9 --control 0"
                + " --fault 2:stall=3 --fault *:odd-headers";
        try (CameraFarm farm = farm(line)) {
            Camera camera = farm.camera(2);
            assertThat(camera.settings().auth()).isEqualTo(AuthScheme.DIGEST_SHA256);
            assertThat(camera.settings().user()).isEqualTo("root");
            assertThat(camera.settings().password()).isEqualTo("from the environment");
            assertThat(camera.settings().packetsPerMs()).isEqualTo(4);
            assertThat(camera.settings().sessionTimeoutSeconds()).isEqualTo(9);
            assertThat(camera.settings().phaseMs()).isNotZero();
            assertThat(camera.settings().audio()).isEqualTo(AudioCodec.AAC);
            assertThat(farm.camera(4).settings().audio()).isEqualTo(AudioCodec.PCMU);
            assertThat(camera.faults()).containsExactly(FaultKind.STALL.fault(3), FaultKind.ODD_HEADERS.fault());
            assertThat(farm.camera(1).faults()).containsExactly(FaultKind.ODD_HEADERS.fault());
            assertThat(farm.clip().spec()).isEqualTo(ClipSpec.SMALL.withSeconds(2));
            assertThat(farm.controlAddress()).isPresent();
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (CameraFarm farm = farm("--cameras 1 --port 0 --clip small --seconds 2 --data " + TestClips.FOLDER)) {
            int taken = farm.camera(1).address().getPort();
            assertThatThrownBy(() -> farm(
                            "--cameras 1 --clip small --seconds 2 --data " + TestClips.FOLDER + " --port " + taken))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("camera 1 cannot listen on 127.0.0.1:" + taken);
        }
    }

    @Test
    void aWrongOptionIsNamed() {
        assertWrong("--camera 4", "--camera: there is no such option");
        assertWrong("--cameras", "--cameras: a value is missing");
        assertWrong("--cameras 0", "--cameras: '0' is not a number in 1..1000");
        assertWrong("--port 65534", "--port: '65534' is not a number in 0..65532");
        assertWrong("--clip huge", "--clip: 'huge'");
        assertWrong("--auth md5", "--auth: 'md5' is not one of none, basic, digest-md5");
        assertWrong("--fault stall", "wanted is N:KIND");
        assertWrong("--fault 5:stall", "there are 1..4 cameras");
        assertWrong("--fault 1:stall=much", "'much' is not a whole number");
        assertWrong("--fault 1:silent=1", "takes no value");
        assertWrong("--fault 1:explode", "'explode' is not one of");
    }

    private static void assertWrong(String line, String message) {
        assertThatThrownBy(() -> options(line).builder())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static SimulatorOptions options(String line) {
        return new SimulatorOptions(List.of(line.split(" ")), "from the environment");
    }

    private static CameraFarm farm(String line) throws IOException {
        return options(line).builder().start();
    }
}
