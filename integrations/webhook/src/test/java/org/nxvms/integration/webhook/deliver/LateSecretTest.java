// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nxvms.integration.webhook.fake.Patience;
import org.nxvms.test.kit.LateFileInstall;

/** What an endpoint keeps secret is sealed, and read so, whatever who brings the file does meanwhile. */
class LateSecretTest extends CourierStory {
    @ParameterizedTest
    @EnumSource
    void aSecretIsSealedAndReadAlsoWhenItsFileIsLookedAtTooLate(LateFileInstall.Late late) throws Exception {
        files.add("soc", Map.of("name", "soc", "url", receiver.url(), "secret", SECRET, "headers", "X-Key: 1"));
        Path file = files.find("soc").orElseThrow().file();
        try (LateFileInstall install = new LateFileInstall(
                file, values -> courier("soc", "secret", values.get("secret"), "headers", values.get("headers")))) {
            install.readAndBeLate(late);
            assertThat(install.value("secret")).isEqualTo(SECRET);
            Patience.until("it was sealed and read so", () -> {
                install.look();
                return install.value("secret").startsWith("sealed:")
                        && install.value("headers").startsWith("sealed:");
            });
            assertThat(file).content().contains("secret = sealed:").doesNotContain(SECRET, "X-Key");
        }
    }
}
