// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.driver.spi.Credentials;

/** A stored password is used where it was entered for, and nowhere else. */
class KeptPasswordTest {
    private static final String CAMERAS = "/api/v1/cameras";
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final CamerasServer server = new CamerasServer();

    private String id;

    @BeforeEach
    void start() throws Exception {
        id = JSON.readTree(server.send(
                                "POST",
                                CAMERAS,
                                "{\"name\":\"Gate\",\"driver\":\"rtsp\",\"address\":\"rtsp://admin:geheim@cam/1\"}")
                        .body())
                .path("id")
                .asText();
        // The camera itself is asked once; after that only those who are told to ask.
        server.registry().driver.awaitOpened(target -> true);
    }

    private HttpResponse<String> probe(String query, String address) throws Exception {
        return server.send(
                "POST",
                CAMERAS + "/probe" + query,
                "{\"driver\":\"rtsp\",\"address\":\"" + address + "\",\"username\":\"admin\"}");
    }

    private HttpResponse<String> change(String body) throws Exception {
        return server.send("PATCH", CAMERAS + "/" + id, body);
    }

    private Credentials lastUsed() {
        return server.registry()
                .driver
                .opened
                .get(server.registry().driver.opened.size() - 1)
                .credentials()
                .orElseThrow();
    }

    private static void asksForThePassword(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        JsonNode error = JSON.readTree(answer.body()).at("/errors/0");
        assertThat(error.path("field").asText()).isEqualTo("password");
        assertThat(error.path("detail").asText()).contains("Enter the password again");
        assertThat(answer.body()).doesNotContain("geheim");
    }

    @Test
    void aProbeOfAStoredCameraUsesItsPassword() throws Exception {
        assertThat(probe("?cameraId=" + id, "rtsp://CAM:554/other").statusCode())
                .isEqualTo(200);
        assertThat(lastUsed().password()).isEqualTo("geheim");

        assertThat(probe("", "rtsp://cam/1").statusCode()).isEqualTo(200);
        assertThat(lastUsed().password()).as("without the id there is none").isEmpty();

        HttpResponse<String> unknown = probe("?cameraId=" + UUID.randomUUID(), "rtsp://cam/1");
        assertThat(unknown.statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rtsp://elsewhere/1", "rtsp://cam:8554/1", "rtsps://cam/1", "rtsp://cam.example/1"})
    void noOtherHostOrPortIsSentTheStoredPassword(String address) throws Exception {
        int asked = server.registry().driver.opened.size();
        asksForThePassword(probe("?cameraId=" + id, address));
        asksForThePassword(change("{\"address\":\"" + address + "\"}"));
        asksForThePassword(change("{\"subAddress\":\"" + address + "\"}"));
        assertThat(server.registry().driver.opened.stream().skip(asked))
                .as("nobody was even asked")
                .noneMatch(target -> target.address().toString().equals(address));

        assertThat(change("{\"address\":\"" + address + "\",\"password\":\"neu\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void theAddressMayChangeOnTheSameHostAndWithoutAnyPassword() throws Exception {
        assertThat(change("{\"address\":\"rtsp://cam:554/2\",\"subAddress\":\"rtsp://Cam/3\"}")
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> bare =
                change("{\"address\":\"rtsp://elsewhere/1\",\"subAddress\":null,\"username\":null}");
        assertThat(bare.statusCode()).as(bare.body()).isEqualTo(200);
        assertThat(JSON.readTree(bare.body()).path("hasPassword").asBoolean()).isFalse();
    }
}
