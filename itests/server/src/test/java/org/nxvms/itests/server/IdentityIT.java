// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;

/** Who one is and what one may, on the packed server: sessions, keys, rights, and what of it is in the audit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IdentityIT {
    /** All that strangers are answered: how else would they sign in, and a balancer know that the server is alive. */
    static final Set<String> FOR_NOBODY = Set.of(
            "POST /api/v1/auth/login",
            "POST /api/v1/auth/refresh",
            "POST /api/v1/auth/logout",
            "GET /api/v1/auth/outside",
            "POST /api/v1/auth/outside",
            "GET /api/v1/health");

    /** What anybody who is signed in is answered: the own account, and what is left empty of what one may not see. */
    private static final Set<String> FOR_ANYBODY = Set.of(
            "GET /api/v1/openapi.json",
            "GET /api/v1/cameras",
            "GET /api/v1/groups",
            "GET /api/v1/servers",
            "GET /api/v1/timeline",
            "GET /api/v1/archive/keys",
            "POST /api/v1/events",
            "GET /api/v1/auth/me",
            "POST /api/v1/auth/password",
            "GET /api/v1/auth/sessions",
            "DELETE /api/v1/auth/sessions",
            "GET /api/v1/auth/totp",
            "POST /api/v1/auth/totp",
            "POST /api/v1/auth/totp/confirm",
            "POST /api/v1/auth/totp/recovery-codes",
            "POST /api/v1/auth/totp/remove",
            "GET /api/v1/api-keys",
            "POST /api/v1/api-keys");

    /** Of one's own account or found by no camera in the path: for a guest there is no such thing. */
    private static final Set<String> NOTHING_THERE = Set.of(
            "DELETE /api/v1/auth/sessions/{id}",
            "DELETE /api/v1/api-keys/{id}",
            "GET /api/v1/archive/segments/{id}/index");

    /** What a viewer may do with a camera; everything else with it is refused. */
    private static final Set<String> FOR_VIEWERS = Set.of(
            "POST /api/v1/live/{cameraId}/whep",
            "DELETE /api/v1/live/{cameraId}/whep/{id}",
            "GET /api/v1/cameras/{id}",
            "GET /api/v1/cameras/{id}/status",
            "GET /api/v1/cameras/{id}/snapshot",
            "GET /api/v1/cameras/{id}/device/io",
            "GET /api/v1/cameras/{id}/edge-recordings",
            "GET /api/v1/archive/{cameraId}/segments",
            "GET /api/v1/archive/{cameraId}/range",
            "GET /api/v1/archive/{cameraId}/coverage");

    private static final String PASSWORD = "Look-at-this-9-gate";

    private final HttpClient client = HttpClient.newHttpClient();
    private PackedServer server;
    private CameraFarm farm;
    private Api admin;
    private UUID gate;
    private UUID vault;

    @BeforeAll
    void aGateAndAVault() throws Exception {
        farm = Farms.start(1);
        server = PackedServer.unpacked("identity");
        ApiContract.hold(server);
        admin = server.start();
        gate = UUID.fromString(camera("Gate", "North/Gate"));
        vault = UUID.fromString(camera("Vault", "South"));
    }

    @AfterAll
    void stop() throws Exception {
        if (server != null) {
            server.close();
        }
        if (farm != null) {
            farm.close();
        }
        ApiContract.assertHeld(server);
    }

    private String camera(String name, String group) {
        return admin.post(
                        "/api/v1/cameras",
                        Map.of("name", name, "driver", "rtsp", "address", Farms.main(farm, 1), "group", group))
                .expect(201)
                .json()
                .get("id")
                .asText();
    }

    private String user(String name, String role) {
        return admin.post(
                        "/api/v1/users",
                        Map.of("username", name, "password", PASSWORD, "role", role, "mustChangePassword", false))
                .expect(201)
                .json()
                .get("id")
                .asText();
    }

    private String grant(String user, String role, String scope) {
        return admin.post("/api/v1/users/" + user + "/grants", Map.of("role", role, "scope", scope))
                .expect(201)
                .json()
                .get("id")
                .asText();
    }

    private String token(String name) {
        return admin.login(name, PASSWORD).expect(200).json().get("accessToken").asText();
    }

    @Test
    void eachOperationAnswersWhoMayAndNobodyElse() throws Exception {
        AccessMatrix matrix = new AccessMatrix(admin);
        assertThat(matrix.operations()).hasSizeGreaterThan(90);
        user("gwen", "guest");
        grant(user("nora", "guest"), "viewer", "group/North");
        String guest = token("gwen");
        String viewer = token("nora");
        List<String> wrong = new ArrayList<>();
        Set<String> forNobody = new TreeSet<>();
        Set<String> forAnybody = new TreeSet<>();
        Set<String> forViewers = new TreeSet<>();
        for (AccessMatrix.Operation operation : matrix.operations()) {
            int asNobody = matrix.call(operation, "", vault).status();
            if (asNobody != 401) {
                forNobody.add(operation.toString());
            }
            if (FOR_NOBODY.contains(operation.toString())) {
                continue;
            }
            int asGuest = matrix.call(operation, guest, vault).status();
            boolean hidden404 = operation.isOfCamera() || NOTHING_THERE.contains(operation.toString());
            if (asGuest != (hidden404 ? 404 : 403)) {
                forAnybody.add(operation.toString());
            }
            int asAdmin =
                    matrix.call(operation, admin.token(), UUID.randomUUID()).status();
            if (asAdmin == 401 || asAdmin == 403 || asAdmin >= 500 && asAdmin != 503) {
                wrong.add(operation + " answers an administrator " + asAdmin);
            }
            if (operation.isOfCamera()) {
                if (matrix.call(operation, viewer, gate).status() != 403) {
                    forViewers.add(operation.toString());
                }
                UUID absent = UUID.randomUUID();
                for (String token : List.of(guest, viewer)) {
                    AccessMatrix.Answer hidden =
                            matrix.call(operation, token, vault).without(vault);
                    if (hidden.status() != 404
                            || !hidden.equals(
                                    matrix.call(operation, token, absent).without(absent))) {
                        wrong.add(operation + " tells a hidden camera from one that is not there: " + hidden);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(FOR_NOBODY).containsAll(forNobody);
        assertThat(forAnybody).containsExactlyInAnyOrderElementsOf(FOR_ANYBODY);
        assertThat(forViewers).containsExactlyInAnyOrderElementsOf(FOR_VIEWERS);
        assertThat(matrix.get("/api/v1/cameras", viewer).body())
                .contains(gate.toString())
                .doesNotContain(vault.toString());
        assertThat(matrix.get("/api/v1/cameras", guest).body()).isEqualTo("{\"items\":[]}");
    }

    @Test
    void mediaAreForWhoMaySeeTheirCamera() throws Exception {
        AccessMatrix matrix = new AccessMatrix(admin);
        user("gus", "guest");
        grant(user("nick", "guest"), "viewer", "group/North");
        String guest = token("gus");
        String viewer = token("nick");
        JsonNode seen = segment(gate);
        JsonNode hidden = segment(vault);
        String unknown =
                matrix.get("/media/v1/segments/" + UUID.randomUUID(), viewer).body();
        for (String path : List.of(
                "/media/v1/segments/" + seen.get("id").asText(),
                "/media/v1/init/" + seen.get("initId").asText(),
                "/media/v1/archive/" + gate + "/index.m3u8?from=" + seen.get("startMs") + "&to="
                        + (seen.get("startMs").asLong() + 60_000),
                "/media/v1/archive/" + gate + "/thumbnail.jpg?at=" + seen.get("startMs"),
                "/media/v1/edge/" + gate + "/x?from=1&to=2",
                "/api/v1/archive/segments/" + seen.get("id").asText() + "/index",
                "/api/v1/timeline?cameras=" + gate + "&from=1&to=2",
                "/api/v1/events/stream",
                "/metrics")) {
            assertThat(matrix.get(path, "").status()).as(path).isEqualTo(401);
            assertThat(matrix.get(path, guest).status()).as(path).isIn(403, 404);
            boolean forHealth = path.equals("/metrics");
            assertThat(matrix.get(path, viewer).status()).as(path).matches(status -> (status == 403) == forHealth);
            assertThat(matrix.get(path, admin.token()).status()).as(path).isNotIn(401, 403);
        }
        assertThat(matrix.get("/media/v1/segments/" + hidden.get("id").asText(), viewer))
                .isEqualTo(new AccessMatrix.Answer(404, unknown));
        assertThat(matrix.get("/api/v1/timeline?from=1&to=2&cameras=" + gate + "," + vault, viewer)
                        .status())
                .isEqualTo(404);

        for (String socket : List.of("/ws/v1/live/", "/ws/v1/talk/")) {
            String more = socket.contains("talk") ? "?codec=pcmu" : "";
            assertThat(Watched.open(admin, socket + gate + more, "").awaitClose())
                    .isEqualTo("401");
            String ofHidden = Watched.open(admin, socket + vault + more, viewer).awaitClose();
            assertThat(ofHidden)
                    .startsWith("4404")
                    .isEqualTo(Watched.open(admin, socket + UUID.randomUUID() + more, viewer)
                            .awaitClose());
        }
        Watched.open(admin, "/ws/v1/live/" + gate, viewer).awaitPictures();
    }

    @Test
    void aBookmarkIsForWhoMaySeeItsFootageAndChangedByWhoMaySetIt() throws Exception {
        AccessMatrix matrix = new AccessMatrix(admin);
        grant(user("nils", "guest"), "viewer", "group/North");
        String viewer = token("nils");
        long nowMs = System.currentTimeMillis();
        Map<String, Object> draft = Map.of(
                "cameraIds",
                List.of(gate, vault),
                "from",
                Instant.ofEpochMilli(nowMs).toString(),
                "title",
                "Theft",
                "tags",
                List.of("police"));
        String both = admin.post("/api/v1/bookmarks", draft)
                .expect(201)
                .json()
                .get("id")
                .asText();
        Map<String, Object> hidden = new HashMap<>(draft);
        hidden.put("cameraIds", List.of(vault));
        String ofVault = admin.post("/api/v1/bookmarks", hidden)
                .expect(201)
                .json()
                .get("id")
                .asText();

        assertThat(matrix.get("/api/v1/bookmarks?tags=police&text=THEFT", viewer)
                        .body())
                .contains(both, gate.toString(), "\"editable\":false")
                .doesNotContain(ofVault, vault.toString());
        String never = UUID.randomUUID().toString();
        assertThat(matrix.get("/api/v1/bookmarks/" + ofVault, viewer).without(UUID.fromString(ofVault)))
                .isEqualTo(matrix.get("/api/v1/bookmarks/" + never, viewer).without(UUID.fromString(never)));
        String range = "&from=" + (nowMs - 1_000) + "&to=" + (nowMs + 1_000);
        assertThat(matrix.get("/api/v1/timeline?cameras=" + gate + range, viewer)
                        .body())
                .contains("\"title\":\"Theft\"", both)
                .doesNotContain(ofVault, vault.toString());
        admin.patch("/api/v1/bookmarks/" + both, Map.of("title", "Nothing"), "\"7\"")
                .expect(412);
        assertThat(admin.patch("/api/v1/bookmarks/" + both, Map.of("title", "Nothing"), "\"1\"")
                        .expect(200)
                        .json()
                        .get("version")
                        .asInt())
                .isEqualTo(2);
        admin.delete("/api/v1/bookmarks/" + both).expect(204);
        admin.delete("/api/v1/bookmarks/" + ofVault).expect(204);
        Waiting.until("it is in the audit", 30, () -> noted("bookmark.removed").contains("bookmark/" + ofVault));
        assertThat(noted("bookmark.removed")).contains("bookmark/" + both);
        assertThat(noted("bookmark.changed")).contains("bookmark/" + both);
    }

    private List<String> noted(String action) {
        return admin.get("/api/v1/audit?action=" + action)
                .expect(200)
                .json()
                .at("/items")
                .findValuesAsText("subject");
    }

    /** {@return a segment of a camera's footage} It records since the server started. */
    private JsonNode segment(UUID camera) {
        Instant now = Instant.now();
        Waiting.until("footage of " + camera, 60, () -> !admin.segments(
                        camera.toString(), now.minusSeconds(3_600), Instant.now())
                .isEmpty());
        return admin.segments(camera.toString(), now.minusSeconds(3_600), Instant.now())
                .get(0);
    }

    @Test
    void whatGoesOnEndsWithItsRightAndWithItsUser() throws Exception {
        String nell = user("nell", "guest");
        String granted = grant(nell, "viewer", "group/North");
        String ned = user("ned", "guest");
        grant(ned, "viewer", "camera/" + gate);
        String nells = token("nell");
        String neds = token("ned");
        Watched liveOfNell = Watched.open(admin, "/ws/v1/live/" + gate, nells);
        Watched liveOfNed = Watched.open(admin, "/ws/v1/live/" + gate, neds);
        liveOfNell.awaitPictures();
        liveOfNed.awaitPictures();
        CompletableFuture<List<String>> eventsOfNell = events(nells);
        CompletableFuture<List<String>> eventsOfNed = events(neds);

        long begunNs = System.nanoTime();
        admin.delete("/api/v1/users/" + nell + "/grants/" + granted).expect(204);
        admin.patch("/api/v1/users/" + ned, Map.of("disabled", true), "*").expect(200);

        assertThat(liveOfNell.awaitClose()).startsWith("4404");
        assertThat(eventsOfNell.get(60, TimeUnit.SECONDS)).anyMatch(line -> line.contains("forbidden"));
        assertThat(liveOfNed.awaitClose()).startsWith("4401");
        assertThat(eventsOfNed.get(60, TimeUnit.SECONDS)).anyMatch(line -> line.contains("unauthenticated"));
        assertThat(Duration.ofNanos(System.nanoTime() - begunNs))
                .as("5 s are promised; the rest is for a machine that does other things too")
                .isLessThan(Duration.ofSeconds(30));
    }

    /** {@return all that the stream of events sends, once it has ended} */
    private CompletableFuture<List<String>> events(String token) throws Exception {
        HttpResponse<Stream<String>> stream = client.send(
                HttpRequest.newBuilder(URI.create(admin.base() + "/api/v1/events/stream"))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofLines());
        assertThat(stream.statusCode()).isEqualTo(200);
        return CompletableFuture.supplyAsync(() -> stream.body().toList());
    }

    @Test
    void theClientsDoWhatTheirPagesSay() throws Exception {
        ApiClients clients = new ApiClients(server);
        clients.python();
        clients.javaScript();
    }

    private int statusOf(Api api, String path, String bearer) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api.base() + path))
                .header("Authorization", "Bearer " + bearer)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    void whatWasWithdrawnIsOutAndWhatWasDoneIsInTheAudit() throws Exception {
        Api api = new Api(server.httpPort());
        String key = api.post(
                        "/api/v1/api-keys",
                        Map.of(
                                "name",
                                "probe",
                                "scopes",
                                List.of("view_configuration"),
                                "password",
                                PackedServer.PASSWORD))
                .expect(201)
                .json()
                .get("key")
                .asText();
        assertThat(statusOf(api, "/api/v1/cameras", key)).isEqualTo(200);
        assertThat(statusOf(api, "/api/v1/users", key)).as("not in its scope").isEqualTo(403);
        assertThat(statusOf(api, "/metrics", key)).as("outside REST too").isEqualTo(403);
        int sessions =
                api.get("/api/v1/auth/sessions").expect(200).json().at("/items").size();
        api.login("admin", "not-the-password").expect(401);
        assertThat(api.get("/api/v1/auth/sessions").expect(200).json().at("/items"))
                .as("a wrong password begins none")
                .hasSize(sessions);

        JsonNode before = api.login("admin", PackedServer.PASSWORD).expect(200).json();
        Commands.Result replaced = server.shell("nxvms:signing-keys --replace-all");
        assertThat(replaced.status()).as(replaced.output()).isZero();

        assertThat(statusOf(api, "/api/v1/auth/me", before.get("accessToken").asText()))
                .isEqualTo(401);
        assertThat(statusOf(api, "/api/v1/auth/me", key)).isEqualTo(200);
        Api again = new Api(server.httpPort());
        admin = again;
        again.postText(
                        "/api/v1/auth/refresh",
                        "{\"refreshToken\":\"" + before.get("refreshToken").asText() + "\"}")
                .expect(200);
        assertThat(again.get("/api/v1/audit").expect(200).json().at("/items").findValuesAsText("action"))
                .contains("keys.replaced", "auth.login", "api_key.made");
        Commands.Result verified = server.shell("nxvms:audit-verify");
        assertThat(verified.status()).as(verified.output()).isZero();
        assertThat(verified.output()).contains("The audit is whole");
    }
}
