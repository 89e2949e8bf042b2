// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.security.MemoryUserStore;
import org.nxvms.security.MovingClock;
import org.nxvms.security.SecurityParts;
import org.nxvms.security.account.Client;
import org.nxvms.security.web.TestServer.Answer;

/** Copied refresh tokens, answers that are lost on the way, and sessions that somebody sees and ends. */
class SessionsWebTest {
    private static final String SESSIONS = "/api/v1/auth/sessions";
    private static final String USERS = "/api/v1/users";
    private static final String PASSWORD = "correct-horse-1";

    @TempDir
    private Path folder;

    private final MemoryUserStore store = new MemoryUserStore();
    private final MovingClock clock = new MovingClock();
    private SecurityParts parts;
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        parts = new SecurityParts(folder, PASSWORD, clock);
        parts.attach(store);
        server = new TestServer(Map.of(AuthResource.BASE, parts.authApplication(), USERS, parts.usersApplication()));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        parts.close();
    }

    private Answer login(String username) throws Exception {
        Answer in = server.send(
                "POST",
                "/api/v1/auth/login",
                "{\"username\":\"" + username + "\",\"password\":\"" + PASSWORD + "\"}",
                "User-Agent",
                "browser of " + username);
        assertThat(in.status()).as(in.body()).isEqualTo(200);
        return in;
    }

    private Answer refresh(String token) throws Exception {
        return server.send("POST", "/api/v1/auth/refresh", "{\"refreshToken\":\"" + token + "\"}");
    }

    private int me(Answer session) throws Exception {
        return server.send("GET", "/api/v1/auth/me", "", bearer(session)).status();
    }

    private static String[] bearer(Answer session) {
        return new String[] {"Authorization", "Bearer " + session.text("/accessToken")};
    }

    private List<String> ids(Answer session) throws Exception {
        return server.send("GET", SESSIONS, "", bearer(session))
                .json()
                .at("/items")
                .findValuesAsText("id");
    }

    @Test
    void aTokenThatWasExchangedAndUsedOnEndsTheSessionOfEverybodyWhoHasACopy() throws Exception {
        Answer first = login("admin");
        Answer other = login("admin");
        Answer second = refresh(first.text("/refreshToken"));
        assertThat(second.text("/refreshToken")).isNotEqualTo(first.text("/refreshToken"));
        Answer third = refresh(second.text("/refreshToken"));
        assertThat(third.status()).isEqualTo(200);

        assertThat(refresh(first.text("/refreshToken")).status()).isEqualTo(401);

        assertThat(refresh(third.text("/refreshToken")).status()).isEqualTo(401);
        assertThat(me(third)).isEqualTo(401);
        assertThat(me(other)).isEqualTo(200);
        assertThat(refresh(other.text("/refreshToken")).status()).isEqualTo(200);
        assertThat(refresh("made-up").status()).isEqualTo(401);

        parts.trail().flush();
        assertThat(parts.auditStore().rows)
                .filteredOn(row -> row.note().action().equals("session.ended"))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.note().actor().name()).isEqualTo("admin");
                    assertThat(row.note().after()).containsEntry("why", "refresh token used twice");
                });
    }

    @Test
    void whoseAnswerWasLostAsksAgainAndGetsTheSameOne() throws Exception {
        Answer first = login("admin");
        Answer lost = refresh(first.text("/refreshToken"));
        clock.pass(Duration.ofSeconds(29));

        Answer again = refresh(first.text("/refreshToken"));

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("/refreshToken")).isEqualTo(lost.text("/refreshToken"));
        assertThat(me(again)).isEqualTo(200);
        assertThat(refresh(again.text("/refreshToken")).status()).isEqualTo(200);
    }

    @Test
    void aDatabaseThatFailsForAMomentCostsNoSession() throws Exception {
        Answer first = login("admin");
        store.failNextExchange();
        assertThat(refresh(first.text("/refreshToken")).status()).isEqualTo(503);

        assertThat(refresh(first.text("/refreshToken")).status()).isEqualTo(200);
        assertThat(me(first)).isEqualTo(200);
    }

    @Test
    void afterHalfAMinuteOrFromElsewhereItIsNotTheSameClient() throws Exception {
        Answer late = login("admin");
        refresh(late.text("/refreshToken"));
        clock.pass(Duration.ofSeconds(31));
        assertThat(refresh(late.text("/refreshToken")).status()).isEqualTo(401);
        assertThat(me(late)).isEqualTo(401);

        Answer here = login("admin");
        parts.sessions().refresh(here.text("/refreshToken"), new Client("192.0.2.66", "thief", Optional.empty()));
        assertThat(refresh(here.text("/refreshToken")).status()).isEqualTo(401);
        assertThat(me(here)).isEqualTo(401);
    }

    @Test
    void ofManyWhoUseOneTokenAtOnceAllGetTheOneThatCanBeUsedNext() throws Exception {
        String token = login("admin").text("/refreshToken");
        ExecutorService crowd = Executors.newFixedThreadPool(8);
        Set<String> next = new HashSet<>();
        try {
            List<Callable<Answer>> tries = Collections.nCopies(8, () -> refresh(token));
            for (Future<Answer> future : crowd.invokeAll(tries)) {
                assertThat(future.get().status()).isEqualTo(200);
                next.add(future.get().text("/refreshToken"));
            }
        } finally {
            crowd.shutdownNow();
        }
        assertThat(next).hasSize(1);
    }

    @Test
    void anybodySeesTheOwnSessionsAndEndsOneOrAllOthers() throws Exception {
        Answer old = login("admin");
        clock.pass(Duration.ofMinutes(1));
        Answer stolen = login("admin");
        clock.pass(Duration.ofMinutes(1));
        Answer mine = login("admin");

        Answer list = server.send("GET", SESSIONS, "", bearer(mine));
        assertThat(list.json().at("/items")).hasSize(3);
        assertThat(list.json().at("/items/0/current").asBoolean()).isTrue();
        assertThat(list.json().at("/items/1/current").asBoolean()).isFalse();
        assertThat(list.text("/items/0/address")).isEqualTo("127.0.0.1");
        assertThat(list.text("/items/0/client")).isEqualTo("browser of admin");
        assertThat(list.text("/items/0/begun")).isEqualTo("2026-11-25T12:02:00.000Z");
        assertThat(list.body()).doesNotContain(mine.text("/refreshToken"));

        String gone = list.text("/items/1/id");
        assertThat(server.send("DELETE", SESSIONS + "/" + gone, "", bearer(mine))
                        .status())
                .isEqualTo(204);
        assertThat(me(stolen)).isEqualTo(401);
        assertThat(refresh(stolen.text("/refreshToken")).status()).isEqualTo(401);
        assertThat(server.send("DELETE", SESSIONS + "/" + gone, "", bearer(mine))
                        .status())
                .isEqualTo(404);
        assertThat(me(old)).isEqualTo(200);

        assertThat(server.send("DELETE", SESSIONS, "", bearer(mine)).status()).isEqualTo(204);
        assertThat(me(old)).isEqualTo(401);
        assertThat(me(mine)).isEqualTo(200);
        assertThat(ids(mine)).containsExactly(list.text("/items/0/id"));
        assertThat(refresh(mine.text("/refreshToken")).status()).isEqualTo(200);
    }

    @Test
    void nobodyEndsSessionsOfOthersButWhoManagesUsers() throws Exception {
        String vera = parts.users().add("vera", PASSWORD, "viewer", false).id().toString();
        String admin = server.send("GET", "/api/v1/auth/me", "", bearer(login("admin")))
                .text("/id");
        Answer adminsSession = login("admin");
        Answer hers = login("vera");
        String adminsId = ids(adminsSession).get(0);

        assertThat(server.send("DELETE", SESSIONS + "/" + adminsId, "", bearer(hers))
                        .status())
                .as("as if there were none")
                .isEqualTo(404);
        for (String path : List.of("/sessions", "/sessions/" + adminsId)) {
            assertThat(server.send("DELETE", USERS + "/" + admin + path, "", bearer(hers))
                            .status())
                    .isEqualTo(403);
        }
        assertThat(server.send("GET", USERS + "/" + admin + "/sessions", "", bearer(hers))
                        .status())
                .isEqualTo(403);
        assertThat(me(adminsSession)).isEqualTo(200);

        Answer list = server.send("GET", USERS + "/" + vera + "/sessions", "", bearer(adminsSession));
        assertThat(list.text("/items/0/client")).isEqualTo("browser of vera");
        String hersId = list.text("/items/0/id");
        assertThat(server.send("DELETE", USERS + "/" + vera + "/sessions/" + adminsId, "", bearer(adminsSession))
                        .status())
                .as("not hers")
                .isEqualTo(404);
        assertThat(server.send("DELETE", USERS + "/" + vera + "/sessions/" + hersId, "", bearer(adminsSession))
                        .status())
                .isEqualTo(204);
        assertThat(me(hers)).isEqualTo(401);

        Answer again = login("vera");
        assertThat(server.send("DELETE", USERS + "/" + vera + "/sessions", "", bearer(adminsSession))
                        .status())
                .isEqualTo(204);
        assertThat(me(again)).isEqualTo(401);
        assertThat(me(login("vera"))).isEqualTo(200);
        assertThat(server.send("GET", USERS + "/" + new java.util.UUID(0, 9) + "/sessions", "", bearer(adminsSession))
                        .status())
                .isEqualTo(404);
    }
}
