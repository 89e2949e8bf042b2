// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.security.TestIdentity;

/** A token of ours says who; anything else says nothing. */
class AccessTokensTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final UUID USER = new UUID(0, 1);
    private static final UUID SESSION = new UUID(0, 2);

    @TempDir
    private Path folder;

    @TempDir
    private Path otherFolder;

    private AccessTokens tokens;

    @BeforeEach
    void open() throws Exception {
        tokens = new AccessTokens(new TestIdentity(folder));
    }

    @Test
    void verifiesItsOwnUntilTheyEndAlsoAfterARestart() throws Exception {
        String token = tokens.issue(USER, SESSION, "stamp", NOW, Duration.ofMinutes(15));
        AccessTokens restarted = new AccessTokens(new TestIdentity(folder));

        assertThat(restarted.verify(token, NOW))
                .hasValue(new AccessTokens.Claims(USER, SESSION, "stamp", NOW.plusSeconds(900)));
        assertThat(restarted.verify(token, NOW.plusSeconds(899))).isPresent();
        assertThat(restarted.verify(token, NOW.plusSeconds(900))).isEmpty();
        assertThat(restarted.csrf(SESSION)).isEqualTo(tokens.csrf(SESSION)).isNotEqualTo(tokens.csrf(USER));
    }

    @Test
    void refusesTokensOfOtherServersAndAlteredOnes() throws Exception {
        String token = tokens.issue(USER, SESSION, "stamp", NOW, Duration.ofMinutes(15));
        AccessTokens otherKey = new AccessTokens(new TestIdentity(otherFolder));
        Files.copy(folder.resolve("keys/tokens.jwks"), otherFolder.resolve("copy"));
        Files.move(
                otherFolder.resolve("copy"),
                otherFolder.resolve("keys/tokens.jwks"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        AccessTokens otherServer = new AccessTokens(new TestIdentity(new UUID(2, 2), otherFolder));

        assertThat(otherKey.verify(token, NOW)).isEmpty();
        assertThat(otherServer.verify(token, NOW)).isEmpty();
        for (int i = 0; i < token.length() - 1; i++) {
            char flipped = token.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(tokens.verify(token.substring(0, i) + flipped + token.substring(i + 1), NOW))
                    .as("character %d", i)
                    .isEmpty();
        }
    }

    @Test
    void refusesUnsignedTokensOtherAlgorithmsTypesAndMissingClaims() throws Exception {
        OctetSequenceKey key = JWKSet.load(folder.resolve("keys/tokens.jwks").toFile())
                .getKeys()
                .get(0)
                .toOctetSequenceKey();
        JWTClaimsSet good = new JWTClaimsSet.Builder()
                .issuer(new UUID(1, 1).toString())
                .subject(USER.toString())
                .expirationTime(Date.from(NOW.plusSeconds(60)))
                .claim("sid", SESSION.toString())
                .claim("st", "stamp")
                .build();
        JOSEObjectType type = new JOSEObjectType("at+jwt");
        OctetSequenceKey longKey =
                new OctetSequenceKey.Builder(new byte[64]).keyID(key.getKeyID()).build();

        assertThat(tokens.verify(sign(key, JWSAlgorithm.HS256, type, good), NOW))
                .isPresent();
        assertThat(tokens.verify(new PlainJWT(good).serialize(), NOW)).isEmpty();
        assertThat(tokens.verify(sign(longKey, JWSAlgorithm.HS512, type, good), NOW))
                .isEmpty();
        assertThat(tokens.verify(sign(longKey, JWSAlgorithm.HS256, type, good), NOW))
                .isEmpty();
        assertThat(tokens.verify(sign(key, JWSAlgorithm.HS256, JOSEObjectType.JWT, good), NOW))
                .isEmpty();
        for (String claim : new String[] {"iss", "sub", "exp", "sid", "st"}) {
            JWTClaimsSet without =
                    new JWTClaimsSet.Builder(good).claim(claim, null).build();
            assertThat(tokens.verify(sign(key, JWSAlgorithm.HS256, type, without), NOW))
                    .as(claim)
                    .isEmpty();
        }
        JWTClaimsSet badId = new JWTClaimsSet.Builder(good).subject("anna").build();
        assertThat(tokens.verify(sign(key, JWSAlgorithm.HS256, type, badId), NOW))
                .isEmpty();
    }

    /** {@return the id of the key that signed} */
    private static String signedBy(String token) throws Exception {
        return SignedJWT.parse(token).getHeader().getKeyID();
    }

    @Test
    void everyThirtyDaysAnotherKeySignsAndTheOldOneIsBelievedUntilItsLastTokenEnds() throws Exception {
        Instant now = Instant.now();
        String old = tokens.issue(USER, SESSION, "stamp", now, Duration.ofMinutes(60));
        Instant later = now.plus(Duration.ofDays(30)).plusSeconds(10);
        assertThat(signedBy(tokens.issue(USER, SESSION, "stamp", later.minusSeconds(60), Duration.ofMinutes(60))))
                .isEqualTo(signedBy(old));
        String last = tokens.issue(USER, SESSION, "stamp", later.minusSeconds(30), Duration.ofMinutes(60));

        String next = tokens.issue(USER, SESSION, "stamp", later, Duration.ofMinutes(60));

        assertThat(signedBy(next)).isNotEqualTo(signedBy(last));
        assertThat(tokens.verify(last, later.plusSeconds(3_500))).isPresent();
        assertThat(tokens.read(last, later.plusSeconds(3_600)))
                .as("then nothing says any more what it was")
                .isEmpty();
        AccessTokens restarted = new AccessTokens(new TestIdentity(folder));
        assertThat(restarted.verify(last, later)).isPresent();
        assertThat(restarted.verify(next, later)).isPresent();
        assertThat(signedBy(restarted.issue(USER, SESSION, "stamp", later, Duration.ofMinutes(1))))
                .isEqualTo(signedBy(next));
        assertThat(restarted.csrf(SESSION))
                .as("what a browser holds longer than a key lives stays good")
                .isEqualTo(tokens.csrf(SESSION));
        assertThat(restarted.fingerprint("text")).isEqualTo(tokens.fingerprint("text"));
    }

    @Test
    void aTokenOfAClockThatWasAheadIsGoodNeitherNowNorWhenThatTimeComes() throws Exception {
        Instant now = Instant.now();
        Instant ahead = now.plus(Duration.ofDays(1_500));
        String early = tokens.issue(USER, SESSION, "stamp", ahead, Duration.ofMinutes(15));
        assertThat(tokens.verify(early, ahead)).isPresent();

        assertThat(tokens.verify(early, now)).isEmpty();
        assertThat(tokens.read(early, now)).isEmpty();
        String next = tokens.issue(USER, SESSION, "stamp", now, Duration.ofMinutes(60));

        assertThat(signedBy(next))
                .as("the clock is right again, and the key too")
                .isNotEqualTo(signedBy(early));
        assertThat(tokens.verify(next, now)).isPresent();
        assertThat(tokens.verify(next, now.minusSeconds(30)))
                .as("set back by a little")
                .isPresent();
        assertThat(tokens.verify(early, ahead)).as("when that time comes").isEmpty();
        assertThat(signedBy(tokens.issue(USER, SESSION, "stamp", now.plusSeconds(1), Duration.ofMinutes(1))))
                .as("once is enough")
                .isEqualTo(signedBy(next));
    }

    @Test
    void rotatedByHandNothingEndsAndReplacedEverythingDoes() throws Exception {
        Instant now = Instant.now();
        String first = tokens.issue(USER, SESSION, "stamp", now, Duration.ofMinutes(15));
        tokens.rotate();
        String second = tokens.issue(USER, SESSION, "stamp", now, Duration.ofMinutes(15));

        assertThat(tokens.keys()).hasSize(2);
        assertThat(tokens.keys().get(0).id()).isEqualTo(signedBy(second)).isNotEqualTo(signedBy(first));
        assertThat(tokens.keys().get(0).until()).isEmpty();
        assertThat(tokens.keys().get(1).until()).isPresent();
        assertThat(tokens.verify(first, now)).isPresent();

        tokens.replaceAll();

        assertThat(tokens.keys()).hasSize(1);
        assertThat(tokens.verify(first, now)).isEmpty();
        assertThat(tokens.verify(second, now)).isEmpty();
        assertThat(new AccessTokens(new TestIdentity(folder)).verify(second, now))
                .as("after a restart too")
                .isEmpty();
    }

    @Test
    void rotatedAgainAndAgainTheFileStaysSmall() {
        for (int i = 0; i < 40; i++) {
            tokens.rotate();
        }
        assertThat(tokens.keys()).hasSize(16);
    }

    @Test
    void aDiskThatTakesNoNewKeyKeepsNobodyOut() throws Exception {
        Instant later = Instant.now().plus(Duration.ofDays(40));
        Path keys = folder.resolve("keys");
        // Where the new file is written before it takes the place of the old one.
        Files.createDirectories(keys.resolve("tokens.jwks.new/in-the-way"));

        String token = tokens.issue(USER, SESSION, "stamp", later, Duration.ofMinutes(15));

        assertThat(tokens.verify(token, later)).isPresent();
        assertThat(tokens.keys()).hasSize(1);
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(tokens::replaceAll);
        assertThat(tokens.verify(token, later)).isPresent();
    }

    @Test
    void aDamagedKeyFileStopsTheStart() throws Exception {
        for (String damage : new String[] {"", "{}", "{\"keys\":[]}", "nonsense"}) {
            Files.writeString(folder.resolve("keys/tokens.jwks"), damage);
            assertThatIOException().as(damage).isThrownBy(() -> new AccessTokens(new TestIdentity(folder)));
        }
    }

    private static String sign(OctetSequenceKey key, JWSAlgorithm algorithm, JOSEObjectType type, JWTClaimsSet claims)
            throws Exception {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(algorithm)
                        .type(type)
                        .keyID(key.getKeyID())
                        .build(),
                claims);
        jwt.sign(new MACSigner(key));
        return jwt.serialize();
    }
}
