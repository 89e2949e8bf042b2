// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.protocol;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must be true of a token before anything in it is believed: signed by a key that the provider publishes, by an
 * algorithm that is allowed (never none, never one with a shared secret), made by this provider, for us, of now. Any thread.
 */
final class Tokens {
    /** Names the only event that a logout token may be about (Back-Channel Logout 1.0, 2.4). */
    private static final String LOGOUT = "http://schemas.openid.net/event/backchannel-logout";

    private static final int CHARS_MAX = 32 * 1024;
    private static final int SKEW_SECONDS = 60;
    /** An ID token is fetched the moment that it is made; a logout token is sent so. */
    private static final Duration AGE_MAX = Duration.ofMinutes(10);

    private static final JOSEObjectType LOGOUT_TYPE = new JOSEObjectType("logout+jwt");

    private final String issuer;
    private final String clientId;
    private final Set<JWSAlgorithm> algorithms;
    private final JWKSource<SecurityContext> keys;
    private final Clock clock;

    Tokens(String issuer, String clientId, Set<JWSAlgorithm> algorithms, JWKSource<SecurityContext> keys, Clock clock) {
        this.issuer = issuer;
        this.clientId = clientId;
        this.algorithms = Set.copyOf(algorithms);
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * OpenID Connect Core 1.0, 3.1.3.7.
     *
     * @param nonce that went with the request
     */
    JWTClaimsSet idToken(String token, String nonce) throws RefusedException {
        DefaultJWTClaimsVerifier<SecurityContext> rules = new Rules(
                clock,
                clientId,
                new JWTClaimsSet.Builder().issuer(issuer).claim("nonce", nonce).build(),
                Set.of("sub", "exp", "iat"),
                Set.of("events"));
        JWTClaimsSet claims =
                checked(token, rules, new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, null), "ID token");
        Object party = claims.getClaim("azp");
        if (party != null && !clientId.equals(party)
                || party == null && claims.getAudience().size() > 1) {
            throw invalid("ID token", "it is for several and was asked for by another (azp)", null);
        }
        fresh(claims, "ID token");
        text(claims, "sub", "ID token");
        return claims;
    }

    /** OpenID Connect Back-Channel Logout 1.0, 2.6; that it comes once is looked at by who has seen the others. */
    JWTClaimsSet logoutToken(String token) throws RefusedException {
        DefaultJWTClaimsVerifier<SecurityContext> rules = new Rules(
                clock,
                clientId,
                new JWTClaimsSet.Builder().issuer(issuer).build(),
                // exp is required by the final text; providers that were made before leave it out, and iat bounds it
                // too.
                Set.of("iat", "jti", "events"),
                Set.of("nonce"));
        JWTClaimsSet claims = checked(
                token,
                rules,
                new DefaultJOSEObjectTypeVerifier<>(LOGOUT_TYPE, JOSEObjectType.JWT, null),
                "logout token");
        fresh(claims, "logout token");
        if (!(claims.getClaim("events") instanceof Map<?, ?> events) || !(events.get(LOGOUT) instanceof Map<?, ?>)) {
            throw invalid("logout token", "it is about another event", null);
        }
        if (claims.getSubject() == null && claims.getClaim("sid") == null) {
            throw invalid("logout token", "it names neither a user (sub) nor a session (sid)", null);
        }
        text(claims, "jti", "logout token");
        return claims;
    }

    private JWTClaimsSet checked(
            String token,
            DefaultJWTClaimsVerifier<SecurityContext> rules,
            DefaultJOSEObjectTypeVerifier<SecurityContext> type,
            String what)
            throws RefusedException {
        if (token.length() > CHARS_MAX) {
            throw invalid(what, "it is longer than " + CHARS_MAX + " characters", null);
        }
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(type);
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, keys));
        processor.setJWTClaimsSetVerifier(rules);
        try {
            return processor.process(token, null);
        } catch (KeySourceException e) {
            throw new RefusedException(
                    Refusal.PROVIDER_UNREACHABLE, "the keys of " + issuer + " cannot be read: " + e.getMessage(), e);
        } catch (ParseException e) {
            // Its message may quote the token.
            throw invalid(what, "it cannot be read", null);
        } catch (BadJOSEException | JOSEException e) {
            throw invalid(what, e.getMessage(), e);
        }
    }

    private void fresh(JWTClaimsSet claims, String what) throws RefusedException {
        Instant made = claims.getIssueTime().toInstant();
        Instant now = clock.instant();
        if (made.isAfter(now.plusSeconds(SKEW_SECONDS)) || made.isBefore(now.minus(AGE_MAX))) {
            throw invalid(
                    what,
                    "it was made at " + made + ", and it is " + now + " here; set the clocks of both by NTP",
                    null);
        }
    }

    private static void text(JWTClaimsSet claims, String name, String what) throws RefusedException {
        if (!(claims.getClaim(name) instanceof String value) || value.isBlank() || value.length() > 255) {
            throw invalid(what, name + " must be a text of 1 to 255 characters", null);
        }
    }

    private static RefusedException invalid(String what, String why, Exception cause) {
        return new RefusedException(Refusal.TOKEN_INVALID, "the " + what + " does not hold: " + why, cause);
    }

    /** Judges by the clock of the server, which tests move. */
    private static final class Rules extends DefaultJWTClaimsVerifier<SecurityContext> {
        private final Clock clock;

        Rules(Clock clock, String audience, JWTClaimsSet exact, Set<String> required, Set<String> prohibited) {
            super(Set.of(audience), exact, required, prohibited);
            this.clock = clock;
            setMaxClockSkew(SKEW_SECONDS);
        }

        @Override
        protected Date currentTime() {
            return Date.from(clock.instant());
        }

        @Override
        public void verify(JWTClaimsSet claims, SecurityContext context) throws BadJWTException {
            List<String> audience = claims.getAudience();
            if (audience.size() > 16) {
                throw new BadJWTException("it is for more than 16 others");
            }
            super.verify(claims, context);
        }
    }
}
