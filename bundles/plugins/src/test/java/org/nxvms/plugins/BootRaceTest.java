// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.plugin.Plugin;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginSource;
import org.nxvms.platform.api.plugin.SwapReceipt;
import org.nxvms.plugins.sample.SilentDriver;

/** Operations amid the start of the server, and the end of the installer amid an operation. */
class BootRaceTest {
    @TempDir
    private Path folder;

    private static PluginSource file(PluginJar jar) {
        return PluginSource.uploaded(new ByteArrayInputStream(jar.bytes()));
    }

    /** A server whose plugin 1.0.0 is slow to offer its service, which it never does. */
    private TestFramework bootedWithASlowPlugin() throws Exception {
        String before;
        try (TestFramework framework = TestFramework.reconciled(folder)) {
            framework.installer.install(file(PluginJar.sample("1.0.0")), true, "admin");
            before = framework.installer.plugins().get(0).current().sha256();
        }
        byte[] silent =
                PluginJar.sample("1.0.0").activatedBy(SilentDriver.class).bytes();
        Path data = folder.resolve("data/plugins");
        Files.write(data.resolve("jars/" + Stories.sha256(silent) + ".jar"), silent);
        Path inventory = data.resolve("inventory.json");
        Files.writeString(inventory, Files.readString(inventory).replace(before, Stories.sha256(silent)));
        TestFramework framework = TestFramework.reconciled(folder);
        assertThat(framework.installer.plugins().get(0).state()).isEqualTo(Plugin.State.STARTING);
        return framework;
    }

    private static void awaitTheEndOfTheBoot() throws Exception {
        Stories.until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("nxvms-ctl-plugin-up-")));
    }

    @Test
    void whatIsDisabledWhileItIsBroughtUpStaysOut() throws Exception {
        try (TestFramework framework = bootedWithASlowPlugin()) {
            framework.installer.disable(PluginJar.NAME, "admin");
            awaitTheEndOfTheBoot();
            assertThat(framework.plugins()).isEmpty();
            assertThat(framework.installer.plugins().get(0).state()).isEqualTo(Plugin.State.DISABLED);
        }
    }

    @Test
    void whatIsUpdatedWhileItIsBroughtUpHasOneOwner() throws Exception {
        try (TestFramework framework = bootedWithASlowPlugin()) {
            framework.installer.update(PluginJar.NAME, file(PluginJar.sample("2.0.0")), true, "admin");
            awaitTheEndOfTheBoot();
            assertThat(framework.plugins()).hasSize(1);
            assertThat(framework.serving()).containsExactly("2.0.0");
            assertThat(framework.installer.plugins().get(0).state()).isEqualTo(Plugin.State.ACTIVE);
        }
    }

    @Test
    void aDriverThatTheRegistryDoesNotTakeLeavesTheOldOneServing() throws Exception {
        try (TestFramework framework = TestFramework.reconciled(folder)) {
            framework.installer.cameras = registryThatTakes("1.0.0");
            framework.installer.install(file(PluginJar.sample("1.0.0")), true, "admin");
            framework.waitsForServices(300);
            org.assertj.core.api.Assertions.assertThatThrownBy(() ->
                            framework.installer.update(PluginJar.NAME, file(PluginJar.sample("2.0.0")), true, "admin"))
                    .isInstanceOf(PluginRefusedException.class)
                    .hasMessageContaining("does not take its driver");
            Stories.until(() -> framework.serving().equals(List.of("1.0.0")));
            assertThat(framework.installer.receipts(1, Optional.empty()).get(0).outcome())
                    .isEqualTo(SwapReceipt.Outcome.REFUSED);
        }
    }

    private static CameraRegistry registryThatTakes(String version) {
        DriverInfo info = new DriverInfo("sample", "Sample", "Example", "sample://1", List.of("sample"), false);
        return (CameraRegistry) Proxy.newProxyInstance(
                BootRaceTest.class.getClassLoader(),
                new Class<?>[] {CameraRegistry.class},
                (proxy, method, arguments) ->
                        List.of(new CameraRegistry.InstalledDriver(info, version, PluginJar.NAME, 0)));
    }
}
