// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A provider that does as told, also what no real one does: the real one is in {@code itests/browser}. It checks what a
 * client must send: the secret, PKCE, the same redirect address.
 */
public final class Issuer implements AutoCloseable {
    public static final String CLIENT = "nvr";
    public static final String SECRET = "s3cret/+& of the client";

    private static final RSAKey FIRST = key("first");
    private static final RSAKey SECOND = key("second");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final AtomicInteger keyReads = new AtomicInteger();
    private volatile RSAKey signer = FIRST;
    private volatile UnaryOperator<Map<String, Object>> discovery = UnaryOperator.identity();
    private volatile UnaryOperator<String> token = UnaryOperator.identity();
    private volatile Map<String, Object> claims = new HashMap<>();
    private volatile Map<String, Object> userInfo = Map.of();
    private volatile Optional<byte[]> instead = Optional.empty();

    public Issuer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/.well-known/openid-configuration", exchange -> answer(exchange, 200, discovered()));
        server.createContext("/keys", exchange -> {
            keyReads.incrementAndGet();
            answer(exchange, 200, new JWKSet(signer.toPublicJWK()).toString());
        });
        server.createContext("/token", this::token);
        server.createContext("/userinfo", exchange -> {
            boolean mine = "Bearer at-1".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            answer(exchange, mine ? 200 : 401, JSON.writeValueAsString(userInfo));
        });
        server.start();
        claims.put("preferred_username", "mia");
        claims.put("groups", List.of("guards"));
    }

    private static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public String name() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private String discovered() throws JsonProcessingException {
        Map<String, Object> said = new LinkedHashMap<>(Map.of(
                "issuer", name(),
                "authorization_endpoint", name() + "/authorize?tenant=1",
                "token_endpoint", name() + "/token",
                "jwks_uri", name() + "/keys",
                "userinfo_endpoint", name() + "/userinfo",
                "code_challenge_methods_supported", List.of("S256")));
        return JSON.writeValueAsString(discovery.apply(said));
    }

    /** What it says of itself from now on. */
    public void says(UnaryOperator<Map<String, Object>> change) {
        discovery = change;
    }

    /** Its ID tokens hold this too from now on; null takes a claim out. */
    public void claims(String name, Object value) {
        claims.put(name, value);
    }

    public void userInfo(Map<String, Object> said) {
        userInfo = said;
    }

    /** What is done to each ID token from now on. */
    public void tokens(UnaryOperator<String> change) {
        token = change;
    }

    /** From now on it signs with another key, and publishes that alone. */
    public void rotate() {
        signer = SECOND;
    }

    /** Everything is answered by these bytes from now on, as they are. */
    public void answers(byte[] bytes) {
        instead = Optional.of(bytes);
    }

    public int keyReads() {
        return keyReads.get();
    }

    public static RSAKey publicKey() {
        return FIRST.toPublicJWK();
    }

    /** A user signs in at the page where a browser was sent. {@return what the browser brings back} */
    public Map<String, String> signIn(URI page) {
        Map<String, String> asked = query(page.getRawQuery());
        String code = UUID.randomUUID().toString();
        codes.put(code, asked);
        return Map.of("code", code, "state", asked.get("state"));
    }

    /** {@return the parameters of a query} */
    public static Map<String, String> query(String raw) {
        Map<String, String> found = new HashMap<>();
        for (String pair : raw.split("&")) {
            String[] parts = pair.split("=", 2);
            found.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return found;
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form = query(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Map<String, String> asked = codes.remove(form.getOrDefault("code", ""));
        String both = CLIENT + ":" + URLEncoder.encode(SECRET, StandardCharsets.UTF_8);
        String basic = "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
        boolean known = basic.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                || SECRET.equals(form.get("client_secret")) && CLIENT.equals(form.get("client_id"));
        if (!known) {
            answer(exchange, 401, "{\"error\":\"invalid_client\"}");
            return;
        }
        boolean same = asked != null
                && asked.get("redirect_uri").equals(form.get("redirect_uri"))
                && asked.get("code_challenge").equals(challenge(form.getOrDefault("code_verifier", "")))
                && asked.get("code_challenge_method").equals("S256")
                && "authorization_code".equals(form.get("grant_type"));
        if (!same) {
            answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
            return;
        }
        answer(
                exchange,
                200,
                JSON.writeValueAsString(Map.of(
                        "access_token",
                        "at-1",
                        "token_type",
                        "Bearer",
                        "id_token",
                        token.apply(idToken(asked.get("nonce"))))));
    }

    private String idToken(String nonce) {
        Instant now = Instant.now();
        Map<String, Object> all = new HashMap<>(Map.of(
                "iss",
                name(),
                "aud",
                CLIENT,
                "sub",
                "subject-1",
                "nonce",
                nonce,
                "sid",
                "session-1",
                "iat",
                Date.from(now),
                "exp",
                Date.from(now.plusSeconds(300))));
        all.putAll(claims);
        return sign(all, JOSEObjectType.JWT);
    }

    /** {@return a logout token as it should be, but for these claims; null takes one out} */
    public String logoutToken(Map<String, Object> others) {
        Instant now = Instant.now();
        Map<String, Object> all = new HashMap<>(Map.of(
                "iss",
                name(),
                "aud",
                CLIENT,
                "sub",
                "subject-1",
                "jti",
                UUID.randomUUID().toString(),
                "iat",
                Date.from(now),
                "exp",
                Date.from(now.plusSeconds(120)),
                "events",
                Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of())));
        all.putAll(others);
        return sign(all, new JOSEObjectType("logout+jwt"));
    }

    /** {@return a token with these claims, signed by today's key} */
    public String sign(Map<String, Object> all, JOSEObjectType type) {
        JWTClaimsSet.Builder builder = new JWTClaimsSet.Builder();
        all.forEach((name, value) -> {
            if (value != null) {
                builder.claim(name, value);
            }
        });
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(signer.getKeyID())
                            .type(type)
                            .build(),
                    builder.build());
            jwt.sign(new RSASSASigner(signer));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = instead.orElse(body.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
