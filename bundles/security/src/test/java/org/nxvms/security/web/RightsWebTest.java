// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessDeniedException.Kind;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.platform.api.security.UserStore;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.security.CamerasInGroups;
import org.nxvms.security.MemoryUserStore;
import org.nxvms.security.SecurityParts;
import org.nxvms.security.TestIdentity;
import org.nxvms.security.rights.TestRights;
import org.nxvms.security.web.TestServer.Answer;

/** Roles are made, given at places, explained and taken away; nobody gives away what is not the own. */
class RightsWebTest {
    private static final String PASSWORD = "correct-horse-1";
    private static final String VERAS_PASSWORD = "look-at-this-9";
    private static final String ROLES = "/api/v1/roles";
    private static final String USERS = "/api/v1/users";
    private static final UUID GATE = new UUID(4, 1);
    private static final UUID VAULT = new UUID(4, 2);
    private static final UUID YARD = new UUID(4, 3);
    private static final UUID REMOVED = new UUID(4, 4);

    @TempDir
    private Path folder;

    private CamerasInGroups cameras;
    private final List<String> calls = new ArrayList<>();
    private SecurityParts parts;
    private TestServer server;
    private String[] admin;
    private String vera;

    @BeforeEach
    void aGateAndAVaultInTheNorthAndVeraWhoMayNothing() throws Exception {
        parts = new SecurityParts(folder, PASSWORD);
        parts.attach(counted(UserStore.class, new MemoryUserStore()));
        cameras = new CamerasInGroups(new TestIdentity(folder).serverId());
        cameras.put(GATE, "North/Gate");
        cameras.put(VAULT, "North/Vault");
        cameras.put(YARD, "");
        TestRights.attach(parts.decisions(), counted(CameraRegistry.class, cameras.registry()));
        server = new TestServer(Map.of(
                AuthResource.BASE,
                parts.authApplication(),
                USERS,
                users(),
                ApiKeysResource.BASE,
                parts.keysApplication(),
                ROLES,
                parts.rolesApplication()));
        admin = bearer("admin", PASSWORD);
        vera = add("vera", "guest");
    }

    /** With the cameras there are, and footage of one that was removed. */
    private UsersApplication users() {
        UsersApplication users = parts.usersApplication();
        users.cameras = cameras.registry();
        users.archive = (Archive) Proxy.newProxyInstance(
                Archive.class.getClassLoader(),
                new Class<?>[] {Archive.class},
                (self, method, args) -> args[0].equals(REMOVED) ? List.of(StreamId.main(REMOVED)) : List.of());
        return users;
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        parts.close();
    }

    private String[] bearer(String name, String password) {
        return new String[] {
            "Authorization", "Bearer " + parts.login(name, password).accessToken()
        };
    }

    private String add(String name, String role) throws Exception {
        Answer added = server.send(
                "POST",
                USERS,
                "{\"username\":\"" + name + "\",\"password\":\"" + VERAS_PASSWORD + "\",\"role\":\"" + role
                        + "\",\"mustChangePassword\":false}",
                admin);
        assertThat(added.status()).as(added.body()).isEqualTo(201);
        return added.text("/id");
    }

    private Answer grant(String[] by, String user, String role, String scope, boolean denied) throws Exception {
        return server.send(
                "POST",
                USERS + "/" + user + "/grants",
                "{\"role\":\"" + role + "\",\"scope\":\"" + scope + "\",\"denied\":" + denied + "}",
                by);
    }

    private String granted(String user, String role, String scope, boolean denied) throws Exception {
        Answer answer = grant(admin, user, role, scope, denied);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.text("/id");
    }

    private AuthenticatedUser user(String[] bearer) throws Exception {
        return parts.guard()
                .authenticate(new RequestCredentials(
                        "GET",
                        Optional.of(bearer[1]),
                        Map.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("vms"),
                        true,
                        "192.0.2.7",
                        "/api/v1/cameras"));
    }

    private void refused(Kind kind, AuthenticatedUser user, Permission permission, UUID camera) {
        assertThatExceptionOfType(AccessDeniedException.class)
                .isThrownBy(() -> parts.guard().require(user, permission, Optional.of(camera)))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind))
                .withMessageContaining(camera.toString());
    }

    private void allowed(AuthenticatedUser user, Permission permission, UUID camera) {
        assertThatCode(() -> parts.guard().require(user, permission, Optional.of(camera)))
                .doesNotThrowAnyException();
    }

    @Test
    void aGroupIsGivenAndAPlaceInItTakenAway() throws Exception {
        AuthenticatedUser her = user(bearer("vera", VERAS_PASSWORD));
        refused(Kind.NOT_FOUND, her, Permission.VIEW_LIVE, GATE);

        String north = granted(vera, "viewer", "group/North", false);
        granted(vera, "viewer", "group/North/Vault", true);

        allowed(her, Permission.VIEW_LIVE, GATE);
        refused(Kind.FORBIDDEN, her, Permission.CONTROL_PTZ, GATE);
        refused(Kind.NOT_FOUND, her, Permission.VIEW_LIVE, VAULT);
        refused(Kind.NOT_FOUND, her, Permission.VIEW_LIVE, YARD);
        parts.guard().requireAnywhere(her, Permission.VIEW_EVENTS);
        assertThatExceptionOfType(AccessDeniedException.class)
                .as("nowhere is not on the server")
                .isThrownBy(() -> parts.guard().require(her, Permission.VIEW_EVENTS, Optional.empty()));

        cameras.put(VAULT, "North");
        allowed(her, Permission.VIEW_LIVE, VAULT);

        assertThat(server.send("DELETE", USERS + "/" + vera + "/grants/" + north, "", admin)
                        .status())
                .isEqualTo(204);
        refused(Kind.NOT_FOUND, her, Permission.VIEW_LIVE, GATE);
    }

    @Test
    void aCameraThatIsHiddenIsSpokenOfAsOneThatIsNotThere() throws Exception {
        AuthenticatedUser her = user(bearer("vera", VERAS_PASSWORD));
        granted(vera, "viewer", "site", false);
        granted(vera, "viewer", "group/North/Vault", true);
        UUID unknown = new UUID(4, 99);
        for (Permission permission : Permission.values()) {
            String hidden = refusal(her, permission, VAULT);
            String absent = refusal(her, permission, unknown);
            assertThat(hidden.replace(VAULT.toString(), "")).isEqualTo(absent.replace(unknown.toString(), ""));
        }
    }

    /** What takes as long for both leaves nothing to measure: the same questions, and none to a database. */
    @Test
    void aCameraThatIsHiddenCostsTheSameWorkAsOneThatIsNotThere() throws Exception {
        String[] vera = bearer("vera", VERAS_PASSWORD);
        granted(this.vera, "viewer", "site", false);
        granted(this.vera, "viewer", "group/North/Vault", true);
        for (Permission permission : Permission.values()) {
            assertThat(work(vera, permission, VAULT))
                    .as(permission + " of the camera that is hidden")
                    .isEqualTo(work(vera, permission, new UUID(4, 99)))
                    .containsExactly("CameraRegistry.find");
        }
    }

    /** {@return what was asked of others while a request was refused} */
    private List<String> work(String[] bearer, Permission permission, UUID camera) throws Exception {
        AuthenticatedUser user = user(bearer);
        calls.clear();
        assertThat(refusal(user, permission, camera)).startsWith("NOT_FOUND");
        return List.copyOf(calls);
    }

    /** Notes what this thread calls; others look after their own. */
    private <T> T counted(Class<T> type, T store) {
        Thread test = Thread.currentThread();
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            if (Thread.currentThread() == test) {
                calls.add(type.getSimpleName() + "." + method.getName());
            }
            try {
                return method.invoke(store, args);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        }));
    }

    private String refusal(AuthenticatedUser user, Permission permission, UUID camera) {
        try {
            parts.guard().require(user, permission, Optional.of(camera));
            return "allowed";
        } catch (AccessDeniedException e) {
            return e.kind() + " " + e.getMessage();
        }
    }

    @Test
    void whoMayWhatIsExplained() throws Exception {
        String north = granted(vera, "operator", "group/North", false);
        String vault = granted(vera, "viewer", "group/North/Vault", true);

        Answer why = server.send("GET", USERS + "/" + vera + "/rights?scope=camera/" + VAULT, "", admin);

        assertThat(why.status()).as(why.body()).isEqualTo(200);
        var live = right(why, "view_live");
        assertThat(live.at("/allowed").asBoolean()).isFalse();
        assertThat(live.at("/decidedAt").asText()).isEqualTo("group/North/Vault");
        assertThat(live.at("/because/0/grant").asText()).isEqualTo(vault);
        assertThat(live.at("/because/0/denied").asBoolean()).isTrue();
        assertThat(live.at("/overruled/0/grant").asText()).isEqualTo(north);
        var ptz = right(why, "control_ptz");
        assertThat(ptz.at("/allowed").asBoolean()).isTrue();
        assertThat(ptz.at("/because/0/role").asText()).isEqualTo("operator");
        var users = right(why, "manage_users");
        assertThat(users.at("/allowed").asBoolean()).isFalse();
        assertThat(users.has("decidedAt")).as("nobody said anything").isFalse();
        assertThat(server.send("GET", USERS + "/" + vera + "/rights?scope=camera/" + new UUID(4, 99), "", admin)
                        .status())
                .isEqualTo(404);
        assertThat(server.send("GET", USERS + "/" + vera + "/rights?scope=moon", "", admin)
                        .text("/errors/0/field"))
                .isEqualTo("scope");
    }

    private static JsonNode right(Answer why, String name) {
        for (var right : why.json().at("/rights")) {
            if (right.at("/permission").asText().equals(name)) {
                return right;
            }
        }
        throw new AssertionError(name + " is not told");
    }

    @Test
    void rolesAreMadeChangedAndRemoved() throws Exception {
        Answer made = server.send(
                "POST", ROLES, "{\"name\":\"night\",\"permissions\":[\"view_live\"],\"ptzPriority\":70}", admin);
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        granted(vera, "night", "camera/" + GATE, false);
        AuthenticatedUser her = user(bearer("vera", VERAS_PASSWORD));
        refused(Kind.FORBIDDEN, her, Permission.CONTROL_PTZ, GATE);

        Answer changed = server.send(
                "PATCH",
                ROLES + "/night",
                "{\"permissions\":[\"view_live\",\"control_ptz\"]}",
                with(admin, "If-Match", "\"1\""));
        assertThat(changed.status()).as(changed.body()).isEqualTo(200);
        allowed(her, Permission.CONTROL_PTZ, GATE);
        assertThat(parts.guard().ptzPriority(her, GATE)).isEqualTo(70);
        assertThat(server.send("PATCH", ROLES + "/night", "{}", with(admin, "If-Match", "\"1\""))
                        .status())
                .isEqualTo(412);
        assertThat(server.send("DELETE", ROLES + "/night", "", with(admin, "If-Match", "\"1\""))
                        .status())
                .isEqualTo(412);
        assertThat(server.send("DELETE", ROLES + "/night", "", admin).text("/detail"))
                .contains("Users have the role");
        assertThat(server.send("DELETE", ROLES + "/administrator", "", admin).status())
                .isEqualTo(409);
        assertThat(server.send("PATCH", ROLES + "/administrator", "{\"permissions\":[]}", admin)
                        .status())
                .isEqualTo(409);
        for (String bad : new String[] {
            "{\"name\":\"Night Watch\",\"permissions\":[]}",
            "{\"name\":\"x\",\"permissions\":[],\"ptzPriority\":101}",
            "{\"name\":\"x\",\"permissions\":[\"fly\"]}"
        }) {
            assertThat(server.send("POST", ROLES, bad, admin).status()).as(bad).isBetween(400, 422);
        }
    }

    private static String[] with(String[] headers, String... more) {
        return Stream.concat(Arrays.stream(headers), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void whoManagesUsersGivesNoMoreThanTheOwn() throws Exception {
        server.send("POST", ROLES, "{\"name\":\"clerk\",\"permissions\":[\"manage_users\",\"view_live\"]}", admin);
        String carl = add("carl", "clerk");
        String[] clerk = bearer("carl", VERAS_PASSWORD);
        String chief = server.send("GET", "/api/v1/auth/me", "", admin).text("/id");

        assertThat(grant(clerk, vera, "clerk", "site", false).status()).isEqualTo(201);
        assertThat(grant(clerk, vera, "viewer", "site", false).status())
                .as("without the right to the archive")
                .isEqualTo(403);
        assertThat(grant(clerk, carl, "administrator", "site", false).status()).isEqualTo(403);
        for (Answer refused : new Answer[] {
            server.send("PATCH", USERS + "/" + carl, "{\"role\":\"administrator\"}", clerk),
            server.send("PATCH", USERS + "/" + chief, "{\"disabled\":true}", clerk),
            server.send("PUT", USERS + "/" + chief + "/password", "{\"password\":\"brought-by-hand-3\"}", clerk),
            server.send("DELETE", USERS + "/" + chief, "", clerk),
            server.send("DELETE", USERS + "/" + chief + "/sessions", "", clerk),
            server.send("DELETE", USERS + "/" + chief + "/totp", "", clerk),
            server.send("PATCH", ROLES + "/operator", "{\"permissions\":[]}", clerk),
            server.send("POST", ROLES, "{\"name\":\"x\",\"permissions\":[\"manage_storage\"]}", clerk),
        }) {
            assertThat(refused.status()).as(refused.body()).isEqualTo(403);
        }
        String key = server.send(
                        "POST",
                        ApiKeysResource.BASE,
                        "{\"name\":\"backup\",\"scopes\":[\"manage_storage\"],\"password\":\"" + PASSWORD + "\"}",
                        admin)
                .text("/details/id");
        assertThat(server.send("DELETE", ApiKeysResource.BASE + "/" + key, "", clerk)
                        .status())
                .as("an administrator's key")
                .isEqualTo(403);
        assertThat(server.send("GET", "/api/v1/auth/me", "", clerk).json().at("/permissions"))
                .extracting(node -> node.asText())
                .containsExactlyInAnyOrder("manage_users", "view_live");
    }

    @Test
    void whatIsDeniedAtANarrowPlaceIsNotGivenAwayByAWiderOne() throws Exception {
        server.send(
                "POST",
                ROLES,
                "{\"name\":\"clerk\",\"permissions\":[\"manage_users\",\"view_live\",\"view_archive\",\"listen\",\"view_events\"]}",
                admin);
        String mia = add("mia", "clerk");
        granted(mia, "viewer", "group/North/Vault", true);
        String[] clerk = bearer("mia", VERAS_PASSWORD);
        String veras = granted(vera, "viewer", "group/North", true);

        for (Answer refused : new Answer[] {
            server.send(
                    "POST",
                    USERS,
                    "{\"username\":\"m2\",\"password\":\"" + VERAS_PASSWORD + "\",\"role\":\"viewer\"}",
                    clerk),
            grant(clerk, vera, "viewer", "site", false),
            grant(clerk, vera, "viewer", "group/North", false),
            grant(clerk, vera, "viewer", "camera/" + VAULT, false),
            server.send("DELETE", USERS + "/" + vera + "/grants/" + veras, "", clerk),
            server.send("PATCH", ROLES + "/viewer", "{\"permissions\":[]}", clerk),
            server.send("POST", ROLES, "{\"name\":\"chief\",\"permissions\":[],\"ptzPriority\":100}", clerk),
        }) {
            assertThat(refused.status()).as(refused.body()).isEqualTo(403);
        }
        assertThat(grant(clerk, vera, "viewer", "camera/" + GATE, false).status())
                .as("what she has herself")
                .isEqualTo(201);
    }

    @Test
    void aMistypedPlaceIsNoPlaceAndOneOfACameraThatWasRemovedIs() throws Exception {
        UUID mistyped = new UUID(4, 99);
        Answer refused = grant(admin, vera, "viewer", "camera/" + mistyped, false);
        assertThat(refused.status()).as(refused.body()).isEqualTo(404);
        assertThat(refused.text("/errors/0/field")).isEqualTo("scope");
        assertThat(refused.text("/errors/0/detail"))
                .isEqualTo(Problem.noCamera(mistyped).detail());
        granted(vera, "viewer", "camera/" + REMOVED, false);
        allowed(user(bearer("vera", VERAS_PASSWORD)), Permission.VIEW_ARCHIVE, REMOVED);
    }

    /** Who may give away nothing of cameras is asked for none of their rights, and still learns nothing. */
    @Test
    void whoManagesUsersLearnsOfNoHiddenCameraByGrants() throws Exception {
        server.send("POST", ROLES, "{\"name\":\"clerk\",\"permissions\":[\"manage_users\"]}", admin);
        add("mia", "clerk");
        String[] clerk = bearer("mia", VERAS_PASSWORD);
        UUID mistyped = new UUID(4, 99);
        Answer hidden = grant(clerk, vera, "clerk", "camera/" + VAULT, false);
        assertThat(hidden.status()).as(hidden.body()).isEqualTo(404);
        assertThat(hidden.body().replace(VAULT.toString(), "ID"))
                .isEqualTo(grant(clerk, vera, "clerk", "camera/" + mistyped, false)
                        .body()
                        .replace(mistyped.toString(), "ID"));
    }

    @Test
    void rightsOutliveARestartWithoutDatabase() throws Exception {
        granted(vera, "viewer", "group/North", false);
        String[] hers = bearer("vera", VERAS_PASSWORD);
        server.close();
        parts.close();

        parts = new SecurityParts(folder, PASSWORD);
        TestRights.attach(parts.decisions(), cameras.registry());
        server = new TestServer(Map.of(AuthResource.BASE, parts.authApplication()));

        AuthenticatedUser her = user(hers);
        allowed(her, Permission.VIEW_LIVE, GATE);
        refused(Kind.NOT_FOUND, her, Permission.VIEW_LIVE, YARD);
    }

    @Test
    void whatIsDoneToRightsIsInTheAudit() throws Exception {
        granted(vera, "viewer", "group/North", true);
        server.send("PATCH", ROLES + "/viewer", "{\"permissions\":[\"view_live\"]}", admin);
        parts.trail().flush();

        assertThat(parts.auditStore().rows)
                .extracting(entry -> entry.note())
                .filteredOn(note -> note.action().matches("(grant|role)\\..*"))
                .satisfiesExactly(
                        note -> {
                            assertThat(note.action()).isEqualTo("grant.added");
                            assertThat(note.subject()).isEqualTo("user/vera");
                            assertThat(note.after())
                                    .containsEntry("role", "viewer")
                                    .containsEntry("scope", "group/North")
                                    .containsEntry("denied", "true");
                        },
                        note -> {
                            assertThat(note.action()).isEqualTo("role.changed");
                            assertThat(note.before())
                                    .containsEntry("permissions", "listen view_archive view_events view_live");
                            assertThat(note.after()).containsEntry("permissions", "view_live");
                        });
    }
}
