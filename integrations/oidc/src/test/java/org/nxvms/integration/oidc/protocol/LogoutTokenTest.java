// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nxvms.integration.oidc.fake.Issuer;
import org.nxvms.integration.oidc.http.ProviderHttp;

/** Back-Channel Logout 1.0, 2.6: what ends sessions, and what does not. */
class LogoutTokenTest {
    private final ProviderHttp http = new ProviderHttp(Duration.ofSeconds(30));
    private final List<Ended> ended = new ArrayList<>();
    private Issuer issuer;
    private Conversation conversation;

    @BeforeEach
    void agree() throws Exception {
        issuer = new Issuer();
        Terms terms = new Terms(
                "corp",
                issuer.name(),
                Issuer.CLIENT,
                "openid",
                "preferred_username",
                "groups",
                Set.of(JWSAlgorithm.RS256),
                Duration.ofSeconds(30));
        conversation = new Conversation(terms, Optional::empty, http, Clock.systemUTC(), System::nanoTime);
    }

    @AfterEach
    void stop() {
        http.close();
        issuer.close();
    }

    @Test
    void aUserOrASessionIsNamed() throws Exception {
        conversation.ended(issuer.logoutToken(Map.of("sid", "session-1")), ended::add);
        Map<String, Object> noUser = new HashMap<>();
        noUser.put("sub", null);
        noUser.put("sid", "session-2");
        conversation.ended(issuer.logoutToken(noUser), ended::add);
        assertThat(ended)
                .containsExactly(
                        new Ended(Optional.of("subject-1"), Optional.of("session-1")),
                        new Ended(Optional.empty(), Optional.of("session-2")));
    }

    static Stream<Arguments> wrong() {
        Instant now = Instant.now();
        return Stream.of(
                Arguments.of("iss", "https://elsewhere.example"),
                Arguments.of("aud", "another-client"),
                Arguments.of("exp", Date.from(now.minusSeconds(120))),
                Arguments.of("iat", Date.from(now.minusSeconds(1_200))),
                Arguments.of("iat", null),
                Arguments.of("jti", null),
                Arguments.of("jti", ""),
                Arguments.of("nonce", "any"),
                Arguments.of("sub", null),
                Arguments.of("events", null),
                Arguments.of("events", "logout"),
                Arguments.of("events", Map.of("http://schemas.openid.net/event/other", Map.of())),
                Arguments.of("events", Map.of("http://schemas.openid.net/event/backchannel-logout", "yes")));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aTokenThatIsNotAsItMustBeEndsNothing(String claim, Object value) {
        Map<String, Object> others = new HashMap<>();
        others.put(claim, value);
        RefusedException refused = catchThrowableOfType(
                RefusedException.class, () -> conversation.ended(issuer.logoutToken(others), ended::add));
        assertThat(refused.refusal()).isEqualTo(Refusal.TOKEN_INVALID);
        assertThat(ended).isEmpty();
    }

    @Test
    void anIdTokenEndsNothing() {
        Instant now = Instant.now();
        String idToken = issuer.sign(
                Map.of(
                        "iss",
                        issuer.name(),
                        "aud",
                        Issuer.CLIENT,
                        "sub",
                        "subject-1",
                        "jti",
                        "1",
                        "iat",
                        Date.from(now),
                        "exp",
                        Date.from(now.plusSeconds(60))),
                JOSEObjectType.JWT);
        assertThatThrownBy(() -> conversation.ended(idToken, ended::add)).isInstanceOf(RefusedException.class);
        assertThat(ended).isEmpty();
    }

    @Test
    void whatStrangersSendForgesNoLineOfTheLog() {
        String forging = issuer.sign(Map.of("iss", issuer.name()), new JOSEObjectType("x\r\nUser admin signed in"));
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> conversation.ended(forging, ended::add));
        assertThat(refused.getMessage()).contains("User admin").doesNotContain("\n", "\r");
        String lengthy = issuer.sign(Map.of("iss", issuer.name()), new JOSEObjectType("x".repeat(5_000)));
        assertThat(catchThrowableOfType(RefusedException.class, () -> conversation.ended(lengthy, ended::add))
                        .getMessage())
                .hasSizeLessThan(600);
    }

    @Test
    void aTokenCountsOnceUnlessItCouldNotBeCarriedOut() throws Exception {
        String token = issuer.logoutToken(Map.of());
        assertThatThrownBy(() -> conversation.ended(token, told -> {
                    throw new IllegalStateException("the database is away");
                }))
                .isInstanceOf(IllegalStateException.class);
        conversation.ended(token, ended::add);
        assertThatThrownBy(() -> conversation.ended(token, ended::add))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("second time");
        assertThat(ended).hasSize(1);
    }
}
