// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.platform.api.security.UserDirectory.UserChange;
import org.nxvms.rest.kit.json.Json;
import org.nxvms.security.MemoryUserStore;
import org.nxvms.security.MovingClock;
import org.nxvms.security.SecurityParts;
import org.nxvms.security.TestIdentity;
import org.nxvms.security.key.ApiKeys;
import org.nxvms.security.key.TestKeys;
import org.nxvms.security.vault.AesVault;
import org.nxvms.security.web.TestServer.Answer;

/** A program is given a key, which does what it is for until it expires or is taken back. */
class ApiKeysWebTest {
    private static final String KEYS = "/api/v1/api-keys";
    private static final String ME = "/api/v1/auth/me";
    private static final String USERS = "/api/v1/users";
    private static final String PASSWORD = "correct-horse-1";

    @TempDir
    private Path folder;

    private final MovingClock clock = new MovingClock();
    private SecurityParts parts;
    private TestServer server;
    private String[] admin;

    @BeforeEach
    void start() throws Exception {
        parts = new SecurityParts(folder, PASSWORD, clock);
        parts.attach(new MemoryUserStore());
        server = new TestServer(Map.of(
                AuthResource.BASE,
                parts.authApplication(),
                USERS,
                parts.usersApplication(),
                KEYS,
                parts.keysApplication()));
        admin = session("admin");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        parts.close();
    }

    private String[] session(String username) throws Exception {
        return bearer(parts.login(username, PASSWORD).accessToken());
    }

    private static String[] bearer(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }

    private Answer make(String[] who, String scopes, String more) throws Exception {
        return server.send(
                "POST",
                KEYS,
                "{\"name\":\"backup script\",\"scopes\":[" + scopes + "],\"password\":\"" + PASSWORD + "\"" + more
                        + "}",
                who);
    }

    private AuthenticatedUser guarded(String key) throws AccessDeniedException {
        return parts.guard().authenticate(request(key));
    }

    private static RequestCredentials request(String key) {
        return new RequestCredentials(
                "GET",
                Optional.of("Bearer " + key),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("vms"),
                true,
                "192.0.2.7",
                "/api/v1/cameras");
    }

    @Test
    void afterARestartItIsKnownBeforeTheDatabaseAnswersAndWhatWasRemovedIsNot() throws Exception {
        String key = make(admin, "\"view_live\"", "").text("/key");
        Answer removed = make(admin, "\"view_live\"", "");
        assertThat(server.send("DELETE", KEYS + "/" + removed.text("/details/id"), "", admin)
                        .status())
                .isEqualTo(204);

        ApiKeys successor = new ApiKeys(new TestIdentity(folder), new AesVault(new TestIdentity(folder)), clock);
        try {
            assertThat(successor.find(key)).isPresent();
            assertThat(successor.find(removed.text("/key"))).isEmpty();
            assertThat(Files.readString(folder.resolve("keys/api-keys.json"))).doesNotContain(key.substring(4));
        } finally {
            TestKeys.stop(successor);
        }
    }

    /** As servers wrote it that had no Digest yet. */
    @Test
    void afterAnUpdateKeysOfTheOldFileAreKnownBeforeTheDatabaseAnswers() throws Exception {
        String key = make(admin, "\"view_live\"", "").text("/key");
        Path file = folder.resolve("keys/api-keys.json");
        JsonNode keys = Json.mapper().readTree(Files.readAllBytes(file));
        keys.forEach(each -> assertThat(((ObjectNode) each).remove("digest")).isNotNull());
        Files.write(file, Json.mapper().writeValueAsBytes(keys));

        ApiKeys successor = new ApiKeys(new TestIdentity(folder), new AesVault(new TestIdentity(folder)), clock);
        try {
            assertThat(successor.find(key)).isPresent();
        } finally {
            TestKeys.stop(successor);
        }
    }

    @Test
    void itIsToldOnceAndDoesWhatItsScopeSays() throws Exception {
        Answer made = make(admin, "\"view_live\",\"view_archive\"", "");

        assertThat(made.status()).as(made.body()).isEqualTo(201);
        String key = made.text("/key");
        assertThat(key).startsWith("nxk_").hasSize(47);
        assertThat(made.text("/details/expires")).isEqualTo("2027-11-25T12:00:00.000Z");
        Answer list = server.send("GET", KEYS, "", admin);
        assertThat(list.json().at("/items")).hasSize(1);
        assertThat(list.body()).doesNotContain(key, key.substring(4), "hash");

        assertThat(server.send("GET", ME, "", bearer(key)).text("/username")).isEqualTo("admin");
        assertThat(server.send("GET", USERS, "", bearer(key)).status()).isEqualTo(403);
        AuthenticatedUser program = guarded(key);
        assertThat(program.apiKey().orElseThrow().name()).isEqualTo("backup script");
        for (Permission permission : Permission.values()) {
            boolean allowed = permission == Permission.VIEW_LIVE || permission == Permission.VIEW_ARCHIVE;
            if (allowed) {
                parts.guard().require(program, permission, Optional.empty());
            } else {
                assertThatThrownBy(() -> parts.guard().require(program, permission, Optional.empty()))
                        .isInstanceOf(AccessDeniedException.class)
                        .hasMessageContaining("backup script");
            }
        }
        parts.guard().reauthenticate(request(key));
        assertThat(server.send("GET", ME, "", bearer(key + "x")).status()).isEqualTo(401);
        assertThat(server.send("GET", ME, "", bearer("nxk_")).status()).isEqualTo(401);
        assertThat(server.send("GET", ME, "", "Cookie", "nxvms_session=" + key).status())
                .as("not as a cookie: a browser would send it for anybody")
                .isEqualTo(401);
    }

    @Test
    void aKeyChangesNothingAboutPasswordsSessionsAndKeys() throws Exception {
        parts.users().add("vera", PASSWORD, "viewer", false);
        UUID vera = parts.users().list().get(1).id();
        String key = make(admin, "\"manage_users\"", "").text("/key");
        assertThat(server.send("GET", USERS, "", bearer(key)).status()).isEqualTo(200);

        for (List<String> refused : List.of(
                List.of("GET", KEYS, ""),
                List.of("DELETE", KEYS + "/" + new UUID(0, 1), ""),
                List.of("GET", "/api/v1/auth/sessions", ""),
                List.of("DELETE", "/api/v1/auth/sessions", ""),
                List.of(
                        "POST",
                        "/api/v1/auth/password",
                        "{\"currentPassword\":\"" + PASSWORD + "\",\"newPassword\":\"battery-staple-2\"}"),
                List.of("POST", "/api/v1/auth/totp", "{\"password\":\"" + PASSWORD + "\"}"),
                List.of("POST", USERS, "{\"username\":\"mole\",\"password\":\"battery-staple-2\",\"role\":\"viewer\"}"),
                List.of("PATCH", USERS + "/" + vera, "{\"role\":\"administrator\"}"),
                List.of("PUT", USERS + "/" + vera + "/password", "{\"password\":\"brought-by-hand-3\"}"),
                List.of("DELETE", USERS + "/" + vera, ""),
                List.of("DELETE", USERS + "/" + vera + "/totp", ""),
                List.of("DELETE", USERS + "/" + vera + "/sessions", ""),
                List.of("DELETE", USERS + "/" + vera + "/sessions/" + new UUID(0, 1), ""),
                List.of("POST", USERS + "/" + vera + "/grants", "{\"role\":\"viewer\",\"scope\":\"site\"}"))) {
            assertThat(server.send(refused.get(0), refused.get(1), refused.get(2), bearer(key))
                            .status())
                    .as(refused.get(1))
                    .isEqualTo(403);
        }
        assertThat(make(bearer(key), "\"manage_users\"", "").status()).isEqualTo(403);
    }

    @Test
    void whatAKeyMayIsToldInTheSameOrderEachTime() throws Exception {
        Answer made = make(admin, "\"view_events\",\"export\",\"view_live\",\"listen\",\"view_archive\"", "");
        List<String> told = new ArrayList<>();
        made.json().at("/details/scopes").forEach(scope -> told.add(scope.asText()));
        assertThat(told)
                .hasSize(5)
                .isEqualTo(Arrays.stream(Permission.values())
                        .map(right -> right.name().toLowerCase(Locale.ROOT))
                        .filter(told::contains)
                        .toList());
    }

    @Test
    void nobodyMakesAKeyThatMayMoreThanTheUserMay() throws Exception {
        parts.users().add("vera", PASSWORD, "viewer", false);
        String[] vera = session("vera");
        Answer more = make(vera, "\"view_live\",\"manage_users\"", "");
        assertThat(more.status()).isEqualTo(422);
        assertThat(more.text("/errors/0/field")).isEqualTo("scopes");

        String key = make(vera, "\"view_live\",\"view_events\"", "").text("/key");
        parts.guard().require(guarded(key), Permission.VIEW_LIVE, Optional.empty());
        UUID id = parts.users().list().get(1).id();
        parts.users().change(id, new UserChange(Optional.empty(), Optional.of(true)));
        assertThatThrownBy(() -> guarded(key))
                .as("of a user who is disabled")
                .isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void badDraftsNameTheField() throws Exception {
        Map<String, Answer> answers = Map.of(
                "scopes", make(admin, "", ""),
                "expiresInDays", make(admin, "\"view_live\"", ",\"expiresInDays\":0"),
                "name",
                        server.send(
                                "POST",
                                KEYS,
                                "{\"name\":\" \",\"scopes\":[\"view_live\"],\"password\":\"" + PASSWORD + "\"}",
                                admin),
                "password",
                        server.send(
                                "POST",
                                KEYS,
                                "{\"name\":\"x\",\"scopes\":[\"view_live\"],\"password\":\"wrong-horse-1\"}",
                                admin));
        answers.forEach((field, answer) -> {
            assertThat(answer.status()).as(answer.body()).isEqualTo(422);
            assertThat(answer.text("/errors/0/field")).isEqualTo(field);
        });
        assertThat(make(admin, "\"fly\"", "").status()).isIn(400, 422);
    }

    @Test
    void itEndsWhenItExpiresAndAtOnceWhenItIsRemoved() throws Exception {
        String brief = make(admin, "\"view_live\"", ",\"expiresInDays\":1").text("/key");
        Answer lasting = make(admin, "\"view_live\"", "");
        guarded(brief);
        clock.pass(Duration.ofDays(1));
        assertThatThrownBy(() -> guarded(brief)).isInstanceOf(AccessDeniedException.class);

        admin = session("admin");
        parts.users().add("vera", PASSWORD, "viewer", false);
        String[] vera = session("vera");
        String path = KEYS + "/" + lasting.text("/details/id");
        assertThat(server.send("DELETE", path, "", vera).status())
                .as("not hers")
                .isEqualTo(404);
        assertThat(server.send("GET", KEYS, "", vera).json().at("/items")).isEmpty();
        assertThat(server.send("GET", KEYS + "?all=true", "", vera).status()).isEqualTo(403);
        guarded(lasting.text("/key"));
        assertThat(server.send("GET", KEYS + "?all=true", "", admin).json().at("/items"))
                .hasSize(2);

        assertThat(server.send("DELETE", path, "", admin).status()).isEqualTo(204);
        assertThatThrownBy(() -> guarded(lasting.text("/key"))).isInstanceOf(AccessDeniedException.class);
        assertThat(server.send("DELETE", path, "", admin).status()).isEqualTo(404);
    }

    @Test
    void aUserHasFiftyAtMost() throws Exception {
        for (int i = 0; i < 50; i++) {
            assertThat(make(admin, "\"view_live\"", "").status()).isEqualTo(201);
        }
        assertThat(make(admin, "\"view_live\"", "").status()).isEqualTo(409);
    }

    @Test
    void manyUsesAreOneWrite() throws Exception {
        Answer made = make(admin, "\"view_live\"", "");
        for (int i = 0; i < 1_000; i++) {
            guarded(made.text("/key"));
        }
        String used = server.send("GET", KEYS, "", admin).text("/items/0/used");
        assertThat(used).as("told at once").isEqualTo("2026-11-25T12:00:00.000Z");

        TestKeys.attach(parts.keys(), parts.keyStore());
        assertThat(parts.keyStore().writes()).isEqualTo(1);
        clock.pass(Duration.ofMinutes(1));
        guarded(made.text("/key"));
        TestKeys.attach(parts.keys(), parts.keyStore());
        assertThat(parts.keyStore().writes()).as("not yet again").isEqualTo(1);
        clock.pass(Duration.ofMinutes(5));
        TestKeys.attach(parts.keys(), parts.keyStore());
        assertThat(parts.keyStore().writes()).isEqualTo(2);
        assertThat(server.send("GET", KEYS, "", session("admin")).text("/items/0/used"))
                .isEqualTo("2026-11-25T12:01:00.000Z");
    }
}
