// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.plugin.PluginSource;

/** What a sick disk or somebody's hand did to the installer's own files costs no more than it must. */
class DamagedDataTest {
    @TempDir
    private Path folder;

    private static PluginSource file(String version) {
        return PluginSource.uploaded(
                new ByteArrayInputStream(PluginJar.sample(version).bytes()));
    }

    @Test
    void aDamagedReceiptHidesNoOtherAndStopsNothing() throws Exception {
        try (TestFramework framework = TestFramework.reconciled(folder)) {
            framework.installer.install(file("1.0.0"), true, "admin");
            framework.installer.update(PluginJar.NAME, file("1.1.0"), true, "admin");
        }
        List<Path> receipts;
        try (Stream<Path> files = Files.list(folder.resolve("data/plugins/receipts"))) {
            receipts = files.sorted().toList();
        }
        Files.writeString(receipts.get(1), "{\"id\":");
        try (TestFramework framework = TestFramework.reconciled(folder)) {
            assertThat(framework.installer.receipts(10, Optional.empty())).hasSize(1);
            framework.installer.rollback(PluginJar.NAME, "admin");
            assertThat(framework.serving()).containsExactly("1.0.0");
        }
    }

    @Test
    void anInventoryThatCannotBeWrittenLeavesTheOldVersion() throws Exception {
        try (TestFramework framework = TestFramework.reconciled(folder)) {
            framework.installer.install(file("1.0.0"), true, "admin");
            Path inTheWay = Files.createDirectories(folder.resolve("data/plugins/inventory.json.new/x"));
            assertThatThrownBy(() -> framework.installer.update(PluginJar.NAME, file("1.1.0"), true, "admin"))
                    .isInstanceOf(IOException.class);
            assertThat(framework.serving()).containsExactly("1.0.0");
            assertThat(framework.plugins()).hasSize(1);
            Files.delete(inTheWay);
            framework.installer.update(PluginJar.NAME, file("1.1.0"), true, "admin");
            assertThat(framework.serving()).containsExactly("1.1.0");
        }
    }

    @Test
    void aJarThatIsNotWhatWasInstalledIsNotBroughtUp() throws Exception {
        String sha256;
        try (TestFramework framework = TestFramework.reconciled(folder)) {
            framework.installer.install(file("1.0.0"), true, "admin");
            sha256 = framework.installer.plugins().get(0).current().sha256();
        }
        Stories.deleteTree(folder.resolve("cache"));
        Files.write(
                folder.resolve("data/plugins/jars/" + sha256 + ".jar"),
                PluginJar.sample("1.0.0").entry("evil", "x").bytes());
        try (TestFramework framework = TestFramework.reconciled(folder)) {
            Stories.until(() -> framework.installer.plugins().get(0).detail().contains("is not what was installed"));
            assertThat(framework.serving()).isEmpty();
            assertThat(new PluginsHealth(framework.installer).check().detail()).contains("is not what was installed");
        }
    }
}
