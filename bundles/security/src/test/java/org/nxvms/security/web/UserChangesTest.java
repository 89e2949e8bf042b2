// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.StaleVersionException;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.platform.api.security.UserDirectory.User;
import org.nxvms.platform.api.security.UserDirectory.UserChange;
import org.nxvms.platform.api.security.UserStore.StoredUser;
import org.nxvms.security.MemoryUserStore;
import org.nxvms.security.SecurityParts;
import org.nxvms.security.web.TestServer.Answer;

/** What becomes of a user whose role is changed, who is disabled and enabled again, and of the last administrator. */
class UserChangesTest {
    private static final String LOGIN = "/api/v1/auth/login";
    private static final String REFRESH = "/api/v1/auth/refresh";
    private static final String ME = "/api/v1/auth/me";
    private static final String USERS = "/api/v1/users";
    private static final String PASSWORD = "correct-horse-1";
    private static final String GUARDS_PASSWORD = "look-at-this-9";

    @TempDir
    private Path folder;

    private final List<String> said = new ArrayList<>();
    private final MemoryUserStore store = new MemoryUserStore();
    private SecurityParts parts;
    private TestServer server;
    private String[] admin;
    private String guard;

    @BeforeEach
    void aServerWithAnAdministratorAndAGuard() throws Exception {
        parts = new SecurityParts(folder, PASSWORD);
        parts.attach(store);
        UsersApplication users = parts.usersApplication();
        users.events = new Notes(said);
        server = new TestServer(Map.of(AuthResource.BASE, parts.authApplication(), UsersResource.BASE, users));
        admin = bearer(login("admin", PASSWORD));
        guard = add("guard", "operator");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        parts.close();
    }

    private String add(String name, String role) throws Exception {
        Answer added = server.send(
                "POST",
                USERS,
                "{\"username\":\"" + name + "\",\"password\":\"" + GUARDS_PASSWORD + "\",\"role\":\"" + role
                        + "\",\"mustChangePassword\":false}",
                admin);
        assertThat(added.status()).as(added.body()).isEqualTo(201);
        return added.text("/id");
    }

    private Answer login(String username, String password) throws Exception {
        return server.send("POST", LOGIN, "{\"username\":\"" + username + "\",\"password\":\"" + password + "\"}");
    }

    private Answer patch(String id, String body) throws Exception {
        return server.send("PATCH", USERS + "/" + id, body, admin);
    }

    private int me(Answer session) throws Exception {
        return server.send("GET", ME, "", bearer(session)).status();
    }

    private static String[] bearer(Answer session) {
        return new String[] {"Authorization", "Bearer " + session.text("/accessToken")};
    }

    @Test
    void whatEndsAllSessionsChangesTheStampAndARoleDoesNot() {
        UUID id = UUID.fromString(guard);
        Optional<String> first = parts.users().stamp(id);
        assertThat(first).isPresent();
        parts.users().change(id, new UserChange(Optional.of("viewer"), Optional.empty()));
        assertThat(parts.users().stamp(id)).isEqualTo(first);

        parts.users().setPassword("guard", "look-at-that-7", false);
        assertThat(parts.users().stamp(id)).isPresent().isNotEqualTo(first);
        parts.users().remove(id);
        assertThat(parts.users().stamp(id)).isEmpty();
    }

    @Test
    void whoeverIsNamedByIdIsMeantHoweverAlikeNamesAre() throws Exception {
        String ilkay = add("ilkay", "viewer");
        Answer alike = server.send(
                "POST",
                USERS,
                "{\"username\":\"\u0131lkay\",\"password\":\"" + GUARDS_PASSWORD + "\",\"role\":\"viewer\"}",
                admin);
        assertThat(alike.status())
                .as("one name but for a dot that capitals do not show")
                .isEqualTo(409);

        // From the time when both could be added.
        StoredUser dotless = StoredUser.begin("\u0131lkay", "viewer", "$argon2id$x", false, Instant.EPOCH);
        store.insertUnchecked(dotless);
        parts.users().change(dotless.id(), new UserChange(Optional.of("operator"), Optional.empty()));
        assertThat(server.send("DELETE", USERS + "/" + dotless.id(), "", admin).status())
                .isEqualTo(204);
        assertThat(store.users()).extracting(StoredUser::id).doesNotContain(dotless.id());
        assertThat(store.users()).extracting(user -> user.id().toString()).contains(ilkay);
        assertThat(login("ilkay", GUARDS_PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void aUserIsChangedAndRemovedOnlyAsWasSeen() throws Exception {
        String path = USERS + "/" + guard;
        String seen = server.send("GET", path, "", admin).header("ETag");
        assertThat(server.send("GET", path, "", given("If-None-Match", seen)).status())
                .isEqualTo(304);
        Answer changed = server.send("PATCH", path, "{\"role\":\"viewer\"}", given("If-Match", seen));
        assertThat(changed.status()).as(changed.body()).isEqualTo(200);

        Answer late = server.send("PATCH", path, "{\"disabled\":true}", given("If-Match", seen));
        assertThat(late.status()).isEqualTo(412);
        assertThat(late.text("/detail")).contains("Read it again");
        assertThat(server.send("DELETE", path, "", given("If-Match", seen)).status())
                .isEqualTo(412);
        assertThat(server.send("GET", path, "", admin).text("/role")).isEqualTo("viewer");

        String now = server.send("GET", path, "", admin).header("ETag");
        assertThat(now).isEqualTo(changed.header("ETag")).isNotEqualTo(seen);
        assertThat(server.send("DELETE", path, "", given("If-Match", now)).status())
                .isEqualTo(204);
    }

    @Test
    void whatChangesBetweenTheLookAndTheChangeIsNoticed() {
        User seen = user(guard);
        parts.users().change(seen.id(), new UserChange(Optional.of("viewer"), Optional.empty()));
        UserChange disable = new UserChange(Optional.empty(), Optional.of(true));

        assertThatThrownBy(() -> parts.users().change(seen.id(), Optional.of(seen), disable))
                .isInstanceOf(StaleVersionException.class);
        assertThatThrownBy(() -> parts.users().remove(seen.id(), Optional.of(seen)))
                .isInstanceOf(StaleVersionException.class);
        assertThat(user(guard).disabled()).isFalse();
        parts.users().remove(seen.id(), Optional.of(user(guard)));
    }

    private User user(String id) {
        return parts.users().list().stream()
                .filter(user -> user.id().toString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private String[] given(String name, String value) {
        return new String[] {admin[0], admin[1], name, value};
    }

    @Test
    void aNewRoleCountsFromTheNextRequestOn() throws Exception {
        Answer session = login("guard", GUARDS_PASSWORD);
        assertThat(server.send("GET", USERS, "", bearer(session)).status()).isEqualTo(403);

        Answer changed = patch(guard, "{\"role\":\"administrator\"}");

        assertThat(changed.status()).as(changed.body()).isEqualTo(200);
        assertThat(changed.text("/role")).isEqualTo("administrator");
        assertThat(changed.json().get("disabled").asBoolean()).isFalse();
        assertThat(server.send("GET", USERS, "", bearer(session)).status()).isEqualTo(200);
        assertThat(server.send("GET", USERS + "/" + guard, "", admin).text("/role"))
                .isEqualTo("administrator");
    }

    @Test
    void whoIsDisabledIsOutAtOnceAndComesBackOnlyBySigningIn() throws Exception {
        Answer session = login("guard", GUARDS_PASSWORD);
        RequestCredentials stream = stream(session);
        parts.guard().reauthenticate(stream);

        assertThat(patch(guard, "{\"disabled\":true}").status()).isEqualTo(200);

        assertThat(me(session)).isEqualTo(401);
        assertThat(refresh(session)).isEqualTo(401);
        assertThatThrownBy(() -> parts.guard().reauthenticate(stream)).isInstanceOf(AccessDeniedException.class);
        Answer refused = login("guard", GUARDS_PASSWORD);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("/type")).isEqualTo("/problems/user-disabled");
        assertThat(login("guard", "wrong-horse-1").status())
                .as("who does not know the password learns nothing")
                .isEqualTo(401);

        assertThat(patch(guard, "{\"disabled\":false}").status()).isEqualTo(200);

        assertThat(me(session)).as("no session comes back").isEqualTo(401);
        assertThat(refresh(session)).isEqualTo(401);
        assertThat(me(login("guard", GUARDS_PASSWORD))).isEqualTo(200);
    }

    @Test
    void aDisabledUserStaysOutOverARestartWithoutDatabase() throws Exception {
        Answer session = login("guard", GUARDS_PASSWORD);
        patch(guard, "{\"disabled\":true}");
        server.close();
        parts.close();

        parts = new SecurityParts(folder, PASSWORD);
        server = new TestServer(Map.of(AuthResource.BASE, parts.authApplication()));

        assertThat(me(session)).isEqualTo(401);
        assertThat(server.send("GET", ME, "", admin).status()).isEqualTo(200);
    }

    @Test
    void theLastAdministratorWhoCanSignInStaysOne() throws Exception {
        String self = server.send("GET", ME, "", admin).text("/id");
        String second = add("second", "administrator");
        patch(second, "{\"disabled\":true}");

        for (Answer refused : List.of(
                patch(self, "{\"role\":\"viewer\"}"),
                patch(self, "{\"disabled\":true}"),
                server.send("DELETE", USERS + "/" + self, "", admin))) {
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.text("/detail")).contains("last administrator", "Add another one, or enable one, first");
        }
        assertThat(patch(second, "{\"role\":\"viewer\"}").status())
                .as("one who could not sign in is no loss")
                .isEqualTo(200);
        patch(second, "{\"role\":\"administrator\",\"disabled\":false}");
        assertThat(patch(self, "{\"role\":\"viewer\"}").status()).isEqualTo(200);
        assertThat(patch(second, "{}").status()).as("a viewer manages nobody").isEqualTo(403);
    }

    @Test
    void namesWhatCannotBe() throws Exception {
        Answer role = patch(guard, "{\"role\":\"king\"}");
        assertThat(role.status()).isEqualTo(422);
        assertThat(role.text("/errors/0/field")).isEqualTo("role");
        Answer field = patch(guard, "{\"username\":\"other\"}");
        assertThat(field.status()).isEqualTo(400);
        assertThat(field.text("/errors/0/field")).isEqualTo("username");
        assertThat(patch("00000000-0000-0000-0000-000000000001", "{}").status()).isEqualTo(404);
    }

    @Test
    void whoHasLostThePasswordIsGivenOneForTheNextLogin() throws Exception {
        Answer session = login("guard", GUARDS_PASSWORD);

        assertThat(password(guard, "{\"password\":\"brought-by-hand-3\"}").status())
                .isEqualTo(204);

        assertThat(me(session)).as("who is signed in with the old one").isEqualTo(401);
        assertThat(refresh(session)).isEqualTo(401);
        assertThat(login("guard", GUARDS_PASSWORD).status()).isEqualTo(401);
        Answer again = login("guard", "brought-by-hand-3");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().get("mustChangePassword").asBoolean()).isTrue();

        assertThat(password(guard, "{\"password\":\"brought-by-hand-4\",\"mustChangePassword\":false}")
                        .status())
                .isEqualTo(204);
        assertThat(login("guard", "brought-by-hand-4")
                        .json()
                        .get("mustChangePassword")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void aPasswordThatCannotBeIsNamedAndTheOldOneStays() throws Exception {
        Answer weak = password(guard, "{\"password\":\"password1\"}");
        assertThat(weak.status()).isEqualTo(422);
        assertThat(weak.text("/errors/0/field")).isEqualTo("password");
        assertThat(password(guard, "{}").status()).isEqualTo(400);
        assertThat(password("00000000-0000-0000-0000-000000000001", "{\"password\":\"brought-by-hand-3\"}")
                        .status())
                .isEqualTo(404);
        assertThat(login("guard", GUARDS_PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void nobodySetsTheOwnPasswordWithoutTheOldOne() throws Exception {
        String self = server.send("GET", ME, "", admin).text("/id");
        Answer refused = password(self, "{\"password\":\"brought-by-hand-3\"}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("/detail")).contains("/api/v1/auth/password");
        assertThat(login("admin", PASSWORD).status()).isEqualTo(200);
    }

    private Answer password(String id, String body) throws Exception {
        return server.send("PUT", USERS + "/" + id + "/password", body, admin);
    }

    @Test
    void whoDidWhatIsAnEvent() throws Exception {
        said.clear();
        patch(guard, "{\"role\":\"viewer\",\"disabled\":true}");
        patch(guard, "{\"role\":\"viewer\"}");
        server.send("DELETE", USERS + "/" + guard, "", admin);

        assertThat(said)
                .as("what changes nothing is no event")
                .containsExactly(
                        "user.changed admin made user guard viewer and disabled user guard"
                                + " {by=admin, disabled=true, name=guard, role=viewer}",
                        "user.removed admin removed user guard"
                                + " {by=admin, disabled=true, name=guard, role=viewer}");
    }

    private int refresh(Answer session) throws Exception {
        return server.send("POST", REFRESH, "{\"refreshToken\":\"" + session.text("/refreshToken") + "\"}")
                .status();
    }

    /** A connection that goes on, as of live view. */
    private static RequestCredentials stream(Answer session) {
        return new RequestCredentials(
                "WEBSOCKET",
                Optional.of("Bearer " + session.text("/accessToken")),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("vms:8080"),
                false,
                "192.0.2.7",
                "/ws/v1/live/x");
    }

    /** Writes pulses down. */
    private record Notes(List<String> said) implements EventPublisher {
        @Override
        public boolean pulse(EventFact fact, long atUs) {
            return said.add(fact.kind() + " " + fact.detail() + " " + fact.attributes());
        }

        @Override
        public boolean hold(EventFact fact, long sinceUs, int holdSeconds) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean past(EventFact fact, long startUs, long endUs) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean end(EventSource source, String kind, long endUs) {
            throw new UnsupportedOperationException();
        }
    }
}
