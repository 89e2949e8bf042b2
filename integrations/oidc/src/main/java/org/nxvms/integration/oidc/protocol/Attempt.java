// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/**
 * A sign-in that somebody has begun in a browser and not finished. It is kept by that browser, sealed, and by nobody else: so
 * it counts in that browser only, and who begins many fills no memory here.
 *
 * @param state comes back from the provider by the browser (RFC 6749 10.12)
 * @param nonce comes back in the ID token (OpenID Connect Core 1.0, 3.1.2.1)
 * @param verifier of PKCE (RFC 7636 4.1), which never leaves this server but to the provider
 * @param redirect where the provider sends the browser; the token request repeats it
 */
public record Attempt(String provider, String state, String nonce, String verifier, URI redirect, Instant begun) {
    /** A person has to find a password and perhaps a telephone. */
    public static final Duration LIFE = Duration.ofMinutes(10);

    private static final int RANDOM_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** {@return a new one, like no other} */
    static Attempt begin(String provider, URI redirect, Instant now) {
        return new Attempt(provider, random(), random(), random(), redirect, now);
    }

    /** {@return the code challenge by S256 (RFC 7636 4.2)} */
    String challenge() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JDK does not offer SHA-256", e);
        }
    }

    /** {@return whether a state that came back is the one of this attempt} */
    boolean isOf(String sent) {
        return MessageDigest.isEqual(state.getBytes(StandardCharsets.UTF_8), sent.getBytes(StandardCharsets.UTF_8));
    }

    boolean isOver(Instant now) {
        return now.isBefore(begun.minusSeconds(60)) || !now.isBefore(begun.plus(LIFE));
    }

    /** {@return as text, to be sealed} */
    public String text() {
        try {
            return JSON.writeValueAsString(Map.of(
                    "provider", provider,
                    "state", state,
                    "nonce", nonce,
                    "verifier", verifier,
                    "redirect", redirect.toString(),
                    "begun", begun.toEpochMilli()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts can be written as JSON", e);
        }
    }

    /** Reads what {@link #text} wrote and nobody could alter since. */
    public static Attempt of(String text) {
        try {
            JsonNode read = JSON.readTree(text);
            return new Attempt(
                    read.required("provider").asText(),
                    read.required("state").asText(),
                    read.required("nonce").asText(),
                    read.required("verifier").asText(),
                    URI.create(read.required("redirect").asText()),
                    Instant.ofEpochMilli(read.required("begun").asLong()));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("this is no attempt", e);
        }
    }

    private static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "Attempt[" + provider + "]";
    }
}
