// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.archive.EvidenceLock;
import org.nxvms.platform.api.archive.EvidenceLocks;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.FakeRegistry;

/** Evidence locks over HTTP. */
class LocksRestTest {
    /** Locks in memory; says no when it is told to. */
    private final List<EvidenceLock> held = new ArrayList<>();

    private volatile boolean diskFails;
    private final EvidenceLocks book = new EvidenceLocks() {
        @Override
        public List<EvidenceLock> locks() {
            return List.copyOf(held);
        }

        @Override
        public void lock(EvidenceLock lock) throws IOException {
            if (diskFails) {
                throw new IOException("No space left on device");
            }
            held.add(lock);
        }

        @Override
        public boolean unlock(UUID id, String by) {
            return held.removeIf(lock -> lock.id().equals(id));
        }
    };

    private static final UUID OTHER = new UUID(4, 4);
    private final FakeRegistry registry = new FakeRegistry(FakeArchive.CAMERA, OTHER);
    private RestServer server;

    @BeforeEach
    void start() {
        server = new RestServer()
                .mount(
                        LocksResource.BASE,
                        new LocksResource(() -> book, registry.named(new FakeArchive()), () -> 1_800_000_000_000L))
                .start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return server.send(method, path, body);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, "");
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }

    @Test
    void aLockIsMadeListedAndTakenBack() throws Exception {
        String body = "{\"cameraIds\":[\"" + FakeArchive.CAMERA + "\"],\"from\":\"2026-11-22T14:00:00Z\",\"to\":"
                + "\"2026-11-22T15:00:00Z\",\"reason\":\"theft\"}";
        HttpResponse<String> made = send("POST", "/api/v1/locks", body);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        String id = json(made).get("id").textValue();
        assertThat(URI.create(made.headers().firstValue("Location").orElseThrow())
                        .getPath())
                .isEqualTo("/api/v1/locks/" + id);
        assertThat(json(get("/api/v1/locks")).get("items").get(0)).isEqualTo(json(made));
        assertThat(json(get("/api/v1/locks/" + id)).get("from").textValue()).isEqualTo("2026-11-22T14:00:00.000Z");

        String tag = get("/api/v1/locks/" + id).headers().firstValue("ETag").orElseThrow();
        assertThat(server.send("GET", "/api/v1/locks/" + id, "", "If-None-Match", tag)
                        .statusCode())
                .isEqualTo(304);
        assertThat(server.send("DELETE", "/api/v1/locks/" + id, "", "If-Match", "\"other\"")
                        .statusCode())
                .isEqualTo(412);
        assertThat(server.send("DELETE", "/api/v1/locks/" + id, "", "If-Match", tag)
                        .statusCode())
                .isEqualTo(204);
        assertThat(send("DELETE", "/api/v1/locks/" + id, "").statusCode()).isEqualTo(404);
        diskFails = true;
        HttpResponse<String> refused = send("POST", "/api/v1/locks", body);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("does not hold").contains("No space left");
    }

    private String lock(UUID camera, long fromMs, long toMs, String reason) throws Exception {
        HttpResponse<String> made = send(
                "POST",
                "/api/v1/locks",
                "{\"cameraIds\":[\"" + camera + "\"],\"from\":\"" + fromMs + "\",\"to\":\"" + toMs + "\",\"reason\":\""
                        + reason + "\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return json(made).get("id").textValue();
    }

    private List<String> found(String query) throws Exception {
        JsonNode page = server.json("/api/v1/locks?" + query);
        List<String> ids = new ArrayList<>();
        page.get("items").forEach(item -> ids.add(item.get("id").textValue()));
        return ids;
    }

    @Test
    void locksAreSearchedByTimeCameraAndWordsPageByPage() throws Exception {
        String theft = lock(FakeArchive.CAMERA, 1_000, 2_000, "Theft at the gate");
        String fire = lock(OTHER, 2_000, 3_000, "Fire");
        assertThat(found("from=1500&to=1600")).containsExactly(theft);
        assertThat(found("from=2000")).containsExactly(fire);
        assertThat(found("to=2000")).containsExactly(theft);
        assertThat(found("cameras=" + OTHER)).containsExactly(fire);
        assertThat(found("text=GATE%20vera")).containsExactly(theft);
        assertThat(found("text=gate%20fire")).isEmpty();

        JsonNode first = server.json("/api/v1/locks?limit=1");
        assertThat(first.get("items")).hasSize(1);
        List<String> both = new ArrayList<>(List.of(first.at("/items/0/id").textValue()));
        both.addAll(found("limit=1&cursor=" + first.get("nextCursor").textValue()));
        assertThat(both).containsExactlyInAnyOrder(theft, fire);

        server.guard.hidden.add(OTHER);
        assertThat(found("cameras=" + OTHER)).isEmpty();
        assertThat(found("")).containsExactly(theft);
        RestServer.assertProblem(server.get("/api/v1/locks?cameras=x"), 400, "cameras");
        RestServer.assertProblem(server.get("/api/v1/locks?cursor=x"), 400, "cursor");
        RestServer.assertProblem(server.get("/api/v1/locks?from=2&to=1"), 422, "to");
    }

    @Test
    void whoLocksAndWhoTakesALockBackIsNoted() throws Exception {
        String id = lock(FakeArchive.CAMERA, 1_000, 2_000, "theft");
        server.guard.missingAt.put(FakeArchive.CAMERA, Set.of(Permission.LOCK_EVIDENCE));
        assertThat(send("DELETE", "/api/v1/locks/" + id, "").statusCode()).isEqualTo(404);
        server.guard.missingAt.clear();
        assertThat(send("DELETE", "/api/v1/locks/" + id, "").statusCode()).isEqualTo(204);
        assertThat(server.notes)
                .extracting(note -> note.action() + " " + note.subject() + " " + note.done() + " "
                        + note.actor().name())
                .containsExactly(
                        "lock.added lock/" + id + " true vera",
                        "lock.removed lock/" + id + " false vera",
                        "lock.removed lock/" + id + " true vera");
        assertThat(server.notes.get(0).after()).containsEntry("reason", "theft");
        assertThat(server.notes.get(2).before())
                .containsEntry("reason", "theft")
                .containsEntry("from", "1970-01-01T00:00:01Z");
    }

    @Test
    void aLockThatCannotBeNamesTheField() throws Exception {
        HttpResponse<String> none = send("POST", "/api/v1/locks", "{\"cameraIds\":[],\"from\":\"1\",\"to\":\"2\"}");
        assertThat(none.statusCode()).isEqualTo(422);
        assertThat(none.body()).contains("cameraIds");
        HttpResponse<String> backwards = send(
                "POST",
                "/api/v1/locks",
                "{\"cameraIds\":[\"" + FakeArchive.CAMERA + "\"],\"from\":\"2\",\"to\":\"2\"}");
        assertThat(backwards.statusCode()).isEqualTo(422);
        assertThat(backwards.body()).contains("later than");
    }
}
