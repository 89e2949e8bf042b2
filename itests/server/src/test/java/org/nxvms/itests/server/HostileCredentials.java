// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.PackedServer;

/**
 * Credentials in the wrong hands: made up, ended, copied, or a browser's that others make send them. On the server of a
 * subclass, which starts it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileCredentials {
    private static final String NOBODYS_PAGE = "https://evil.example";

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
