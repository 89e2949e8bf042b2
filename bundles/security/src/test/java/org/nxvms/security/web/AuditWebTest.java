// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.security.MemoryUserStore;
import org.nxvms.security.MovingClock;
import org.nxvms.security.SecurityParts;
import org.nxvms.security.web.TestServer.Answer;

/** What people do about users and sign-ins is in the audit, without what they typed in secret. */
class AuditWebTest {
    private static final String AUDIT = "/api/v1/audit";
    private static final String USERS = "/api/v1/users";
    private static final String KEYS = "/api/v1/api-keys";
    private static final String PASSWORD = "correct-horse-1";

    @TempDir
    private Path folder;

    private SecurityParts parts;
    private TestServer server;
    private String[] admin;

    @BeforeEach
    void start() throws Exception {
        parts = new SecurityParts(folder, PASSWORD, new MovingClock());
        parts.attach(new MemoryUserStore());
        AuditApplication audit = new AuditApplication(parts.guard(), parts.trail());
        audit.store = parts.auditStore();
        server = new TestServer(Map.of(
                AuthResource.BASE,
                parts.authApplication(),
                USERS,
                parts.usersApplication(),
                KEYS,
                parts.keysApplication(),
                AUDIT,
                audit));
        admin = bearer(login("admin", PASSWORD));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        parts.close();
    }

    private Answer login(String username, String password) throws Exception {
        return server.send(
                "POST", "/api/v1/auth/login", "{\"username\":\"" + username + "\",\"password\":\"" + password + "\"}");
    }

    private static String[] bearer(Answer session) {
        return new String[] {"Authorization", "Bearer " + session.text("/accessToken")};
    }

    private List<String> told(String query) throws Exception {
        List<String> told = new ArrayList<>();
        for (JsonNode item : server.send("GET", AUDIT + query, "", admin).json().at("/items")) {
            told.add(item.at("/user").asText() + " " + item.at("/action").asText() + " "
                    + item.at("/subject").asText() + " " + item.at("/done").asBoolean() + " " + item.at("/before")
                    + " " + item.at("/after"));
        }
        return told;
    }

    @Test
    void signInsAndWhatIsDoneToUsersAreNotedWithBeforeAndAfter() throws Exception {
        login("admin", "a-secret-that-is-wrong");
        login("nobody", "a-secret-that-is-wrong");
        Answer added = server.send(
                "POST",
                USERS,
                "{\"username\":\"vera\",\"password\":\"look-at-this-9\",\"role\":\"viewer\",\"mustChangePassword\":false}",
                admin);
        server.send("PATCH", USERS + "/" + added.text("/id"), "{\"role\":\"operator\"}", admin);
        String[] vera = bearer(login("vera", "look-at-this-9"));
        server.send("DELETE", USERS + "/" + added.text("/id"), "", vera);
        server.send(
                "PUT", USERS + "/" + added.text("/id") + "/password", "{\"password\":\"a-secret-by-hand-3\"}", admin);
        server.send("DELETE", USERS + "/" + added.text("/id"), "", admin);

        assertThat(told(""))
                .containsExactly(
                        "admin user.removed user/vera true {\"disabled\":\"false\",\"role\":\"operator\"} {}",
                        "admin auth.password_changed user/vera true {} {}",
                        "vera user.removed " + USERS + "/" + added.text("/id") + " false {} {\"refused\":\"403\"}",
                        "vera auth.login  true {} {\"client\":\"" + client() + "\"}",
                        "admin user.changed user/vera true {\"disabled\":\"false\",\"role\":\"viewer\"} {\"role\":\"operator\"}",
                        "admin user.added user/vera true {} {\"role\":\"viewer\"}",
                        "nobody auth.login  false {} {\"refused\":\"wrong_password\"}",
                        "admin auth.login  false {} {\"refused\":\"wrong_password\"}",
                        "admin auth.login  true {} {\"client\":\"" + client() + "\"}");
        assertThat(told("?action=auth.*&limit=2")).hasSize(2);
        String everything = server.send("GET", AUDIT, "", admin).body();
        assertThat(everything).doesNotContain("look-at-this-9", "a-secret", PASSWORD, "argon2");
        assertThat(server.send("GET", AUDIT, "", admin).text("/items/0/address"))
                .isEqualTo("127.0.0.1");
    }

    private static String client() {
        return "Java-http-client/" + System.getProperty("java.version");
    }

    @Test
    void pagesGoOnWhereTheyEnded() throws Exception {
        for (int i = 0; i < 4; i++) {
            login("nobody" + i, "wrong-horse-1");
        }
        Answer first = server.send("GET", AUDIT + "?limit=3", "", admin);
        Answer second = server.send("GET", AUDIT + "?limit=3&cursor=" + first.text("/nextCursor"), "", admin);
        assertThat(first.json().at("/items").findValuesAsText("user")).containsExactly("nobody3", "nobody2", "nobody1");
        assertThat(second.json().at("/items").findValuesAsText("user")).containsExactly("nobody0", "admin");
        assertThat(second.json().has("nextCursor")).isFalse();
        assertThat(told("?address=127.0.0.1&limit=9")).hasSize(5);
        assertThat(told("?address=192.0.2.7")).isEmpty();
        for (String bad : List.of("?cursor=x", "?cursor=1_2_3", "?limit=0", "?action=';drop", "?from=yesterday")) {
            Answer answer = server.send("GET", AUDIT + bad, "", admin);
            assertThat(answer.status()).as(bad).isEqualTo(400);
            assertThat(answer.text("/errors/0/field")).isEqualTo(bad.substring(1, bad.indexOf('=')));
        }
    }

    @Test
    void onlyWhoMayReadItDoes() throws Exception {
        parts.users().add("vera", PASSWORD, "operator", false);
        String[] vera = bearer(login("vera", PASSWORD));
        for (String path : List.of("", "/export")) {
            assertThat(server.send("GET", AUDIT + path, "", vera).status()).isEqualTo(403);
            assertThat(server.send("GET", AUDIT + path, "").status()).isEqualTo(401);
        }
        assertThat(server.send("POST", AUDIT + "/verify", "", vera).status()).isEqualTo(403);
    }

    @Test
    void isExportedForSpreadsheetsWithoutFormulasAndAsJson() throws Exception {
        login("=cmd|'/C calc'!A0", "wrong-horse-1");
        login("say \\\"hi\\\", you", "wrong-horse-1");

        HttpResponse<String> csv = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://" + server.authority() + AUDIT + "/export"))
                                .headers(admin)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(csv.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"nxvms-audit.csv\"");
        String[] lines = csv.body().split("\r\n");
        assertThat(lines[0]).startsWith("server,sequence,at,action,done,user,");
        assertThat(lines).hasSize(5);
        assertThat(lines[1]).contains(",audit.exported,true,admin,");
        assertThat(lines[2]).contains(",\"say \"\"hi\"\", you\",");
        assertThat(lines[3]).contains(",\"'=cmd|'/C calc'!A0\",");

        JsonNode json = server.send("GET", AUDIT + "/export?format=json&action=audit.exported", "", admin)
                .json();
        assertThat(json).as("who exports it is in it").hasSize(2);
        assertThat(json.at("/0/user").asText()).isEqualTo("admin");
        assertThat(server.send("GET", AUDIT + "/export?format=pdf", "", admin).status())
                .isEqualTo(400);
    }

    @Test
    void isVerified() throws Exception {
        Answer whole = server.send("POST", AUDIT + "/verify", "", admin);
        assertThat(whole.body())
                .isEqualTo("{\"whole\":true,\"entries\":1,\"faults\":[],\"acknowledged\":[],\"others\":{}}");
        login("nobody", "wrong-horse-1");
        parts.trail().flush();
        parts.auditStore().rows.remove(0);
        assertThat(server.send("POST", AUDIT + "/verify", "", admin).text("/faults/0"))
                .isEqualTo("entries 1 to 1 are missing, so that entry 2 cannot be verified");
    }

    @Test
    void anExportThatCannotBeReadToItsEndIsNone() throws Exception {
        AuditNote.Actor anna = new AuditNote.Actor(Optional.empty(), "anna", Optional.empty(), "192.0.2.7");
        for (int i = 0; i < 1_200; i++) {
            parts.trail().note(new AuditNote("user.changed", true, anna, "user/" + i, Map.of(), Map.of()));
        }
        assertThat(parts.trail().flush()).isTrue();
        for (String format : List.of("json", "csv")) {
            String path = AUDIT + "/export?format=" + format;
            assertThat(server.send("GET", path + "&action=user.changed", "", admin)
                            .body())
                    .contains("user/1199", "user/0");

            parts.auditStore().breakAfterPages(1);
            assertThat(server.send("GET", path, "", admin).status()).as(format).isEqualTo(503);
            parts.auditStore().breakAfterPages(Integer.MAX_VALUE);
        }
    }
}
