// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.trail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.felix.service.command.CommandSession;
import org.apache.karaf.features.DeploymentEvent;
import org.apache.karaf.features.DeploymentListener;
import org.apache.karaf.features.Feature;
import org.apache.karaf.features.FeatureEvent;
import org.apache.karaf.features.FeaturesListener;
import org.apache.karaf.features.FeaturesService;
import org.apache.karaf.features.internal.util.MapUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.platform.api.audit.AuditTrail;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;

/** What came, changed or went, and by whom. */
class InstallationTrailTest {
    private static final String INSTALL = "feature:install acme";

    @TempDir
    private Path etc;

    private final AtomicBoolean booted = new AtomicBoolean(true);
    private final CommandSession boss = ShellScene.sessionOf("boss");
    private final Bundle acme = ShellScene.bundle(7, "acme", "1.2.0", "mvn:org.acme/acme/1.2.0");
    private final Bundle more = ShellScene.bundle(8, "acme-more", "3.0.0", "file:/root/more.jar");
    private ShellScene scene;
    private InstallationTrail trail;

    @BeforeEach
    void begin() {
        scene = new ShellScene(etc);
        trail = new InstallationTrail(scene.shell, booted::get);
    }

    private void happens(int type, Bundle bundle) {
        trail.bundleChanged(new BundleEvent(type, bundle));
    }

    private void happens(FeatureEvent.EventType type, boolean replayed) {
        Feature feature = ShellScene.proxy(Feature.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getName" -> "acme";
            case "getVersion" -> "1.2.0";
            case "getRepositoryUrl" -> "mvn:org.acme/features/1.2.0/xml";
            default -> throw new AssertionError(method.getName());
        });
        trail.featureEvent(new FeatureEvent(type, feature, "root", replayed));
    }

    private void deployed(Bundle... bundles) {
        trail.deploymentEvent(DeploymentEvent.DEPLOYMENT_STARTED);
        for (Bundle bundle : bundles) {
            happens(BundleEvent.INSTALLED, bundle);
        }
        trail.deploymentEvent(DeploymentEvent.BUNDLES_INSTALLED);
        trail.deploymentEvent(DeploymentEvent.BUNDLES_RESOLVED);
        happens(FeatureEvent.EventType.FeatureInstalled, false);
        trail.deploymentEvent(DeploymentEvent.DEPLOYMENT_FINISHED);
    }

    @Test
    void aFeatureThatSomebodyInstallsIsNotedWithItsBundlesAndTheirHands() {
        scene.shell.beforeExecute(boss, INSTALL);
        scene.told();
        deployed(acme, more);
        assertThat(scene.told())
                .containsExactly(
                        "boss bundle.installed bundles [][bundles=acme 1.2.0, acme-more 3.0.0 count=2]",
                        "boss feature.installed feature/acme"
                                + " [][repository=mvn:org.acme/features/1.2.0/xml version=1.2.0]");
        scene.shell.afterExecute(boss, INSTALL, (Object) null);
        happens(FeatureEvent.EventType.FeatureUninstalled, false);
        assertThat(scene.told())
                .as("nobody types now")
                .containsExactly("system feature.uninstalled feature/acme"
                        + " [version=1.2.0][repository=mvn:org.acme/features/1.2.0/xml]");
    }

    @Test
    void aBundleComesChangesAndGoes() {
        scene.shell.beforeExecute(boss, "bundle:update 7");
        scene.told();
        happens(BundleEvent.INSTALLED, acme);
        happens(BundleEvent.STARTED, acme);
        happens(BundleEvent.UPDATED, ShellScene.bundle(7, "acme", "1.3.0", acme.getLocation()));
        happens(BundleEvent.UNINSTALLED, ShellScene.bundle(7, "acme", "1.3.0", acme.getLocation()));
        assertThat(scene.told())
                .containsExactly(
                        "boss bundle.installed bundle/acme [][location=mvn:org.acme/acme/1.2.0 version=1.2.0]",
                        "boss bundle.updated bundle/acme"
                                + " [version=1.2.0][location=mvn:org.acme/acme/1.2.0 version=1.3.0]",
                        "boss bundle.uninstalled bundle/acme [version=1.3.0][location=mvn:org.acme/acme/1.2.0]");
    }

    @Test
    void whatTheInstallerOfPluginsDoesItNotesItself() {
        happens(BundleEvent.INSTALLED, ShellScene.bundle(9, "driver", "1.0.0", "nxvms-plugin:driver/1.0.0/abc"));
        happens(BundleEvent.UNINSTALLED, ShellScene.bundle(9, "driver", "1.0.0", "nxvms-plugin:driver/1.0.0/abc"));
        assertThat(scene.told()).isEmpty();
    }

    @Test
    void whatTheServerConsistsOfNobodyInstalls() {
        booted.set(false);
        deployed(acme, more);
        booted.set(true);
        happens(FeatureEvent.EventType.FeatureInstalled, true);
        assertThat(scene.told()).as("told to who comes late").isEmpty();
        happens(BundleEvent.UPDATED, ShellScene.bundle(7, "acme", "1.3.0", acme.getLocation()));
        assertThat(scene.told()).singleElement().asString().contains("[version=1.2.0]");
    }

    @Test
    void aDeploymentThatFailsHalfWayIsToldWhenItsCommandEnds() {
        scene.shell.beforeExecute(boss, INSTALL);
        scene.told();
        trail.deploymentEvent(DeploymentEvent.DEPLOYMENT_STARTED);
        happens(BundleEvent.INSTALLED, acme);
        assertThat(scene.told()).isEmpty();
        trail.noteDeployed();
        assertThat(scene.told()).singleElement().asString().startsWith("boss bundle.installed bundle/acme");
    }

    @Test
    void theShellAsksForThatItselfAndEndsWithTheComponent() {
        List<Object> listeners = new ArrayList<>();
        BundleContext context =
                ShellScene.proxy(BundleContext.class, (proxy, method, arguments) -> switch (method.getName()) {
                    case "getProperty" -> etc.toString();
                    case "getBundles" -> new Bundle[] {acme};
                    case "addBundleListener" -> listeners.add(arguments[0]) ? null : null;
                    case "removeBundleListener" -> listeners.remove(arguments[0]) ? null : null;
                    default -> throw new AssertionError(method.getName());
                });
        FeaturesService features =
                ShellScene.proxy(FeaturesService.class, (proxy, method, arguments) -> switch (method.getName()) {
                    case "registerListener" -> listeners.add(arguments[0]) ? null : null;
                    case "unregisterListener" -> listeners.remove(arguments[0]) ? null : null;
                    default -> throw new AssertionError(method.getName());
                });
        ShellTrail whole = new ShellTrail(features, context);
        assertThat(listeners).hasSize(3);
        assertThat(listeners).anyMatch(DeploymentListener.class::isInstance);
        assertThat(listeners).anyMatch(FeaturesListener.class::isInstance);
        whole.close();
        assertThat(listeners).isEmpty();
    }

    @Test
    void whenSeveralTypeAtOnceNobodyIsAccused() {
        scene.shell.beforeExecute(boss, INSTALL);
        scene.shell.beforeExecute(ShellScene.sessionOf("chief"), "bundle:install file:/root/more.jar");
        scene.told();
        happens(BundleEvent.INSTALLED, more);
        assertThat(scene.told())
                .containsExactly("shell bundle.installed bundle/acme-more"
                        + " [][location=file:/root/more.jar oneOf=boss, chief version=3.0.0]");
    }

    @Test
    void whoOnlyLooksHasDoneNothing() {
        scene.shell.beforeExecute(boss, "log:tail");
        happens(BundleEvent.INSTALLED, more);
        assertThat(scene.told()).singleElement().asString().startsWith("system bundle.installed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fileinstall-/opt/deploy",
                "CM Configuration Updater (ManagedServiceFactory Update: pid=[org.apache.felix.fileinstall~deploy])"
            })
    void whatIsLaidIntoAFolderIsDoneByTheFolder(String thread) throws Exception {
        Thread folder = new Thread(() -> happens(BundleEvent.INSTALLED, more), thread);
        folder.start();
        folder.join();
        assertThat(scene.told()).singleElement().asString().startsWith("deploy folder bundle.installed");
    }

    @Test
    void alsoWhenFeaturesComeOnAThreadOfTheirOwn() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        Thread folder = new Thread(
                () -> MapUtils.apply(Set.of("a file"), file -> {
                    asked.countDown();
                    awaitQuietly(over);
                    return file;
                }),
                "fileinstall-/opt/deploy");
        folder.start();
        try {
            asked.await();
            happens(FeatureEvent.EventType.FeatureInstalled, false);
            assertThat(scene.told()).singleElement().asString().startsWith("deploy folder feature.installed");
        } finally {
            over.countDown();
            folder.join();
        }
        happens(FeatureEvent.EventType.FeatureInstalled, false);
        assertThat(scene.told()).singleElement().asString().startsWith("system feature.installed");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void nothingThatGoesWrongHereBreaksADeploymentOff() {
        scene.shell.withAudit(ShellScene.proxy(AuditTrail.class, (proxy, method, arguments) -> {
            throw new IllegalStateException("no audit takes this");
        }));
        assertThatCode(() -> deployed(acme, more)).doesNotThrowAnyException();
    }
}
