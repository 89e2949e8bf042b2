// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/**
 * Credentials in the wrong hands: made up, ended, copied, or a browser's that others make send them. On the server of a
 * subclass, which starts it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileCredentials {
    private static final String NOBODYS_PAGE = "https://evil.example";
    private static final String NO_TOKEN = "X-Nothing: 1";
    private static final String FIRST = "Look-at-this-9-gate";
    private static final String SECOND = "Look-at-that-8-gate";

    PackedServer server;

    @Test
    void tokensThatWereMadeUpOrHaveEndedOpenNothing() throws Exception {
        ForgedTokens forged = new ForgedTokens(server.data(), new Api(server.httpPort()).token());
        assertThat(statusBy(forged.genuine(), "/api/v1/auth/me"))
                .as("one that is signed here as the server does it")
                .isEqualTo(200);
        for (Map.Entry<String, String> token : forged.all().entrySet()) {
            for (String path : List.of(
                    "/api/v1/auth/me",
                    "/api/v1/cameras",
                    "/api/v1/events/stream",
                    "/media/v1/segments/" + UUID.randomUUID(),
                    "/metrics")) {
                assertThat(statusBy(token.getValue(), path))
                        .as(token.getKey() + ": " + path)
                        .isEqualTo(401);
            }
            assertThat(Watched.open(new Api(server.httpPort()), "/ws/v1/live/" + UUID.randomUUID(), token.getValue())
                            .awaitClose())
                    .as(token.getKey())
                    .isEqualTo("401");
        }
    }

    private int statusBy(String token, String path) throws IOException {
        try (WebClient web = WebClient.plain(server.httpPort())) {
            String answer = web.askOnce("GET", path, "Authorization: Bearer " + token);
            return Integer.parseInt(answer.substring(9, 12));
        }
    }

    @Test
    void aCopiedRefreshTokenThatIsUsedAfterItsOwnerEndsTheSessionForBoth() {
        Api api = new Api(server.httpPort());
        JsonNode first = api.login("admin", PackedServer.PASSWORD).expect(200).json();
        JsonNode second = refresh(api, first).expect(200).json();
        JsonNode third = refresh(api, second).expect(200).json();

        refresh(api, first).expect(401);
        refresh(api, third).expect(401);
        try {
            assertThat(statusBy(third.get("accessToken").asText(), "/api/v1/auth/me"))
                    .isEqualTo(401);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Api.Answer refresh(Api api, JsonNode tokens) {
        return api.post(
                "/api/v1/auth/refresh",
                Map.of("refreshToken", tokens.get("refreshToken").asText()));
    }

    /** By a proxy on this machine, which says from where each of them asks. */
    @Test
    void whoGuessesWaitsAndNobodyElseDoes() throws Exception {
        user("gail");
        String guess = credentials("gail", "not-the-password-1");
        String answer = "";
        int judged = 0;
        // Each wait is twice the one before: a machine that stands still for seconds does not outlast them.
        for (int tries = 0; !answer.startsWith("HTTP/1.1 429") && tries < 20; tries++) {
            answer = from("198.51.100.1", "POST", "/api/v1/auth/login", guess, NO_TOKEN);
            judged += answer.startsWith("HTTP/1.1 401") ? 1 : 0;
        }
        assertThat(answer)
                .startsWith("HTTP/1.1 429")
                .containsPattern("Retry-After: [1-9]")
                .contains("/problems/too-many-requests");
        assertThat(judged).isGreaterThanOrEqualTo(5);
        assertThat(from("198.51.100.2", "POST", "/api/v1/auth/login", credentials("gail", FIRST), NO_TOKEN))
                .as("she herself, at another place")
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void aFirstPasswordOpensNothingFromOutsideButItsOwnChange() throws Exception {
        user("vera");
        String here = "Authorization: Bearer " + new Api(server.httpPort(), "vera", FIRST).token();
        assertThat(asked("GET", "/api/v1/cameras", here))
                .as("on the machine itself")
                .startsWith("HTTP/1.1 200");
        for (String path :
                List.of("/api/v1/cameras", "/media/v1/segments/" + UUID.randomUUID(), "/api/v1/events/stream")) {
            assertThat(from("198.51.100.4", "GET", path, "", here))
                    .as(path)
                    .startsWith("HTTP/1.1 403")
                    .contains("/problems/password-change-required");
        }
        for (String known : List.of("sunshine1", "vera-and-more-1")) {
            assertThat(from("198.51.100.4", "POST", "/api/v1/auth/password", change(FIRST, known), here))
                    .as(known)
                    .startsWith("HTTP/1.1 422")
                    .contains("newPassword");
        }
        assertThat(from("198.51.100.4", "POST", "/api/v1/auth/password", change(FIRST, SECOND), here))
                .startsWith("HTTP/1.1 204");
        String then = "Authorization: Bearer " + new Api(server.httpPort(), "vera", SECOND).token();
        assertThat(from("198.51.100.4", "GET", "/api/v1/cameras", "", then)).startsWith("HTTP/1.1 200");
    }

    /** By who has the embedded database's file, or the log. */
    @Test
    void noSecretIsReadInTheDatabaseOrTheLog() throws Exception {
        Api api = new Api(server.httpPort());
        JsonNode session = api.login("admin", PackedServer.PASSWORD).expect(200).json();
        String key = api.post(
                        "/api/v1/api-keys",
                        Map.of(
                                "name",
                                "Sealed key 5521",
                                "scopes",
                                List.of("view_configuration"),
                                "password",
                                PackedServer.PASSWORD))
                .expect(201)
                .json()
                .get("key")
                .asText();
        Map<String, Object> draft = Map.of(
                "name",
                "Sealed camera 5521",
                "driver",
                "rtsp",
                "address",
                "rtsp://192.0.2.1/1",
                "enabled",
                false,
                "username",
                "root",
                "password",
                "Sealed-secret-5521");
        String camera =
                api.post("/api/v1/cameras", draft).expect(201).json().get("id").asText();
        Path file = server.data().resolve("db/nxvms.mv.db");
        Waiting.until(
                "both are in the file",
                30,
                () -> read(file).contains("Sealed camera 5521") && read(file).contains("Sealed key 5521"));
        for (Path path : List.of(file, server.data().resolve("log/nxvms.log"))) {
            assertThat(read(path).contains("Sealed-secret-5521"))
                    .as("the camera's password in " + path)
                    .isFalse();
            assertThat(read(path).contains(key)).as("the API key in " + path).isFalse();
            assertThat(read(path).contains(session.get("refreshToken").asText()))
                    .as("the refresh token in " + path)
                    .isFalse();
            assertThat(read(path).contains(PackedServer.PASSWORD))
                    .as("a user's password in " + path)
                    .isFalse();
        }
        api.delete("/api/v1/cameras/" + camera).expect(204);
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    private void user(String name) {
        new Api(server.httpPort())
                .post("/api/v1/users", Map.of("username", name, "password", FIRST, "role", "viewer"))
                .expect(201);
    }

    private static String credentials(String name, String password) {
        return "{\"username\":\"" + name + "\",\"password\":\"" + password + "\"}";
    }

    private static String change(String now, String then) {
        return "{\"currentPassword\":\"" + now + "\",\"newPassword\":\"" + then + "\"}";
    }

    /** As the proxy that {@code trustedProxies} names asks for a client of its. */
    private String from(String address, String method, String path, String json, String token) throws IOException {
        try (WebClient web = WebClient.plain(server.httpPort())) {
            web.send(method + " " + path + " HTTP/1.1\r\nHost: vms\r\nConnection: close\r\nX-Forwarded-For: " + address
                    + "\r\n" + token + "\r\nContent-Type: application/json\r\nContent-Length: " + json.length()
                    + "\r\n\r\n" + json);
            return web.rest();
        }
    }

    @Test
    void aPageOfSomebodyElseDoesNothingByTheCookieOfWhoSeesIt() throws Exception {
        Api api = new Api(server.httpPort());
        String cookie = cookie();
        String camera = api.addCamera("Kept", "rtsp://192.0.2.1/1");
        String one = "/api/v1/cameras/" + camera;
        String media = "/media/v1/segments/" + UUID.randomUUID();
        assertThat(asked("GET", one, cookie)).startsWith("HTTP/1.1 200");
        assertThat(asked("GET", media, cookie)).startsWith("HTTP/1.1 404");
        for (String from : List.of(
                "Origin: " + NOBODYS_PAGE,
                "Origin: null",
                "Origin: http://vms.evil.example",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site")) {
            for (String path : List.of(one, media, "/api/v1/events/stream")) {
                assertThat(asked("GET", path, cookie, from))
                        .as(path + " " + from)
                        .startsWith("HTTP/1.1 403")
                        .contains("/problems/csrf");
            }
            assertThat(asked("POST", "/api/v1/auth/password", cookie, from, "Content-Length: 0"))
                    .as(from)
                    .startsWith("HTTP/1.1 403");
        }
        for (String token : List.of("X-Nothing: 1", "X-NXvms-CSRF: guessed", "X-NXvms-CSRF: ")) {
            assertThat(asked("DELETE", one, cookie, token)).as(token).startsWith("HTTP/1.1 403");
            for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "application/json")) {
                assertThat(asked(
                                "POST", "/api/v1/cameras", cookie, token, "Content-Type: " + type, "Content-Length: 0"))
                        .as(type + ": what forms of pages send is taken by nobody, and JSON not from them")
                        .startsWith(type.endsWith("json") ? "HTTP/1.1 403" : "HTTP/1.1 415");
            }
        }
        // Links are GET, and frameworks know ways to mean something else by it.
        asked("GET", one, cookie, "X-HTTP-Method-Override: DELETE");
        asked("GET", one + "?_method=DELETE", cookie);
        api.get(one).expect(200);
        api.delete(one).expect(204);
    }

    @Test
    void aWebSocketByCookieIsForPagesOfThisServer() throws Exception {
        String cookie = cookie();
        for (String path : List.of("/ws/v1/live/", "/ws/v1/talk/")) {
            String socket = path + UUID.randomUUID() + (path.contains("talk") ? "?codec=pcmu" : "");
            assertThat(upgraded(socket, cookie, "Origin: http://vms"))
                    .as("the console, whose host is vms here")
                    .startsWith("HTTP/1.1 101");
            for (String from : List.of(
                    "Origin: " + NOBODYS_PAGE,
                    "Origin: http://vms:81",
                    "Origin: http://vms.evil.example",
                    "Origin: null",
                    "X-Nothing: 1")) {
                assertThat(upgraded(socket, cookie, from)).as(from).startsWith("HTTP/1.1 403");
            }
        }
    }

    private String upgraded(String path, String cookie, String from) throws IOException {
        try (WebClient web = WebClient.plain(server.httpPort())) {
            return web.ask(
                    "GET",
                    path,
                    cookie,
                    from,
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        }
    }

    private String asked(String method, String path, String... headers) throws IOException {
        try (WebClient web = WebClient.plain(server.httpPort())) {
            return web.askOnce(method, path, headers);
        }
    }

    /** {@return the header by which a browser of the console shows its session} */
    private String cookie() {
        return "Cookie: "
                + String.join(
                        "; ",
                        new Api(server.httpPort())
                                        .post(
                                                "/api/v1/auth/login",
                                                Map.of(
                                                        "username",
                                                        "admin",
                                                        "password",
                                                        PackedServer.PASSWORD,
                                                        "cookie",
                                                        true))
                                        .expect(200)
                                        .response()
                                        .headers()
                                        .allValues("set-cookie")
                                        .stream()
                                        .map(set -> set.replaceFirst(";.*", ""))
                                        .toList());
    }
}
