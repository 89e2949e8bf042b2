// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.security.identity.SafeFile;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Access tokens: JWT (RFC 7519, RFC 9068 media type) signed by HS256, because the server that makes one
 * is the only one that reads it. Keys are a JWK set in {@code keys/tokens.jwks}; the first signs, all
 * verify, so that a key can be changed by putting a new one before it. Any thread.
 */
@Component(service = AccessTokens.class)
public final class AccessTokens {
    private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");
    private static final int KEY_BITS = 256;

    /** Ours have about 400 characters; longer ones are not parsed. */
    private static final int TOKEN_LENGTH_MAX = 2_048;

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    /**
     * What a token says.
     *
     * @param session the login it belongs to: the family of its refresh tokens
     * @param stamp changes when the user's tokens shall stop; see {@code Accounts}
     */
    public record Claims(UUID userId, UUID session, String stamp, Instant expires) {}

    private final String issuer;
    private final JWKSet keys;
    private final OctetSequenceKey signing;

    @Activate
    public AccessTokens(@Reference ServerIdentity identity) throws IOException {
        this.issuer = identity.serverId().toString();
        this.keys = readOrCreate(identity.dataFolder().resolve("keys").resolve("tokens.jwks"));
        this.signing = keys.getKeys().get(0).toOctetSequenceKey();
    }

    /** {@return a signed token that ends after {@code life}} */
    public String issue(UUID userId, UUID session, String stamp, Instant now, Duration life) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(userId.toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(life)))
                .claim("sid", session.toString())
                .claim("st", stamp)
                .build();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(TYPE)
                        .keyID(signing.getKeyID())
                        .build(),
                claims);
        try {
            token.sign(new MACSigner(signing));
        } catch (JOSEException e) {
            throw new IllegalStateException("This JDK does not offer HMAC-SHA256", e);
        }
        return token.serialize();
    }

    /** {@return what the token says; empty when it is not ours, was altered or has ended} */
    public Optional<Claims> verify(String text, Instant now) {
        return read(text).filter(claims -> claims.expires().isAfter(now));
    }

    /** {@return what the token says or said before it ended; empty when it is not ours or was altered} */
    public Optional<Claims> read(String text) {
        // Decoders pass over foreign characters; one token shall have one form.
        if (text.length() > TOKEN_LENGTH_MAX || !FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            SignedJWT token = SignedJWT.parse(text);
            JWSHeader header = token.getHeader();
            JWK key = header.getKeyID() == null ? null : keys.getKeyByKeyId(header.getKeyID());
            if (key == null
                    || !JWSAlgorithm.HS256.equals(header.getAlgorithm())
                    || !TYPE.equals(header.getType())
                    || !token.verify(new MACVerifier(key.toOctetSequenceKey()))) {
                return Optional.empty();
            }
            JWTClaimsSet claims = token.getJWTClaimsSet();
            Date expires = claims.getExpirationTime();
            String stamp = claims.getStringClaim("st");
            String session = claims.getStringClaim("sid");
            if (!issuer.equals(claims.getIssuer())
                    || stamp == null
                    || session == null
                    || claims.getSubject() == null
                    || expires == null) {
                return Optional.empty();
            }
            return Optional.of(new Claims(
                    UUID.fromString(claims.getSubject()), UUID.fromString(session), stamp, expires.toInstant()));
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** {@return the CSRF token of a session: nobody else can compute it, and it needs no storage} */
    public String csrf(UUID session) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(mac("csrf:" + session));
    }

    /** {@return a keyed fingerprint of a text} */
    public String fingerprint(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(mac("stamp:" + text))
                .substring(0, 22);
    }

    private byte[] mac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(signing.toByteArray(), "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("This JDK does not offer HMAC-SHA256", e);
        }
    }

    private static JWKSet readOrCreate(Path file) throws IOException {
        if (Files.exists(file)) {
            try {
                JWKSet stored = JWKSet.parse(Files.readString(file, StandardCharsets.UTF_8));
                boolean usable = !stored.getKeys().isEmpty()
                        && stored.getKeys().stream()
                                .allMatch(key -> key instanceof OctetSequenceKey octets
                                        && octets.size() >= KEY_BITS
                                        && key.getKeyID() != null);
                if (usable) {
                    return stored;
                }
            } catch (ParseException e) {
                throw new IOException(damaged(file), e);
            }
            throw new IOException(damaged(file));
        }
        try {
            JWKSet fresh = new JWKSet(new OctetSequenceKeyGenerator(KEY_BITS)
                    .keyID(UUID.randomUUID().toString())
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.HS256)
                    .generate());
            SafeFile.write(file, fresh.toString(false).getBytes(StandardCharsets.UTF_8));
            return fresh;
        } catch (JOSEException e) {
            throw new IOException("Cannot make the key of access tokens", e);
        }
    }

    private static String damaged(Path file) {
        return file + " is damaged. Put it back from a backup, or remove it: everybody then signs in again.";
    }
}
