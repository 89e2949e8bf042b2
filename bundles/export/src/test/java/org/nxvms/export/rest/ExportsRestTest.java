// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.nxvms.export.job.ExportScene.GATE;
import static org.nxvms.export.job.ExportScene.SECOND_US;
import static org.nxvms.export.job.ExportScene.T0;
import static org.nxvms.export.job.ExportScene.YARD;
import static org.nxvms.export.job.ExportScene.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.cxf.jaxrs.servlet.CXFNonSpringJaxrsServlet;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.export.job.ExportScene;
import org.nxvms.export.job.Exports;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.KnownCameras;
import org.nxvms.platform.api.export.BurnIn;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.test.kit.NotedTrail;
import org.nxvms.test.kit.TestCamera;

/** Exports over HTTP. */
class ExportsRestTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BASE = "/api/v1/exports";

    @TempDir
    Path folder;

    private final FakeGuard guard = new FakeGuard();
    private final NotedTrail trail = new NotedTrail();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    /** Cameras that are configured. */
    private final Set<UUID> configured = ConcurrentHashMap.newKeySet();

    private final CameraRegistry registry = (CameraRegistry) Proxy.newProxyInstance(
            CameraRegistry.class.getClassLoader(),
            new Class<?>[] {CameraRegistry.class},
            (self, method, arguments) -> Optional.of((UUID) arguments[0])
                    .filter(configured::contains)
                    .map(ExportsRestTest::camera));
    private ExportScene scene;
    private Exports exports;

    @BeforeEach
    void start() throws Exception {
        scene = new ExportScene(folder);
        configured.addAll(List.of(GATE, YARD));
        scene.record(StreamId.main(GATE), T0, 20);
        exports = scene.start();
        ExportsResource resource = new ExportsResource(
                () -> exports,
                scene::archive,
                scene::keys,
                new NamedCameras(new KnownCameras(() -> registry, scene::archive)),
                ExportScene.SERVER,
                () -> scene.nowUs.get() / 1_000);
        RestApplication application = new RestApplication() {
            @Override
            protected AccessGuard guard() {
                return guard;
            }

            @Override
            protected AuditTrail audit() {
                return trail;
            }

            @Override
            protected List<Object> resources() {
                return List.of(resource);
            }
        };
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(new CXFNonSpringJaxrsServlet(application)), BASE + "/*");
        server.setHandler(context);
        server.start();
    }

    private static Camera camera(UUID id) {
        return TestCamera.of(id).ofServer(ExportScene.SERVER).camera();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        scene.close();
    }

    private HttpRequest.Builder request(String path) {
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + FakeGuard.TOKEN);
    }

    private HttpResponse<String> send(String method, String path, Object body) throws Exception {
        return client.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private int remove(String path, String ifMatch) throws Exception {
        return client.send(
                        request(path).header("If-Match", ifMatch).DELETE().build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> verify(byte[] zip) throws Exception {
        return client.send(
                request(BASE + "/verify")
                        .header("Content-Type", "application/zip")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(zip))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    private static Map<String, Object> draft(long fromUs, long toUs, UUID... cameras) {
        return Map.of(
                "cameraIds", List.of(cameras), "from", "" + fromUs / 1_000, "to", "" + toUs / 1_000, "reason", "theft");
    }

    private void assertRefused(int status, String field, Object body) throws Exception {
        HttpResponse<String> answer = send("POST", BASE, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        if (!field.isEmpty()) {
            assertThat(json(answer).get("errors").get(0).get("field").asText()).isEqualTo(field);
        }
    }

    @Test
    void anExportIsOrderedFollowedVerifiedAndRemovedAndTheAuditHasAllOfIt() throws Exception {
        HttpResponse<String> made = send("POST", BASE, draft(T0, T0 + 20 * SECOND_US, GATE));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        String id = json(made).get("id").asText();
        assertThat(URI.create(made.headers().firstValue("Location").orElseThrow())
                        .getPath())
                .isEqualTo(BASE + "/" + id);
        assertThat(json(made).get("bytesExpected").asLong()).isGreaterThan(1_900_000);
        await(() ->
                exports.find(UUID.fromString(id)).orElseThrow().job().finished().isPresent());
        JsonNode done = json(get(BASE + "/" + id));
        assertThat(done.get("state").asText()).as(done.toString()).isEqualTo("done");
        assertThat(done.get("createdBy").asText()).isEqualTo("anna");
        assertThat(done.get("form").asText()).isEqualTo("mp4");
        assertThat(done.get("cut").asText()).isEqualTo("key_frame");
        assertThat(done.get("sound").asBoolean()).isTrue();
        assertThat(done.get("url").asText()).isEqualTo("/media/v1/exports/" + id);
        assertThat(json(get(BASE)).get("items").get(0)).isEqualTo(done);

        byte[] zip = Files.readAllBytes(exports.whole(UUID.fromString(id)).orElseThrow());
        assertThat(done.get("bytesDone").asLong()).isEqualTo(zip.length);
        JsonNode good = json(verify(zip));
        assertThat(good.get("intact").asBoolean()).as(good.toString()).isTrue();
        assertThat(good.get("exportId").asText()).isEqualTo(id);
        assertThat(good.get("reason").asText()).isEqualTo("theft");
        assertThat(good.get("cut").asText()).isEqualTo("key_frame");
        assertThat(good.get("burnedIn").asBoolean(true)).isFalse();
        assertThat(good.get("encoded").asInt(-1)).isZero();
        zip[zip.length / 2] ^= 1;
        JsonNode bad = json(verify(zip));
        assertThat(bad.get("intact").asBoolean()).isFalse();
        assertThat(bad.get("faults").get(0).get("kind").asText()).isEqualTo("altered");
        assertThat(bad.get("faults").get(0).get("fromByte").asLong()).isPositive();
        JsonNode other = json(verify("NXvms export".getBytes(StandardCharsets.US_ASCII)));
        assertThat(other.get("faults")).hasSize(1);
        assertThat(other.get("faults").get(0).get("kind").asText()).isEqualTo("not_a_package");
        assertThat(other.has("cut")).isFalse();
        HttpResponse<String> notZipped = send("POST", BASE + "/verify", Map.of());
        assertThat(notZipped.statusCode()).isEqualTo(415);
        assertThat(notZipped.body()).contains("Content-Type: application/octet-stream or application/zip.");

        String etag = get(BASE + "/" + id).headers().firstValue("ETag").orElseThrow();
        assertThat(remove(BASE + "/" + id, "\"other\"")).isEqualTo(412);
        assertThat(remove(BASE + "/" + id, etag)).isEqualTo(204);
        assertThat(send("DELETE", BASE + "/" + id, "").statusCode()).isEqualTo(404);
        assertThat(get(BASE + "/" + id).statusCode()).isEqualTo(404);
        assertThat(scene.packages()).isEmpty();
        assertThat(trail.notes)
                .extracting(AuditNote::action, AuditNote::done, AuditNote::subject)
                .containsExactly(
                        tuple("export.ordered", true, "export/" + id),
                        tuple("export.verified", true, "export/" + id),
                        tuple("export.verified", true, "export/" + id),
                        tuple("export.verified", true, "export/unknown"),
                        tuple("export.removed", false, "export/" + id),
                        tuple("export.removed", true, "export/" + id),
                        tuple("export.removed", false, "export/" + id));
        assertThat(trail.notes.get(0).after())
                .containsEntry("cameras", GATE.toString())
                .containsEntry("reason", "theft");
        assertThat(trail.notes.get(2).after()).containsEntry("intact", "false");
    }

    @Test
    void anEstimateIsWhatTheOrderWouldExpectAndNothingIsOrdered() throws Exception {
        Map<String, Object> draft = draft(T0, T0 + 20 * SECOND_US, GATE);
        HttpResponse<String> told = send("POST", BASE + "/estimate", draft);
        assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
        JsonNode whole = json(told);
        JsonNode half = json(send("POST", BASE + "/estimate", draft(T0, T0 + 10 * SECOND_US, GATE)));
        assertThat(half.get("bytes").asLong())
                .isPositive()
                .isLessThan(whole.get("bytes").asLong());
        assertThat(whole.get("segments").asInt()).isPositive();
        assertThat(whole.get("withSound")).isEmpty();
        assertThat(whole.has("objection")).isFalse();
        assertThat(scene.stored()).isEmpty();
        assertThat(trail.notes).isEmpty();
        JsonNode ordered = json(send("POST", BASE, draft));
        assertThat(ordered.get("bytesExpected")).isEqualTo(whole.get("bytes"));
    }

    @Test
    void anEstimateTellsThatTheOrderWouldNotBeTaken() throws Exception {
        Map<String, Object> draft = draft(T0, T0 + 20 * SECOND_US, GATE);
        exports.close();
        JsonNode told = json(send("POST", BASE + "/estimate", draft));
        assertThat(told.get("bytes").asLong()).isPositive();
        assertThat(json(send("POST", BASE, draft)).get("detail").asText())
                .isEqualTo(told.get("objection").asText());
    }

    @Test
    void anEstimateIsRefusedWhereTheOrderWouldBe() throws Exception {
        HttpResponse<String> nothing = send("POST", BASE + "/estimate", draft(T0, T0 + 20 * SECOND_US, YARD));
        assertThat(nothing.statusCode()).isEqualTo(422);
        assertThat(json(nothing).get("errors").get(0).get("field").asText()).isEqualTo("from");
        guard.hidden.add(GATE);
        assertThat(send("POST", BASE + "/estimate", draft(T0, T0 + SECOND_US, GATE))
                        .statusCode())
                .isEqualTo(404);
        guard.hidden.clear();
        guard.missing.add(Permission.VIEW_ARCHIVE);
        assertThat(send("POST", BASE + "/estimate", draft(T0, T0 + SECOND_US, GATE))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void anOrderThatCannotBeNamesTheFieldAndSaysWhatToDo() throws Exception {
        long end = T0 + 20 * SECOND_US;
        assertRefused(422, "to", draft(end, T0, GATE));
        assertRefused(422, "to", draft(T0, end + 3_600 * SECOND_US, GATE));
        assertRefused(422, "from", draft(end + 3_600 * SECOND_US, end + 3_601 * SECOND_US, GATE));
        assertRefused(422, "to", draft(T0 - 40L * 86_400 * SECOND_US, end, GATE));
        assertRefused(422, "from", draft(T0, end, YARD));
        assertRefused(422, "cameraIds", draft(T0, end));
        UUID[] many = new UUID[65];
        for (int i = 0; i < many.length; i++) {
            many[i] = new UUID(1, i);
        }
        assertRefused(422, "cameraIds", draft(T0, end, many));
        assertRefused(400, "from", Map.of("cameraIds", List.of(GATE), "from", "yesterday", "to", "1"));
        assertRefused(400, "cut", Map.of("cameraIds", List.of(GATE), "from", "1", "to", "2", "cut", "rough"));
        assertRefused(
                422,
                "cut",
                Map.of("cameraIds", List.of(GATE), "from", "1", "to", "2", "cut", "exact", "form", "chunks"));
        assertRefused(
                422,
                "sound",
                Map.of("cameraIds", List.of(GATE), "from", "1", "to", "2", "sound", false, "form", "chunks"));
        assertRefused(400, "form", Map.of("cameraIds", List.of(GATE), "from", "1", "to", "2", "form", "avi"));
        assertRefused(
                422, "reason", Map.of("cameraIds", List.of(GATE), "from", "1", "to", "2", "reason", "x".repeat(501)));
        assertRefused(
                422,
                "reason",
                Map.of("cameraIds", List.of(GATE), "from", "1", "to", "2", "reason", "a" + (char) 0 + "b"));
        assertRefused(422, "reason", Map.of("cameraIds", List.of(GATE), "from", "1", "to", "2", "reason", "a\nb"));
        Map<String, Object> nobody = Map.of("cameraIds", Collections.singletonList(null), "from", "1", "to", "2");
        assertRefused(422, "cameraIds", nobody);
        assertThat(scene.stored()).isEmpty();
    }

    private static Map<String, Object> burned(String form, Object overlay, Object masks) {
        Map<String, Object> order = new HashMap<>(draft(T0, T0 + 20 * SECOND_US, GATE));
        order.put("form", form);
        if (overlay != null) {
            order.put("overlay", overlay);
        }
        if (masks != null) {
            order.put("masks", masks);
        }
        return order;
    }

    private static Map<String, Object> mask(UUID camera, Object points) {
        return Map.of("cameraId", camera, "points", points);
    }

    private static final List<List<Double>> CORNERS =
            List.of(List.of(0.25, 0.0), List.of(1.0, 0.0), List.of(1.0, 0.5), List.of(0.25, 0.5));

    @Test
    void whatIsBurnedInIsStoredShownAndInTheAudit() throws Exception {
        HttpResponse<String> made = send(
                "POST",
                BASE,
                burned(
                        "mkv",
                        Map.of("text", " Case 4711 ", "time", true, "zone", "Europe/Berlin"),
                        List.of(mask(GATE, CORNERS))));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        JsonNode shown = json(get(BASE + "/" + json(made).get("id").asText()));
        assertThat(shown.get("overlay"))
                .isEqualTo(JSON.readTree(
                        "{\"text\":\"Case 4711\",\"time\":true,\"user\":false,\"zone\":\"Europe/Berlin\"}"));
        assertThat(shown.at("/masks/0/cameraId").asText()).isEqualTo(GATE.toString());
        assertThat(shown.at("/masks/0/points")).isEqualTo(JSON.valueToTree(CORNERS));
        BurnIn stored = scene.stored().get(0).order().burnIn();
        assertThat(stored.text()).isEqualTo("Case 4711");
        assertThat(stored.masksOf(GATE)).hasSize(1);
        assertThat(json(made).get("bytesExpected").asLong())
                .as("twice the footage: what is encoded anew is made with more bits")
                .isGreaterThan(3_800_000);
        assertThat(trail.notes.get(0).after())
                .containsEntry("overlay", "text  Case 4711 , time Europe/Berlin")
                .containsEntry("masks", "1")
                .containsEntry("mask1", GATE + " 0.25,0.0 1.0,0.0 1.0,0.5 0.25,0.5");
        assertThat(json(send("POST", BASE, draft(T0, T0 + SECOND_US, GATE))).has("overlay"))
                .isFalse();
    }

    @Test
    void whatCannotBeBurnedInNamesTheFieldAndSaysWhatToDo() throws Exception {
        Object time = Map.of("time", true);
        List<Object> one = List.of(mask(GATE, CORNERS));
        assertRefused(422, "overlay", burned("chunks", time, null));
        assertRefused(422, "masks", burned("chunks", null, one));
        assertRefused(422, "overlay", burned("mp4", Map.of(), null));
        assertRefused(422, "overlay", burned("mp4", Map.of("text", "  ", "user", false), null));
        assertRefused(422, "overlay.text", burned("mp4", Map.of("text", "x".repeat(101)), null));
        assertRefused(422, "overlay.text", burned("mp4", Map.of("text", "a\nb"), null));
        assertRefused(422, "overlay.text", burned("mp4", Map.of("text", "\u4e2d"), null));
        assertRefused(422, "overlay.zone", burned("mp4", Map.of("time", true, "zone", "Mars/Olympus"), null));
        assertRefused(422, "masks[0].cameraId", burned("mp4", null, List.of(mask(YARD, CORNERS))));
        assertRefused(422, "masks[0].points", burned("mp4", null, List.of(mask(GATE, CORNERS.subList(0, 2)))));
        assertRefused(
                422,
                "masks[1].points",
                burned(
                        "mp4",
                        null,
                        List.of(mask(GATE, CORNERS), mask(GATE, Collections.nCopies(17, List.of(0.5, 0.5))))));
        for (List<Double> corner :
                List.of(List.of(0.5), List.of(0.5, 1.01), List.of(-0.1, 0.5), List.of(0.1, 0.1, 0.1))) {
            assertRefused(
                    422,
                    "masks[0].points",
                    burned("mp4", null, List.of(mask(GATE, List.of(CORNERS.get(0), CORNERS.get(1), corner)))));
        }
        assertRefused(
                422,
                "masks[0].points",
                burned("mp4", null, List.of(mask(GATE, Collections.nCopies(3, List.of(0.5, 0.5))))));
        assertRefused(422, "masks[16]", burned("mp4", null, Collections.nCopies(17, mask(GATE, CORNERS))));
        assertRefused(422, "masks", burned("mp4", null, Collections.nCopies(65, mask(GATE, CORNERS))));
        assertRefused(422, "masks[0]", burned("mp4", null, Collections.singletonList(null)));
        assertRefused(400, "masks[0].cameraId", burned("mp4", null, List.of(Map.of("points", CORNERS))));
        assertRefused(400, "overlay.time", burned("mp4", Map.of("time", "often"), null));
        assertThat(scene.stored()).isEmpty();
        assertThat(trail.notes).isNotEmpty().noneMatch(AuditNote::done);
    }

    @Test
    void eachRightOnEachCameraIsNeededAndACameraThatIsNotKnownIsNotThere() throws Exception {
        guard.hidden.add(YARD);
        assertRefused(404, "", draft(T0, T0 + SECOND_US, GATE, YARD));
        guard.missing.add(Permission.VIEW_ARCHIVE);
        assertRefused(403, "", draft(T0, T0 + SECOND_US, GATE));
        guard.missing.clear();
        HttpResponse<String> made = send("POST", BASE, draft(T0, T0 + SECOND_US, GATE));
        String path = BASE + "/" + json(made).get("id").asText();
        assertThat(get(path).statusCode()).isEqualTo(200);
        guard.hidden.add(GATE);
        assertThat(get(path).statusCode()).isEqualTo(404);
        assertThat(send("DELETE", path, "").statusCode()).isEqualTo(404);
        assertThat(json(get(BASE)).get("items")).isEmpty();
        guard.missing.add(Permission.EXPORT);
        assertThat(get(BASE).statusCode()).isEqualTo(403);
        assertThat(verify(new byte[0]).statusCode()).isEqualTo(403);
    }

    /** Else a package would be signed of a camera that never was. */
    @Test
    void aMistypedCameraIsRefusedWhereItStandsAndARemovedOneIsExported() throws Exception {
        UUID mistyped = new UUID(6, 6);
        for (String path : List.of(BASE, BASE + "/estimate")) {
            HttpResponse<String> refused = send("POST", path, draft(T0, T0 + SECOND_US, GATE, mistyped));
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(404);
            assertThat(json(refused).at("/errors")).singleElement().satisfies(error -> {
                assertThat(error.path("field").asText()).isEqualTo("cameraIds");
                assertThat(error.path("detail").asText())
                        .isEqualTo(Problem.noCamera(mistyped).detail());
            });
            guard.hidden.add(YARD);
            assertThat(send("POST", path, draft(T0, T0 + SECOND_US, GATE, YARD))
                            .body()
                            .replace(YARD.toString(), "ID"))
                    .isEqualTo(refused.body().replace(mistyped.toString(), "ID"));
        }
        assertThat(scene.stored()).isEmpty();
        configured.remove(GATE);
        assertThat(send("POST", BASE, draft(T0, T0 + SECOND_US, GATE)).statusCode())
                .as("its footage is there")
                .isEqualTo(201);
    }
}
