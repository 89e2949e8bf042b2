// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.security.MemoryUserStore;
import org.nxvms.security.MovingClock;
import org.nxvms.security.SecurityParts;
import org.nxvms.security.web.TestServer.Answer;

/** A user enrols an authenticator, signs in with it, loses it, and is helped out; over HTTP as clients do it. */
class SecondFactorWebTest {
    private static final String LOGIN = "/api/v1/auth/login";
    private static final String TOTP = "/api/v1/auth/totp";
    private static final String PASSWORD = "correct-horse-1";
    private static final String PROOF = "{\"password\":\"" + PASSWORD + "\"}";

    @TempDir
    private Path folder;

    private final MovingClock clock = new MovingClock();
    private SecurityParts parts;
    private TestServer server;
    private Answer session;

    @BeforeEach
    void signIn() throws Exception {
        parts = new SecurityParts(folder, PASSWORD, clock);
        parts.attach(new MemoryUserStore());
        server = new TestServer(Map.of(
                AuthResource.BASE,
                parts.authApplication(),
                UsersResource.BASE,
                parts.usersApplication(),
                "/api/v1/roles",
                parts.rolesApplication()));
        session = login("");
        assertThat(session.status()).isEqualTo(200);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        parts.close();
    }

    private Answer login(String code) throws Exception {
        String totp = code.isEmpty() ? "" : ",\"totp\":\"" + code + "\"";
        return server.send("POST", LOGIN, "{\"username\":\"admin\",\"password\":\"" + PASSWORD + "\"" + totp + "}");
    }

    private String kind(Answer answer) {
        return answer.status() + " " + answer.text("/type").replace("/problems/", "");
    }

    private String[] bearer() {
        return new String[] {"Authorization", "Bearer " + session.text("/accessToken")};
    }

    private Answer post(String path, String body) throws Exception {
        return server.send("POST", TOTP + path, body, bearer());
    }

    private String shown(SecretKeySpec authenticator) throws Exception {
        return new TimeBasedOneTimePasswordGenerator().generateOneTimePasswordString(authenticator, clock.instant());
    }

    private SecretKeySpec enrol() throws Exception {
        Answer begun = post("", PROOF);
        assertThat(begun.status()).as(begun.body()).isEqualTo(200);
        return Authenticator.scanned(begun.text("/uri"));
    }

    private List<String> confirm(SecretKeySpec authenticator) throws Exception {
        Answer confirmed = post("/confirm", "{\"code\":\"" + shown(authenticator) + "\"}");
        assertThat(confirmed.status()).as(confirmed.body()).isEqualTo(200);
        List<String> codes = new ArrayList<>();
        confirmed.json().at("/recoveryCodes").forEach(code -> codes.add(code.asText()));
        return codes;
    }

    @Test
    void aBegunEnrolmentTakesFiveGuessesOfWhoHasTheSessionAlone() throws Exception {
        SecretKeySpec authenticator = enrol();
        String wrong = shown(authenticator).equals("000000") ? "000001" : "000000";
        for (int i = 0; i < 5; i++) {
            assertThat(post("/confirm", "{\"code\":\"" + wrong + "\"}").status())
                    .isEqualTo(422);
        }
        assertThat(post("/confirm", "{\"code\":\"" + shown(authenticator) + "\"}")
                        .status())
                .as("begun anew, by the password")
                .isEqualTo(409);
        SecretKeySpec next = enrol();
        assertThat(confirm(next)).isNotEmpty();
        assertThat(post("/confirm", "{\"code\":\"" + shown(next) + "\"}").status())
                .as("nobody is told other recovery codes")
                .isEqualTo(409);
    }

    @Test
    void onceConfirmedTheCodeIsNeededAndTakenOnce() throws Exception {
        Answer other = login("");
        SecretKeySpec authenticator = enrol();
        assertThat(login("").status())
                .as("nothing counts before it is confirmed")
                .isEqualTo(200);

        List<String> recovery = confirm(authenticator);

        assertThat(recovery)
                .hasSize(10)
                .doesNotHaveDuplicates()
                .allMatch(code -> code.matches("([a-z2-7]{4}-){3}[a-z2-7]{4}"));
        assertThat(server.send("GET", "/api/v1/auth/me", "", "Authorization", "Bearer " + other.text("/accessToken"))
                        .status())
                .as("sessions opened by a password alone end")
                .isEqualTo(401);
        assertThat(server.send("GET", TOTP, "", bearer()).body())
                .isEqualTo("{\"enabled\":true,\"recoveryCodesLeft\":10}");
        assertThat(kind(login(""))).isEqualTo("401 totp-required");
        assertThat(kind(login(shown(authenticator))))
                .as("the code of the confirmation is used up")
                .isEqualTo("401 totp-wrong");
        clock.pass(Duration.ofSeconds(30));
        String code = shown(authenticator);
        assertThat(login(code.substring(0, 3) + " " + code.substring(3)).status())
                .isEqualTo(200);
        assertThat(kind(login(code))).as("whoever saw it typed").isEqualTo("401 totp-wrong");
    }

    @Test
    void aLostAuthenticatorIsReplacedByRecoveryCodesThatWorkOnce() throws Exception {
        List<String> recovery = confirm(enrol());

        assertThat(login(recovery.get(3).toUpperCase()).status()).isEqualTo(200);
        assertThat(kind(login(recovery.get(3)))).isEqualTo("401 totp-wrong");
        Answer renewed =
                post("/recovery-codes", "{\"password\":\"" + PASSWORD + "\",\"code\":\"" + recovery.get(4) + "\"}");
        assertThat(renewed.json().at("/recoveryCodes")).hasSize(10);
        assertThat(kind(login(recovery.get(5)))).isEqualTo("401 totp-wrong");
        String fresh = renewed.text("/recoveryCodes/0");

        assertThat(post("/remove", PROOF).text("/errors/0/field")).isEqualTo("code");
        assertThat(post("/remove", "{\"password\":\"" + PASSWORD + "\",\"code\":\"" + fresh + "\"}")
                        .status())
                .isEqualTo(204);
        assertThat(login("").status()).isEqualTo(200);
    }

    @Test
    void whoHasTheSessionButNotThePasswordChangesNothing() throws Exception {
        Answer refused = post("", "{\"password\":\"wrong-horse-1\"}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("/errors/0/field")).isEqualTo("password");
        assertThat(post("/confirm", "{\"code\":\"123456\"}").status()).isEqualTo(409);

        SecretKeySpec authenticator = enrol();
        Answer wrong = post("/confirm", "{\"code\":\"abc\"}");
        assertThat(wrong.text("/errors/0/field")).isEqualTo("code");
        clock.pass(Duration.ofMinutes(16));
        session = login("");
        assertThat(post("/confirm", "{\"code\":\"" + shown(authenticator) + "\"}")
                        .status())
                .as("begun too long ago")
                .isEqualTo(409);
        confirm(enrol());
        assertThat(post("", PROOF).status()).as("there is one").isEqualTo(409);
    }

    @Test
    void guessingCodesIsSlowedDownAsGuessingPasswordsIs() throws Exception {
        confirm(enrol());
        for (int i = 0; i < 5; i++) {
            assertThat(kind(login("00000" + i))).isEqualTo("401 totp-wrong");
        }
        assertThat(login("000009").status()).isEqualTo(429);
    }

    @Test
    void neitherIsItFasterForWhoHoldsASession() throws Exception {
        confirm(enrol());
        int refused = 0;
        for (int i = 0; i < 7; i++) {
            int status = post("/remove", "{\"password\":\"" + PASSWORD + "\",\"code\":\"00000" + i + "\"}")
                    .status();
            refused += status == 429 ? 1 : 0;
        }
        assertThat(refused).isEqualTo(2);
    }

    @Test
    void strangersAreNotToldWhoHasASecondFactor() throws Exception {
        confirm(enrol());
        String guess = "{\"username\":\"admin\",\"password\":\"wrong-horse-1\"}";
        Answer with = server.send("POST", LOGIN, guess);
        Answer nobody = server.send("POST", LOGIN, guess.replace("admin", "nobody"));
        assertThat(with.body()).isEqualTo(nobody.body());
        assertThat(kind(with)).isEqualTo("401 unauthenticated");
    }

    @Test
    void anAdministratorHelpsWhoHasLostBoth() throws Exception {
        String vera = parts.users().add("vera", PASSWORD, "viewer", false).id().toString();
        Answer admin = session;
        session = server.send("POST", LOGIN, "{\"username\":\"vera\",\"password\":\"" + PASSWORD + "\"}");
        confirm(enrol());
        String path = "/api/v1/users/" + vera + "/totp";
        assertThat(server.send("DELETE", path, "", bearer()).status()).isEqualTo(403);

        session = admin;
        assertThat(server.send("GET", path, "", bearer()).json().at("/enabled").asBoolean())
                .isTrue();
        assertThat(server.send("DELETE", path, "", bearer()).status()).isEqualTo(204);

        assertThat(server.send("POST", LOGIN, "{\"username\":\"vera\",\"password\":\"" + PASSWORD + "\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anAdministratorsSessionInWrongHandsDoesNotRemoveTheOwnOne() throws Exception {
        confirm(enrol());
        String self = server.send("GET", "/api/v1/auth/me", "", bearer()).text("/id");
        assertThat(server.send("DELETE", "/api/v1/users/" + self + "/totp", "", bearer())
                        .status())
                .isEqualTo(409);
        assertThat(kind(login(""))).isEqualTo("401 totp-required");
    }

    @Test
    void whileTheStoreIsAwayNobodyComesInWithoutTheSecondFactor() throws Exception {
        confirm(enrol());
        parts.detachFactors();
        assertThat(login("").status()).isEqualTo(503);
    }

    private String atTheShell(String password, String address) {
        return atTheShell("admin", password, address);
    }

    private String atTheShell(String username, String password, String address) {
        try {
            return parts.signIn().signIn(username, password, address, "shell").username();
        } catch (AccessDeniedException e) {
            return e.kind().toString();
        }
    }

    @Test
    void whoseRoleAsksForOneComesInNowhereWithoutIt() throws Exception {
        String role = "{\"name\":\"guarded\",\"permissions\":[\"manage_cameras\"],\"secondFactor\":true}";
        assertThat(server.send("POST", "/api/v1/roles", role, bearer()).status())
                .isEqualTo(201);
        parts.users().add("vera", PASSWORD, "guarded", false);

        assertThat(atTheShell("vera", PASSWORD, "127.0.0.1")).isEqualTo("SECOND_FACTOR_REQUIRED");
        assertThat(atTheShell(PASSWORD, "127.0.0.1")).isEqualTo("admin");
    }

    @Test
    void whereThereIsNoFieldForItTheCodeStandsBehindThePassword() throws Exception {
        assertThat(atTheShell(PASSWORD, "127.0.0.1")).isEqualTo("admin");
        assertThat(atTheShell(PASSWORD + "123456", "127.0.0.1"))
                .as("without a second factor digits belong to the password")
                .isEqualTo("UNAUTHENTICATED");
        SecretKeySpec authenticator = enrol();
        confirm(authenticator);

        assertThat(atTheShell(PASSWORD, "127.0.0.1")).as("no code").isEqualTo("UNAUTHENTICATED");
        clock.pass(Duration.ofSeconds(30));
        assertThat(atTheShell("wrong" + shown(authenticator), "127.0.0.1")).isEqualTo("UNAUTHENTICATED");
        assertThat(atTheShell(PASSWORD + shown(authenticator), "127.0.0.1")).isEqualTo("admin");
        assertThat(atTheShell(PASSWORD + shown(authenticator), "127.0.0.1"))
                .as("a code is taken once")
                .isEqualTo("UNAUTHENTICATED");
        parts.trail().flush();
        assertThat(parts.auditStore().rows.stream()
                        .filter(row -> row.note().action().equals("shell.login"))
                        .map(row -> row.note().after().getOrDefault("refused", "done")))
                .as("what of one caller is refused again for one reason is counted, not noted each time")
                .containsExactly("done", "wrong_password", "code_missing", "done", "wrong_code");
    }
}
