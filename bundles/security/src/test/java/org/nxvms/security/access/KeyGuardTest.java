// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessDeniedException.Kind;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.KeySignIn;
import org.nxvms.platform.api.security.KeySignIn.Algorithm;
import org.nxvms.platform.api.security.KeySignIn.Proof;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.security.MemoryUserStore;
import org.nxvms.security.MovingClock;
import org.nxvms.security.SecurityParts;
import org.nxvms.security.key.ApiKeys;

/** API keys where a name and a password are asked for. */
class KeyGuardTest {
    private static final String QUESTION = "nonce:00000001:cnonce:auth:0123456789abcdef";
    private static final String ADDRESS = "192.0.2.7";

    @TempDir
    private Path folder;

    private final MovingClock clock = new MovingClock();
    private SecurityParts parts;
    private KeySignIn door;
    private ApiKeys.Made made;

    @BeforeEach
    void makeKey() throws Exception {
        parts = new SecurityParts(folder, "correct-horse-1", clock);
        parts.attach(new MemoryUserStore());
        door = parts.keyGuard();
        made = parts.keys().create(admin(), "player", Set.of(Permission.VIEW_LIVE), Duration.ofDays(1));
    }

    @AfterEach
    void close() {
        parts.close();
    }

    private UUID admin() {
        return parts.login("admin", "correct-horse-1").account().id();
    }

    private static String hash(Algorithm algorithm, String text) throws Exception {
        MessageDigest digest = MessageDigest.getInstance(algorithm.id());
        return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** As a client works it out, RFC 7616 3.4.1. */
    private Proof proof(String id, String key, Algorithm algorithm) throws Exception {
        String secret = hash(algorithm, id + ":NXvms:" + key);
        return new Proof(id, algorithm, QUESTION, hash(algorithm, secret + ":" + QUESTION));
    }

    private String id() {
        return made.key().id().toString();
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void whoHasTheKeyProvesItWithoutSendingItAndMayWhatItsScopeSays(Algorithm algorithm) throws Exception {
        AuthenticatedUser user = door.prove(proof(id(), made.text(), algorithm), ADDRESS);

        assertThat(user.username()).isEqualTo("admin");
        assertThat(user.apiKey().orElseThrow().scope()).containsExactly(Permission.VIEW_LIVE);
        assertThatExceptionOfType(AccessDeniedException.class)
                .isThrownBy(() -> parts.guard().require(user, Permission.VIEW_AUDIT, Optional.empty()));
    }

    @Test
    void anotherKeyAnotherAlgorithmOrAnotherQuestionProvesNothing() throws Exception {
        ApiKeys.Made other = parts.keys().create(admin(), "other", Set.of(), Duration.ofDays(1));
        Proof good = proof(id(), made.text(), Algorithm.MD5);

        refused(proof(id(), other.text(), Algorithm.MD5));
        refused(proof(other.key().id().toString(), made.text(), Algorithm.SHA_256));
        refused(new Proof(id(), Algorithm.SHA_256, QUESTION, good.response()));
        refused(new Proof(id(), Algorithm.MD5, QUESTION + "0", good.response()));
        refused(new Proof(id(), Algorithm.MD5, QUESTION, ""));
        refused(proof("nobody", made.text(), Algorithm.MD5));
    }

    /** What is stored would do in place of the key: it must not lie there as it is. */
    @Test
    void whatIsStoredIsSealed() throws Exception {
        String secret = hash(Algorithm.MD5, id() + ":NXvms:" + made.text());

        assertThat(parts.keyStore().keys().get(0).digest().orElseThrow())
                .startsWith("v1.")
                .doesNotContain(secret)
                .hasSizeLessThan(512);
        assertThat(Files.readString(folder.resolve("keys/api-keys.json"))).doesNotContain(secret);
    }

    @Test
    void aKeyThatIsSentCountsToo() throws Exception {
        assertThat(door.present(id(), made.text(), ADDRESS).username()).isEqualTo("admin");
        assertThat(door.present("", made.text(), ADDRESS).username()).isEqualTo("admin");
        denied(() -> door.present(UUID.randomUUID().toString(), made.text(), ADDRESS));
        denied(() -> door.present(id(), "nxk_guessed", ADDRESS));
    }

    @Test
    void whoGoesOnIsAskedForAgainAndEndsWithTheKey() throws Exception {
        AuthenticatedUser user = door.prove(proof(id(), made.text(), Algorithm.MD5), ADDRESS);
        assertThat(door.again(user, ADDRESS)).isEqualTo(user);

        clock.pass(Duration.ofDays(2));

        denied(() -> door.again(user, ADDRESS));
        refused(proof(id(), made.text(), Algorithm.MD5));
    }

    @Test
    void aKeyThatIsRemovedIsNoKey() throws Exception {
        AuthenticatedUser user = door.prove(proof(id(), made.text(), Algorithm.MD5), ADDRESS);

        parts.keys().revoke(made.key().id());

        denied(() -> door.again(user, ADDRESS));
    }

    private void refused(Proof proof) {
        denied(() -> door.prove(proof, ADDRESS));
    }

    private static void denied(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(call).satisfies(e -> assertThat(e.kind())
                .isEqualTo(Kind.UNAUTHENTICATED));
    }
}
