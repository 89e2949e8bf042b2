// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.layout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.rest.TestServer;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.KnownCameras;
import org.nxvms.platform.api.layout.Layout;
import org.nxvms.platform.api.layout.LayoutStore;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessDeniedException.Kind;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.nxvms.test.kit.NotedTrail;

/** Layouts over HTTP: anna shares, vera and otto watch; vera may not know of the vault. */
class LayoutsRestTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BASE = LayoutsResource.BASE;
    private static final UUID GATE = new UUID(1, 1);
    private static final UUID YARD = new UUID(1, 2);
    private static final UUID VAULT = new UUID(1, 3);

    private final MemoryLayouts layouts = new MemoryLayouts();
    private final NotedTrail trail = new NotedTrail();
    private final AtomicLong clock = new AtomicLong(1_800_000_000_000L);
    private final Set<String> mayShare = new HashSet<>(Set.of("anna"));
    /** Cameras that are configured or have left footage. */
    private final Set<UUID> known = new HashSet<>(Set.of(GATE, YARD, VAULT));

    private final CameraRegistry nothingConfigured = (CameraRegistry) Proxy.newProxyInstance(
            CameraRegistry.class.getClassLoader(),
            new Class<?>[] {CameraRegistry.class},
            (self, method, arguments) -> Optional.empty());
    private final Archive archive = (Archive) Proxy.newProxyInstance(
            Archive.class.getClassLoader(), new Class<?>[] {Archive.class}, (self, method, arguments) -> {
                UUID camera = (UUID) arguments[0];
                return known.contains(camera) ? List.of(StreamId.main(camera)) : List.of();
            });
    private volatile LayoutStore store = layouts;
    private TestServer server;

    private final AccessGuard guard = new AccessGuard() {
        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) {
            String name = request.authorization().orElse("").replace("Bearer ", "");
            String role = name.equals("otto") ? "operator" : "viewer";
            return new AuthenticatedUser(new UUID(9, name.hashCode()), name, role, false);
        }

        @Override
        public Set<String> roles(AuthenticatedUser user) {
            // Otto is a viewer too, at one place.
            return user.username().equals("otto") ? Set.of("operator", "viewer") : Set.of(user.role());
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> camera)
                throws AccessDeniedException {
            if (permission == Permission.SHARE_LAYOUTS && !mayShare.contains(user.username())) {
                throw new AccessDeniedException(Kind.FORBIDDEN, "The right share_layouts is missing.");
            }
            if (user.username().equals("nobody")) {
                throw new AccessDeniedException(Kind.FORBIDDEN, "Nothing anywhere.");
            }
        }

        @Override
        public void requireSight(AuthenticatedUser user, UUID camera) throws AccessDeniedException {
            if (camera.equals(VAULT) && user.username().equals("vera")) {
                throw new AccessDeniedException(Kind.NOT_FOUND, "There is no camera " + camera + ".");
            }
        }
    };

    @BeforeEach
    void start() {
        server = new TestServer(Map.of(BASE, new RestApplication() {
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
                return List.of(new LayoutsResource(
                        () -> store,
                        new NamedCameras(new KnownCameras(() -> nothingConfigured, () -> archive)),
                        clock::incrementAndGet));
            }
        }));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private HttpResponse<String> as(String user, String method, String path, String body, String... headers)
            throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Authorization", "Bearer " + user));
        return server.send(method, BASE + path, body, all.toArray(String[]::new));
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body());
    }

    private JsonNode done(int status, HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return json(answer);
    }

    private static void refused(HttpResponse<String> answer, int status, String saying) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(saying);
    }

    private static String wall(String grid, Map<Integer, UUID> cameras) {
        List<String> cells = new ArrayList<>();
        cameras.forEach((cell, camera) -> cells.add("{\"cell\":" + cell + ",\"cameraId\":\"" + camera + "\"}"));
        return "\"wall\":{\"grid\":\"" + grid + "\",\"cameras\":" + cells + "}";
    }

    private String keep(String user, String name, String content, String... roles) throws Exception {
        String shared = roles.length == 0 ? "" : ",\"roles\":[\"" + String.join("\",\"", roles) + "\"]";
        return done(201, as(user, "POST", "", "{\"name\":\"" + name + "\"," + content + shared + "}"))
                .get("id")
                .textValue();
    }

    private List<String> names(String user) throws Exception {
        List<String> names = new ArrayList<>();
        done(200, as(user, "GET", "", ""))
                .get("items")
                .forEach(item -> names.add(item.get("name").textValue()));
        return names;
    }

    @Test
    void aWallIsKeptReadChangedAndRemoved() throws Exception {
        HttpResponse<String> made =
                as("vera", "POST", "", "{\"name\":\" Gates \"," + wall("1+5", Map.of(0, GATE, 5, YARD)) + "}");
        JsonNode kept = done(201, made);
        String one = "/" + kept.get("id").textValue();
        assertThat(made.headers().firstValue("Location").orElseThrow()).endsWith(BASE + one);
        assertThat(made.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(kept.get("name").textValue()).isEqualTo("Gates");
        assertThat(kept.get("owner").textValue()).isEqualTo("vera");
        assertThat(kept.get("own").asBoolean()).isTrue();
        assertThat(kept.get("editable").asBoolean()).isTrue();
        assertThat(kept.get("locked").asBoolean()).isFalse();
        assertThat(kept.has("tour")).isFalse();
        assertThat(kept.at("/wall/grid").textValue()).isEqualTo("1+5");
        assertThat(kept.at("/wall/cameras").toString())
                .isEqualTo("[{\"cell\":0,\"cameraId\":\"" + GATE + "\"},{\"cell\":5,\"cameraId\":\"" + YARD + "\"}]");
        assertThat(done(200, as("vera", "GET", one, ""))).isEqualTo(kept);

        HttpResponse<String> changed =
                as("vera", "PATCH", one, "{" + wall("4", Map.of(3, GATE)) + "}", "If-Match", "\"1\"");
        assertThat(done(200, changed).at("/wall/cameras")).hasSize(1);
        assertThat(json(changed).get("name").textValue())
                .as("what is left out stays")
                .isEqualTo("Gates");
        assertThat(changed.headers().firstValue("ETag")).contains("\"2\"");
        refused(as("vera", "PATCH", one, "{\"name\":\"x\"}", "If-Match", "\"1\""), 412, "meantime");
        refused(as("vera", "DELETE", one, "", "If-Match", "\"1\""), 412, "meantime");
        assertThat(as("vera", "DELETE", one, "", "If-Match", "\"2\"").statusCode())
                .isEqualTo(204);
        refused(as("vera", "GET", one, ""), 404, "There is no layout");

        assertThat(trail.notes)
                .extracting(note -> note.action() + " " + note.done())
                .containsExactly(
                        "layout.added true",
                        "layout.changed true",
                        "layout.changed false",
                        "layout.removed false",
                        "layout.removed true");
        assertThat(trail.notes.get(1).before()).containsEntry("grid", "1+5");
        assertThat(trail.notes.get(1).after()).containsEntry("grid", "4").containsEntry("cameras", GATE.toString());
    }

    @Test
    void aWallHasAHotspotInACellOfItsOwn() throws Exception {
        String spotted = wall("4", Map.of(0, GATE)).replace("}]}", "}],\"hotspot\":3}");
        String one = "/" + keep("vera", "Desk", spotted);
        assertThat(done(200, as("vera", "GET", one, "")).at("/wall/hotspot").asInt())
                .isEqualTo(3);
        assertThat(trail.last("layout.added").after()).containsEntry("hotspot", "3");
        for (String cell : List.of("0", "64", "-1")) {
            refused(
                    as("vera", "PATCH", one, "{" + spotted.replace("\"hotspot\":3", "\"hotspot\":" + cell) + "}"),
                    422,
                    "wall.hotspot");
        }
        assertThat(done(200, as("vera", "PATCH", one, "{" + wall("4", Map.of(0, GATE)) + "}"))
                        .get("wall")
                        .has("hotspot"))
                .isFalse();
    }

    @Test
    void aHotspotTakesTheCellOfACameraThatItsCallerMayNotKnowOf() throws Exception {
        String own = keep("vera", "Desk", wall("4", Map.of(0, GATE)));
        UUID id = UUID.fromString(own);
        Layout before = layouts.there.get(id);
        layouts.there.put(
                id,
                new Layout(
                        id,
                        before.version(),
                        before.ownerId(),
                        before.owner(),
                        before.name(),
                        before.roles(),
                        false,
                        new Layout.Wall("4", new TreeMap<>(Map.of(2, VAULT, 3, YARD))),
                        before.createdUs(),
                        before.updatedUs()));
        String spotted = wall("4", Map.of(0, GATE)).replace("}]}", "}],\"hotspot\":2}");

        done(200, as("vera", "PATCH", "/" + own, "{" + spotted + "}"));
        assertThat(layouts.there.get(id).content())
                .isEqualTo(new Layout.Wall("4", new TreeMap<>(Map.of(0, GATE)), OptionalInt.of(2)));
    }

    @Test
    void aRepeatedRequestKeepsOne() throws Exception {
        String body = "{\"name\":\"Gates\"," + wall("1", Map.of(0, GATE)) + "}";
        JsonNode first = done(201, as("vera", "POST", "", body, "Idempotency-Key", "k1"));
        assertThat(done(201, as("vera", "POST", "", body, "Idempotency-Key", "k1")))
                .isEqualTo(first);
        assertThat(layouts.there).hasSize(1);
    }

    @Test
    void whatIsNotSharedIsItsOwnersAlone() throws Exception {
        String own = keep("vera", "Mine", wall("1", Map.of(0, GATE)));
        assertThat(names("vera")).containsExactly("Mine");
        for (String other : List.of("otto", "anna")) {
            assertThat(names(other)).isEmpty();
            refused(as(other, "GET", "/" + own, ""), 404, "There is no layout");
            refused(as(other, "PATCH", "/" + own, "{\"name\":\"x\"}"), 404, "There is no layout");
            refused(as(other, "DELETE", "/" + own, ""), 404, "There is no layout");
        }
        refused(as("vera", "PATCH", "/" + own, "{\"roles\":[\"viewer\"]}"), 403, "share_layouts");
        refused(
                as("vera", "POST", "", "{\"name\":\"S\"," + wall("1", Map.of()) + ",\"roles\":[\"viewer\"]}"),
                403,
                "share_layouts");
        refused(as("nobody", "GET", "", ""), 403, "Nothing anywhere");
        assertThat(layouts.there).hasSize(1);
    }

    @Test
    void aSharedWallIsSeenByTheRoleWithTheCamerasThatEachMaySee() throws Exception {
        String shared = keep("anna", "Night", wall("4", Map.of(0, GATE, 1, VAULT, 2, YARD)), "viewer");
        String operators = keep("anna", "Shift", wall("1", Map.of(0, GATE)), "operator");

        assertThat(names("vera")).containsExactly("Night");
        assertThat(names("otto")).as("a viewer at one place").containsExactly("Night", "Shift");
        refused(as("vera", "GET", "/" + operators, ""), 404, "There is no layout");
        JsonNode seen = done(200, as("vera", "GET", "/" + shared, ""));
        assertThat(seen.at("/wall/cameras").findValuesAsText("cell")).containsExactly("0", "2");
        assertThat(seen.toString()).doesNotContain(VAULT.toString());
        assertThat(seen.get("own").asBoolean()).isFalse();
        assertThat(seen.get("editable").asBoolean()).isFalse();
        assertThat(done(200, as("otto", "GET", "/" + shared, "")).at("/wall/cameras"))
                .hasSize(3);

        refused(as("vera", "PATCH", "/" + shared, "{\"name\":\"x\"}"), 403, "Keep it under another name");
        refused(as("otto", "DELETE", "/" + shared, ""), 403, "Keep it under another name");
        done(200, as("anna", "PATCH", "/" + shared, "{\"roles\":[]}"));
        assertThat(names("vera")).isEmpty();
        assertThat(names("anna")).containsExactly("Night", "Shift");
    }

    @Test
    void whoMayShareChangesWhatIsSharedWhoeverMadeItAndLosesNoCameraUnseen() throws Exception {
        String shared = keep("anna", "Night", wall("4", Map.of(0, GATE, 1, VAULT)), "viewer");
        mayShare.add("vera");
        JsonNode changed =
                done(200, as("vera", "PATCH", "/" + shared, "{" + wall("9", Map.of(0, YARD)) + ",\"name\":\"Late\"}"));
        assertThat(changed.get("editable").asBoolean()).isTrue();
        assertThat(changed.get("owner").textValue()).isEqualTo("anna");
        assertThat(changed.at("/wall/cameras").findValuesAsText("cell")).containsExactly("0");
        JsonNode whole = done(200, as("anna", "GET", "/" + shared, ""));
        assertThat(whole.at("/wall/cameras").toString()).contains(YARD.toString(), VAULT.toString());
        refused(as("vera", "PATCH", "/" + shared, "{" + wall("9", Map.of(7, VAULT)) + "}"), 404, "There is no camera");
        done(200, as("vera", "PATCH", "/" + shared, "{" + wall("9", Map.of(1, GATE)) + "}"));
        assertThat(done(200, as("anna", "GET", "/" + shared, "")).toString())
                .as("its cell was given to another")
                .doesNotContain(VAULT.toString());

        mayShare.clear();
        refused(as("anna", "PATCH", "/" + shared, "{\"name\":\"x\"}"), 403, "share_layouts");
    }

    @Test
    void aMistypedCameraIsRefusedAndOneThatStandsThereStaysWhateverBecameOfIt() throws Exception {
        UUID mistyped = new UUID(1, 9);
        HttpResponse<String> refused =
                as("anna", "POST", "", "{\"name\":\"x\"," + wall("4", Map.of(0, GATE, 1, mistyped)) + "}");
        refused(refused, 404, "There is no camera " + mistyped);
        assertThat(json(refused).at("/errors/0/field").asText()).isEqualTo("wall.cameras");
        assertThat(as("vera", "POST", "", "{\"name\":\"x\"," + wall("4", Map.of(0, GATE, 1, VAULT)) + "}")
                        .body()
                        .replace(VAULT.toString(), "ID"))
                .as("a hidden one is spoken of alike")
                .isEqualTo(refused.body().replace(mistyped.toString(), "ID"));
        assertThat(layouts.there).isEmpty();

        String one = "/" + keep("anna", "Gates", wall("4", Map.of(0, GATE, 1, YARD)));
        known.remove(YARD);
        done(200, as("anna", "PATCH", one, "{" + wall("4", Map.of(0, VAULT, 1, YARD)) + "}"));
        refused(
                as("anna", "PATCH", one, "{" + wall("4", Map.of(0, mistyped, 1, YARD)) + "}"),
                404,
                "There is no camera " + mistyped);
    }

    @Test
    void aLockedOneStaysAsItIs() throws Exception {
        String one = "/" + keep("vera", "Gates", wall("1", Map.of(0, GATE)));
        assertThat(done(200, as("vera", "PATCH", one, "{\"locked\":true}"))
                        .get("locked")
                        .asBoolean())
                .isTrue();
        refused(as("vera", "PATCH", one, "{\"name\":\"x\"}"), 409, "Unlock it first");
        refused(as("vera", "PATCH", one, "{\"name\":\"x\",\"locked\":true}"), 409, "Unlock it first");
        refused(as("vera", "DELETE", one, ""), 409, "Unlock it first");
        assertThat(done(200, as("vera", "PATCH", one, "{\"name\":\"x\",\"locked\":false}"))
                        .get("name")
                        .textValue())
                .isEqualTo("x");
        assertThat(as("vera", "DELETE", one, "").statusCode()).isEqualTo(204);
    }

    @Test
    void aTourShowsWallsThatItsReaderSees() throws Exception {
        String gates = keep("anna", "Gates", wall("1", Map.of(0, GATE)), "viewer");
        String own = keep("anna", "Own", wall("1", Map.of(0, YARD)));
        String steps = "\"tour\":{\"steps\":[{\"layoutId\":\"" + gates + "\",\"seconds\":10},{\"layoutId\":\"" + own
                + "\",\"seconds\":30}]}";
        String tour = keep("anna", "Round", steps, "viewer");
        JsonNode ofAnna = done(200, as("anna", "GET", "/" + tour, ""));
        assertThat(ofAnna.at("/tour/steps").findValuesAsText("seconds")).containsExactly("10", "30");
        assertThat(ofAnna.has("wall")).isFalse();
        JsonNode ofVera = done(200, as("vera", "GET", "/" + tour, ""));
        assertThat(ofVera.at("/tour/steps").findValuesAsText("layoutId")).containsExactly(gates);
        assertThat(ofVera.toString()).doesNotContain(own);

        refused(as("anna", "PATCH", "/" + tour, "{" + wall("1", Map.of()) + "}"), 422, "stays one");
        refused(as("anna", "PATCH", "/" + gates, "{" + steps + "}"), 422, "stays one");
        refused(as("vera", "POST", "", "{\"name\":\"T\"," + steps + "}"), 422, "names a layout that is not there");
        refused(as("anna", "POST", "", "{\"name\":\"T\"," + steps.replace(own, tour) + "}"), 422, "that is no wall");
        as("anna", "DELETE", "/" + gates, "");
        assertThat(done(200, as("vera", "GET", "/" + tour, "")).at("/tour/steps"))
                .isEmpty();
    }

    @Test
    void whatCannotBeALayoutNamesTheField() throws Exception {
        String twice = "{\"name\":\" \",\"wall\":{\"grid\":\"3x3\",\"cameras\":[{\"cell\":0,\"cameraId\":\"" + GATE
                + "\"},{\"cell\":1,\"cameraId\":\"" + GATE + "\"}]}}";
        HttpResponse<String> bad = as("vera", "POST", "", twice);
        assertThat(bad.statusCode()).isEqualTo(422);
        for (String field : List.of("name", "wall.grid", "wall.cameras")) {
            assertThat(bad.body()).contains("\"field\":\"" + field + "\"");
        }
        refused(as("vera", "POST", "", "{\"name\":\"x\"}"), 422, "either");
        refused(as("vera", "POST", "", "{" + wall("1", Map.of()) + "}"), 400, "name");
        refused(as("vera", "POST", "", "{\"name\":\"a\\u0000b\"," + wall("1", Map.of()) + "}"), 422, "name");
        refused(as("vera", "POST", "", "{\"name\":\"x\"," + wall("1", Map.of(64, GATE)) + "}"), 422, "wall.cameras");
        refused(
                as("vera", "POST", "", "{\"name\":\"x\",\"wall\":{\"grid\":\"1\",\"cameras\":[null]}}"),
                422,
                "wall.cameras");
        refused(as("vera", "POST", "", "{\"name\":\"x\",\"wall\":{}}"), 422, "wall.grid");
        refused(as("vera", "POST", "", "{\"name\":\"x\",\"tour\":{\"steps\":[]}}"), 422, "tour.steps");
        refused(
                as("anna", "POST", "", "{\"name\":\"x\"," + wall("1", Map.of()) + ",\"roles\":[\"poet\"]}"),
                422,
                "poet");
        refused(as("anna", "POST", "", "{\"name\":\"x\"," + wall("1", Map.of()) + ",\"roles\":[null]}"), 422, "roles");
        refused(as("vera", "GET", "?cursor=Zm9v", ""), 400, "cursor");
        refused(as("vera", "GET", "?limit=0", ""), 400, "limit");
        assertThat(layouts.there).isEmpty();
    }

    @Test
    void nobodyHasTwoOfOneNameNorMoreThanThereMayBe() throws Exception {
        keep("vera", "Gates", wall("1", Map.of()));
        keep("otto", "Gates", wall("1", Map.of()));
        String other = keep("vera", "Yards", wall("1", Map.of()));
        refused(as("vera", "POST", "", "{\"name\":\"Gates\"," + wall("1", Map.of()) + "}"), 409, "already");
        refused(as("vera", "PATCH", "/" + other, "{\"name\":\"Gates\"}"), 409, "already");
        layouts.full = true;
        refused(as("vera", "POST", "", "{\"name\":\"More\"," + wall("1", Map.of()) + "}"), 409, "100 layouts");
    }

    @Test
    void theListComesPageByPageAndWaitsForItsStore() throws Exception {
        for (int i = 0; i < 5; i++) {
            keep("vera", "n" + i, wall("1", Map.of()));
        }
        List<String> walked = new ArrayList<>();
        String cursor = "";
        for (int page = 0; page < 3; page++) {
            JsonNode answer = done(200, as("vera", "GET", "?limit=2" + cursor, ""));
            answer.get("items").forEach(item -> walked.add(item.get("name").textValue()));
            assertThat(answer.has("nextCursor")).as("page " + page).isEqualTo(page < 2);
            cursor = "&cursor=" + answer.path("nextCursor").asText();
        }
        assertThat(walked).containsExactly("n0", "n1", "n2", "n3", "n4");
        store = null;
        HttpResponse<String> away = as("vera", "GET", "", "");
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(away.headers().firstValue("Retry-After")).isPresent();
    }
}
