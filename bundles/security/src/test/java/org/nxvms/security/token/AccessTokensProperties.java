// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.nxvms.security.TestIdentity;

/** Whatever strangers send, verifying neither fails nor believes it. */
class AccessTokensProperties {
    private static Path folder;
    private static AccessTokens tokens;

    @BeforeContainer
    static void open() throws IOException {
        folder = Files.createTempDirectory("tokens");
        tokens = new AccessTokens(new TestIdentity(folder));
    }

    @AfterContainer
    static void close() throws IOException {
        Files.delete(folder.resolve("keys/tokens.jwks"));
        Files.delete(folder.resolve("keys/fingerprints.key"));
        Files.delete(folder.resolve("keys"));
        Files.delete(folder);
    }

    @Property
    void noTextIsAToken(@ForAll @StringLength(max = 3_000) String text) {
        assertThat(tokens.verify(text, Instant.EPOCH)).isEmpty();
    }

    @Property
    void noLongerSignatureIsAToken(@ForAll @AlphaChars @StringLength(min = 1, max = 9) String more) {
        String token = tokens.issue(new UUID(0, 1), new UUID(0, 2), "s", Instant.EPOCH, Duration.ofMinutes(1));
        assertThat(tokens.verify(token + more, Instant.EPOCH)).isEmpty();
    }

    @Property
    void noMixtureOfATokenIsAToken(
            @ForAll @IntRange(max = 400) int at, @ForAll @StringLength(min = 1, max = 40) String inserted) {
        String token = tokens.issue(new UUID(0, 1), new UUID(0, 2), "s", Instant.EPOCH, Duration.ofMinutes(1));
        int cut = Math.min(at, token.length());
        String mixed = token.substring(0, cut) + inserted + token.substring(cut);
        assertThat(tokens.verify(mixed, Instant.EPOCH)).isEmpty();
    }
}
