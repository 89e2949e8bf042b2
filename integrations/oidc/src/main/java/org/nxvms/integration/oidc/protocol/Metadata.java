// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.nxvms.integration.oidc.http.Addresses;

/**
 * What a provider says of itself (OpenID Connect Discovery 1.0, 3), as far as it is used.
 *
 * @param userInfo where more about a user is told, if anywhere
 * @param saysIssuer whether it names itself in each authorization response (RFC 9207)
 * @param secretInForm whether it wants a client's secret in the form and not by HTTP Basic
 */
record Metadata(
        URI authorization, URI token, URI keys, Optional<URI> userInfo, boolean saysIssuer, boolean secretInForm) {
    private static final String BASIC = "client_secret_basic";

    /**
     * @param issuer as configured; what the provider says must be the same to the letter (Discovery 4.3)
     * @throws IOException saying what cannot be used
     */
    static Metadata of(JsonNode said, String issuer) throws IOException {
        String name = said.path("issuer").asText("");
        if (!name.equals(issuer)) {
            throw new IOException("it calls itself \"" + shortened(name) + "\", not \"" + issuer
                    + "\"; write issuer just as it says, a slash at the end included");
        }
        Set<String> challenges = texts(said.path("code_challenge_methods_supported"));
        if (!challenges.isEmpty() && !challenges.contains("S256")) {
            throw new IOException("it knows PKCE by " + challenges + " only, not by S256 (RFC 7636 4.2)");
        }
        Set<String> methods = texts(said.path("token_endpoint_auth_methods_supported"));
        return new Metadata(
                address(said, issuer, "authorization_endpoint"),
                address(said, issuer, "token_endpoint"),
                address(said, issuer, "jwks_uri"),
                said.hasNonNull("userinfo_endpoint")
                        ? Optional.of(address(said, issuer, "userinfo_endpoint"))
                        : Optional.empty(),
                said.path("authorization_response_iss_parameter_supported").asBoolean(false),
                !methods.isEmpty() && !methods.contains(BASIC) && methods.contains("client_secret_post"));
    }

    /** A provider elsewhere does not send this server to itself in the clear. */
    private static URI address(JsonNode said, String issuer, String key) throws IOException {
        try {
            URI address = new URI(said.path(key).asText(""));
            boolean local = Addresses.isLoopback(URI.create(issuer).getHost());
            if (Addresses.isSafe(address) && (local || "https".equalsIgnoreCase(address.getScheme()))) {
                return address;
            }
        } catch (URISyntaxException e) {
            throw new IOException(key + " of its discovery document is no address", e);
        }
        throw new IOException(
                key + " of its discovery document is missing, or not https (http is for a provider on this machine)");
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new HashSet<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private static String shortened(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= 200 ? clean : clean.substring(0, 200) + "...";
    }
}
