// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.security.MemoryUserStore;
import org.nxvms.security.SecurityParts;
import org.nxvms.security.web.TestServer.Answer;

/** Signing in, staying in and being thrown out, over HTTP as clients do it. */
class SecurityWebTest {
    private static final String LOGIN = "/api/v1/auth/login";
    private static final String REFRESH = "/api/v1/auth/refresh";
    private static final String ME = "/api/v1/auth/me";
    private static final String PASSWORD = "correct-horse-1";

    @TempDir
    private Path folder;

    private final MemoryUserStore store = new MemoryUserStore();
    private SecurityParts parts;
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        start(PASSWORD);
    }

    private void start(String adminPassword) throws Exception {
        parts = new SecurityParts(folder, adminPassword);
        parts.attach(store);
        server = new TestServer(Map.of(
                AuthResource.BASE, parts.authApplication(),
                UsersResource.BASE, parts.usersApplication()));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        parts.close();
    }

    private Answer login(String username, String password) throws Exception {
        return server.send("POST", LOGIN, "{\"username\":\"" + username + "\",\"password\":\"" + password + "\"}");
    }

    private Answer refresh(String token) throws Exception {
        return server.send("POST", REFRESH, "{\"refreshToken\":\"" + token + "\"}");
    }

    private Answer me(String accessToken) throws Exception {
        return server.send("GET", ME, "", bearer(accessToken));
    }

    private static String[] bearer(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }

    @Test
    void signsInWithTheRightPasswordAndSaysWhoIsSignedIn() throws Exception {
        Answer session = login("Admin", PASSWORD);

        assertThat(session.status()).isEqualTo(200);
        assertThat(session.json().get("expiresInSeconds").asInt()).isEqualTo(900);
        assertThat(session.json().get("mustChangePassword").asBoolean()).isFalse();
        assertThat(session.text("/user/username")).isEqualTo("admin");
        assertThat(session.cookies()).isEmpty();
        Answer me = me(session.text("/accessToken"));
        assertThat(me.status()).isEqualTo(200);
        assertThat(me.text("/role")).isEqualTo("administrator");
        assertThat(me.text("/id")).isEqualTo(session.text("/user/id"));
    }

    @Test
    void refusesWrongPasswordsAndUnknownUsersAlike() throws Exception {
        Answer wrong = login("admin", "wrong-horse-1");
        Answer unknown = login("nobody", "wrong-horse-1");

        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.body()).isEqualTo(unknown.body());
        assertThat(server.send("GET", ME, "").status()).isEqualTo(401);
        assertThat(me("not.a.token").status()).isEqualTo(401);
        assertThat(server.send("GET", ME, "", "Authorization", "Basic YWRtaW46eA==")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void namesWhatIsMissingInALogin() throws Exception {
        Answer answer = server.send("POST", LOGIN, "{\"username\":\"admin\"}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("/errors/0/field")).isEqualTo("password");
        Answer extra = server.send("POST", LOGIN, "{\"username\":\"a\",\"password\":\"b\",\"remember\":true}");
        assertThat(extra.text("/errors/0/field")).isEqualTo("remember");
        Answer totp = server.send("POST", LOGIN, "{\"username\":\"a\",\"password\":\"b\",\"totp\":\"123456\"}");
        assertThat(totp.status())
                .as("a code says nothing to who does not know the password")
                .isEqualTo(401);
    }

    @Test
    void slowsGuessingDownWithoutTellingWhetherTheUserExists() throws Exception {
        for (String name : new String[] {"admin", "nobody"}) {
            List<Integer> answers = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                answers.add(login(name, "guess-number-" + i).status());
            }
            assertThat(answers).containsExactly(401, 401, 401, 401, 401, 429, 429);
        }
        // Right now the right password does not help the guesser either.
        assertThat(login("admin", PASSWORD).status()).isEqualTo(429);
    }

    @Test
    void logoutEndsTheSessionAtOnce() throws Exception {
        Answer session = login("admin", PASSWORD);
        Answer other = login("admin", PASSWORD);

        Answer out = server.send("POST", "/api/v1/auth/logout", "", bearer(session.text("/accessToken")));

        assertThat(out.status()).isEqualTo(204);
        assertThat(me(session.text("/accessToken")).status()).isEqualTo(401);
        assertThat(refresh(session.text("/refreshToken")).status()).isEqualTo(401);
        assertThat(me(other.text("/accessToken")).status()).isEqualTo(200);
    }

    @Test
    void cookiesCarryASessionOnlyTogetherWithTheCsrfToken() throws Exception {
        Answer in = server.send(
                "POST", LOGIN, "{\"username\":\"admin\",\"password\":\"" + PASSWORD + "\",\"cookie\":true}");
        assertThat(in.status()).isEqualTo(200);
        assertThat(in.json().has("accessToken")).isFalse();
        assertThat(in.json().has("refreshToken")).isFalse();
        assertThat(in.cookies()).allMatch(cookie -> cookie.contains("; SameSite=Strict"));
        assertThat(in.cookies().stream().filter(cookie -> cookie.startsWith("nxvms_session=")))
                .singleElement()
                .asString()
                .contains("; HttpOnly", "; Path=/;");
        assertThat(in.cookies().stream().filter(cookie -> cookie.startsWith("nxvms_refresh=")))
                .singleElement()
                .asString()
                .contains("; HttpOnly", "; Path=/api/v1/auth;");
        String cookies =
                "nxvms_session=" + in.cookie("nxvms_session") + "; nxvms_refresh=" + in.cookie("nxvms_refresh");
        String csrf = in.cookie("nxvms_csrf");

        assertThat(server.send("GET", ME, "", "Cookie", cookies).status()).isEqualTo(200);
        Answer bare = server.send("POST", REFRESH, "", "Cookie", cookies);
        assertThat(bare.status()).isEqualTo(403);
        assertThat(bare.text("/type")).isEqualTo("/problems/csrf");
        Answer elsewhere = server.send(
                "POST", REFRESH, "", "Cookie", cookies, "X-NXvms-CSRF", csrf, "Origin", "https://elsewhere.example");
        assertThat(elsewhere.text("/type")).isEqualTo("/problems/csrf");
        Answer wrong = server.send("POST", "/api/v1/auth/logout", "", "Cookie", cookies, "X-NXvms-CSRF", "x" + csrf);
        assertThat(wrong.text("/type")).isEqualTo("/problems/csrf");

        Answer again = server.send(
                "POST", REFRESH, "", "Cookie", cookies, "X-NXvms-CSRF", csrf, "Origin", "http://" + server.authority());
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.cookie("nxvms_csrf")).isEqualTo(csrf);
        Answer out = server.send(
                "POST",
                "/api/v1/auth/logout",
                "",
                "Cookie",
                "nxvms_session=" + again.cookie("nxvms_session"),
                "X-NXvms-CSRF",
                csrf);
        assertThat(out.status()).isEqualTo(204);
        assertThat(out.cookies()).hasSize(3).allMatch(cookie -> cookie.contains("Max-Age=0"));
    }

    @Test
    void aBrowserOfTheUserDoesNotWaitForWhatGuessersDo() throws Exception {
        String body = "{\"username\":\"admin\",\"password\":\"" + PASSWORD + "\",\"cookie\":true}";
        Answer before = server.send("POST", LOGIN, body);
        assertThat(before.cookies().stream().filter(cookie -> cookie.startsWith("nxvms_device=")))
                .singleElement()
                .asString()
                .contains("; HttpOnly", "; SameSite=Strict", "; Path=/api/v1;");
        String device = "nxvms_device=" + before.cookie("nxvms_device");
        for (int i = 0; i < 7; i++) {
            login("admin", "guess-number-" + i);
        }
        assertThat(server.send("POST", LOGIN, body).status()).isEqualTo(429);
        assertThat(server.send("POST", LOGIN, body, "Cookie", "nxvms_device=" + "A".repeat(43) + "." + "A".repeat(22))
                        .status())
                .as("one that was not made here")
                .isEqualTo(429);
        assertThat(server.send("POST", LOGIN, body.replace("admin", "nobody"), "Cookie", device)
                        .status())
                .as("says nothing about others")
                .isEqualTo(401);

        assertThat(server.send("POST", LOGIN, body, "Cookie", device).status()).isEqualTo(200);
        assertThat(server.send("GET", ME, "", "Cookie", device).status()).isEqualTo(401);
    }

    @Test
    void anotherSiteCannotSignABrowserIn() throws Exception {
        Answer answer = server.send(
                "POST",
                LOGIN,
                "{\"username\":\"admin\",\"password\":\"" + PASSWORD + "\",\"cookie\":true}",
                "Origin",
                "https://elsewhere.example");
        assertThat(answer.text("/type")).isEqualTo("/problems/csrf");
        assertThat(answer.cookies()).isEmpty();
    }

    @Test
    void aPasswordChangeEndsAllOtherSessionsAndKeepsThisOne() throws Exception {
        Answer mine = login("admin", PASSWORD);
        Answer other = login("admin", PASSWORD);
        String path = "/api/v1/auth/password";
        String[] token = bearer(mine.text("/accessToken"));

        Answer wrong = server.send(
                "POST", path, "{\"currentPassword\":\"nope-nope\",\"newPassword\":\"battery-staple-2\"}", token);
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.text("/errors/0/field")).isEqualTo("currentPassword");
        Answer weak = server.send(
                "POST", path, "{\"currentPassword\":\"" + PASSWORD + "\",\"newPassword\":\"short\"}", token);
        assertThat(weak.status()).isEqualTo(422);
        assertThat(weak.text("/errors/0/field")).isEqualTo("newPassword");

        Answer changed = server.send(
                "POST", path, "{\"currentPassword\":\"" + PASSWORD + "\",\"newPassword\":\"battery-staple-2\"}", token);

        assertThat(changed.status()).isEqualTo(204);
        assertThat(me(mine.text("/accessToken")).status()).isEqualTo(200);
        assertThat(refresh(mine.text("/refreshToken")).status()).isEqualTo(200);
        assertThat(me(other.text("/accessToken")).status()).isEqualTo(401);
        assertThat(refresh(other.text("/refreshToken")).status()).isEqualTo(401);
        assertThat(login("admin", PASSWORD).status()).isEqualTo(401);
        assertThat(login("admin", "battery-staple-2").status()).isEqualTo(200);
    }

    @Test
    void usersAreAddedListedAndRemovedByAdministratorsOnly() throws Exception {
        String[] admin = bearer(login("admin", PASSWORD).text("/accessToken"));
        Answer added = server.send(
                "POST",
                "/api/v1/users",
                "{\"username\":\"Vera\",\"password\":\"vera-secret-9\",\"role\":\"viewer\"}",
                admin);
        assertThat(added.status()).as(added.body()).isEqualTo(422);
        added = server.send(
                "POST",
                "/api/v1/users",
                "{\"username\":\"Vera\",\"password\":\"look-at-this-9\",\"role\":\"viewer\"}",
                admin);
        assertThat(added.status()).as(added.body()).isEqualTo(201);
        assertThat(added.json().get("mustChangePassword").asBoolean()).isTrue();
        assertThat(added.body()).doesNotContain("look-at-this-9", "argon2");

        Answer vera = login("vera", "look-at-this-9");
        String[] viewer = bearer(vera.text("/accessToken"));
        assertThat(server.send("GET", "/api/v1/users", "", viewer).status()).isEqualTo(403);
        Answer list = server.send("GET", "/api/v1/users", "", admin);
        assertThat(list.json().get("items").findValuesAsText("username")).containsExactly("admin", "Vera");

        Answer taken = server.send(
                "POST",
                "/api/v1/users",
                "{\"username\":\"VERA\",\"password\":\"look-at-this-9\",\"role\":\"viewer\"}",
                admin);
        assertThat(taken.status()).as("as with all other names").isEqualTo(409);
        assertThat(taken.text("/detail")).contains("\"VERA\" already", "another name");
        assertThat(taken.text("/errors/0/field")).isEqualTo("username");
        Answer role = server.send(
                "POST",
                "/api/v1/users",
                "{\"username\":\"x\",\"password\":\"look-at-this-9\",\"role\":\"root\"}",
                admin);
        assertThat(role.text("/errors/0/field")).isEqualTo("role");

        String id = added.text("/id");
        assertThat(server.send("DELETE", "/api/v1/users/" + id, "", admin).status())
                .isEqualTo(204);
        assertThat(me(vera.text("/accessToken")).status()).isEqualTo(401);
        assertThat(refresh(vera.text("/refreshToken")).status()).isEqualTo(401);
        assertThat(server.send("DELETE", "/api/v1/users/" + id, "", admin).status())
                .isEqualTo(404);
        Answer last = server.send("DELETE", "/api/v1/users/" + list.text("/items/0/id"), "", admin);
        assertThat(last.status()).isEqualTo(409);
    }

    @Test
    void tokensAreJudgedWithoutTheDatabaseAndLoginWaitsForIt() throws Exception {
        Answer session = login("admin", PASSWORD);
        parts.detach(store);

        assertThat(me(session.text("/accessToken")).status()).isEqualTo(200);
        assertThat(login("admin", PASSWORD).status()).isEqualTo(503);
        assertThat(refresh(session.text("/refreshToken")).status()).isEqualTo(503);

        store.breakDown(true);
        parts.attach(store);
        assertThat(me(session.text("/accessToken")).status()).isEqualTo(200);
        assertThat(refresh(session.text("/refreshToken")).status()).isEqualTo(503);
    }

    @Test
    void afterARestartWithoutDatabaseGoodTokensWorkAndWithdrawnOnesDoNot() throws Exception {
        String[] admin = bearer(login("admin", PASSWORD).text("/accessToken"));
        Answer vera = server.send(
                "POST",
                "/api/v1/users",
                "{\"username\":\"vera\",\"password\":\"look-at-this-9\",\"role\":\"viewer\"}",
                admin);
        String removed = login("vera", "look-at-this-9").text("/accessToken");
        parts.users().remove(UUID.fromString(vera.text("/id")));
        stop();
        store.breakDown(true);

        start(PASSWORD);

        assertThat(me(admin[1].substring(7)).status()).isEqualTo(200);
        assertThat(me(removed).status()).isEqualTo(401);
    }

    @Test
    void theRandomInitialPasswordStandsInAFileUntilItIsChanged() throws Exception {
        stop();
        MemoryUserStore fresh = new MemoryUserStore();
        parts = new SecurityParts(folder.resolve("fresh"), "");
        parts.attach(fresh);
        server = new TestServer(Map.of(
                AuthResource.BASE, parts.authApplication(),
                UsersResource.BASE, parts.usersApplication()));
        Path file = folder.resolve("fresh/initial-admin-password");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String password = Files.readString(file).strip();
        assertThat(password).hasSize(20);

        Answer in = server.send(
                "POST", LOGIN, "{\"username\":\"admin\",\"password\":\"" + password + "\",\"cookie\":true}");
        assertThat(in.json().get("mustChangePassword").asBoolean()).isTrue();
        String cookies = "nxvms_session=" + in.cookie("nxvms_session");
        Answer blocked = server.send("GET", "/api/v1/users", "", "Cookie", cookies);
        assertThat(blocked.status()).isEqualTo(403);
        assertThat(blocked.text("/type")).isEqualTo("/problems/password-change-required");
        assertThat(server.send("GET", ME, "", "Cookie", cookies).status()).isEqualTo(200);
        // The machine's own scripts come over loopback with a token and may work.
        String[] script = bearer(login("admin", password).text("/accessToken"));
        assertThat(server.send("GET", "/api/v1/users", "", script).status()).isEqualTo(200);

        Answer changed = server.send(
                "POST",
                "/api/v1/auth/password",
                "{\"currentPassword\":\"" + password + "\",\"newPassword\":\"battery-staple-2\"}",
                "Cookie",
                cookies,
                "X-NXvms-CSRF",
                in.cookie("nxvms_csrf"));
        assertThat(changed.status()).isEqualTo(204);
        assertThat(file).doesNotExist();
        assertThat(server.send("GET", "/api/v1/users", "", "Cookie", cookies).status())
                .isEqualTo(200);
    }

    @Test
    void theFileWithTheInitialPasswordStaysAsLongAsThePasswordIsThatOfTheFirstUser() throws Exception {
        stop();
        MemoryUserStore fresh = new MemoryUserStore();
        Path file = folder.resolve("fresh/initial-admin-password");
        startFresh(fresh);
        String password = Files.readString(file);
        stop();

        startFresh(fresh);
        assertThat(file).as("the same server again").hasContent(password.strip());
        stop();

        // As when a backup of a time is restored in which it was another.
        Files.writeString(file, "not-the-password\n");
        startFresh(fresh);
        assertThat(file).doesNotExist();
    }

    private void startFresh(MemoryUserStore users) throws Exception {
        parts = new SecurityParts(folder.resolve("fresh"), "");
        parts.attach(users);
        server = new TestServer(Map.of(AuthResource.BASE, parts.authApplication()));
    }
}
