// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nxvms.test.kit.Awaiting;
import org.nxvms.test.kit.BindingVault;
import org.nxvms.test.kit.LateFileInstall;

/** A client's secret is sealed, and read so, whatever who brings the file does meanwhile. */
class LateSecretTest {
    private static final String SECRET = "p4ssw0rd";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void aSecretIsSealedAndReadAlsoWhenItsFileIsLookedAtTooLate(LateFileInstall.Late late) throws Exception {
        Path file = folder.resolve("org.nxvms.integration.oidc-corp.cfg");
        // Nobody listens there, and nobody needs to.
        Files.writeString(
                file,
                "name = corp\nissuer = http://127.0.0.1:9/realm\nclientId = nvr\nroles = guards=operator\nclientSecret = "
                        + SECRET + "\n");
        Providers providers = new Providers(folder, provider -> () -> {}, Clock.systemUTC(), 5);
        providers.vault(new BindingVault());
        try (LateFileInstall install = new LateFileInstall(file, providers::add)) {
            install.readAndBeLate(late);
            assertThat(install.value("clientSecret")).isEqualTo(SECRET);
            Awaiting.until("it was sealed and read so", () -> {
                install.look();
                return install.value("clientSecret").startsWith("sealed:");
            });
            assertThat(file).content().contains("clientSecret = sealed:").doesNotContain(SECRET);
        } finally {
            providers.close();
        }
    }
}
