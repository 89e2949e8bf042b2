// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.security.SigningKeys;
import org.nxvms.security.identity.KeyFile;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Access tokens: JWT (RFC 7519, RFC 9068 media type) signed by HS256, because the server that makes one
 * is the only one that reads it. The keys are in {@code keys/tokens.jwks}, and every {@code rotationDays} there is a new
 * one. What must hold longer than they do, the fingerprints, has a key of its own. Any thread.
 */
@Component(
        service = {AccessTokens.class, SigningKeys.class},
        configurationPid = "org.nxvms.security.keys")
@Designate(ocd = AccessTokens.Config.class)
public final class AccessTokens implements SigningKeys {
    private static final Logger LOG = LoggerFactory.getLogger(AccessTokens.class);

    /** No access token lives longer. */
    public static final Duration LIFE_MAX = Duration.ofMinutes(60);

    /** How far a clock may be set back without anybody noticing it. */
    private static final Duration SKEW_MAX = Duration.ofMinutes(1);

    private static final int DAYS_MAX = 365;
    private static final Duration RETRY = Duration.ofMinutes(10);

    /** Settings in {@code etc/org.nxvms.security.keys.cfg}. */
    @ObjectClassDefinition(name = "NXvms signing keys")
    public @interface Config {
        @AttributeDefinition(description = "Days after which another key signs access tokens", min = "1", max = "365")
        int rotationDays() default 30;
    }

    private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");
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
    private final KeyRing keys;
    private final SecretKeySpec fingerprintKey;
    private volatile Duration rotation;
    private volatile Instant nextTry = Instant.MIN;

    @Activate
    public AccessTokens(Config config, @Reference ServerIdentity identity) throws IOException {
        this(identity);
        configure(config);
    }

    /** As configured by default. */
    public AccessTokens(ServerIdentity identity) throws IOException {
        Path folder = identity.dataFolder().resolve("keys");
        Path fingerprints = folder.resolve("fingerprints.key");
        this.issuer = identity.serverId().toString();
        this.keys = new KeyRing(folder.resolve("tokens.jwks"));
        this.fingerprintKey = new SecretKeySpec(
                KeyFile.readOrCreate(
                        fingerprints,
                        fingerprints + " is damaged. Put it back from a backup, or remove it: everybody then signs in"
                                + " again."),
                "HmacSHA256");
        this.rotation = Duration.ofDays(30);
    }

    @Modified
    void configure(Config config) {
        rotation = Duration.ofDays(clamp(config.rotationDays()));
    }

    @Override
    public List<Key> keys() {
        return keys.all(Instant.now()).stream()
                .map(key -> new Key(
                        key.getKeyID(),
                        Optional.ofNullable(key.getIssueTime())
                                .map(Date::toInstant)
                                .orElse(Instant.EPOCH),
                        Optional.ofNullable(key.getExpirationTime()).map(Date::toInstant)))
                .toList();
    }

    @Override
    public void rotate() {
        keys.rotate(Instant.now(), LIFE_MAX);
        LOG.info("Key {} signs access tokens from now on", keys.signing().getKeyID());
    }

    @Override
    public void replaceAll() {
        keys.replaceAll(Instant.now());
        LOG.warn(
                "Key {} signs access tokens from now on; those of all keys before are withdrawn",
                keys.signing().getKeyID());
    }

    /** Tokens go on to be made by the old key when the disk takes no new one. */
    private void rotateWhenDue(Instant now) {
        boolean old = keys.since().plus(rotation).isBefore(now);
        // Made while the clock was ahead: such a key would sign until that time comes, and then for its days.
        boolean early = keys.since().isAfter(now.plus(LIFE_MAX));
        boolean tried =
                now.isBefore(nextTry) && nextTry.isBefore(now.plus(RETRY).plusSeconds(1));
        if (!old && !early || tried) {
            return;
        }
        nextTry = now.plus(RETRY);
        try {
            keys.rotateIfDue(now, rotation, LIFE_MAX);
            LOG.info("Key {} signs access tokens from now on", keys.signing().getKeyID());
        } catch (UncheckedIOException e) {
            LOG.error("The key of access tokens is older than {} days and stays for now", rotation.toDays(), e);
        }
    }

    /**
     * {@return a signed token that ends after {@code life}}
     *
     * @param life at most {@link #LIFE_MAX}
     */
    public String issue(UUID userId, UUID session, String stamp, Instant now, Duration life) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(userId.toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(life)))
                .claim("sid", session.toString())
                .claim("st", stamp)
                .build();
        rotateWhenDue(now);
        OctetSequenceKey signing = keys.signing();
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
        return read(text, now).filter(claims -> claims.expires().isAfter(now));
    }

    /**
     * {@return what the token says or said before it ended; empty when it is not ours, was altered, or its key is not
     * believed any more}
     */
    public Optional<Claims> read(String text, Instant now) {
        // Decoders pass over foreign characters; one token shall have one form.
        if (text.length() > TOKEN_LENGTH_MAX || !FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            SignedJWT token = SignedJWT.parse(text);
            JWSHeader header = token.getHeader();
            Optional<OctetSequenceKey> key =
                    Optional.ofNullable(header.getKeyID()).flatMap(id -> keys.find(id, now));
            if (key.isEmpty()
                    || !JWSAlgorithm.HS256.equals(header.getAlgorithm())
                    || !TYPE.equals(header.getType())
                    || !token.verify(new MACVerifier(key.get()))) {
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
                    || expires == null
                    // No token lives so long: it was made while the clock was ahead.
                    || expires.toInstant().isAfter(now.plus(LIFE_MAX).plus(SKEW_MAX))) {
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
            mac.init(fingerprintKey);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("This JDK does not offer HMAC-SHA256", e);
        }
    }

    private static int clamp(int days) {
        int clamped = Math.max(1, Math.min(DAYS_MAX, days));
        if (clamped != days) {
            LOG.warn(
                    "org.nxvms.security.keys: rotationDays must be 1..{}, not {}; {} is used", DAYS_MAX, days, clamped);
        }
        return clamped;
    }
}
