// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.security.TestIdentity;

/** What is sealed opens here, for its purpose, unaltered; nothing else does. */
class AesVaultTest {
    @TempDir
    private Path folder;

    @TempDir
    private Path otherFolder;

    @Test
    void opensWhatItSealedAlsoAfterARestart() throws Exception {
        AesVault vault = new AesVault(new TestIdentity(folder));
        for (String secret : new String[] {"", "p", "pässwörd 🔑", "x".repeat(10_000)}) {
            String sealed = vault.seal(secret, "camera/1");
            assertThat(sealed).doesNotContain("password").startsWith("v1.");
            assertThat(new AesVault(new TestIdentity(folder)).open(sealed, "camera/1"))
                    .isEqualTo(secret);
        }
    }

    @Test
    void sealsTheSameSecretDifferentlyEachTime() throws Exception {
        AesVault vault = new AesVault(new TestIdentity(folder));
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            assertThat(seen.add(vault.seal("same", "camera/1"))).isTrue();
        }
    }

    @Test
    void refusesAnotherPurposeAnotherServerAndAnyAlteration() throws Exception {
        AesVault vault = new AesVault(new TestIdentity(folder));
        String sealed = vault.seal("secret", "camera/1");

        refuses(vault, sealed, "camera/2");
        refuses(new AesVault(new TestIdentity(otherFolder)), sealed, "camera/1");
        for (int i = 0; i < sealed.length(); i++) {
            char flipped = sealed.charAt(i) == 'A' ? 'B' : 'A';
            String altered = sealed.substring(0, i) + flipped + sealed.substring(i + 1);
            // The last character may hold bits that base64 ignores; the text then is the same.
            if (i < sealed.length() - 1) {
                refuses(vault, altered, "camera/1");
            }
        }
        for (String junk : new String[] {"", "v1.", "v1.AAAA", "v2." + sealed.substring(3), "v1.%%%", "secret"}) {
            refuses(vault, junk, "camera/1");
        }
    }

    @Test
    void aDamagedKeyIsNotReplaced() throws Exception {
        new AesVault(new TestIdentity(folder));
        Path key = folder.resolve("keys").resolve("vault.key");
        for (String damage : new String[] {"", "AAAA", "%%%"}) {
            Files.writeString(key, damage);
            assertThatIOException()
                    .isThrownBy(() -> new AesVault(new TestIdentity(folder)))
                    .withMessageContaining("vault.key");
            assertThat(key).hasContent(damage);
        }
    }

    private static void refuses(AesVault vault, String sealed, String purpose) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> vault.open(sealed, purpose))
                .withMessageContaining(purpose);
    }

    @Test
    void aKeyFromElsewhereIsUsedAndNeverMade() throws Exception {
        Path secret = otherFolder.resolve("vault-key");
        assertThatIOException()
                .isThrownBy(() -> new AesVault(new TestIdentity(folder), Optional.of(secret.toString())))
                .withMessageContaining("NXVMS_VAULT_KEY_FILE")
                .withMessageContaining(secret.toString());
        assertThat(secret).doesNotExist();

        String sealed = new AesVault(new TestIdentity(folder)).seal("secret", "camera/1");
        Files.move(folder.resolve("keys/vault.key"), secret);

        assertThat(new AesVault(new TestIdentity(folder), Optional.of(secret.toString())).open(sealed, "camera/1"))
                .isEqualTo("secret");
        assertThat(folder.resolve("keys/vault.key")).doesNotExist();
    }
}
