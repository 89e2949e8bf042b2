// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.settings;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.nxvms.integration.oidc.http.Addresses;
import org.nxvms.integration.oidc.protocol.Terms;
import org.nxvms.platform.api.security.GroupRoles;

/**
 * What an administrator decides about one provider; see {@code ProviderConfig} for meanings and units.
 *
 * @param secret sealed, or as it was written into the file; empty for a public client
 * @param origin under which browsers reach this server; empty: as the browser says
 * @param sessionLife after which somebody proves anew to be somebody
 */
public record ProviderSettings(
        Terms terms, String title, String secret, Optional<URI> origin, GroupRoles roles, Duration sessionLife) {
    public static final String NAME = "name";
    public static final String SECRET = "clientSecret";

    private static final Pattern NAME_FORM = Pattern.compile("[a-z0-9-]{1,20}");
    private static final int TITLE_CHARS_MAX = 60;
    private static final int TEXT_CHARS_MAX = 1_000;

    /** Signed with the provider's own key; what is signed with a shared secret, or not at all, is never taken. */
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    /**
     * Reads them as they stand in a file.
     *
     * @param value by key; null where there is none
     * @throws IllegalArgumentException beginning with the key that cannot work; quotes nothing that may be secret
     */
    public static ProviderSettings of(UnaryOperator<String> value) {
        String name = text(value, NAME, "");
        check(
                NAME_FORM.matcher(name).matches() && !name.equals("ldap"),
                "name must be 1 to 20 of a-z 0-9 -, and not ldap, which is a directory");
        String title = text(value, "title", "Single sign-on");
        check(title.length() <= TITLE_CHARS_MAX, "title must have 1 to " + TITLE_CHARS_MAX + " characters");
        Terms terms = new Terms(
                name,
                issuer(text(value, "issuer", "")),
                required("clientId", text(value, "clientId", "")),
                scopes(text(value, "scopes", "openid profile email")),
                required("usernameClaim", text(value, "usernameClaim", "preferred_username")),
                required("groupsClaim", text(value, "groupsClaim", "groups")),
                algorithms(text(value, "algorithms", "RS256,PS256,ES256")),
                Duration.ofMillis(number("timeoutMs", text(value, "timeoutMs", "5000"), 500, 30_000)));
        return new ProviderSettings(
                terms,
                title,
                text(value, SECRET, ""),
                origin(text(value, "origin", "")),
                roles(text(value, "roles", "")),
                Duration.ofHours(number("sessionHours", text(value, "sessionHours", "12"), 1, 720)));
    }

    private static String text(UnaryOperator<String> value, String key, String otherwise) {
        String text = value.apply(key);
        return text == null || text.isBlank() ? otherwise : text.strip();
    }

    private static String required(String key, String text) {
        check(
                !text.isEmpty() && text.length() <= TEXT_CHARS_MAX,
                key + " must have 1 to " + TEXT_CHARS_MAX + " characters");
        return text;
    }

    private static String issuer(String text) {
        URI issuer = address("issuer", text);
        check(issuer.getRawQuery() == null, "issuer must have no query (OpenID Connect Core 1.0, 2)");
        return text;
    }

    private static URI address(String key, String text) {
        try {
            URI address = new URI(required(key, text));
            check(
                    Addresses.isSafe(address),
                    key
                            + " must begin with https:// and a host, without user or fragment; http:// is for this machine");
            Addresses.refusal(address).ifPresent(refused -> check(false, key + ": " + refused));
            return address;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    key + " cannot be read: " + e.getReason() + " at character " + e.getIndex(), e);
        }
    }

    private static Optional<URI> origin(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        URI origin = address("origin", text);
        check(
                origin.getRawPath().isEmpty() && origin.getRawQuery() == null,
                "origin must be scheme, host and port alone, such as https://nvr.example:8443");
        return Optional.of(origin);
    }

    private static String scopes(String text) {
        List<String> scopes = List.of(text.split("\\s+"));
        check(scopes.contains("openid"), "scopes must hold openid (OpenID Connect Core 1.0, 3.1.2.1)");
        return String.join(" ", scopes);
    }

    private static Set<JWSAlgorithm> algorithms(String text) {
        Set<JWSAlgorithm> algorithms = new LinkedHashSet<>();
        Arrays.stream(text.split(",")).map(String::strip).forEach(name -> {
            JWSAlgorithm algorithm = new JWSAlgorithm(name);
            check(
                    ALGORITHMS.contains(algorithm),
                    "algorithms must be of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512");
            algorithms.add(algorithm);
        });
        return algorithms;
    }

    private static GroupRoles roles(String text) {
        try {
            return GroupRoles.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("roles: " + e.getMessage(), e);
        }
    }

    private static int number(String key, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            check(number >= least && number <= most, key + " must be " + least + ".." + most + ", not " + number);
            return number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + " must be a whole number", e);
        }
    }

    private static void check(boolean ok, String sentence) {
        if (!ok) {
            throw new IllegalArgumentException(sentence);
        }
    }

    /** Without what may be secret. */
    @Override
    public String toString() {
        return "OpenID provider " + terms.name();
    }
}
