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
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.archive.EvidenceLock;
import org.nxvms.platform.api.archive.EvidenceLocks;
import org.nxvms.playback.FakeArchive;

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

    private RestServer server;

    @BeforeEach
    void start() {
        server = new RestServer()
                .mount(LocksResource.BASE, new LocksResource(() -> book, () -> 1_800_000_000_000L))
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

        assertThat(send("DELETE", "/api/v1/locks/" + id, "").statusCode()).isEqualTo(204);
        assertThat(send("DELETE", "/api/v1/locks/" + id, "").statusCode()).isEqualTo(404);
        diskFails = true;
        HttpResponse<String> refused = send("POST", "/api/v1/locks", body);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("does not hold").contains("No space left");
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
