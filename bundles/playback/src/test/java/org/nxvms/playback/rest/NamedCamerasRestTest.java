// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.archive.EvidenceLock;
import org.nxvms.platform.api.archive.EvidenceLocks;
import org.nxvms.platform.api.archive.FootageRemoval;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.FakeRegistry;
import org.nxvms.playback.timeline.FootageCoverage;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.rest.kit.problem.Problem;

/** Whoever mistypes the id of a camera is told so by each operation, and nobody learns of a hidden one by it. */
class NamedCamerasRestTest {
    private static final UUID NEW = new UUID(2, 1);
    private static final UUID MISTYPED = new UUID(2, 2);
    private static final UUID HIDDEN = new UUID(2, 3);
    /** Not configured any more; its footage is there. */
    private static final UUID REMOVED = FakeArchive.CAMERA;

    private static final String RANGE = "\"from\":\"1000\",\"to\":\"2000\"";

    /** @param field at which a body or query names cameras; empty where the path does */
    private record Operation(String method, String path, String body, String field) {
        String path(UUID camera) {
            return path.replace("ID", camera.toString());
        }

        String body(UUID camera) {
            return body.replace("ID", camera.toString());
        }
    }

    private static final List<Operation> ALL = List.of(
            new Operation("GET", "/api/v1/timeline?cameras=ID&from=1000&to=2000", "", "cameras"),
            new Operation("GET", "/api/v1/archive/ID/segments?from=1000&to=2000", "", ""),
            new Operation("GET", "/api/v1/archive/ID/range", "", ""),
            new Operation("GET", "/api/v1/archive/ID/coverage?from=1000&to=2000", "", ""),
            new Operation("POST", "/api/v1/locks", "{\"cameraIds\":[\"ID\"]," + RANGE + "}", "cameraIds"),
            new Operation(
                    "POST",
                    "/api/v1/bookmarks",
                    "{\"cameraIds\":[\"ID\"],\"title\":\"Door\"," + RANGE + "}",
                    "cameraIds"),
            new Operation("POST", "/api/v1/removals", "{\"cameraId\":\"ID\"," + RANGE + "}", "cameraId"));

    private final FakeArchive archive = new FakeArchive();
    private final FakeRegistry registry = new FakeRegistry(NEW, HIDDEN);
    private final MemoryBookmarks bookmarks = new MemoryBookmarks();
    private final List<EvidenceLock> locks = new ArrayList<>();
    private RestServer server;

    @BeforeEach
    void start() {
        archive.add(1_000_000, 2_000_000);
        NamedCameras named = registry.named(archive);
        EvidenceLocks book = new EvidenceLocks() {
            @Override
            public List<EvidenceLock> locks() {
                return List.copyOf(locks);
            }

            @Override
            public void lock(EvidenceLock lock) {
                locks.add(lock);
            }

            @Override
            public boolean unlock(UUID id, String by) {
                throw new UnsupportedOperationException();
            }
        };
        FootageRemoval removal = answering(
                FootageRemoval.class,
                arguments -> new FootageRemoval.Plan((UUID) arguments[0], List.of(), List.of(), List.of(), List.of()));
        EventPublisher nobody = answering(EventPublisher.class, arguments -> true);
        server = new RestServer()
                .mount(TimelineResource.BASE, new TimelineResource(() -> archive, () -> bookmarks, named, () -> 9_000))
                .mount(
                        ArchiveResource.BASE,
                        new ArchiveResource(
                                () -> archive, () -> null, () -> new FootageCoverage(archive, () -> 9_000_000), named))
                .mount(LocksResource.BASE, new LocksResource(() -> book, named, () -> 9_000))
                .mount(
                        BookmarksResource.BASE,
                        new BookmarksResource(
                                () -> bookmarks,
                                new BookmarkSearch(() -> bookmarks, registry::service),
                                named,
                                () -> nobody,
                                () -> 9_000))
                .mount(RemovalsResource.BASE, new RemovalsResource(() -> removal, named, () -> nobody, () -> 9_000))
                .start();
        server.guard.hidden.add(HIDDEN);
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private interface Answer {
        Object to(Object[] arguments);
    }

    private static <T> T answering(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> answer.to(arguments)));
    }

    private HttpResponse<String> ask(Operation operation, UUID camera) throws Exception {
        return operation.body().isEmpty()
                ? server.get(operation.path(camera))
                : server.send(operation.method(), operation.path(camera), operation.body(camera));
    }

    @Test
    void anIdOfNoCameraIsRefusedAndNamed() throws Exception {
        for (Operation operation : ALL) {
            HttpResponse<String> refused = ask(operation, MISTYPED);
            RestServer.assertProblem(refused, 404, Problem.noCamera(MISTYPED).detail());
            JsonNode errors = new ObjectMapper().readTree(refused.body()).path("errors");
            assertThat(errors.findValuesAsText("field"))
                    .as(operation.path())
                    .isEqualTo(operation.field().isEmpty() ? List.of() : List.of(operation.field()));
            assertThat(errors.toString().contains(MISTYPED.toString()))
                    .as(operation.path())
                    .isEqualTo(!operation.field().isEmpty());
        }
        assertThat(locks).isEmpty();
        assertThat(bookmarks.there).isEmpty();
    }

    @Test
    void aHiddenCameraIsSpokenOfAsOneThatIsNotThere() throws Exception {
        for (Operation operation : ALL) {
            assertThat(ask(operation, HIDDEN).body().replace(HIDDEN.toString(), "ID"))
                    .as(operation.path())
                    .isEqualTo(ask(operation, MISTYPED).body().replace(MISTYPED.toString(), "ID"));
        }
    }

    @Test
    void oneThatIsNewAndOneThatWasRemovedAreWorkedWith() throws Exception {
        for (Operation operation : ALL) {
            for (UUID camera : List.of(NEW, REMOVED)) {
                assertThat(ask(operation, camera).statusCode())
                        .as(operation.path(camera))
                        .isBetween(200, 201);
            }
        }
        assertThat(locks).hasSize(2);
        assertThat(bookmarks.there).hasSize(2);
    }

    @Test
    void eachThatIsNotThereIsNamed() throws Exception {
        HttpResponse<String> refused =
                server.get("/api/v1/timeline?cameras=" + MISTYPED + "," + NEW + "," + HIDDEN + "&from=1&to=2");
        JsonNode problem = new ObjectMapper().readTree(refused.body());
        assertThat(problem.path("errors").findValuesAsText("detail"))
                .containsExactly(
                        Problem.noCamera(MISTYPED).detail(),
                        Problem.noCamera(HIDDEN).detail());
    }

    @Test
    void aBookmarkKeepsACameraOfWhichNothingIsLeftAndTakesNoOther() throws Exception {
        HttpResponse<String> made = server.send(
                "POST", "/api/v1/bookmarks", "{\"cameraIds\":[\"" + NEW + "\"],\"title\":\"Door\",\"from\":\"1\"}");
        String path = "/api/v1/bookmarks/"
                + new ObjectMapper().readTree(made.body()).path("id").asText();
        registry.ids.remove(NEW);
        String both = "{\"cameraIds\":[\"" + NEW + "\",\"%s\"]}";
        assertThat(server.send("PATCH", path, both.formatted(REMOVED)).statusCode())
                .isEqualTo(200);
        RestServer.assertProblem(
                server.send("PATCH", path, both.formatted(MISTYPED)),
                404,
                Problem.noCamera(MISTYPED).detail());
    }
}
