// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.nxvms.cameras.fake.FakeDriver;

/** Moving cameras to another version of their driver over HTTP. */
class RolloutRestTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROLLOUT = DriversResource.BASE + "/rtsp/rollout";

    @RegisterExtension
    static final CamerasServer server = new CamerasServer();

    private final FakeDriver newer = new FakeDriver("rtsp");
    private String camera;

    @BeforeEach
    void add() throws Exception {
        camera = server.add("gate", "");
        server.registry().driver.awaitOpened(target -> true);
        // One that is older, so that it does not serve by itself.
        server.registry().install(newer, "1.2.2");
    }

    private JsonNode begin(String body, int status) throws Exception {
        HttpResponse<String> answer = server.send("POST", ROLLOUT, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    @Test
    void aRolloutIsBegunToldAndGivenUp() throws Exception {
        assertThat(server.send("GET", ROLLOUT, "").statusCode()).isEqualTo(404);
        String id = camera.substring(camera.lastIndexOf('/') + 1);

        JsonNode begun = begin("{\"version\":\"1.2.2\",\"cameraId\":\"" + id + "\",\"soakSeconds\":86400}", 202);
        assertThat(begun.at("/phase").asText()).isEqualTo("canary");
        assertThat(begun.at("/cameraId").asText()).isEqualTo(id);
        newer.awaitOpened(target -> true);
        assertThat(server.send("GET", DriversResource.BASE, "").body())
                .contains("\"version\":\"1.2.2\"", "\"serves\":false", "\"serves\":true");
        assertThat(begin("{\"version\":\"1.2.2\"}", 409).at("/detail").asText()).contains("under way");

        HttpResponse<String> ended = server.send("DELETE", ROLLOUT, "");
        assertThat(ended.statusCode()).isEqualTo(200);
        assertThat(ended.body()).contains("\"phase\":\"rolled_back\"", "It was given up.");
        assertThat(server.send("GET", ROLLOUT, "").body()).contains("\"from\":\"1.2.3\"", "\"to\":\"1.2.2\"");
        assertThat(server.send("DELETE", ROLLOUT, "").statusCode()).isEqualTo(409);
    }

    @Test
    void whatCannotBeDoneNamesTheField() throws Exception {
        assertThat(begin("{}", 400).at("/errors/0/field").asText()).isEqualTo("version");
        assertThat(begin("{\"version\":\"9.9.9\"}", 404).at("/detail").asText()).contains("1.2.3, 1.2.2");
        assertThat(begin("{\"version\":\"1.2.3\"}", 409).at("/detail").asText()).contains("serves already");
        assertThat(begin("{\"version\":\"1.2.2\",\"soakSeconds\":9}", 422)
                        .at("/errors/0/field")
                        .asText())
                .isEqualTo("soakSeconds");
        assertThat(begin("{\"version\":\"1.2.2\",\"cameraId\":\"00000000-0000-4000-8000-000000000009\"}", 422)
                        .at("/errors/0/field")
                        .asText())
                .isEqualTo("cameraId");
        assertThat(server.send("POST", DriversResource.BASE + "/acme/rollout", "{\"version\":\"1.0.0\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.send("POST", ROLLOUT, "{\"version\":\"1.2.2\"}", "Authorization", "Bearer viewer")
                        .statusCode())
                .isEqualTo(403);
    }
}
