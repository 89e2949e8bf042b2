// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.console.ConsoleExtensions;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginSource;
import org.nxvms.plugins.sample.SilentDriver;

/** A plugin that brings something for the console, with and without code that runs in the server. */
class ConsolePluginTest {
    @TempDir
    private Path folder;

    private TestFramework framework;

    @BeforeEach
    void boot() throws Exception {
        framework = TestFramework.reconciled(folder);
    }

    @AfterEach
    void stop() {
        framework.close();
    }

    private static PluginJar codeless(String version) {
        return PluginJar.sample(version)
                .header("Bundle-Activator", null)
                .header(ConsoleExtensions.HEADER, "console/extension.json");
    }

    private static PluginSource file(PluginJar jar) {
        return PluginSource.uploaded(new ByteArrayInputStream(jar.bytes()));
    }

    private void install(PluginJar jar) throws Exception {
        framework.installer.install(file(jar), true, "admin");
    }

    @Test
    void whatItBringsForTheConsoleIsEnoughForOneWithoutCode() throws Exception {
        install(codeless("1.0.0"));
        assertThat(framework.plugins()).hasSize(1);
        framework.installer.update(PluginJar.NAME, file(codeless("1.1.0")), true, "admin");
        assertThat(framework.installer.plugins())
                .singleElement()
                .satisfies(plugin -> assertThat(plugin.current().version()).isEqualTo("1.1.0"));
    }

    @Test
    void withoutCodeAndWithoutTheHeaderThereIsNothingInIt() throws Exception {
        framework.waitsForServices(500);
        assertThatThrownBy(() -> install(codeless("1.0.0").header(ConsoleExtensions.HEADER, null)))
                .isInstanceOf(PluginRefusedException.class)
                .hasMessageContaining("by the header NXvms-Console-Extension");
        // What did not go in that time either goes when it does.
        Stories.until(() -> framework.plugins().isEmpty());
    }

    @Test
    void oneThatHasCodeIsWaitedForAsBefore() {
        framework.waitsForServices(500);
        assertThatThrownBy(() -> install(codeless("1.0.0").activatedBy(SilentDriver.class)))
                .isInstanceOf(PluginRefusedException.class)
                .hasMessageContaining("offers no service of the server's contracts");
    }

    @Test
    void whatTheConsoleDoesNotShowIsTakenOutAgainWithTheReason() throws Exception {
        framework.installer.console = (bundle, version) -> bundle.equals(PluginJar.NAME) && version.equals("2.0.0")
                ? Optional.of("Its icon is missing.")
                : Optional.empty();
        install(codeless("1.0.0"));
        assertThatThrownBy(() -> framework.installer.update(PluginJar.NAME, file(codeless("2.0.0")), true, "admin"))
                .isInstanceOfSatisfying(PluginRefusedException.class, refused -> {
                    assertThat(refused.kind()).isEqualTo(PluginRefusedException.Kind.START);
                    assertThat(refused).hasMessageContaining("for the console is not shown. Its icon is missing.");
                });
        assertThat(framework.plugins()).singleElement().asString().contains("/1.0.0/");
    }

    @Test
    void anUpdateThatShowsNothingAnyMoreIsRefused() throws Exception {
        PluginJar both = PluginJar.sample("1.0.0").header(ConsoleExtensions.HEADER, "console/extension.json");
        install(both);
        framework.waitsForServices(500);
        assertThatThrownBy(() ->
                        framework.installer.update(PluginJar.NAME, file(PluginJar.sample("1.1.0")), true, "admin"))
                .isInstanceOf(PluginRefusedException.class)
                .hasMessageContaining("not all that the version before offers")
                .hasMessageContaining("console extension");
        Stories.until(() -> framework.serving().equals(List.of("1.0.0")));
    }
}
