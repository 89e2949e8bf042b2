// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.plugin.Plugin;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginSource;
import org.nxvms.platform.api.plugin.SwapReceipt;
import org.osgi.framework.wiring.BundleWiring;

/** The installer in the real framework, a vendor whom it trusts, and somebody who is not to be touched. */
abstract class InstallerStory {
    @TempDir
    private static Path keys;

    static Vendor vendor;
    static Vendor stranger;

    @TempDir
    Path folder;

    TestFramework framework;
    BundleWiring bystander;

    @BeforeAll
    static void makeKeys() throws Exception {
        vendor = Vendor.named("vendor", keys);
        stranger = Vendor.named("stranger", keys);
    }

    @BeforeEach
    void boot() throws Exception {
        framework = TestFramework.reconciled(folder);
        bystander = framework.bystander().adapt(BundleWiring.class);
        framework.installer.trust(vendor.pem(), "admin");
    }

    @AfterEach
    void stop() {
        framework.close();
    }

    static PluginSource file(byte[] content) {
        return PluginSource.uploaded(new ByteArrayInputStream(content));
    }

    static byte[] signed(String version) {
        return vendor.sign(PluginJar.sample(version).bytes());
    }

    SwapReceipt install(byte[] content) throws Exception {
        return framework.installer.install(file(content), false, "admin");
    }

    SwapReceipt update(byte[] content) throws Exception {
        return framework.installer.update(PluginJar.NAME, file(content), false, "admin");
    }

    void assertRefused(byte[] content, PluginRefusedException.Kind kind, String field, String words) {
        List<String> before = framework.plugins();
        assertThatThrownBy(() -> install(content)).isInstanceOfSatisfying(PluginRefusedException.class, refused -> {
            assertThat(refused.kind()).isEqualTo(kind);
            assertThat(refused.field()).isEqualTo(field);
            assertThat(refused).hasMessageContaining(words);
        });
        assertThat(framework.plugins()).as("nothing was changed").isEqualTo(before);
        assertThat(framework.installer.plugins()).isEmpty();
        assertThat(kept("jars")).isEmpty();
        assertThat(kept("staging")).isEmpty();
    }

    List<Path> kept(String what) {
        Path kept = folder.resolve("data/plugins").resolve(what);
        if (!Files.isDirectory(kept)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(kept)) {
            return files.toList();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    Plugin plugin() {
        return framework.installer.find(PluginJar.NAME).orElseThrow();
    }
}
