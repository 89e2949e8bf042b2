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

/** A camera is changed part by part. */
class CameraChangesRestTest {
    private static final String CAMERAS = CamerasResource.BASE;
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final CamerasServer server = new CamerasServer();

    @Test
    void aChangeTouchesOnlyWhatItNames() throws Exception {
        String path = server.add(
                "Gate", ",\"group\":\"North\",\"settings\":{\"transport\":\"tcp\",\"keepalive\":\"options\"}");

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
        String path = server.add("Gate", "");

        server.send("PATCH", path, "{\"username\":\"root\"}");
        assertThat(server.registry()
                        .driver
                        .awaitOpened(target -> target.credentials()
                                .filter(used -> used.username().equals("root"))
                                .isPresent())
                        .credentials()
                        .orElseThrow()
                        .password())
                .isEqualTo("geheim");
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
        String path = server.add("Gate", "");

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
    void whatChangesNothingIsNoChange() throws Exception {
        String path = server.add("Gate", "");

        server.send("PATCH", path, "{}");
        HttpResponse<String> same = server.send("PATCH", path, "{\"name\":\"Gate\",\"enabled\":true}");
        assertThat(same.statusCode()).as(same.body()).isEqualTo(200);
        assertThat(same.headers().firstValue("ETag")).contains("\"1\"");

        // A password given anew cannot be compared, so it counts.
        assertThat(server.send("PATCH", path, "{\"password\":\"secret\"}")
                        .headers()
                        .firstValue("ETag"))
                .contains("\"2\"");
    }

    @Test
    void aStaleChangeIsRefused() throws Exception {
        String path = server.add("Gate", "");
        server.send("PATCH", path, "{\"name\":\"A\"}");

        HttpResponse<String> stale = server.send("PATCH", path, "{\"name\":\"B\"}", "If-Match", "\"1\"");

        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(stale.body()).contains("/problems/precondition-failed", "Read it again");
        assertThat(server.send("PATCH", path, "{\"name\":\"B\"}", "If-Match", "1")
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.send("GET", path, "").body()).contains("\"name\":\"A\"");
    }

    @Test
    void whatWasChangedMeanwhileIsNotRemoved() throws Exception {
        String path = server.add("Gate", "");
        server.send("PATCH", path, "{\"name\":\"A\"}");

        assertThat(server.send("DELETE", path, "", "If-Match", "\"1\"").statusCode())
                .isEqualTo(412);
        assertThat(server.send("GET", path, "", "If-None-Match", "\"2\"").statusCode())
                .isEqualTo(304);
        assertThat(server.send("DELETE", path, "", "If-Match", "\"2\"").statusCode())
                .isEqualTo(204);
    }
}
