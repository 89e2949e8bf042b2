// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.security.AuthenticationProvider;
import org.nxvms.platform.api.security.OutsideIdentity;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.security.MemoryUserStore;
import org.nxvms.security.MovingClock;
import org.nxvms.security.SecurityParts;
import org.nxvms.security.account.Client;
import org.nxvms.security.account.Sessions;
import org.nxvms.security.account.TestAccounts;
import org.nxvms.security.web.TestServer.Answer;

/** A browser was sent to a provider and comes back with a ticket. */
class OutsideWebTest {
    private static final String OUTSIDE = "/api/v1/auth/outside";
    private static final OutsideIdentity DORA = new OutsideIdentity("company", "7", "dora", Optional.of("operator"));

    private static final Client LOCAL = new Client("127.0.0.1", "test", Optional.empty());

    @TempDir
    private Path folder;

    private final MovingClock clock = new MovingClock();
    private SecurityParts parts;
    private TestServer server;

    /** Sends browsers elsewhere and looks nobody up. */
    private record Company() implements AuthenticationProvider {
        @Override
        public String id() {
            return "company";
        }

        @Override
        public Optional<Redirect> redirect() {
            return Optional.of(new Redirect("Sign in with the company", "/api/v1/auth/company/start"));
        }

        @Override
        public Optional<OutsideIdentity> lookUp(OutsideIdentity known) {
            return Optional.of(known);
        }
    }

    @BeforeEach
    void start() throws Exception {
        parts = new SecurityParts(folder, "correct-horse-1", clock);
        parts.attach(new MemoryUserStore());
        TestAccounts.attach(parts.providers(), new Company());
        server = new TestServer(
                Map.of(AuthResource.BASE, parts.authApplication(), ApiKeysResource.BASE, parts.keysApplication()));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        parts.close();
    }

    /** {@return the value of the cookie that the provider's answer sets} */
    private String ticket(OutsideIdentity identity) {
        String cookie = parts.tickets().admit(identity, true);
        assertThat(cookie)
                .startsWith("nxvms_ticket=")
                .contains("; HttpOnly", "; Secure", "; SameSite=Strict", "; Path=" + OUTSIDE);
        return cookie.substring("nxvms_ticket=".length(), cookie.indexOf(';'));
    }

    private Answer exchange(String ticket, String body, String... headers) throws Exception {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "Cookie";
        all[1] = "nxvms_ticket=" + ticket;
        return server.send("POST", OUTSIDE, body, all);
    }

    private String kind(Answer answer) {
        return answer.status() + " " + answer.text("/type").replace("/problems/", "");
    }

    @Test
    void theTicketOpensASessionOnceAndTheUserIsThere() throws Exception {
        assertThat(server.send("GET", OUTSIDE, "").json().toString())
                .isEqualTo("{\"items\":[{\"id\":\"company\",\"title\":\"Sign in with the company\","
                        + "\"path\":\"/api/v1/auth/company/start\"}]}");
        String ticket = ticket(DORA);

        Answer foreign = exchange(ticket, "{}", "Origin", "https://elsewhere.example");
        Answer session = exchange(ticket, "{}", "Origin", "http://" + server.authority());

        assertThat(kind(foreign)).isEqualTo("403 csrf");
        assertThat(session.status()).as(session.body()).isEqualTo(200);
        assertThat(session.text("/user/role")).isEqualTo("operator");
        assertThat(session.json().has("accessToken")).as("in a cookie").isFalse();
        assertThat(session.cookie("nxvms_ticket")).isEmpty();
        Answer me =
                server.send("GET", "/api/v1/auth/me", "", "Cookie", "nxvms_session=" + session.cookie("nxvms_session"));
        assertThat(me.text("/username") + " " + me.text("/provider")).isEqualTo("dora company");
        assertThat(kind(exchange(ticket, "{}"))).isEqualTo("401 unauthenticated");
        assertThat(kind(exchange("", "{}"))).isEqualTo("401 unauthenticated");
        assertThat(kind(server.send("POST", OUTSIDE, "{}"))).isEqualTo("401 unauthenticated");

        Answer key = server.send(
                "POST",
                ApiKeysResource.BASE,
                "{\"name\":\"k\",\"scopes\":[\"view_live\"],\"password\":\"x\"}",
                "Authorization",
                "Bearer " + parts.signIn().login(DORA, Optional.empty(), LOCAL).accessToken());
        assertThat(kind(key)).as("nobody would end it").isEqualTo("409 conflict");
    }

    @Test
    void aTicketIsForMinutesAndNotForWhoHasNoPlaceHere() throws Exception {
        String late = ticket(DORA);
        clock.pass(Duration.ofMinutes(6));
        assertThat(kind(exchange(late, "{}"))).isEqualTo("401 unauthenticated");

        String lost = ticket(new OutsideIdentity("company", "8", "nora", Optional.empty()));
        assertThat(kind(exchange(lost, "{}"))).isEqualTo("403 no-role");
        assertThat(kind(exchange(lost, "{}"))).as("over").isEqualTo("401 unauthenticated");
    }

    @Test
    void theSecondFactorOfHereIsAskedForAndTheTicketWaits() throws Exception {
        Answer session = exchange(ticket(DORA), "{}");
        String token = parts.signIn().login(DORA, Optional.empty(), LOCAL).accessToken();
        assertThat(session.status()).isEqualTo(200);
        Answer begun =
                server.send("POST", "/api/v1/auth/totp", "{\"password\":\"\"}", "Authorization", "Bearer " + token);
        assertThat(begun.status()).as(begun.body()).isEqualTo(200);
        SecretKeySpec secret = Authenticator.scanned(begun.text("/uri"));
        TimeBasedOneTimePasswordGenerator codes = new TimeBasedOneTimePasswordGenerator();
        String first = codes.generateOneTimePasswordString(secret, clock.instant());
        assertThat(server.send(
                                "POST",
                                "/api/v1/auth/totp/confirm",
                                "{\"code\":\"" + first + "\"}",
                                "Authorization",
                                "Bearer " + token)
                        .status())
                .isEqualTo(200);
        clock.pass(Duration.ofSeconds(30));
        String ticket = ticket(DORA);

        assertThat(kind(exchange(ticket, "{}"))).isEqualTo("401 totp-required");
        assertThat(kind(exchange(ticket, "{\"totp\":\"" + first + "\"}"))).isEqualTo("401 totp-wrong");
        String next = codes.generateOneTimePasswordString(secret, clock.instant());
        assertThat(exchange(ticket, "{\"totp\":\"" + next + "\"}").status()).isEqualTo(200);
    }

    @Test
    void aTicketEndsWithTheSessions() throws Exception {
        String ticket = ticket(DORA);
        assertThat(parts.tickets().endSessions("company", "7"))
                .as("nobody has been here yet")
                .isFalse();
        assertThat(kind(exchange(ticket, "{}"))).isEqualTo("401 unauthenticated");

        String beginning = ticket(DORA);
        assertThat(parts.users().list()).hasSize(1);
        assertThatExceptionOfType(ProblemException.class)
                .as("ended while it was being exchanged")
                .isThrownBy(() -> parts.tickets().exchange(Optional.of(beginning), identity -> {
                    Sessions.Grant grant = parts.signIn().login(identity, Optional.empty(), LOCAL);
                    parts.tickets().endSessions("company", "7");
                    return grant;
                }));
        assertThat(parts.sessions().list(parts.users().list().get(1).id())).isEmpty();
    }

    @Test
    void theProviderEndsAllSessionsOfAPerson() throws Exception {
        Answer session = exchange(ticket(DORA), "{}");
        String cookie = "nxvms_session=" + session.cookie("nxvms_session");
        assertThat(server.send("GET", "/api/v1/auth/me", "", "Cookie", cookie).status())
                .isEqualTo(200);

        assertThat(parts.tickets().endSessions("company", "7")).isTrue();
        assertThat(parts.tickets().endSessions("company", "8")).isFalse();

        assertThat(server.send("GET", "/api/v1/auth/me", "", "Cookie", cookie).status())
                .isEqualTo(401);
    }
}
