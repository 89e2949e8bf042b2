// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recording settings as they travel, and recordings by hand. */
class RecordingRestTest {
    private static final String CAMERAS = "/api/v1/cameras";
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final CamerasServer server = new CamerasServer();

    private HttpResponse<String> add(String recording) throws Exception {
        return server.send(
                "POST",
                CAMERAS,
                "{\"name\":\"Gate\",\"driver\":\"rtsp\",\"url\":\"rtsp://cam/1\",\"recording\":" + recording + "}");
    }

    private static String path(HttpResponse<String> camera) throws Exception {
        assertThat(camera.statusCode()).as(camera.body()).isEqualTo(201);
        return CAMERAS + "/" + JSON.readTree(camera.body()).path("id").asText();
    }

    @Test
    void settingsComeBackAsTheyWereGivenAndAreChangedPartByPart() throws Exception {
        String given = "{\"mode\":\"scheduled\",\"streams\":[\"main\",\"sub\"],\"retentionDaysMax\":7,"
                + "\"streamModes\":{\"sub\":\"continuous\"},"
                + "\"schedule\":{\"timeZone\":\"Europe/Berlin\",\"spans\":[{\"days\":[\"mon\",\"fri\"],"
                + "\"from\":\"08:00\",\"to\":\"24:00\",\"mode\":\"event\"}]},"
                + "\"eventKinds\":[\"camera.motion\"],\"preBufferSeconds\":3,\"postBufferSeconds\":20,"
                + "\"retentionDaysMin\":2,\"volumes\":[\"second\",\"main\"],\"backup\":[\"backup-1\"],\"fillGaps\":true}";
        HttpResponse<String> camera = add(given);
        assertThat(JSON.readTree(camera.body()).path("recording")).isEqualTo(JSON.readTree(given));

        HttpResponse<String> changed = server.send(
                "PATCH",
                path(camera),
                "{\"recording\":{\"preBufferSeconds\":9,\"streamModes\":{\"sub\":null,\"main\":\"manual\"}}}");
        JsonNode recording = JSON.readTree(changed.body()).path("recording");
        assertThat(recording.path("preBufferSeconds").asInt()).isEqualTo(9);
        assertThat(recording.path("fillGaps").asBoolean()).isTrue();
        assertThat(recording.path("streamModes").toString()).isEqualTo("{\"main\":\"manual\"}");
        assertThat(recording.path("schedule")).isEqualTo(JSON.readTree(given).path("schedule"));
    }

    @Test
    void whatWasNeverSetCanBeTakenAway() throws Exception {
        HttpResponse<String> changed = server.send(
                "PATCH",
                path(add("{\"mode\":\"continuous\"}")),
                "{\"recording\":{\"mode\":\"event\",\"streamModes\":{\"main\":null,\"sub\":null}}}");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        JsonNode recording = JSON.readTree(changed.body()).path("recording");
        assertThat(recording.path("mode").asText()).isEqualTo("event");
        assertThat(recording.path("streamModes").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {"mode":"scheduled"} | 422 | recording.schedule
            {"mode":"now and then"} | 400 | recording.mode
            {"preBufferSeconds":61} | 422 | recording.preBufferSeconds
            {"retentionDaysMax":7,"retentionDaysMin":8} | 422 | recording.retentionDaysMin
            {"volumes":["Big Disk"]} | 422 | recording.volumes
            {"volumes":["main","third"]} | 422 | recording.volumes
            {"volumes":["backup-1"]} | 422 | recording.volumes
            {"backup":["backup-2"]} | 422 | recording.backup
            {"backup":["main"]} | 422 | recording.backup
            {"postBufferSeconds":-1} | 422 | recording.postBufferSeconds
            {"eventKinds":[]} | 422 | recording.eventKinds
            {"eventKinds":["Motion!"]} | 422 | recording.eventKinds
            {"streamModes":{"sub":"event"}} | 422 | recording.streamModes.sub
            {"streamModes":{"main":"off"}} | 422 | recording.streamModes.main
            {"streamModes":{"left":"event"}} | 400 | recording.streamModes.left
            {"schedule":{"timeZone":"Mars/Base","spans":[]}} | 422 | recording.schedule.timeZone
            {"schedule":{"timeZone":"UTC","spans":[]}} | 422 | recording.schedule.spans
            {"schedule":{"spans":[]}} | 400 | recording.schedule.timeZone
            {"schedule":{"timeZone":"UTC","spans":[{"days":["mon"],"from":"8","to":"9:00","mode":"event"}]}} | 422 | recording.schedule.spans[0].from
            {"schedule":{"timeZone":"UTC","spans":[{"days":["mon"],"from":"18:00","to":"08:00","mode":"event"}]}} | 422 | recording.schedule.spans[0].to
            {"schedule":{"timeZone":"UTC","spans":[{"days":[],"from":"08:00","to":"09:00","mode":"event"}]}} | 422 | recording.schedule.spans[0].days
            {"schedule":{"timeZone":"UTC","spans":[{"days":["Monday"],"from":"08:00","to":"09:00","mode":"event"}]}} | 422 | recording.schedule.spans[0].days
            {"schedule":{"timeZone":"UTC","spans":[{"days":["mon"],"from":"08:00","to":"09:00","mode":"manual"}]}} | 422 | recording.schedule.spans[0].mode
            """)
    void whatCannotWorkIsRefusedByField(String recording, int status, String field) throws Exception {
        HttpResponse<String> answer = add(recording);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).at("/errors/0/field").asText())
                .as(answer.body())
                .isEqualTo(field);
        assertThat(JSON.readTree(answer.body()).at("/errors/0/detail").asText()).isNotEmpty();
    }

    @Test
    void recordingsAreStartedAndStoppedByHand() throws Exception {
        String camera = path(add("{\"mode\":\"manual\"}"));
        assertThat(server.send("POST", camera + "/recording/start", "{\"durationSeconds\":60}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(server.send("POST", camera + "/recording/start", "{\"streams\":[\"main\"]}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(server.send("POST", camera + "/recording/stop", "").statusCode())
                .isEqualTo(204);

        HttpResponse<String> never = server.send("POST", camera + "/recording/start", "{\"durationSeconds\":0}");
        assertThat(never.statusCode()).isEqualTo(422);
        assertThat(JSON.readTree(never.body()).at("/errors/0/field").asText()).isEqualTo("durationSeconds");
        assertThat(server.send("POST", CAMERAS + "/" + UUID.randomUUID() + "/recording/start", "{}")
                        .statusCode())
                .isEqualTo(404);
        server.send("PATCH", camera, "{\"enabled\":false}");
        assertThat(server.send("POST", camera + "/recording/start", "{}").statusCode())
                .isEqualTo(409);
    }
}
