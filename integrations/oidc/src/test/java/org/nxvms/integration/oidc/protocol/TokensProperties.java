// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.protocol;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.nxvms.integration.oidc.http.ProviderHttp;

/** Whatever is sent as a token, or said by a provider of itself, is refused by the one exception that is foreseen for it. */
class TokensProperties {
    private static final String ISSUER = "https://login.example";
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final Tokens tokens = new Tokens(
            ISSUER, "nvr", Set.of(JWSAlgorithm.RS256), new ImmutableJWKSet<>(new JWKSet()), Clock.systemUTC());

    /** Anything, and JSON that nearly is what it should be. */
    @Provide
    Arbitrary<String> said() {
        Arbitrary<String> names = Arbitraries.of(
                "alg",
                "typ",
                "kid",
                "crit",
                "jwk",
                "iss",
                "aud",
                "iat",
                "exp",
                "jti",
                "sub",
                "sid",
                "events",
                "issuer",
                "jwks_uri");
        Arbitrary<String> values = Arbitraries.of(
                "null",
                "\"none\"",
                "\"RS256\"",
                "\"HS256\"",
                "1e999",
                "-1",
                "{}",
                "[[]]",
                "true",
                "\"" + ISSUER + "\"",
                "\"https://\"",
                "\"\\u0000\"",
                "{\"kty\":\"RSA\"}");
        Arbitrary<String> objects = names.flatMap(name -> values.map(value -> "\"" + name + "\":" + value))
                .list()
                .ofMaxSize(8)
                .map(fields -> "{" + String.join(",", fields) + "}");
        return Arbitraries.oneOf(Arbitraries.strings().ofMaxLength(200), objects);
    }

    @Property(tries = 500)
    void noTokenIsBelievedThatNobodySigned(@ForAll("said") String header, @ForAll("said") String claims) {
        refuse(header);
        refuse(encoded(header) + "." + encoded(claims) + ".AAAA");
        refuse(encoded("{\"alg\":\"RS256\"}") + "." + encoded(claims) + ".AAAA");
        refuse(encoded("{\"alg\":\"none\"}") + "." + encoded(claims) + ".");
    }

    @Property(tries = 500)
    void aDiscoveryDocumentIsReadOrRefused(@ForAll("said") String document) {
        try {
            Metadata.of(new ProviderHttp.Answer(200, document.getBytes(StandardCharsets.UTF_8)).json(), ISSUER);
        } catch (IOException foreseen) {
            return;
        }
        throw new AssertionError("this names no addresses: " + document);
    }

    private static String encoded(String text) {
        return ENCODER.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void refuse(String token) {
        try {
            tokens.logoutToken(token);
        } catch (RefusedException foreseen) {
            return;
        }
        throw new AssertionError("nobody signed " + token);
    }
}
