// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/**
 * The doors of the packed server: how often and how slowly callers may send, what browsers are told, certificates, the shell;
 * and what those send who mean no good.
 */
final class DoorsIT extends ShellStories {
    private static final String PASSWORD = "Another-horse-8-battery";
    private static final String PAGE = "https://portal.example";

    private final HttpClient client = HttpClient.newHttpClient();
    private Authority authority;
    private SlowHead slowHead;
    private SlowHead slowHandshake;

    @BeforeAll
    void start() throws Exception {
        server = PackedServer.unpacked("doors");
        authority = new Authority(server.data().resolveSibling("authority"));
        server.with("NXVMS_JAVA_OPTS", authority.javaOptions())
                .configured(
                        "org.nxvms.web", "headSecondsMax = 5", "allowedOrigins = " + PAGE, "trustedProxies = 127.0.0.1")
                .start();
        // Their end is waited for by the last test that asks; meanwhile the others run.
        slowHead = new SlowHead(
                WebClient.plain(server.httpPort()), "GET /api/v1/health HTTP/1.1\r\nHost: vms\r\nX-More: ");
        // A handshake record of 512 bytes (RFC 8446 5.1), of which two minutes would go by.
        slowHandshake = new SlowHead(WebClient.plain(server.httpsPort()), "\u0016\u0003\u0001\u0002\u0000\u0001");
    }

    @AfterAll
    void stop() throws Exception {
        // Whoever could not be started has none of them; the server ends in any case.
        for (AutoCloseable one : new AutoCloseable[] {slowHead, slowHandshake, server}) {
            if (one != null) {
                one.close();
            }
        }
    }

    @Test
    void everyAnswerTellsBrowsersWhatItIsNot() throws Exception {
        for (String path : List.of(
                "/",
                "/nowhere",
                "/console/",
                "/console/nothing.js",
                "/api/v1/health",
                "/api/v1/cameras",
                "/api/v1/nothing",
                "/media/v1/segments/1",
                "/media/v1/live/1/index.m3u8",
                "/media/v1/exports/1",
                "/ws/v1/live/1",
                "/metrics",
                "/push/v1/x")) {
            try (WebClient web = WebClient.tls(server.httpsPort(), "TLSv1.3")) {
                assertThat(web.askOnce("GET", path).lines())
                        .as(path)
                        .contains("X-Content-Type-Options: nosniff", "X-Frame-Options: DENY")
                        .anyMatch(line ->
                                line.startsWith("Content-Security-Policy: ") && line.contains("frame-ancestors 'none'"))
                        .anyMatch(line -> line.startsWith("Referrer-Policy: "))
                        .anyMatch(line -> line.startsWith("Permissions-Policy: "))
                        .noneMatch(line -> line.startsWith("Server: "));
            }
        }
    }

    @Test
    void whatNobodyAnswersIsAProblemToo() {
        Api api = new Api(server.httpPort());
        for (String path : List.of(
                "/api", "/api/", "/api/v2/cameras", "/api/v1/nothing", "/api/v1/webhooks", "/api/v1/cameras/x/y/z")) {
            assertThat(api.open(path).expect(401).type()).as(path).isEqualTo("application/problem+json");
            Api.Answer answer = api.get(path).expect(404);
            assertThat(answer.type()).as(path).isEqualTo("application/problem+json");
            assertThat(answer.json().get("detail").asText()).as(path).contains("openapi.json");
        }
        assertThat(api.delete("/api/v1/nothing").expect(404).json().get("type").asText())
                .isEqualTo("/problems/no-such-path");
    }

    @Test
    void theDocumentShowsAnExampleOfEachRequestAndAnswer() {
        ApiDocument document = new ApiDocument(new Api(server.httpPort())
                .get("/api/v1/openapi.json")
                .expect(200)
                .json());
        assertThat(document.wrongExamples()).isEmpty();
    }

    @Test
    void aProgramThatRunsWildIsToldWhenToComeAgainAndItsUserGoesOn() throws Exception {
        Api api = new Api(server.httpPort());
        String key = api.post(
                        "/api/v1/api-keys",
                        Map.of(
                                "name",
                                "wild",
                                "scopes",
                                List.of("view_configuration"),
                                "password",
                                PackedServer.PASSWORD))
                .expect(201)
                .json()
                .get("key")
                .asText();
        server.configured("org.nxvms.security.rates", "keyRequestsPerSecond = 1", "keyRequestsBurst = 1");

        Waiting.until("the limit holds", 60, () -> atOnce(api, key, 12).stream().anyMatch(this::isWait));

        api.get("/api/v1/cameras").expect(200);
    }

    @Test
    void aUserWhoRunsWildWaitsAndOthersDoNot() {
        Api api = new Api(server.httpPort());
        api.token();
        Api wild = guest("wilma");
        Api calm = guest("carla");
        server.configured("org.nxvms.security.rates", "userRequestsPerSecond = 1", "userRequestsBurst = 1");

        Waiting.until("the limit holds", 60, () -> atOnce(api, wild.token(), 12).stream()
                .anyMatch(this::isWait));

        // Signing in counts for nobody's share.
        calm.get("/api/v1/cameras").expect(200);
        server.configured("org.nxvms.security.rates", "userRequestsPerSecond = 0");
        Waiting.until("there is none", 60, () -> atOnce(api, wild.token(), 12).stream()
                .noneMatch(this::isWait));
    }

    /** {@return somebody new who has signed in} */
    private Api guest(String name) {
        new Api(server.httpPort())
                .post(
                        "/api/v1/users",
                        Map.of("username", name, "password", PASSWORD, "role", "guest", "mustChangePassword", false))
                .expect(201);
        Api guest = new Api(server.httpPort(), name, PASSWORD);
        guest.token();
        return guest;
    }

    private List<HttpResponse<String>> atOnce(Api api, String bearer, int count) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api.base() + "/api/v1/cameras"))
                .header("Authorization", "Bearer " + bearer)
                .build();
        return Stream.generate(() -> client.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
                .limit(count)
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
    }

    private boolean isWait(HttpResponse<String> answer) {
        return answer.statusCode() == 429
                && answer.headers().firstValueAsLong("Retry-After").orElse(0) >= 1
                && answer.body().contains("too-many-requests");
    }

    @Test
    void pagesOfANamedServerMayAskAndOthersMayNot() throws Exception {
        try (WebClient web = WebClient.tls(server.httpsPort(), "TLSv1.3")) {
            assertThat(web.ask("OPTIONS", "/api/v1/cameras", "Origin: " + PAGE, "Access-Control-Request-Method: GET"))
                    .startsWith("HTTP/1.1 204")
                    .contains("Access-Control-Allow-Origin: " + PAGE);
            assertThat(web.ask("GET", "/api/v1/cameras", "Origin: " + PAGE))
                    .startsWith("HTTP/1.1 401")
                    .contains("Access-Control-Allow-Origin: " + PAGE);
            assertThat(web.ask("GET", "/api/v1/cameras", "Origin: https://other.example"))
                    .doesNotContain("Access-Control");
        }
    }

    @Test
    void onlyTls13AndAnotherCertificateCutsNobodyOff() throws Exception {
        assertThatExceptionOfType(SSLException.class)
                .isThrownBy(() -> WebClient.tls(server.httpsPort(), "TLSv1.2").close());
        try (WebClient before = WebClient.tls(server.httpsPort(), "TLSv1.3")) {
            assertThat(before.peer()).startsWith("CN=NXvms");
            assertThat(before.ask("GET", "/api/v1/health"))
                    .startsWith("HTTP/1.1 200")
                    .as("a browser that was told so could not be talked past this certificate")
                    .doesNotContain("Strict-Transport-Security");

            authority.certify("vms.example", server.data().resolve("keys"));

            Waiting.until("connections are shown the new one", 30, this::isCertified);
            assertThat(before.ask("GET", "/api/v1/health")).startsWith("HTTP/1.1 200");
            try (WebClient after = WebClient.tls(server.httpsPort(), "TLSv1.3")) {
                assertThat(after.ask("GET", "/api/v1/health")).contains("Strict-Transport-Security: max-age=31536000");
            }
            try (WebClient plain = WebClient.plain(server.httpPort())) {
                assertThat(plain.ask("GET", "/api/v1/health")).doesNotContain("Strict-Transport-Security");
            }
            HttpResponse<String> modern = WebClient.modern()
                    .send(
                            HttpRequest.newBuilder(
                                            URI.create("https://127.0.0.1:" + server.httpsPort() + "/api/v1/health"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(modern.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(modern.headers().firstValue("Strict-Transport-Security")).contains("max-age=31536000");
        }
        try (WebClient web = WebClient.tls(server.httpsPort(), "TLSv1.3")) {
            assertThat(web.ask(
                            "GET",
                            "/ws/v1/live/1",
                            "Upgrade: websocket",
                            "Connection: Upgrade",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="))
                    .as("WebSockets come by the same port, and not without credentials")
                    .startsWith("HTTP/1.1 401");
        }
    }

    private boolean isCertified() throws IOException {
        try (WebClient fresh = WebClient.tls(server.httpsPort(), "TLSv1.3")) {
            return fresh.peer().equals("CN=vms.example")
                    && fresh.ask("GET", "/api/v1/health").contains("Strict-Transport-Security");
        }
    }

    @Test
    void aCertificateAuthorityFindsWhatWasLaidOutForIt() throws Exception {
        String token = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA";
        Path laidOut = server.data().resolve("acme/.well-known/acme-challenge");
        Files.writeString(Files.createDirectories(laidOut).resolve(token), token + ".thumbprint");
        try (WebClient web = WebClient.tls(server.httpsPort(), "TLSv1.3")) {
            assertThat(web.ask("GET", "/.well-known/acme-challenge/" + token))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("\r\n\r\n" + token + ".thumbprint");
            assertThat(web.ask("GET", "/.well-known/acme-challenge/" + token.toLowerCase(Locale.ROOT)))
                    .startsWith("HTTP/1.1 404");
        }
    }

    @Test
    void peopleOfADirectorySignInUntilTheyLeaveItOrItIsTakenOut() throws Exception {
        Path folder = Files.createDirectories(server.data().resolveSibling("directory"));
        Path settings = server.data().resolve("etc/org.nxvms.integration.ldap.cfg");
        Api api = new Api(server.httpPort());
        try (Slapd directory = new Slapd(folder, authority)) {
            server.configured("org.nxvms.integration.ldap", directory.settings(authority));
            Commands.Result installed = server.shell("feature:install nxvms-integration-ldap");
            assertThat(installed.status()).as(installed.output()).isZero();

            Waiting.until(
                    "the directory answers",
                    60,
                    () -> api.get("/api/v1/health")
                                    .json()
                                    .at("/parts")
                                    .toString()
                                    .contains("\"ldap\"")
                            && api.health("ldap").get("status").asText().equalsIgnoreCase("up"));
            // Known there, and in no group: until the directory is asked that is a name that nobody has.
            Waiting.until(
                    "nora is known", 60, () -> api.login("nora", Slapd.PASSWORD).status() == 403);
            JsonNode dora = api.login("dora", Slapd.PASSWORD).expect(200).json();
            assertThat(dora.at("/user/role").asText()).isEqualTo("administrator");
            assertThat(api.get("/api/v1/users").expect(200).json().at("/items"))
                    .extracting(user -> user.at("/username").asText() + " "
                            + user.at("/provider").asText())
                    .contains("dora ldap", "admin ");
            api.login("dora", "another-horse-9").expect(401);
            Commands.Result shell = shellOf("dora", Slapd.PASSWORD, folder);
            assertThat(shell.status()).as(shell.errors()).isZero();
            Waiting.until("the account's password is sealed", 30, () -> !Files.readString(settings)
                    .contains(Slapd.ADMIN_PASSWORD));

            directory.dissolve("vms-admins");
            String refresh = "{\"refreshToken\":\"" + dora.get("refreshToken").asText() + "\"}";
            new Api(server.httpPort()).postText("/api/v1/auth/refresh", refresh).expect(401);
            api.login("dora", Slapd.PASSWORD).expect(403);
        }
        api.login("dora", Slapd.PASSWORD).expect(503);
        assertThat(api.login("admin", PackedServer.PASSWORD)
                        .expect(200)
                        .json()
                        .at("/user/username")
                        .asText())
                .isEqualTo("admin");

        assertThat(server.shell("feature:uninstall nxvms-integration-ldap").status())
                .isZero();
        api.login("dora", Slapd.PASSWORD).expect(401);
        assertThat(Files.readString(server.data().resolve("log/nxvms.log")))
                .contains("User dora came from \"ldap\" as administrator")
                .doesNotContain(Slapd.PASSWORD, Slapd.ADMIN_PASSWORD);
        for (JsonNode user : api.get("/api/v1/users").expect(200).json().at("/items")) {
            if (user.at("/provider").asText().equals("ldap")) {
                api.delete("/api/v1/users/" + user.get("id").asText()).expect(204);
            }
        }
        Files.delete(settings);
    }

    @Test
    void aHeadOrAHandshakeByDropsIsClosed() {
        assertThat(slowHead.end()).isEmpty();
        assertThat(slowHandshake.end()).isEmpty();
    }
}
