// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** A configuration is tried before it is kept. */
class CameraProbeRestTest {
    private static final String CAMERAS = CamerasResource.BASE;
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final CamerasServer server = new CamerasServer();

    @ParameterizedTest
    @CsvSource({
        "UNREACHABLE, /problems/camera-unreachable",
        "AUTH,        /problems/camera-auth",
        "PROTOCOL,    /problems/camera-protocol",
        "UNSUPPORTED, /problems/camera-unsupported",
        "BUSY,        /problems/camera-busy",
        "CONFIG,      /problems/camera-config",
        "CLOSED,      /problems/camera-unreachable"
    })
    void aTestSaysTheOneThingThatIsWrong(Kind kind, String type) throws Exception {
        server.registry().ingest.probeFailures.put("/1", new DriverException(kind, "the camera did it"));

        HttpResponse<String> answer =
                server.send("POST", CAMERAS + "/probe", "{\"driver\":\"rtsp\",\"address\":\"rtsp://cam/1\"}");

        assertThat(answer.statusCode()).isEqualTo(422);
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.path("type").asText()).isEqualTo(type);
        assertThat(problem.path("detail").asText()).isEqualTo("The camera did it.");
        assertThat(server.registry().store.rows).isEmpty();
        assertThat(server.registry().ingest.disturbances).isEmpty();
    }

    @Test
    void aTestThatWorksDescribesTheStreams() throws Exception {
        JsonNode report = JSON.readTree(server.send(
                        "POST",
                        CAMERAS + "/probe",
                        "{\"driver\":\"rtsp\",\"address\":\"rtsp://cam/1\",\"subAddress\":\"rtsp://cam/2\"}")
                .body());

        assertThat(report.path("identity").path("manufacturer").asText()).isEqualTo("Maker");
        assertThat(report.path("streams")).hasSize(2);
        assertThat(report.path("streams").get(0).toString())
                .isEqualTo("{\"role\":\"main\",\"name\":\"/1\",\"codecs\":\"avc1.640028\",\"width\":1920,"
                        + "\"height\":1080,\"frameRate\":25.0,\"hasAudio\":false,\"firstKeyFrameMs\":120}");
        assertThat(server.registry().store.rows).isEmpty();
    }
}
