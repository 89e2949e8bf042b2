// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Access tokens as somebody makes them who has seen one, or who even has the key: each is wrong in one thing alone. */
final class ForgedTokens {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode header;
    private final ObjectNode claims;
    private final String signature;
    private final byte[] key;

    /** @param token that is good now */
    ForgedTokens(Path data, String token) throws IOException {
        String[] parts = token.split("\\.");
        header = read(parts[0]);
        claims = read(parts[1]);
        signature = parts[2];
        JsonNode signing = JSON.readTree(Files.readString(data.resolve("keys/tokens.jwks")))
                .at("/keys/0");
        key = Base64.getUrlDecoder().decode(signing.get("k").asText());
    }

    private static ObjectNode read(String part) throws IOException {
        return (ObjectNode) JSON.readTree(Base64.getUrlDecoder().decode(part));
    }

    /** {@return the same token, signed once more: what is refused of the others is not how they are written} */
    String genuine() {
        return signed(header, claims, "HmacSHA256", key);
    }

    /** {@return by what is wrong with them} */
    Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        for (String none : new String[] {"none", "None", "NONE", ""}) {
            all.put("alg " + none, unsigned(with(header, h -> h.put("alg", none)), claims));
            all.put(
                    "alg " + none + " with a signature",
                    unsigned(with(header, h -> h.put("alg", none)), claims) + signature);
        }
        all.put("signature left out", unsigned(header, claims));
        all.put(
                "another's claims",
                unsigned(header, claim("sub", UUID.randomUUID().toString())) + signature);
        all.put("a later end", unsigned(header, claim("exp", now() + 600)) + signature);
        all.put("another key", signed(header, claims, "HmacSHA256", new byte[32]));
        all.put("another algorithm", signed(with(header, h -> h.put("alg", "HS512")), claims, "HmacSHA512", key));
        for (String kid : new String[] {UUID.randomUUID().toString(), "../../../../dev/null", "' OR '1'='1", ""}) {
            all.put("kid " + kid, ours(with(header, h -> h.put("kid", kid)), claims));
        }
        all.put("no kid", ours(with(header, h -> (ObjectNode) h.without("kid")), claims));
        all.put("a key of its own", signed(with(header, h -> ownKey(h)), claims, "HmacSHA256", new byte[32]));
        all.put("another type", ours(with(header, h -> h.put("typ", "JWT")), claims));
        all.put("ended", ours(header, claim("exp", now() - 1)));
        all.put("without an end", ours(header, with(claims, c -> (ObjectNode) c.without("exp"))));
        all.put("an end in ten years", ours(header, claim("exp", now() + 10L * 365 * 86_400)));
        all.put("another server's", ours(header, claim("iss", UUID.randomUUID().toString())));
        all.put("nobody's", ours(header, claim("sub", UUID.randomUUID().toString())));
        all.put("of before the password", ours(header, claim("st", "AAAAAAAAAAAAAAAAAAAAAA")));
        return all;
    }

    private static ObjectNode ownKey(ObjectNode header) {
        header.putObject("jwk")
                .put("kty", "oct")
                .put("k", Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]));
        return header;
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }

    private ObjectNode claim(String name, Object value) {
        return with(claims, c -> c.set(name, JSON.valueToTree(value)));
    }

    private static ObjectNode with(ObjectNode node, UnaryOperator<ObjectNode> change) {
        return change.apply(node.deepCopy());
    }

    private String ours(ObjectNode head, ObjectNode body) {
        return signed(head, body, "HmacSHA256", key);
    }

    private static String unsigned(ObjectNode head, ObjectNode body) {
        return text(head) + "." + text(body) + ".";
    }

    private static String signed(ObjectNode head, ObjectNode body, String algorithm, byte[] key) {
        String content = text(head) + "." + text(body);
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return content + "."
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(ObjectNode node) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(node.toString().getBytes(StandardCharsets.UTF_8));
    }
}
