// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What travels, on the distribution's engine; docs/design/rest.md is the other side of these stories. */
class CamerasRestTest {
    private static final String CAMERAS = CamerasResource.BASE;
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final CamerasServer server = new CamerasServer();

    @Test
    void aCameraIsAddedWithOnePostAndFoundAgain() throws Exception {
        HttpResponse<String> created = server.send(
                "POST", CAMERAS, "{\"name\":\"Gate\",\"driver\":\"rtsp\",\"url\":\"rtsp://admin:geheim@cam/1\"}");

        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(created.headers().firstValue("ETag")).contains("\"1\"");
        JsonNode camera = JSON.readTree(created.body());
        String path = CAMERAS + "/" + camera.path("id").asText();
        assertThat(URI.create(created.headers().firstValue("Location").orElseThrow())
                        .getPath())
                .isEqualTo(path);
        assertThat(camera.path("address").asText()).isEqualTo("rtsp://cam/1");
        assertThat(camera.path("username").asText()).isEqualTo("admin");
        assertThat(camera.path("hasPassword").asBoolean()).isTrue();
        assertThat(camera.path("enabled").asBoolean()).isTrue();
        assertThat(camera.path("recording").toString())
                .isEqualTo(
                        "{\"mode\":\"continuous\",\"streams\":[\"main\"],\"retentionDaysMax\":30,\"eventKinds\":"
                                + "[\"camera.input\",\"camera.manual\",\"camera.motion\",\"camera.tamper\"],"
                                + "\"preBufferSeconds\":5,\"postBufferSeconds\":10,\"retentionDaysMin\":0,\"volumes\":[],\"backup\":[],\"fillGaps\":false}");
        assertThat(camera.has("group")).isFalse();
        assertThat(camera.path("status").has("state"))
                .as("also before the control thread has seen it")
                .isTrue();
        assertThat(created.body()).doesNotContain("geheim");

        HttpResponse<String> one = server.send("GET", path, "");
        assertThat(one.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(one.body()).path("created").asText()).matches("\\d{4}-.*\\.\\d{3}Z");
        JsonNode status = JSON.readTree(server.send("GET", path + "/status", "").body());
        assertThat(status.path("driverPresent").asBoolean()).isTrue();
        assertThat(status.has("state")).isTrue();
        assertThat(status.has("since")).isTrue();
    }

    @Test
    void credentialsMayStandInTheirOwnObject() throws Exception {
        JsonNode camera = JSON.readTree(server.send(
                        "POST",
                        CAMERAS,
                        "{\"name\":\"Gate\",\"driver\":\"rtsp\",\"address\":\"rtsp://cam/1\","
                                + "\"credentials\":{\"username\":\"admin\",\"password\":\"geheim\"}}")
                .body());

        assertThat(camera.path("username").asText()).isEqualTo("admin");
        assertThat(camera.path("hasPassword").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"driver\":\"rtsp\",\"url\":\"rtsp://c/1\"}                               | 400 | name",
                "{\"name\":\"G\",\"url\":\"rtsp://c/1\"}                                    | 400 | driver",
                "{\"name\":\"G\",\"driver\":\"rtsp\"}                                       | 400 | address",
                "{\"name\":\"G\",\"driver\":\"rtsp\",\"url\":\"rtsp://c/1\",\"adress\":\"x\"} | 400 | adress",
                "{\"name\":\"G\",\"driver\":\"rtsp\",\"url\":\"rtsp://c/1\",\"enabled\":\"yes\"} | 400 | enabled",
                "{\"name\":\"G\",\"driver\":\"rtsp\",\"url\":\"rtsp://c/1\",\"address\":\"rtsp://d/1\"} | 400 | url",
                "{\"name\":\"G\",\"driver\":\"rtsp\",\"url\":\"rtsp://c/1\",\"settings\":{\"a\":null}} | 400 | settings.a",
                "{\"name\":\"G\",\"driver\":\"rtsp\",\"url\":\"rtsp://c/1\",\"recording\":{\"mode\":\"now\"}} | 400 | recording.mode",
                "{\"name\":\" \",\"driver\":\"rtsp\",\"url\":\"rtsp://c/1\"}                | 422 | name",
                "{\"name\":\"G\",\"driver\":\"axis\",\"url\":\"rtsp://c/1\"}                | 422 | driver",
                "{\"name\":\"G\",\"driver\":\"rtsp\",\"url\":\"http://c/1\"}                | 422 | address",
                "{\"name\":\"G\",\"driver\":\"rtsp\",\"url\":\"rtsp://c /1\"}               | 422 | url",
                "{\"name\":\"G\",\"driver\":\"rtsp\",\"url\":\"rtsp://c:99999/1\"}          | 422 | address",
                "{\"name\":\"G\",\"driver\":\"rtsp\",\"url\":\"rtsp://c/1\",\"password\":\"x\"} | 422 | username",
                "{\"name\":\"G\",\"driver\":\"rtsp\",\"url\":\"rtsp://c/1\",\"recording\":{\"retentionDaysMax\":0}} | 422 | recording.retentionDaysMax",
                "{\"name\":\"G\",\"driver\":\"rtsp\",\"url\":\"rtsp://c/1\",\"recording\":{\"streams\":[]}} | 422 | recording.streams",
            })
    void whatCannotWorkIsRefusedByField(String body, int status, String field) throws Exception {
        HttpResponse<String> answer = server.send("POST", CAMERAS, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.path("type").asText())
                .isEqualTo(status == 400 ? "/problems/malformed" : "/problems/validation");
        assertThat(problem.path("errors").get(0).path("field").asText()).isEqualTo(field);
        assertThat(problem.path("errors").get(0).path("detail").asText()).isNotBlank();
        assertThat(JSON.readTree(server.send("GET", CAMERAS, "").body()).path("items"))
                .isEmpty();
    }

    @Test
    void anUnknownDriverIsAnsweredWithThoseInstalled() throws Exception {
        String answer = server.send("POST", CAMERAS, "{\"name\":\"G\",\"driver\":\"axis\",\"address\":\"rtsp://c/1\"}")
                .body();

        assertThat(answer).contains("axis", "not installed", "installed: rtsp");
    }

    @Test
    void camerasAreListedInPagesByName() throws Exception {
        for (String name : List.of("delta", "Alpha", "charlie", "Bravo", "echo")) {
            server.add(name, name.equals("echo") ? ",\"group\":\"West\"" : "");
        }

        JsonNode first =
                JSON.readTree(server.send("GET", CAMERAS + "?limit=2", "").body());
        JsonNode second = JSON.readTree(server.send(
                        "GET",
                        CAMERAS + "?limit=2&cursor=" + first.path("nextCursor").asText(),
                        "")
                .body());
        JsonNode third = JSON.readTree(server.send(
                        "GET",
                        CAMERAS + "?limit=2&cursor=" + second.path("nextCursor").asText(),
                        "")
                .body());

        assertThat(names(first)).containsExactly("Alpha", "Bravo");
        assertThat(names(second)).containsExactly("charlie", "delta");
        assertThat(names(third)).containsExactly("echo");
        assertThat(third.has("nextCursor")).isFalse();
        assertThat(names(JSON.readTree(
                        server.send("GET", CAMERAS + "?filter=WEST", "").body())))
                .containsExactly("echo");
        assertThat(server.send("GET", CAMERAS + "?limit=0", "").body()).contains("/problems/malformed", "\"limit\"");
        assertThat(server.send("GET", CAMERAS + "?sort=name", "").statusCode()).isEqualTo(400);
        assertThat(server.send("GET", CAMERAS + "?cursor=%C3%A4", "").body()).contains("\"cursor\"");
    }

    @Test
    void groupsDriversAndServersAreListed() throws Exception {
        server.add("a", ",\"group\":\"North\"");
        server.add("b", ",\"group\":\"north\"");
        server.add("c", ",\"group\":\"North\"");

        assertThat(JSON.readTree(server.send("GET", "/api/v1/groups", "").body())
                        .path("items")
                        .toString())
                .isEqualTo("[{\"name\":\"North\",\"cameras\":2},{\"name\":\"north\",\"cameras\":1}]");
        JsonNode driver = JSON.readTree(
                        server.send("GET", "/api/v1/drivers", "").body())
                .path("items")
                .get(0);
        assertThat(driver.path("id").asText()).isEqualTo("rtsp");
        assertThat(driver.path("version").asText()).isEqualTo("1.2.3");
        assertThat(driver.path("cameras").asInt()).isEqualTo(3);
        assertThat(driver.path("addressSchemes").toString()).isEqualTo("[\"rtsp\",\"rtsps\"]");
        assertThat(server.send("GET", "/api/v1/servers", "").body())
                .contains(server.registry().server().serverId().toString(), "\"name\":\"test-server\"");
    }

    @Test
    void whoMayOnlyWatchSeesNoConfigurationAndChangesNothing() throws Exception {
        String path = server.add("Gate", "");

        HttpResponse<String> seen = server.send("GET", path, "", "Authorization", "Bearer viewer");
        assertThat(seen.statusCode()).isEqualTo(200);
        assertThat(seen.body()).contains("Gate").doesNotContain("rtsp://", "admin");
        assertThat(JSON.readTree(seen.body()).path("permissions").toString())
                .as("what the console offers for this camera")
                .contains("\"view_live\"")
                .doesNotContain("manage_cameras", "manage_users");
        assertThat(server.send("GET", path, "").body()).contains("\"manage_cameras\"");
        assertThat(server.send("GET", CAMERAS, "", "Authorization", "Bearer viewer")
                        .body())
                .contains("Gate")
                .doesNotContain("rtsp://");
        assertThat(server.send("PATCH", path, "{\"name\":\"x\"}", "Authorization", "Bearer viewer")
                        .statusCode())
                .isEqualTo(403);
        assertThat(server.send("DELETE", path, "", "Authorization", "Bearer viewer")
                        .statusCode())
                .isEqualTo(403);
        assertThat(server.send("GET", CAMERAS, "", "Authorization", "Bearer nobody")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void aRemovedCameraIsGone() throws Exception {
        String path = server.add("Gate", "");

        assertThat(server.send("DELETE", path, "").statusCode()).isEqualTo(204);
        assertThat(server.send("DELETE", path, "").statusCode()).isEqualTo(404);
        assertThat(server.send("GET", path, "").body()).contains("/problems/not-found");
        assertThat(server.send("GET", path + "/status", "").statusCode()).isEqualTo(404);
        assertThat(server.send("GET", CAMERAS + "/not-a-uuid", "").statusCode()).isIn(400, 404);
    }

    @Test
    void absentServicesAreSaidWith503() throws Exception {
        server.registry().storeGone();
        HttpResponse<String> create =
                server.send("POST", CAMERAS, "{\"name\":\"G\",\"driver\":\"rtsp\",\"address\":\"rtsp://c/1\"}");
        assertThat(create.statusCode()).isEqualTo(503);
        assertThat(create.headers().firstValue("Retry-After")).isPresent();
        assertThat(server.send("GET", CAMERAS, "").statusCode())
                .as("what was read stays readable")
                .isEqualTo(200);

        server.registryGone();
        assertThat(server.send("GET", CAMERAS, "").statusCode()).isEqualTo(503);
    }

    private static List<String> names(JsonNode page) {
        return page.path("items").findValuesAsText("name").stream()
                .filter(name -> !name.startsWith("/"))
                .toList();
    }
}
