// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.nxvms.cameras.discovery.SearchScene;

/** Looking for devices over HTTP. */
class DiscoveryRestTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final CamerasServer server = new CamerasServer();

    private SearchScene scene;

    @BeforeEach
    void begin() {
        scene = new SearchScene(30_000, server.registry().cameras());
        server.discovery(scene.discovery());
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private JsonNode order(String body, int status) throws Exception {
        HttpResponse<String> answer = server.send("POST", DiscoveryResource.BASE, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    @Test
    void devicesAreFoundAndThoseThatAreConfiguredSayWhichCameraTheyAre() throws Exception {
        String camera = server.add("gate", "");
        scene.install("acme", (timeMs, found) -> {
            found.accept(SearchScene.device("http://cam/", "Front"));
            found.accept(SearchScene.device("http://cam2/", "Back"));
            found.accept(SearchScene.device("http://cam2/", "Back, again"));
        });

        String path = DiscoveryResource.BASE + "/" + order("{}", 202).path("id").asText();
        JsonNode scan = JSON.readTree(server.send("GET", path, "").body());
        while (scan.path("runs").asBoolean()) {
            String after = path + "?after=" + scan.path("revision").asLong();
            scan = JSON.readTree(server.send("GET", after, "").body());
        }

        assertThat(scan.at("/devices")).hasSize(2);
        assertThat(scan.at("/devices/0").has("endpoint")).isFalse();
        assertThat(scan.at("/devices/0/otherWays").isArray()).isTrue();
        assertThat(scan.at("/devices/0").toString()).contains("acme", "http://cam/", "Front", "Acme");
        assertThat(camera).endsWith(scan.at("/devices/0/cameraId").asText());
        assertThat(scan.at("/devices/1").has("cameraId")).isFalse();
    }

    @Test
    void whatCannotBeDoneIsSaid() throws Exception {
        assertThat(order("{}", 409).path("detail").asText()).contains("no driver is installed");
        scene.install("acme", (timeMs, found) -> {});
        assertThat(order("{\"drivers\":[\"rtsp\"]}", 404).path("detail").asText())
                .contains("rtsp", "installed: acme");
        assertThat(order("{\"seconds\":61}", 422).at("/errors/0/field").asText())
                .isEqualTo("seconds");
        JsonNode wrong = order("{\"addresses\":[\"192.0.2.1\",\"camera.example\"]}", 422);
        assertThat(wrong.at("/errors/0/field").asText()).isEqualTo("addresses");
        assertThat(wrong.at("/errors/0/detail").asText(wrong.toString())).contains("camera.example");
        assertThat(server.send("POST", DiscoveryResource.BASE, "{}", "Authorization", "Bearer viewer")
                        .statusCode())
                .isEqualTo(403);
        assertThat(server.send("GET", DiscoveryResource.BASE + "/00000000-0000-4000-8000-000000000009", "")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aDeviceOfSeveralAddressesIsOneAndOfSeveralCamerasOfAHostEachIsItself() throws Exception {
        String camera = server.add("gate", "");
        scene.installScoped("acme", (scope, findings) -> {
            findings.found(SearchScene.device("http://cam:8001", "1"), "urn:1");
            findings.found(SearchScene.device("http://cam:8002", "2"), "urn:2");
            findings.found(SearchScene.device("http://cam:554", "3"), "urn:3");
            findings.found(SearchScene.device("http://192.0.2.3", "3"), "urn:3");
        });

        String path = DiscoveryResource.BASE + "/" + order("{}", 202).path("id").asText();
        JsonNode scan = JSON.readTree(server.send("GET", path, "").body());
        while (scan.path("runs").asBoolean()) {
            String after = path + "?after=" + scan.path("revision").asLong();
            scan = JSON.readTree(server.send("GET", after, "").body());
        }

        assertThat(scan.at("/devices")).hasSize(3);
        assertThat(scan.at("/devices/0").has("cameraId")).isFalse();
        assertThat(scan.at("/devices/1").has("cameraId")).isFalse();
        assertThat(camera).endsWith(scan.at("/devices/2/cameraId").asText("none"));
        assertThat(scan.at("/devices/2/endpoint").asText()).isEqualTo("urn:3");
        assertThat(scan.at("/devices/2/otherWays/0/address").asText()).isEqualTo("http://192.0.2.3");
        assertThat(scan.at("/devices/2/otherWays/0/driver").asText()).isEqualTo("acme");
    }
}
