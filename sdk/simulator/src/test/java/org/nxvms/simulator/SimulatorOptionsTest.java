// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.clip.TestClips;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultScript;
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
            assertThat(camera.faults())
                    .containsExactlyInAnyOrder(FaultKind.STALL.fault(3), FaultKind.ODD_HEADERS.fault());
            assertThat(farm.camera(1).faults()).containsExactly(FaultKind.ODD_HEADERS.fault());
            assertThat(farm.clip().spec()).isEqualTo(ClipSpec.SMALL.withSeconds(2));
            assertThat(farm.controlAddress()).isPresent();
        }
    }

    @Test
    void aScriptInAFileIsFollowedByItsCamera(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("faults.json"),
                """
                {"scripts": [
                  {"camera": "2", "repeatMs": 60000, "steps": [{"atMs": 30000, "kind": "stall", "value": 0, "forMs": 5000}]},
                  {"camera": "*", "steps": [{"atMs": 0, "kind": "odd-headers"}, {"atMs": 50000, "kind": "busy"}]}
                ]}
                """);
        try (CameraFarm farm = farm(
                "--cameras 3 --port 0 --clip small --seconds 2 --data " + TestClips.FOLDER + " --script " + file)) {
            FaultScript.Step step = new FaultScript.Step(30_000, FaultKind.STALL.fault(0), 5_000);
            assertThat(farm.camera(2).script().orElseThrow().script())
                    .isEqualTo(new FaultScript(List.of(step), 60_000));
            for (int number : List.of(1, 3)) {
                assertThat(farm.camera(number).script().orElseThrow().script().steps())
                        .hasSize(2);
            }
        }
    }

    @Test
    void aWrongScriptIsNamedByItsFileAndField(@TempDir Path folder) throws IOException {
        assertWrongScript(folder, "{\"scripts\": [{\"camera\": \"9\", \"steps\": []}]}", "there is no camera 9");
        assertWrongScript(folder, "{\"scripts\": [{\"camera\": \"x\", \"steps\": []}]}", "scripts[0].camera: 'x'");
        assertWrongScript(folder, "{\"scripts\": 1}", "scripts: it is no list");
        assertWrongScript(folder, "no JSON", "faults.json: this is no JSON, at line 1");
        assertWrong("--script /there/is/none.json", "/there/is/none.json: this is no file");
    }

    private static void assertWrongScript(Path folder, String text, String message) throws IOException {
        assertWrong("--script " + Files.writeString(folder.resolve("faults.json"), text), message);
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
        assertWrong("--device isapi", "--device: 'isapi' is none of none, vapix, onvif");
        assertWrong("--auth md5", "--auth: 'md5' is not one of none, basic, digest-md5");
        assertWrong("--fault stall", "wanted is N:KIND");
        assertWrong("--fault 5:stall", "there are 1..4 cameras");
        assertWrong("--fault 1:stall=much", "'much' is not a whole number");
        assertWrong("--fault 1:silent=1", "takes no value");
        assertWrong("--fault 1:explode", "there is no fault 'explode'");
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
