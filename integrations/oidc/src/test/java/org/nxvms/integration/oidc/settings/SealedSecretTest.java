// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.test.kit.BindingVault;

/** The client's secret does not stay in the file in the clear. */
class SealedSecretTest {
    private final BindingVault vault = new BindingVault();

    @TempDir
    private Path folder;

    @Test
    void itIsSealedWhereItStandsAndTheRestStays() throws Exception {
        Path file = folder.resolve("org.nxvms.integration.oidc-corp.cfg");
        Files.writeString(file, "# of Ida, 2026\nname = corp\nclientSecret : p4ss=word\n\nclientId=nvr\n");
        assertThat(new SealedSecret("corp", "p4ss=word").seal(file, vault)).isTrue();
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).startsWith("# of Ida, 2026", "name = corp").endsWith("", "clientId=nvr");
        String stored = lines.get(2).replace("clientSecret = ", "");
        SealedSecret sealed = new SealedSecret("corp", stored);
        assertThat(stored).startsWith("sealed:").doesNotContain("p4ss");
        assertThat(sealed.isPlain()).isFalse();
        assertThat(sealed.open(vault)).isEqualTo("p4ss=word");
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        assertThatThrownBy(() -> new SealedSecret("other", stored).open(vault))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("set it anew");
    }

    @Test
    void whatIsFilledInFromElsewhereStaysAPlaceholder() throws Exception {
        Path file = folder.resolve("a.cfg");
        Files.writeString(file, "clientSecret = ${env:OIDC_SECRET}\n");
        assertThat(new SealedSecret("corp", "from the environment").seal(file, vault))
                .isFalse();
        assertThat(file).hasContent("clientSecret = ${env:OIDC_SECRET}\n");
    }

    @Test
    void aFormThatIsNotUnderstoodIsSaid() throws Exception {
        Path file = folder.resolve("b.cfg");
        Files.writeString(file, "clientSecret = p4ss\\\\word\n");
        assertThatThrownBy(() -> new SealedSecret("corp", "p4ss\\word").seal(file, vault))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("plain letters");
    }
}
