// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.events.fake.House.CAMERA;
import static org.nxvms.events.fake.House.until;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nxvms.events.fake.House;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;

/** Events over HTTP; docs/design/rest.md is the other side of these stories. */
class EventsHttpTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private EventsServer server;

    @BeforeEach
    void start() throws Exception {
        server = new EventsServer(folder);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void pagesGoOnWhereTheLastOneEndedAndHideWhatTheCallerMayNotSee() throws Exception {
        for (int i = 0; i < 60; i++) {
            server.publish(i % 3 == 0 ? EventsServer.HIDDEN : CAMERA, "acme.k" + i % 2, 1_000_000L * i);
        }
        server.bus.pulse(
                EventFact.of(
                        EventSource.server(House.SERVER, ""),
                        "server.started",
                        EventSeverity.INFO,
                        "",
                        EventAttributes.NONE),
                90_000_000L);
        until("all are found", () -> server.store.countNow() == 61);
        for (String token : List.of("admin", "viewer")) {
            List<String> starts = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page =
                        JSON.readTree(server.get(token, "?limit=7" + cursor).body());
                page.path("items").forEach(item -> starts.add(item.path("start").asText()));
                cursor = page.has("nextCursor")
                        ? "&cursor=" + page.path("nextCursor").asText()
                        : "";
            } while (!cursor.isEmpty());
            assertThat(starts)
                    .isSortedAccordingTo(java.util.Comparator.reverseOrder())
                    .doesNotHaveDuplicates();
            assertThat(starts).hasSize(token.equals("admin") ? 61 : 40);
        }
        assertThat(JSON.readTree(server.get("admin", "?kinds=acme.k1&from=10000&to=20000")
                                .body())
                        .path("items"))
                .hasSize(5);
        assertThat(JSON.readTree(server.get("admin", "?cameras=" + EventsServer.HIDDEN)
                                .body())
                        .path("items"))
                .hasSize(20);
        assertThat(JSON.readTree(server.get("admin", "?kinds=server.*").body()).path("items"))
                .hasSize(1);
        assertThat(server.get("viewer", "?limit=1&cameras=" + EventsServer.HIDDEN)
                        .body())
                .as("no cursor tells that something is left out")
                .isEqualTo(server.get("viewer", "?limit=1&cameras=" + UUID.randomUUID())
                        .body())
                .isEqualTo("{\"items\":[]}");
    }

    @Test
    void whoSeesManyCamerasButNotAllSeesTheEventsOfEachAndNoOthers() throws Exception {
        for (int i = 0; i < EventFilter.CAMERAS_MAX + 20; i++) {
            UUID camera = new UUID(9, i);
            server.many.add(camera);
            server.publish(camera, "acme.k", 1_000_000L * (i % 50));
            if (i % 10 == 0) {
                server.publish(EventsServer.HIDDEN, "acme.k", 1_000_000L * (i % 50));
            }
        }
        int hidden = EventFilter.CAMERAS_MAX / 10 + 2;
        until("all are found", () -> server.store.countNow() == server.many.size() + hidden);

        List<String> cameras = new ArrayList<>();
        List<String> starts = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    JSON.readTree(server.get("patrol", "?limit=130" + cursor).body());
            for (JsonNode item : page.path("items")) {
                cameras.add(item.path("cameraId").asText());
                starts.add(item.path("start").asText());
            }
            cursor = page.has("nextCursor")
                    ? "&cursor=" + page.path("nextCursor").asText()
                    : "";
        } while (!cursor.isEmpty());
        assertThat(cameras).hasSize(server.many.size()).doesNotHaveDuplicates();
        assertThat(starts).isSortedAccordingTo(java.util.Comparator.reverseOrder());
    }

    @Test
    void whatBecameOfUsersIsSeenByThoseWhoManageThem() throws Exception {
        server.bus.pulse(
                EventFact.of(
                        EventSource.user(House.SERVER),
                        EventKinds.USER_ADDED,
                        EventSeverity.INFO,
                        "",
                        EventAttributes.NONE),
                90_000_000L);
        until("it is found", () -> server.store.countNow() == 1);
        for (String token : List.of("admin", "operator", "viewer")) {
            assertThat(JSON.readTree(server.get(token, "").body()).path("items"))
                    .hasSize(token.equals("admin") ? 1 : 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "?limit=0,400,limit",
        "?limit=1001,400,limit",
        "?cursor=zz,400,cursor",
        "?kinds=Motion,400,kinds",
        "?kinds=*,400,kinds",
        "?cameras=gate,400,cameras",
        "?severity=bad,400,severity",
        "?from=soon,400,from",
        "?from=20&to=10,422,to",
        "?what=1,400,what"
    })
    void aBadQuestionIsAnsweredWithTheFieldToBlame(String query, int status, String field) throws Exception {
        HttpResponse<String> answer = server.get("admin", query);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
    }

    @Test
    void aKindThatIsNoneIsToldOnceWhatKindsAre() throws Exception {
        JsonNode answer = JSON.readTree(server.get("admin", "?kinds=Motion").body());
        assertThat(answer.path("detail").asText())
                .isEqualTo("\"kinds\" must be such as recording.gap, or families such as camera.*, not Motion.");
    }

    @Test
    void anIntegrationRaisesEventsOfItsOwn() throws Exception {
        HttpResponse<String> raised = server.post(
                "admin",
                "{\"kind\":\"acme.door_forced\",\"severity\":\"warning\",\"source\":{\"type\":\"camera\",\"id\":\""
                        + CAMERA
                        + "\"},\"detail\":\"back door\",\"attributes\":{\"door\":3,\"open\":true,\"name\":\"back\"}}");
        assertThat(raised.statusCode()).as(raised.body()).isEqualTo(201);
        JsonNode event = JSON.readTree(raised.body());
        assertThat(event.path("cameraId").asText()).isEqualTo(CAMERA.toString());
        assertThat(raised.headers().firstValue("Location").orElseThrow())
                .endsWith(EventsResource.BASE + "/" + event.path("id").asText())
                .doesNotContain("events/api");
        JsonNode again = JSON.readTree(
                server.get("viewer", "/" + event.path("id").asText()).body());
        assertThat(again).isEqualTo(event);

        String state = "{\"kind\":\"camera.input\",\"source\":{\"type\":\"camera\",\"id\":\"" + CAMERA
                + "\",\"part\":\"input/1\"},\"action\":\"%s\"}";
        HttpResponse<String> on = server.post("admin", state.formatted("hold"));
        assertThat(on.statusCode()).as(on.body()).isEqualTo(201);
        assertThat(JSON.readTree(on.body()).has("end")).isFalse();
        HttpResponse<String> off = server.post("admin", state.formatted("end"));
        assertThat(off.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(off.body()).path("id"))
                .isEqualTo(JSON.readTree(on.body()).path("id"));
        assertThat(JSON.readTree(off.body()).path("endReason").asText()).isEqualTo("over");
        assertThat(server.post("admin", state.formatted("end")).statusCode()).isEqualTo(409);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"kind\":\"recording.gap\"}|422|kind",
                "{\"kind\":\"camera.unheard_of\"}|422|kind",
                "{\"kind\":\"Door\"}|422|kind",
                "{\"kind\":\"camera.motion\"}|422|action",
                "{\"kind\":\"acme.k\",\"source\":{\"type\":\"volume\",\"id\":\"x\"}}|422|source.type",
                "{\"kind\":\"acme.k\",\"source\":{\"type\":\"camera\",\"id\":\"x\"}}|422|source.id",
                "{\"kind\":\"acme.k\",\"source\":{\"type\":\"camera\",\"id\":\"00000000-0000-0009-0000-000000000009\"}}|422|source.id",
                "{\"kind\":\"acme.k\",\"at\":\"2999-01-01T00:00:00Z\"}|422|at",
                "{\"kind\":\"acme.k\",\"action\":\"hold\",\"holdSeconds\":0}|422|holdSeconds",
                "{\"kind\":\"acme.k\",\"attributes\":{\"a\":[1]}}|422|attributes",
                "{\"kind\":\"acme.k\",\"attributes\":{\"Bad Name\":1}}|422|attributes",
                "{\"kind\":\"acme.k\",\"attributes\":{\"a\":null}}|422|attributes",
                "{\"kind\":\"acme.k\",\"colour\":\"red\"}|400|colour",
                "{}|400|kind"
            })
    void whatCannotBeRaisedIsRefusedWithTheFieldToBlame(String body, int status, String field) throws Exception {
        HttpResponse<String> answer = server.post("admin", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
        assertThat(server.bus.open(EventFilter.ALL)).isEmpty();
    }

    @Test
    void whoMayNotRaiseEventsIsRefused() throws Exception {
        assertThat(server.post("viewer", "{\"kind\":\"acme.k\"}").statusCode()).isEqualTo(403);
        assertThat(server.post(
                                "viewer",
                                "{\"kind\":\"acme.k\",\"source\":{\"type\":\"camera\",\"id\":\"" + CAMERA + "\"}}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(server.get("nobody", "").statusCode()).isEqualTo(401);
        assertThat(server.get("nobody", "/stream").statusCode()).isEqualTo(401);
        assertThat(server.get("admin", "/stream?what=1").statusCode()).isEqualTo(400);
        assertThat(server.get("admin", "/stream?lastEventId=x").statusCode()).isEqualTo(400);
    }

    @Test
    void theVocabularyIsThere() throws Exception {
        JsonNode kinds = JSON.readTree(server.get("viewer", "/kinds").body()).path("items");
        assertThat(kinds.findValuesAsText("kind")).contains("recording.gap", "camera.motion");
    }
}
