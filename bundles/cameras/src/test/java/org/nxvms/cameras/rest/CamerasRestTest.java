// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.ws.rs.core.Application;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nxvms.cameras.fake.FakeGuard;
import org.nxvms.cameras.fake.Registry;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.jaxrs.RestApplication;

/** What travels, on the distribution's engine; docs/design/rest.md is the other side of these stories. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CamerasRestTest {
    private static final String CAMERAS = "/api/v1/cameras";
    private static final ObjectMapper JSON = new ObjectMapper();

    private volatile Registry registry;
    private volatile CameraRegistry service;
    private TestServer server;

    @BeforeAll
    void startServer() throws Exception {
        Supplier<CameraRegistry> now = () -> service;
        server = new TestServer(Map.of(
                CAMERAS,
                application(new CamerasResource(now)),
                "/api/v1/drivers",
                application(new DriversResource(now)),
                "/api/v1/groups",
                application(new GroupsResource(now)),
                "/api/v1/servers",
                application(new ServersResource(() -> registry.server()))));
    }

    @AfterAll
    void stopServer() throws Exception {
        server.close();
    }

    @BeforeEach
    void start() {
        registry = new Registry();
        service = registry.cameras();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private static Application application(Object resource) {
        AccessGuard guard = new FakeGuard();
        return new RestApplication() {
            @Override
            protected AccessGuard guard() {
                return guard;
            }

            @Override
            protected List<Object> resources() {
                return List.of(resource);
            }

            @Override
            protected List<Object> providers() {
                return List.of(new CameraProblems.OfDriver(), new CameraProblems.OfConfiguration());
            }
        };
    }

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
                .isEqualTo("{\"mode\":\"continuous\",\"streams\":[\"main\"],\"retentionDaysMax\":30,\"eventKinds\":"
                        + "[\"camera.input\",\"camera.manual\",\"camera.motion\",\"camera.tamper\"],"
                        + "\"preBufferSeconds\":5,\"postBufferSeconds\":10}");
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
    void aChangeTouchesOnlyWhatItNames() throws Exception {
        String path =
                add("Gate", ",\"group\":\"North\",\"settings\":{\"transport\":\"tcp\",\"keepalive\":\"options\"}");

        HttpResponse<String> changed = server.send(
                "PATCH",
                path,
                "{\"name\":\"Gate 2\",\"group\":null,\"settings\":{\"keepalive\":null},"
                        + "\"recording\":{\"retentionDaysMax\":7}}",
                "If-Match",
                "\"1\"");

        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(changed.headers().firstValue("ETag")).contains("\"2\"");
        JsonNode camera = JSON.readTree(changed.body());
        assertThat(camera.path("name").asText()).isEqualTo("Gate 2");
        assertThat(camera.has("group")).isFalse();
        assertThat(camera.path("settings").toString()).isEqualTo("{\"transport\":\"tcp\"}");
        assertThat(camera.path("recording").toString())
                .startsWith("{\"mode\":\"continuous\",\"streams\":[\"main\"],\"retentionDaysMax\":7,");
        assertThat(camera.path("address").asText()).isEqualTo("rtsp://cam/Gate");
        assertThat(camera.path("hasPassword").asBoolean()).isTrue();
    }

    @Test
    void thePasswordStaysUnlessItIsTakenAway() throws Exception {
        String path = add("Gate", "");

        server.send("PATCH", path, "{\"username\":\"root\"}");
        assertThat(registry.driver.opened).last().satisfies(target -> assertThat(
                        target.credentials().orElseThrow().password())
                .isEqualTo("geheim"));
        JsonNode without = JSON.readTree(
                server.send("PATCH", path, "{\"credentials\":null}").body());
        assertThat(without.path("hasPassword").asBoolean()).isFalse();
        assertThat(without.has("username")).isFalse();
        JsonNode again =
                JSON.readTree(server.send("PATCH", path, "{\"credentials\":{\"username\":\"x\",\"password\":\"y\"}}")
                        .body());
        assertThat(again.path("hasPassword").asBoolean()).isTrue();
        JsonNode empty =
                JSON.readTree(server.send("PATCH", path, "{\"password\":null}").body());
        assertThat(empty.path("hasPassword").asBoolean()).isFalse();
        assertThat(empty.path("username").asText()).isEqualTo("x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"id\":\"x\"}                                 | id",
                "{\"recording\":{\"days\":null}}                | recording.days",
                "{\"credentials\":{\"user\":\"x\"}}             | credentials.user",
                "{\"url\":\"rtsp://a/1\",\"address\":\"rtsp://b/1\"} | url",
                "{\"name\":null}                                | name",
                "{\"enabled\":1}                                | enabled",
            })
    void aChangeOfWhatIsNotThereIsRefused(String patch, String field) throws Exception {
        String path = add("Gate", "");

        HttpResponse<String> answer = server.send("PATCH", path, patch);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body())
                        .path("errors")
                        .get(0)
                        .path("field")
                        .asText())
                .isEqualTo(field);
        assertThat(server.send("GET", path, "").headers().firstValue("ETag")).contains("\"1\"");
    }

    @Test
    void aStaleChangeIsRefused() throws Exception {
        String path = add("Gate", "");
        server.send("PATCH", path, "{\"name\":\"A\"}");

        HttpResponse<String> stale = server.send("PATCH", path, "{\"name\":\"B\"}", "If-Match", "\"1\"");

        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(stale.body()).contains("/problems/precondition-failed", "version 2");
        assertThat(server.send("PATCH", path, "{\"name\":\"B\"}", "If-Match", "1")
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.send("GET", path, "").body()).contains("\"name\":\"A\"");
    }

    @Test
    void camerasAreListedInPagesByName() throws Exception {
        for (String name : List.of("delta", "Alpha", "charlie", "Bravo", "echo")) {
            add(name, name.equals("echo") ? ",\"group\":\"West\"" : "");
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
        add("a", ",\"group\":\"North\"");
        add("b", ",\"group\":\"north\"");
        add("c", ",\"group\":\"North\"");

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
                .contains(registry.server().serverId().toString(), "\"name\":\"test-server\"");
    }

    @Test
    void whoMayOnlyWatchSeesNoConfigurationAndChangesNothing() throws Exception {
        String path = add("Gate", "");

        HttpResponse<String> seen = server.send("GET", path, "", "Authorization", "Bearer viewer");
        assertThat(seen.statusCode()).isEqualTo(200);
        assertThat(seen.body()).contains("Gate").doesNotContain("rtsp://", "admin");
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
        String path = add("Gate", "");

        assertThat(server.send("DELETE", path, "").statusCode()).isEqualTo(204);
        assertThat(server.send("DELETE", path, "").statusCode()).isEqualTo(404);
        assertThat(server.send("GET", path, "").body()).contains("/problems/not-found");
        assertThat(server.send("GET", path + "/status", "").statusCode()).isEqualTo(404);
        assertThat(server.send("GET", CAMERAS + "/not-a-uuid", "").statusCode()).isIn(400, 404);
    }

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
        registry.ingest.probeFailures.put("/1", new DriverException(kind, "the camera did it"));

        HttpResponse<String> answer =
                server.send("POST", CAMERAS + "/probe", "{\"driver\":\"rtsp\",\"address\":\"rtsp://cam/1\"}");

        assertThat(answer.statusCode()).isEqualTo(422);
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.path("type").asText()).isEqualTo(type);
        assertThat(problem.path("detail").asText()).isEqualTo("The camera did it.");
        assertThat(registry.store.rows).isEmpty();
        assertThat(registry.ingest.disturbances).isEmpty();
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
        assertThat(registry.store.rows).isEmpty();
    }

    @Test
    void absentServicesAreSaidWith503() throws Exception {
        registry.storeGone();
        HttpResponse<String> create =
                server.send("POST", CAMERAS, "{\"name\":\"G\",\"driver\":\"rtsp\",\"address\":\"rtsp://c/1\"}");
        assertThat(create.statusCode()).isEqualTo(503);
        assertThat(create.headers().firstValue("Retry-After")).isPresent();
        assertThat(server.send("GET", CAMERAS, "").statusCode())
                .as("what was read stays readable")
                .isEqualTo(200);

        service = null;
        assertThat(server.send("GET", CAMERAS, "").statusCode()).isEqualTo(503);
    }

    private String add(String name, String more) throws Exception {
        HttpResponse<String> created = server.send(
                "POST",
                CAMERAS,
                "{\"name\":\"" + name + "\",\"driver\":\"rtsp\",\"address\":\"rtsp://cam/" + name
                        + "\",\"username\":\"admin\",\"password\":\"geheim\"" + more + "}");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return CAMERAS + "/" + JSON.readTree(created.body()).path("id").asText();
    }

    private static List<String> names(JsonNode page) {
        return page.path("items").findValuesAsText("name").stream()
                .filter(name -> !name.startsWith("/"))
                .toList();
    }
}
