// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraRegistry.InstalledDriver;
import org.nxvms.platform.api.camera.DriverRollout;
import org.nxvms.platform.api.camera.DriverRollout.Phase;
import org.nxvms.platform.api.camera.DriverRollouts;
import org.nxvms.platform.api.plugin.Plugin;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginSource;
import org.nxvms.platform.api.plugin.PluginTrial;
import org.nxvms.platform.api.plugin.PluginVersion;
import org.nxvms.platform.api.plugin.SwapReceipt;
import org.nxvms.platform.api.plugin.SwapReceipt.Outcome;
import org.nxvms.plugins.sample.RenamedDriver;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

/** Another version of a driver runs beside the one that serves until the driver manager says which of them stays. */
class TrialTest {
    private static final PluginTrial TRIAL = new PluginTrial(Optional.empty(), 60);

    @TempDir
    private Path folder;

    private TestFramework framework;
    private final Manager manager = new Manager();

    /** The driver manager: takes orders, and ends a rollout as the story wants it. */
    private static final class Manager implements DriverRollouts {
        private final List<String> asked = new ArrayList<>();
        private volatile Optional<DriverRollout> last = Optional.empty();
        private RuntimeException refusal;

        @Override
        public void keepServing(String driver) {
            asked.add("keep " + driver);
        }

        @Override
        public DriverRollout begin(Order order) {
            asked.add("begin " + order.driver() + " " + order.version() + " " + order.soakSeconds());
            if (refusal != null) {
                throw refusal;
            }
            last = Optional.of(rollout(order.version(), Phase.CANARY, ""));
            return last.get();
        }

        private static DriverRollout rollout(String to, Phase phase, String detail) {
            Instant now = Instant.EPOCH;
            return new DriverRollout("sample", "1.0.0", to, Optional.empty(), phase, now, now, detail, List.of());
        }

        void ends(Phase phase, String detail) {
            last = Optional.of(rollout(last.orElseThrow().to(), phase, detail));
        }

        @Override
        public DriverRollout giveUp(String driver) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<DriverRollout> rollout(String driver) {
            return last;
        }
    }

    @BeforeEach
    void boot() throws Exception {
        framework = booted();
        framework.installer.install(file(PluginJar.sample("1.0.0")), true, "admin");
    }

    private TestFramework booted() throws Exception {
        TestFramework fresh = TestFramework.reconciled(folder);
        fresh.installer.cameras = registryOf(fresh);
        fresh.installer.rollouts = manager;
        return fresh;
    }

    @AfterEach
    void stop() {
        framework.close();
    }

    /** Lists what the framework has. */
    private static CameraRegistry registryOf(TestFramework framework) {
        return (CameraRegistry) Proxy.newProxyInstance(
                TrialTest.class.getClassLoader(), new Class<?>[] {CameraRegistry.class}, (proxy, method, arguments) -> {
                    List<InstalledDriver> drivers = new ArrayList<>();
                    for (ServiceReference<CameraDriver> one :
                            framework.context().getServiceReferences(CameraDriver.class, null)) {
                        Bundle bundle = one.getBundle();
                        String id = String.valueOf(one.getProperty(CameraDriver.PROPERTY_ID));
                        drivers.add(new InstalledDriver(
                                new DriverInfo(id, "Sample", "Example", "sample://1", List.of("sample"), false),
                                bundle.getVersion().toString(),
                                bundle.getSymbolicName(),
                                0));
                    }
                    return drivers;
                });
    }

    private static PluginSource file(PluginJar jar) {
        return PluginSource.uploaded(new ByteArrayInputStream(jar.bytes()));
    }

    private SwapReceipt tryOut(PluginJar jar) throws Exception {
        return framework.installer.tryOut(PluginJar.NAME, file(jar), true, TRIAL, "admin");
    }

    private Plugin plugin() {
        return framework.installer.find(PluginJar.NAME).orElseThrow();
    }

    private SwapReceipt ended(SwapReceipt begun) throws Exception {
        Stories.until(
                () -> framework.installer.receipt(begun.id()).orElseThrow().outcome() != Outcome.RUNNING);
        return framework.installer.receipt(begun.id()).orElseThrow();
    }

    private long jars() throws Exception {
        try (Stream<Path> files = Files.list(folder.resolve("data/plugins/jars"))) {
            return files.count();
        }
    }

    @Test
    void aVersionThatDoesWellTakesThePlace() throws Exception {
        SwapReceipt begun = tryOut(PluginJar.sample("2.0.0"));
        assertThat(begun.outcome()).isEqualTo(Outcome.RUNNING);
        assertThat(begun.from()).contains("1.0.0");
        assertThat(begun.to()).contains("2.0.0");
        assertThat(manager.asked)
                .as("what serves stays, though it came just now")
                .containsExactly("keep sample", "begin sample 2.0.0 60");
        assertThat(framework.serving()).containsExactly("1.0.0", "2.0.0");
        assertThat(plugin().current().version()).isEqualTo("1.0.0");
        assertThat(plugin().tried().map(PluginVersion::version)).contains("2.0.0");

        manager.ends(Phase.PROMOTED, "1 of 1 cameras fares as before.");
        SwapReceipt ended = ended(begun);
        assertThat(ended.outcome()).isEqualTo(Outcome.DONE);
        assertThat(framework.serving()).containsExactly("2.0.0");
        assertThat(plugin().current().version()).isEqualTo("2.0.0");
        assertThat(plugin().previous().map(PluginVersion::version)).contains("1.0.0");
        assertThat(plugin().tried()).isEmpty();
        framework.installer.rollback(PluginJar.NAME, "admin");
        assertThat(framework.serving()).containsExactly("1.0.0");
    }

    @Test
    void aVersionThatDoesNotGoesAgain() throws Exception {
        SwapReceipt begun = tryOut(PluginJar.sample("2.0.0"));
        manager.ends(Phase.ROLLED_BACK, "Camera Gate: no stream is named any more.");
        SwapReceipt ended = ended(begun);
        assertThat(ended.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(ended.detail()).contains("Camera Gate");
        assertThat(ended.bundles()).as("it came, and went").hasSize(2);
        assertThat(framework.serving()).containsExactly("1.0.0");
        assertThat(plugin().current().version()).isEqualTo("1.0.0");
        assertThat(plugin().previous()).isEmpty();
        assertThat(plugin().tried()).isEmpty();
        // The receipt tells first; what nobody needs any more goes behind it.
        Stories.until(() -> jars() == 1);
        assertThat(tryOut(PluginJar.sample("2.0.1")).outcome())
                .as("the next may be tried")
                .isEqualTo(Outcome.RUNNING);
    }

    @Test
    void amidATrialNothingElseIsDoneToThePluginAndOthersKeepItsJar() throws Exception {
        tryOut(PluginJar.sample("2.0.0"));
        for (org.assertj.core.api.ThrowableAssert.ThrowingCallable other :
                List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                        () -> framework.installer.remove(PluginJar.NAME, "admin"),
                        () -> framework.installer.disable(PluginJar.NAME, "admin"),
                        () -> tryOut(PluginJar.sample("3.0.0")),
                        () -> framework.installer.update(
                                PluginJar.NAME, file(PluginJar.sample("3.0.0")), true, "admin"))) {
            assertThatThrownBy(other)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("2.0.0")
                    .hasMessageContaining("on trial");
        }
        framework.installer.install(
                file(PluginJar.sample("1.0.0").header("Bundle-SymbolicName", "org.example.driver.other")),
                true,
                "admin");
        assertThat(jars()).isEqualTo(3);
    }

    @Test
    void aTrialEndsWithTheServerAndWithTheDriverManager() throws Exception {
        SwapReceipt begun = tryOut(PluginJar.sample("2.0.0"));
        framework.close();
        framework = booted();
        Stories.until(() -> framework.serving().equals(List.of("1.0.0")));
        assertThat(framework.installer.receipt(begun.id()).orElseThrow().outcome())
                .isEqualTo(Outcome.INTERRUPTED);
        assertThat(plugin().current().version()).isEqualTo("1.0.0");
        assertThat(plugin().tried()).isEmpty();
        assertThat(jars()).isEqualTo(1);

        Stories.until(() -> plugin().state() == Plugin.State.ACTIVE);
        SwapReceipt again = tryOut(PluginJar.sample("2.0.0"));
        // Its successor knows nothing of it.
        manager.last = Optional.empty();
        assertThat(ended(again).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(framework.serving()).containsExactly("1.0.0");
    }

    @Test
    void whatCannotBeTriedIsSaidAndLeavesNothing() throws Exception {
        manager.refusal = new IllegalArgumentException("The camera is switched off.");
        assertThatThrownBy(() -> framework.installer.tryOut(
                        PluginJar.NAME,
                        file(PluginJar.sample("2.0.0")),
                        true,
                        new PluginTrial(Optional.of(new UUID(1, 2)), 10),
                        "admin"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("switched off");
        framework.waitsForServices(500);
        assertThatThrownBy(() -> tryOut(PluginJar.sample("2.0.0").activatedBy(RenamedDriver.class)))
                .isInstanceOf(PluginRefusedException.class)
                .hasMessageContaining("not all that the version before offers");
        framework.waits(TestFramework.PATIENT_MS);
        Stories.until(() -> framework.plugins().size() == 1);
        framework.installer.rollouts = null;
        assertThatThrownBy(() -> tryOut(PluginJar.sample("2.0.0")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("driver manager");
        framework.installer.rollouts = manager;
        framework.installer.disable(PluginJar.NAME, "admin");
        assertThatThrownBy(() -> tryOut(PluginJar.sample("2.0.0")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not run");
        assertThat(framework.plugins()).isEmpty();
        assertThat(plugin().tried()).isEmpty();
        assertThat(jars()).isEqualTo(1);
    }
}
