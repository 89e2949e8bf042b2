// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.itests.harness.Waiting;

/** Each operation and each way of media out of the server as nobody, as somebody without the right, and as one who has it. */
abstract class AccessStories extends AccessScene {
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
            "GET /api/v1/console/extensions",
            "GET /api/v1/archive/keys",
            "GET /api/v1/known-servers",
            "PATCH /api/v1/known-servers",
            "GET /api/v1/known-servers/states",
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
            "GET /api/v1/archive/segments/{id}/index",
            "GET /media/v1/segments/{id}",
            "GET /media/v1/keyframes/{segmentId}/{file}",
            "GET /media/v1/tracks/{segmentId}/{track}/{file}");

    /** What a viewer may do with a camera; everything else with it is refused. */
    private static final Set<String> FOR_VIEWERS = Set.of(
            "POST /api/v1/live/{cameraId}/whep",
            "DELETE /api/v1/live/{cameraId}/whep/{id}",
            "GET /api/v1/cameras/{id}",
            "GET /api/v1/cameras/{id}/status",
            "GET /api/v1/cameras/{id}/snapshot",
            "GET /api/v1/cameras/{id}/device/io",
            "GET /api/v1/cameras/{id}/edge-recordings",
            "GET /api/v1/motion/masks/{cameraId}",
            "GET /api/v1/archive/{cameraId}/segments",
            "GET /api/v1/archive/{cameraId}/range",
            "GET /api/v1/archive/{cameraId}/coverage",
            "GET /media/v1/archive/{cameraId}/index.m3u8",
            "GET /media/v1/archive/{cameraId}/variants.m3u8",
            "GET /media/v1/archive/{cameraId}/keyframes.m3u8",
            "GET /media/v1/archive/{cameraId}/manifest.mpd",
            "GET /media/v1/archive/{cameraId}/thumbnail.jpg",
            "GET /media/v1/archive/{cameraId}/sheet.jpg",
            "GET /media/v1/archive/{cameraId}/thumbnails.vtt",
            "GET /media/v1/live/{cameraId}/index.m3u8",
            "GET /media/v1/live/{cameraId}/variants.m3u8",
            "GET /media/v1/live/{cameraId}/keyframes.m3u8",
            "GET /media/v1/live/{cameraId}/manifest.mpd",
            "GET /media/v1/live/{cameraId}/{folder}/{file}",
            "GET /media/v1/live/{cameraId}/{folder}/{track}/{file}",
            "GET /media/v1/edge/{cameraId}/{recording}");

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
                "/media/v1/archive/" + gate + "/manifest.mpd?from=" + seen.get("startMs") + "&to="
                        + (seen.get("startMs").asLong() + 60_000),
                "/media/v1/archive/" + gate + "/thumbnail.jpg?at=" + seen.get("startMs"),
                "/media/v1/archive/" + gate + "/sheet.jpg?at=" + seen.get("startMs"),
                "/media/v1/archive/" + gate + "/variants.m3u8?from=" + seen.get("startMs") + "&to="
                        + (seen.get("startMs").asLong() + 60_000),
                "/media/v1/keyframes/" + seen.get("id").asText() + "/" + firstFragment(seen, false) + ".m4s",
                "/media/v1/tracks/" + seen.get("id").asText() + "/v/" + firstFragment(seen, true) + ".m4s",
                "/media/v1/live/" + gate + "/variants.m3u8",
                "/media/v1/live/" + gate + "/index.m3u8",
                "/media/v1/live/" + gate + "/manifest.mpd?stream=main",
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

    @Test
    void aSharedLayoutIsForTheRoleWithTheCamerasThatEachMaySee() throws Exception {
        AccessMatrix matrix = new AccessMatrix(admin);
        grant(user("lena", "guest"), "viewer", "group/North");
        String viewer = token("lena");
        Map<String, Object> wall = Map.of(
                "grid",
                "4",
                "cameras",
                List.of(Map.of("cell", 0, "cameraId", gate), Map.of("cell", 3, "cameraId", vault)));
        String night = admin.post("/api/v1/layouts", Map.of("name", "Night", "wall", wall))
                .expect(201)
                .json()
                .get("id")
                .asText();
        String path = "/api/v1/layouts/" + night;
        assertThat(matrix.get("/api/v1/layouts", viewer).body()).doesNotContain(night);

        admin.patch(path, Map.of("roles", List.of("viewer"), "locked", true), "\"1\"")
                .expect(200);
        assertThat(matrix.get("/api/v1/layouts", viewer).body())
                .contains(night, gate.toString(), "\"locked\":true", "\"editable\":false")
                .doesNotContain(vault.toString());
        admin.delete(path).expect(409);
        admin.patch(path, Map.of("roles", List.of("poet"), "locked", false), "\"2\"")
                .expect(422);
        admin.patch(path, Map.of("locked", false), "\"2\"").expect(200);
        admin.delete(path).expect(204);
        assertThat(matrix.get(path, viewer).status()).isEqualTo(404);
        Waiting.until("it is in the audit", 30, () -> noted("layout.removed").contains("layout/" + night));
    }

    @Test
    void eachUserHasAListOfOtherServersAlone() throws Exception {
        AccessMatrix matrix = new AccessMatrix(admin);
        user("selma", "guest");
        Map<String, Object> north = Map.of("name", "North", "address", "https://north.example");
        admin.patch("/api/v1/known-servers", Map.of("servers", List.of(north)), "\"0\"")
                .expect(200);
        assertThat(admin.get("/api/v1/known-servers")
                        .expect(200)
                        .json()
                        .at("/servers/0/address")
                        .asText())
                .isEqualTo("https://north.example");
        assertThat(matrix.get("/api/v1/known-servers", token("selma")).body()).doesNotContain("north");
        assertThat(matrix.get("/api/v1/known-servers/states", token("selma")).body())
                .contains("\"items\":[]");
    }

    private List<String> noted(String action) {
        return admin.get("/api/v1/audit?action=" + action)
                .expect(200)
                .json()
                .at("/items")
                .findValuesAsText("subject");
    }

    /** {@return where it begins, and if that is asked for, how long it is} */
    private String firstFragment(JsonNode segment, boolean length) {
        JsonNode first = admin.get(
                        "/api/v1/archive/segments/" + segment.get("id").asText() + "/index")
                .expect(200)
                .json()
                .at("/fragments/0");
        return first.get("offset").asText()
                + (length ? "-" + first.get("length").asText() : "");
    }

    /** Of two cameras, of which somebody may export the one, and of that one alone. */
    @Test
    void aPackageOfFootageIsForWhoMayHaveAllOfIt() throws Exception {
        AccessMatrix matrix = new AccessMatrix(admin);
        user("gil", "guest");
        grant(user("nadia", "guest"), "viewer", "group/North");
        grant(user("nestor", "guest"), "operator", "group/North");
        String guest = token("gil");
        String viewer = token("nadia");
        String operator = token("nestor");
        UUID own = exported(gate);
        UUID both = exported(gate, vault);

        assertThat(matrix.get("/media/v1/exports/" + own, operator).body()).startsWith("PK");
        assertThat(admin.post("/media/v1/exports/" + own, Map.of("password", "four horses in a row"))
                        .expect(200)
                        .bytes())
                .as("within a ZIP")
                .startsWith('P', 'K');
        assertThat(matrix.get("/media/v1/exports/" + own, "").status()).isEqualTo(401);
        assertThat(matrix.get("/media/v1/exports/" + own, viewer).status()).isEqualTo(403);
        assertThat(matrix.get("/media/v1/exports/" + own, viewer))
                .isEqualTo(matrix.get("/media/v1/exports/" + UUID.randomUUID(), viewer));
        for (String path : List.of("/media/v1/exports/", "/api/v1/exports/")) {
            UUID never = UUID.randomUUID();
            AccessMatrix.Answer hidden = matrix.get(path + both, operator).without(both);
            assertThat(hidden.status()).as(path).isEqualTo(404);
            assertThat(hidden)
                    .as(path)
                    .isEqualTo(matrix.get(path + never, operator).without(never));
        }
        assertThat(matrix.get("/media/v1/exports/" + own, guest))
                .isEqualTo(matrix.get("/media/v1/exports/" + UUID.randomUUID(), guest));
        assertThat(matrix.get("/api/v1/exports", operator).body())
                .contains(own.toString())
                .doesNotContain(both.toString(), vault.toString());
        admin.delete("/api/v1/exports/" + own).expect(204);
        admin.delete("/api/v1/exports/" + both).expect(204);
    }
}
