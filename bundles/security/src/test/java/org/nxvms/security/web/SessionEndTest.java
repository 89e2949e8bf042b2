// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.security.MemoryUserStore;
import org.nxvms.security.MovingClock;
import org.nxvms.security.SecurityParts;
import org.nxvms.security.web.TestServer.Answer;

/** Signing out when the access token has ended before, and what a restart remembers of it. */
class SessionEndTest {
    private static final String LOGIN = "/api/v1/auth/login";
    private static final String LOGOUT = "/api/v1/auth/logout";
    private static final String REFRESH = "/api/v1/auth/refresh";
    private static final String ME = "/api/v1/auth/me";
    private static final String PASSWORD = "correct-horse-1";

    @TempDir
    private Path folder;

    private MemoryUserStore store = new MemoryUserStore();
    private final MovingClock clock = new MovingClock();
    private SecurityParts parts;
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        parts = new SecurityParts(folder, PASSWORD, clock);
        parts.attach(store);
        server = new TestServer(Map.of(AuthResource.BASE, parts.authApplication()));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        parts.close();
    }

    private Answer login(boolean cookie) throws Exception {
        return server.send(
                "POST", LOGIN, "{\"username\":\"admin\",\"password\":\"" + PASSWORD + "\",\"cookie\":" + cookie + "}");
    }

    private static void allCookiesCleared(Answer answer) {
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.cookies()).hasSize(3).allMatch(text -> text.contains("Max-Age=0"));
    }

    @Test
    void aConsoleSignsOutAfterItsAccessCookieHasEnded() throws Exception {
        Answer in = login(true);
        String refresh = "nxvms_refresh=" + in.cookie("nxvms_refresh");
        String[] page = {"Cookie", refresh, "X-NXvms-CSRF", in.cookie("nxvms_csrf")};
        clock.pass(Duration.ofMinutes(16));

        assertThat(server.send("POST", LOGOUT, "", "Cookie", refresh).status())
                .as("another site's form has no CSRF token")
                .isEqualTo(403);
        allCookiesCleared(server.send("POST", LOGOUT, "", page));
        assertThat(server.send("POST", REFRESH, "", page).status()).isEqualTo(401);
        allCookiesCleared(server.send("POST", LOGOUT, "", page));
    }

    @Test
    void aProgramSignsOutByItsRefreshTokenAlone() throws Exception {
        Answer in = login(false);
        String body = "{\"refreshToken\":\"" + in.text("/refreshToken") + "\"}";
        clock.pass(Duration.ofMinutes(16));

        assertThat(server.send("POST", LOGOUT, body, "Authorization", "Bearer " + in.text("/accessToken"))
                        .status())
                .isEqualTo(204);
        assertThat(server.send("POST", REFRESH, body).status()).isEqualTo(401);
    }

    /** Killed, the embedded database may forget what it was told last; likewise when it was away. */
    @Test
    void whatTheDatabaseHasNotHeardOfItIsToldWhenItIsBack() throws Exception {
        Answer killed = login(false);
        Answer away = login(false);
        MemoryUserStore before = store.copy();
        String[] bearer = {"Authorization", "Bearer " + killed.text("/accessToken")};
        assertThat(server.send("POST", LOGOUT, "", bearer).status()).isEqualTo(204);
        stop();
        store = before;
        start();
        store.breakDown(true);
        bearer[1] = "Bearer " + away.text("/accessToken");
        assertThat(server.send("POST", LOGOUT, "", bearer).status()).isEqualTo(503);
        assertThat(server.send("GET", ME, "", bearer).status())
                .as("withdrawn at once all the same")
                .isEqualTo(401);
        store.breakDown(false);
        parts.attach(store);

        clock.pass(Duration.ofMinutes(61));
        bearer[1] = "Bearer " + login(false).text("/accessToken");
        assertThat(server.send("POST", LOGOUT, "", bearer).status()).isEqualTo(204);

        for (Answer ended : List.of(killed, away)) {
            String body = "{\"refreshToken\":\"" + ended.text("/refreshToken") + "\"}";
            assertThat(server.send("POST", REFRESH, body).status()).isEqualTo(401);
        }
    }

    @Test
    void aRestartDoesNotReviveASessionThatWasSignedOut() throws Exception {
        String[] ended = {"Authorization", "Bearer " + login(false).text("/accessToken")};
        String[] other = {"Authorization", "Bearer " + login(false).text("/accessToken")};
        assertThat(server.send("POST", LOGOUT, "", ended).status()).isEqualTo(204);

        stop();
        start();

        assertThat(server.send("GET", ME, "", ended).status()).isEqualTo(401);
        assertThat(server.send("GET", ME, "", other).status()).isEqualTo(200);
    }
}
