// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
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

/** From the button to whom the provider vouches for, and all that must not get so far. */
class SignInTest {
    private static final URI BACK = URI.create("https://nvr.example:8443/api/v1/oidc/corp/callback");

    private final ProviderHttp http = new ProviderHttp(Duration.ofSeconds(30));
    private Issuer issuer;
    private Conversation conversation;

    @BeforeEach
    void agree() throws Exception {
        issuer = new Issuer();
        conversation = conversation(issuer.name(), Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        http.close();
        issuer.close();
    }

    private Conversation conversation(String name, Clock clock) {
        Terms terms = new Terms(
                "corp",
                name,
                Issuer.CLIENT,
                "openid profile",
                "preferred_username",
                "groups",
                Set.of(JWSAlgorithm.RS256),
                Duration.ofSeconds(30));
        return new Conversation(terms, () -> Optional.of(Issuer.SECRET), http, clock, System::nanoTime);
    }

    private Vouched signIn() throws RefusedException {
        Conversation.Begun begun = conversation.begin(BACK);
        return conversation.complete(begun.attempt(), answer(issuer.signIn(begun.address())));
    }

    private static Conversation.Answer answer(Map<String, String> brought) {
        return new Conversation.Answer(
                Optional.ofNullable(brought.get("code")),
                Optional.ofNullable(brought.get("state")),
                Optional.ofNullable(brought.get("iss")),
                Optional.ofNullable(brought.get("error")));
    }

    private RefusedException refused() {
        return catchThrowableOfType(RefusedException.class, this::signIn);
    }

    @Test
    void whoSignsInIsVouchedForWithNameGroupsAndSession() throws Exception {
        Vouched vouched = signIn();
        assertThat(vouched.subject()).isEqualTo("subject-1");
        assertThat(vouched.username()).isEqualTo("mia");
        assertThat(vouched.groups()).containsExactly("guards");
        assertThat(vouched.session()).contains("session-1");
    }

    @Test
    void theBrowserIsSentWithAllThatBindsTheAnswerToIt() throws Exception {
        Conversation.Begun begun = conversation.begin(BACK);
        Map<String, String> asked = Issuer.query(begun.address().getRawQuery());
        assertThat(asked)
                .containsEntry("tenant", "1")
                .containsEntry("response_type", "code")
                .containsEntry("redirect_uri", BACK.toString())
                .containsEntry("code_challenge_method", "S256");
        assertThat(begun.address().toString()).doesNotContain(begun.attempt().verifier());
        Conversation.Begun other = conversation.begin(BACK);
        assertThat(other.attempt().state())
                .isNotEqualTo(begun.attempt().state())
                .hasSize(43);
        assertThat(other.attempt().nonce())
                .isNotEqualTo(begun.attempt().nonce())
                .hasSize(43);
        assertThat(other.attempt().verifier())
                .isNotEqualTo(begun.attempt().verifier())
                .hasSize(43);
    }

    @Test
    void anAnswerCountsOnceInTheBrowserThatAskedAndForTenMinutes() throws Exception {
        Conversation.Begun mine = conversation.begin(BACK);
        Conversation.Begun theirs = conversation.begin(BACK);
        Conversation.Answer answer = answer(issuer.signIn(mine.address()));
        assertThat(catchThrowableOfType(RefusedException.class, () -> conversation.complete(theirs.attempt(), answer))
                        .refusal())
                .isEqualTo(Refusal.EXPIRED);
        conversation.complete(mine.attempt(), answer);
        Conversation.Answer again = answer(issuer.signIn(mine.address()));
        assertThat(catchThrowableOfType(RefusedException.class, () -> conversation.complete(mine.attempt(), again)))
                .hasMessageContaining("second time")
                .extracting(RefusedException::refusal)
                .isEqualTo(Refusal.EXPIRED);
        Conversation later =
                conversation(issuer.name(), Clock.fixed(Instant.now().plusSeconds(601), ZoneOffset.UTC));
        assertThat(catchThrowableOfType(
                                RefusedException.class,
                                () -> later.complete(theirs.attempt(), answer(issuer.signIn(theirs.address()))))
                        .refusal())
                .isEqualTo(Refusal.EXPIRED);
    }

    @Test
    void anAttemptAtOneProviderIsNoneAtAnother() throws Exception {
        Attempt attempt = conversation.begin(BACK).attempt();
        Attempt elsewhere = new Attempt(
                "other", attempt.state(), attempt.nonce(), attempt.verifier(), attempt.redirect(), attempt.begun());
        assertThat(catchThrowableOfType(
                                RefusedException.class,
                                () -> conversation.complete(
                                        elsewhere, answer(Map.of("code", "c", "state", attempt.state()))))
                        .refusal())
                .isEqualTo(Refusal.EXPIRED);
    }

    /** What is wrong with a token's claims, and what is said of it. */
    static Stream<Arguments> wrongClaims() {
        Instant now = Instant.now();
        return Stream.of(
                Arguments.of("iss", "https://elsewhere.example", "iss"),
                Arguments.of("aud", "another-client", "aud"),
                Arguments.of("aud", null, "aud"),
                Arguments.of("aud", List.of(Issuer.CLIENT, "another"), "azp"),
                Arguments.of("azp", "another-client", "azp"),
                Arguments.of("exp", Date.from(now.minusSeconds(120)), "Expired"),
                Arguments.of("exp", null, "exp"),
                Arguments.of("iat", null, "iat"),
                Arguments.of("iat", Date.from(now.minusSeconds(1_200)), "NTP"),
                Arguments.of("iat", Date.from(now.plusSeconds(1_200)), "NTP"),
                Arguments.of("nbf", Date.from(now.plusSeconds(1_200)), "before"),
                Arguments.of("nonce", "another", "nonce"),
                Arguments.of("nonce", null, "nonce"),
                Arguments.of("sub", null, "sub"),
                Arguments.of("sub", "x".repeat(256), "sub"),
                Arguments.of("events", Map.of(), "events"));
    }

    @ParameterizedTest
    @MethodSource("wrongClaims")
    void aTokenOfWrongClaimsIsRefused(String claim, Object value, String why) {
        issuer.claims(claim, value);
        RefusedException refused = refused();
        assertThat(refused.refusal()).isEqualTo(Refusal.TOKEN_INVALID);
        assertThat(refused).hasMessageContaining(why);
    }

    @Test
    void aTokenThatTheProviderDidNotSignIsRefused() throws Exception {
        var strange = new RSAKeyGenerator(2048).keyID("first").generate();
        issuer.tokens(token -> signed(token, strange.getKeyID(), JWSAlgorithm.RS256, jwt -> {
            jwt.sign(new RSASSASigner(strange));
        }));
        assertThat(refused().refusal()).isEqualTo(Refusal.TOKEN_INVALID);
        issuer.tokens(token -> token.substring(0, token.length() - 4) + "AAAA");
        assertThat(refused().refusal()).isEqualTo(Refusal.TOKEN_INVALID);
        issuer.tokens(token -> "no token at all");
        assertThat(refused().refusal()).isEqualTo(Refusal.TOKEN_INVALID);
        issuer.tokens(token -> token + "x".repeat(40_000));
        assertThat(refused()).hasMessageContaining("longer than");
    }

    @Test
    void noneAndSharedSecretsAreNoSignatures() {
        issuer.tokens(token -> new PlainJWT(claims(token)).serialize());
        assertThat(refused().refusal()).isEqualTo(Refusal.TOKEN_INVALID);
        // The public key, which everybody has, as if it were a shared secret.
        issuer.tokens(token -> signed(token, "first", JWSAlgorithm.HS256, jwt -> {
            jwt.sign(new MACSigner(Issuer.publicKey().toRSAPublicKey().getEncoded()));
        }));
        assertThat(refused().refusal()).isEqualTo(Refusal.TOKEN_INVALID);
        issuer.tokens(token -> signed(token, "first", JWSAlgorithm.HS256, jwt -> {
            jwt.sign(new MACSigner(Issuer.SECRET.repeat(2)));
        }));
        assertThat(refused().refusal()).isEqualTo(Refusal.TOKEN_INVALID);
    }

    private static JWTClaimsSet claims(String token) {
        try {
            return SignedJWT.parse(token).getJWTClaimsSet();
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signs. */
    private interface Signing {
        void sign(SignedJWT jwt) throws JOSEException;
    }

    private static String signed(String token, String kid, JWSAlgorithm algorithm, Signing signing) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(algorithm)
                            .keyID(kid)
                            .type(JOSEObjectType.JWT)
                            .build(),
                    claims(token));
            signing.sign(jwt);
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aLogoutTokenIsNoIdToken() {
        issuer.tokens(token -> issuer.logoutToken(Map.of("nonce", "n")));
        assertThat(refused().refusal()).isEqualTo(Refusal.TOKEN_INVALID);
    }

    @Test
    void aNewKeyIsFetchedAtOnceAndMadeUpOnesKeepNobodyBusy() throws Exception {
        signIn();
        assertThat(issuer.keyReads()).isEqualTo(1);
        issuer.rotate();
        signIn();
        assertThat(issuer.keyReads()).isEqualTo(2);
        var strange = new RSAKeyGenerator(2048).keyID("made-up").generate();
        for (int n = 0; n < 10; n++) {
            String madeUp = signed(
                    issuer.logoutToken(Map.of()),
                    "made-up",
                    JWSAlgorithm.RS256,
                    jwt -> jwt.sign(new RSASSASigner(strange)));
            assertThat(catchThrowableOfType(RefusedException.class, () -> conversation.ended(madeUp, ended -> {})))
                    .isNotNull();
        }
        // Two in half a minute, on a slow machine a few more.
        assertThat(issuer.keyReads()).isLessThan(8);
    }

    @Test
    void whatTheProviderSaysIsWrongIsSaidByItsKind() throws Exception {
        Conversation.Begun begun = conversation.begin(BACK);
        assertThat(catchThrowableOfType(
                                RefusedException.class,
                                () -> conversation.complete(
                                        begun.attempt(),
                                        answer(Map.of(
                                                "error",
                                                "access_denied",
                                                "state",
                                                begun.attempt().state()))))
                        .refusal())
                .isEqualTo(Refusal.DENIED);
        Conversation.Begun other = conversation.begin(BACK);
        RefusedException refused = catchThrowableOfType(
                RefusedException.class,
                () -> conversation.complete(
                        other.attempt(),
                        answer(Map.of(
                                "error",
                                "server_error\r\nforged",
                                "state",
                                other.attempt().state()))));
        assertThat(refused.refusal()).isEqualTo(Refusal.PROVIDER_ERROR);
        assertThat(refused).hasMessage("the provider says server_error??forged");
    }

    @Test
    void anAnswerOfAnotherProviderIsNotMixedIn() throws Exception {
        issuer.says(said -> {
            said.put("authorization_response_iss_parameter_supported", true);
            return said;
        });
        Conversation.Begun begun = conversation.begin(BACK);
        RefusedException silent = catchThrowableOfType(
                RefusedException.class,
                () -> conversation.complete(begun.attempt(), answer(issuer.signIn(begun.address()))));
        assertThat(silent).hasMessageContaining("(iss)");
        Conversation.Begun next = conversation.begin(BACK);
        Map<String, String> brought = issuer.signIn(next.address());
        Vouched vouched = conversation.complete(
                next.attempt(),
                answer(Map.of("code", brought.get("code"), "state", brought.get("state"), "iss", issuer.name())));
        assertThat(vouched.username()).isEqualTo("mia");
    }

    @Test
    void whatIsNotInTheTokenIsAskedForAndOfNoOtherUser() throws Exception {
        issuer.claims("preferred_username", null);
        issuer.claims("groups", null);
        issuer.userInfo(Map.of("sub", "subject-1", "preferred_username", "noa", "groups", List.of("a", "b")));
        Vouched vouched = signIn();
        assertThat(vouched.username()).isEqualTo("noa");
        assertThat(vouched.groups()).containsExactlyInAnyOrder("a", "b");
        issuer.userInfo(Map.of("sub", "subject-2", "preferred_username", "eve", "groups", List.of("admins")));
        assertThat(refused()).hasMessageContaining("another user");
        issuer.userInfo(Map.of("sub", "subject-1"));
        assertThat(refused()).hasMessageContaining("preferred_username");
    }

    @Test
    void aSecretThatIsWrongOrWantedInTheFormIsNotMixedUp() throws Exception {
        issuer.says(said -> {
            said.put("token_endpoint_auth_methods_supported", List.of("client_secret_post"));
            return said;
        });
        assertThat(signIn().username()).isEqualTo("mia");
    }

    /** What a provider must not say of itself. */
    static Stream<Arguments> wrongDiscovery() {
        return Stream.of(
                Arguments.of("issuer", "https://elsewhere.example", "calls itself"),
                Arguments.of("issuer", null, "calls itself"),
                Arguments.of("jwks_uri", "http://elsewhere.example/keys", "jwks_uri"),
                Arguments.of("token_endpoint", "file:///etc/passwd", "token_endpoint"),
                Arguments.of("token_endpoint", "http://127.0.0.1@elsewhere.example/", "token_endpoint"),
                Arguments.of("authorization_endpoint", "javascript:alert(1)", "authorization_endpoint"),
                Arguments.of("authorization_endpoint", null, "authorization_endpoint"),
                Arguments.of("code_challenge_methods_supported", List.of("plain"), "S256"));
    }

    @ParameterizedTest
    @MethodSource("wrongDiscovery")
    void aProviderThatSaysWrongThingsOfItselfIsNotUsed(String key, Object value, String why) {
        issuer.says(said -> {
            said.put(key, value);
            return said;
        });
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> conversation.begin(BACK));
        assertThat(refused.refusal()).isEqualTo(Refusal.PROVIDER_UNREACHABLE);
        assertThat(refused).hasMessageContaining(why);
        assertThat(conversation.trouble()).contains(why);
    }

    @Test
    void aProviderThatIsAwayIsSaidSoAndAskedAgain() throws Exception {
        issuer.close();
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> conversation.begin(BACK));
        assertThat(refused.refusal()).isEqualTo(Refusal.PROVIDER_UNREACHABLE);
        assertThat(conversation.probe()).isNotEmpty();
    }
}
