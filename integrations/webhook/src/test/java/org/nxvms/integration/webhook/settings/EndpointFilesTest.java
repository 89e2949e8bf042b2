// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.StaleVersionException;
import org.nxvms.test.kit.BindingVault;

/** What stands in files, and what may not. */
class EndpointFilesTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    @TempDir
    private Path etc;

    private EndpointFiles files;
    private final Secrets secrets = new Secrets(BindingVault::new);

    @BeforeEach
    void start() {
        files = new EndpointFiles(etc);
    }

    private Path file(String name) {
        return etc.resolve("org.nxvms.integration.webhook-" + name + ".cfg");
    }

    private static Map<String, String> values(String name) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("name", name);
        values.put("url", "https://example.org/hook");
        return values;
    }

    @Test
    void anEndpointIsAddedChangedAndRemoved() {
        files.add("soc", values("soc"));
        EndpointFiles.Stored first = files.find("soc").orElseThrow();
        assertThat(first.settings().timeoutMs()).isEqualTo(10_000);
        assertThat(first.settings().enabled()).isTrue();

        files.change(
                "soc", Optional.of(first.version()), Map.of("timeoutMs", "500", "kinds", "camera.*,recording.gap"));
        EndpointFiles.Stored second = files.find("soc").orElseThrow();
        assertThat(second.settings().timeoutMs()).isEqualTo(500);
        assertThat(second.settings().filter().kinds()).containsExactlyInAnyOrder("camera.*", "recording.gap");
        assertThatThrownBy(() -> files.change("soc", Optional.of(first.version()), Map.of("timeoutMs", "700")))
                .isInstanceOf(StaleVersionException.class);
        files.change("soc", Optional.empty(), Map.of("kinds", ""));
        assertThat(files.find("soc").orElseThrow().settings().filter().kinds()).isEmpty();

        assertThatThrownBy(() -> files.add("soc", values("soc"))).isInstanceOf(IllegalStateException.class);
        files.remove("soc", Optional.empty());
        assertThat(files.all()).isEmpty();
        assertThatThrownBy(() -> files.remove("soc", Optional.empty())).isInstanceOf(NoSuchResourceException.class);
    }

    @Test
    void whatSomebodyWroteByHandStaysAndWhatIsSecretIsSealed() throws Exception {
        Files.writeString(
                file("hand"),
                """
                # of the night shift
                name = hand
                url: https://example.org/hook
                secret=%s
                headers = Authorization: Bearer hidden\\nX-Site: \\
                    north
                severity warning
                """
                        .formatted(SECRET));

        files.seal("hand", secrets);

        String now = Files.readString(file("hand"));
        assertThat(now)
                .startsWith("# of the night shift\nname = hand\nurl: https://example.org/hook\n")
                .contains("severity warning")
                .doesNotContain("hidden", "north", SECRET);
        Settings settings = files.find("hand").orElseThrow().settings();
        Secrets.Opened opened = secrets.open(settings);
        assertThat(opened.key()).hasSize(24);
        assertThat(opened.headers()).isEqualTo(Map.of("Authorization", "Bearer hidden", "X-Site", "north"));
        files.seal("hand", secrets);
        assertThat(file("hand")).as("sealed once").hasContent(now);
    }

    @Test
    void aSecretThatStandsInTheEnvironmentIsLeftThere() throws Exception {
        Files.writeString(file("env"), "name = env\nurl = https://example.org/\nsecret = ${env:HOOK_SECRET}\n");
        files.seal("env", secrets);
        assertThat(Files.readString(file("env"))).contains("${env:HOOK_SECRET}");
    }

    @Test
    void aSealedSecretIsOfItsEndpointAlone() {
        String sealed = secrets.seal("one", Settings.SECRET, SECRET);
        Map<String, String> values = values("two");
        values.put("secret", sealed);
        assertThatThrownBy(() -> secrets.open(Settings.of(values::get)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("secret was sealed by another server, for another endpoint");
    }

    @Test
    void aFileThatCannotBeReadTakesNoOtherWithIt() throws Exception {
        files.add("well", values("well"));
        Files.writeString(file("odd"), "name = \\uZZZZ\n");
        Files.writeString(file("large"), "#".repeat(70_000));
        assertThat(files.all()).containsOnlyKeys("well");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name | Soc",
                "name | ../etc",
                "url | ftp://example.org/",
                "url | https:///path",
                "url | https://hidden:hidden@example.org/",
                "url | https://example.org/ x",
                "url | https://example.org:99999/",
                "enabled | yes",
                "kinds | camera",
                "cameras | gate",
                "severity | loud",
                "timeoutMs | 99",
                "timeoutMs | 60001",
                "timeoutMs | ten",
            })
    void whatCannotWorkIsNamed(String key, String value) {
        Map<String, String> values = values("soc");
        values.put(key, value);
        assertThatThrownBy(() -> Settings.of(values::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(key)
                .message()
                .doesNotContain("hidden");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Host: hidden",
                "Content-Length: hidden",
                "webhook-id: hidden",
                "X Y: hidden",
                "X-A: hid\u0007den",
                "X-Ä: hidden",
                "no colon hidden",
            })
    void headersThatWouldBreakTheMessageAreRefused(String line) {
        assertThatThrownBy(() -> ExtraHeaders.read(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("headers")
                .message()
                .doesNotContain("hidden");
        assertThatThrownBy(() -> ExtraHeaders.write(Map.of("X-A", "one\r\nX-B: two")))
                .as("a line break in a value would be another header")
                .isInstanceOf(IllegalArgumentException.class);
    }
}
