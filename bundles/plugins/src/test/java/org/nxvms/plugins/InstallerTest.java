// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.plugin.Plugin;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginSource;
import org.nxvms.platform.api.plugin.SwapReceipt;
import org.nxvms.platform.api.plugin.SwapReceipt.BundleChange;
import org.nxvms.platform.api.plugin.SwapReceipt.Operation;
import org.nxvms.platform.api.plugin.SwapReceipt.Outcome;
import org.nxvms.plugins.sample.BlockingDriver;
import org.nxvms.plugins.sample.RefreshingDriver;
import org.nxvms.plugins.sample.RenamedDriver;
import org.nxvms.plugins.sample.SilentDriver;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/** A plugin comes, changes and goes in the real framework; somebody beside it is not touched. */
class InstallerTest extends InstallerStory {
    @Test
    void aPluginComesChangesGoesBackAndGoes() throws Exception {
        SwapReceipt came = install(vendor.sign(PluginJar.sample("1.0.0")
                .entry("OSGI-INF/permissions.perm", "# why\n(java.net.SocketPermission \"*:80\" \"connect\")\n")
                .scored()
                .bytes()));
        assertThat(came.outcome()).isEqualTo(Outcome.DONE);
        assertThat(came.to()).contains("1.0.0");
        assertThat(framework.serving()).containsExactly("1.0.0");
        assertThat(plugin().state()).isEqualTo(Plugin.State.ACTIVE);
        assertThat(plugin().current()).satisfies(version -> {
            assertThat(version.title()).isEqualTo("Sample");
            assertThat(version.licence()).isEqualTo("Apache-2.0");
            assertThat(version.permissions()).containsExactly("(java.net.SocketPermission \"*:80\" \"connect\")");
            assertThat(version.conformance())
                    .hasValueSatisfying(score -> assertThat(score.passed()).isEqualTo(61));
            assertThat(version.signer())
                    .hasValueSatisfying(signer -> assertThat(signer.subject()).isEqualTo("CN=vendor"));
            assertThat(version.by()).isEqualTo("admin");
        });

        SwapReceipt changed = update(signed("1.1.0"));
        assertThat(framework.serving()).containsExactly("1.1.0");
        assertThat(changed.from()).contains("1.0.0");
        assertThat(changed.to()).contains("1.1.0");
        assertThat(changed.bundles()).extracting(BundleChange::installed).containsExactly(true, false);
        assertThat(changed.bundlesCompared()).isGreaterThanOrEqualTo(2);
        assertThat(plugin().previous())
                .hasValueSatisfying(old -> assertThat(old.version()).isEqualTo("1.0.0"));

        framework.installer.rollback(PluginJar.NAME, "admin");
        assertThat(framework.serving()).containsExactly("1.0.0");
        assertThat(plugin().previous())
                .hasValueSatisfying(old -> assertThat(old.version()).isEqualTo("1.1.0"));

        framework.installer.disable(PluginJar.NAME, "admin");
        assertThat(framework.serving()).isEmpty();
        assertThat(framework.plugins()).as("nobody can start it past us").isEmpty();
        assertThat(plugin().state()).isEqualTo(Plugin.State.DISABLED);
        framework.installer.enable(PluginJar.NAME, "admin");
        assertThat(framework.serving()).containsExactly("1.0.0");

        framework.installer.remove(PluginJar.NAME, "admin");
        assertThat(framework.serving()).isEmpty();
        assertThat(framework.plugins()).isEmpty();
        assertThat(framework.installer.plugins()).isEmpty();
        assertThat(kept("jars")).isEmpty();
        assertThat(kept("staging")).isEmpty();

        assertThat(framework.bystander().adapt(BundleWiring.class)).isSameAs(bystander);
        assertThat(framework.installer.receipts(10, Optional.empty()))
                .extracting(SwapReceipt::operation)
                .containsExactly(
                        Operation.REMOVE,
                        Operation.ENABLE,
                        Operation.DISABLE,
                        Operation.ROLLBACK,
                        Operation.UPDATE,
                        Operation.INSTALL);
    }

    @Test
    void anUpdateOffersWhatTheVersionBeforeOffers() throws Exception {
        install(signed("1.0.0"));
        framework.waitsForServices(500);
        assertThatThrownBy(() -> update(vendor.sign(PluginJar.sample("2.0.0")
                        .activatedBy(RenamedDriver.class)
                        .bytes())))
                .isInstanceOf(PluginRefusedException.class)
                .hasMessageContaining("CameraDriver sample");
        // What did not go in that time either goes when it does.
        Stories.until(() -> framework.serving().equals(List.of("1.0.0")));
    }

    @Test
    void onePluginOneOwner() throws Exception {
        framework
                .context()
                .installBundle("mvn:org.example/driver/1.0.0", new ByteArrayInputStream(signed("1.0.0")))
                .start();
        assertThatThrownBy(() -> install(signed("1.1.0")))
                .isInstanceOf(PluginRefusedException.class)
                .hasMessageContaining("mvn:org.example/driver/1.0.0. A bundle has one owner");
        String ofTheServer = framework.context().getBundle(0).getSymbolicName();
        assertThatThrownBy(() -> install(vendor.sign(PluginJar.sample("1.0.0")
                        .header("Bundle-SymbolicName", ofTheServer)
                        .bytes())))
                .isInstanceOf(PluginRefusedException.class)
                .hasMessageContaining("Give the plugin another Bundle-SymbolicName");
        assertThat(framework.plugins()).isEmpty();
    }

    @Test
    void whatTheStateDoesNotAllowIsSaid() throws Exception {
        assertThatThrownBy(() -> framework.installer.remove(PluginJar.NAME, "admin"))
                .isInstanceOf(NoSuchResourceException.class);
        byte[] one = signed("1.0.0");
        install(one);
        assertThatThrownBy(() -> install(signed("1.1.0")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Update it instead");
        assertThatThrownBy(() -> update(one)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> update(vendor.sign(
                        PluginJar.sample("1.0.0").entry("more", "content").bytes())))
                .isInstanceOf(PluginRefusedException.class)
                .hasMessageContaining("another version");
        assertThatThrownBy(() -> framework.installer.rollback(PluginJar.NAME, "admin"))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> framework.installer.enable(PluginJar.NAME, "admin"))
                .isInstanceOf(IllegalStateException.class);
        assertThat(framework.serving()).containsExactly("1.0.0");
    }

    @Test
    void aNewVersionThatDoesNotComeUpLeavesTheOldOneServing() throws Exception {
        install(signed("1.0.0"));
        framework.waits(500);
        for (PluginJar bad : List.of(
                PluginJar.sample("2.0.0").activatedBy(SilentDriver.class),
                PluginJar.sample("2.0.0").activatedBy(BlockingDriver.class),
                PluginJar.sample("2.0.0").header("Bundle-Activator", "org.example.NotThere"))) {
            assertThatThrownBy(() -> update(vendor.sign(bad.bytes())))
                    .isInstanceOfSatisfying(PluginRefusedException.class, refused -> assertThat(refused.kind())
                            .isEqualTo(PluginRefusedException.Kind.START));
            assertThat(plugin().current().version()).isEqualTo("1.0.0");
            // What did not go in that time either goes when it does.
            Stories.until(() -> framework.plugins().size() == 1);
            // Brought up again, it may take a slow machine longer than it is waited for.
            Stories.until(() -> framework.serving().equals(List.of("1.0.0")));
        }
        assertThat(framework.installer.receipts(3, Optional.empty()))
                .allSatisfy(receipt -> assertThat(receipt.outcome()).isEqualTo(Outcome.REFUSED));
    }

    @Test
    void aPluginThatRefreshesOthersIsTakenOutAgain() {
        assertThatThrownBy(() -> install(vendor.sign(PluginJar.sample("1.0.0")
                        .activatedBy(RefreshingDriver.class)
                        .header(
                                "Import-Package",
                                "org.osgi.framework,org.osgi.framework.wiring,"
                                        + "org.nxvms.driver.spi;version=\"[1.0,2)\"")
                        .bytes())))
                .isInstanceOfSatisfying(PluginRefusedException.class, refused -> {
                    assertThat(refused.kind()).isEqualTo(PluginRefusedException.Kind.WIRING);
                    assertThat(refused).hasMessageContaining("org.example.bystander 1.0.0");
                });
        assertThat(framework.plugins()).isEmpty();
        assertThat(framework.installer.plugins()).isEmpty();
    }

    @Test
    void afterARestartAndWithoutTheFrameworksCacheItIsThere() throws Exception {
        install(signed("1.0.0"));
        update(signed("1.1.0"));
        restart();
        assertThat(framework.serving()).containsExactly("1.1.0");
        assertThat(framework.installer.receipts(2, Optional.empty()))
                .as("frames were counted, also when the server stopped meanwhile")
                .allSatisfy(receipt -> assertThat(receipt.windows()).isPresent());

        framework.close();
        Stories.deleteTree(folder.resolve("cache"));
        boot();
        awaitServing("1.1.0");
        framework.installer.rollback(PluginJar.NAME, "admin");
        assertThat(framework.serving()).containsExactly("1.0.0");
    }

    @Test
    void oneThatBlocksDoesNotHoldUpTheNextStart() throws Exception {
        install(signed("1.0.0"));
        Path inventory = folder.resolve("data/plugins/inventory.json");
        // As if it had learnt to block: the jar in the inventory is one that the installer would have refused.
        byte[] blocking = vendor.sign(
                PluginJar.sample("1.0.0").activatedBy(BlockingDriver.class).bytes());
        String sha256 = Stories.sha256(blocking);
        String before = plugin().current().sha256();
        framework.close();
        Files.write(folder.resolve("data/plugins/jars").resolve(sha256 + ".jar"), blocking);
        Files.writeString(inventory, Files.readString(inventory).replace(before, sha256));

        framework = new TestFramework(folder, 200);
        framework.installer.reconcile();
        assertThat(framework.bystander().getState()).isEqualTo(Bundle.ACTIVE);
        Stories.until(() -> plugin().state() == Plugin.State.FAILED);
        assertThat(plugin().detail()).contains("does not come back");
        assertThat(framework.serving()).isEmpty();
        framework.installer.remove(PluginJar.NAME, "admin");
        assertThat(framework.installer.plugins()).isEmpty();
    }

    @Test
    void anInventoryThatCannotBeReadIsLeftAlone() throws Exception {
        install(signed("1.0.0"));
        framework.close();
        Files.writeString(folder.resolve("data/plugins/inventory.json"), "{\"format\":");
        framework = TestFramework.reconciled(folder);
        assertThat(framework.plugins()).hasSize(1);
        assertThatThrownBy(() -> install(signed("1.1.0")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("inventory.json cannot be read");
        assertThat(new PluginsHealth(framework.installer).check().detail()).contains("inventory.json");
    }

    @Test
    void aFileThatIsTooLargeIsRefusedWhileItArrives() {
        byte[] large =
                PluginJar.sample("1.0.0").entry("x", Stories.noise(2 << 20)).bytes();
        assertRefused(large, PluginRefusedException.Kind.FILE, "file", "larger than 1 MiB");
    }

    @Test
    void itIsFetchedFromTheServersOwnDiskOnly() throws Exception {
        Path jar = Files.write(folder.resolve("driver.jar"), signed("1.0.0"));
        for (String url : List.of(
                "http://127.0.0.1/driver.jar",
                "mvn:http://127.0.0.1!org.example/driver/1.0.0",
                "jar:" + jar.toUri() + "!/",
                folder.toUri().toString(),
                folder.resolve("none.jar").toUri().toString(),
                "driver.jar",
                "file:relative.jar")) {
            assertThatThrownBy(() -> framework.installer.install(PluginSource.at(url), false, "admin"))
                    .as(url)
                    .isInstanceOfSatisfying(PluginRefusedException.class, refused -> {
                        assertThat(refused.kind()).isEqualTo(PluginRefusedException.Kind.SOURCE);
                        assertThat(refused.field()).isEqualTo("url");
                    });
        }
        framework.installer.install(PluginSource.at(jar.toUri().toString()), false, "admin");
        assertThat(framework.serving()).containsExactly("1.0.0");
    }

    private void restart() throws Exception {
        framework.close();
        boot();
        awaitServing("1.1.0");
    }

    private void awaitServing(String version) throws Exception {
        Stories.until(() -> framework.serving().equals(List.of(version)));
        Stories.until(() -> plugin().state() == Plugin.State.ACTIVE);
    }
}
