// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.felix.framework.Felix;
import org.nxvms.driver.spi.CameraDriver;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;

/** The framework of the distribution with an installer in it, in this process; closed and opened again it is a restart. */
final class TestFramework implements AutoCloseable {
    private static final String BYSTANDER = "test:bystander";
    private static final long STOP_MS = 30_000;
    /** Time enough for one that is well, on a machine that is busy. */
    static final int PATIENT_MS = 30_000;

    final PluginInstaller installer;
    private final Felix framework;

    TestFramework(Path folder) throws BundleException {
        this(folder, PATIENT_MS);
    }

    /** @param serviceMs how long plugins may take to come up, and to go */
    TestFramework(Path folder, int serviceMs) throws BundleException {
        Map<String, Object> configuration = new HashMap<>();
        configuration.put(Constants.FRAMEWORK_STORAGE, folder.resolve("cache").toString());
        configuration.put(
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                "org.nxvms.driver.spi;version=1.1.0,org.nxvms.media;version=1.0.0,org.slf4j;version=1.7.36");
        framework = new Felix(configuration);
        framework.init();
        framework.start();
        // Somebody beside, whom nothing may touch.
        if (context().getBundle(BYSTANDER) == null) {
            context()
                    .installBundle(
                            BYSTANDER,
                            new ByteArrayInputStream(PluginJar.sample("1.0.0")
                                    .header("Bundle-SymbolicName", "org.example.bystander")
                                    .header("Bundle-Activator", null)
                                    .bytes()))
                    .start();
        }
        installer = new PluginInstaller(context(), folder.resolve("data"), new UUID(1, 1), settings(serviceMs));
    }

    /** With the inventory in force. */
    static TestFramework reconciled(Path folder) throws BundleException {
        TestFramework framework = new TestFramework(folder);
        framework.installer.reconcile();
        return framework;
    }

    private static PluginInstaller.Settings settings(int serviceMs) {
        return new PluginInstaller.Settings(1 << 20, serviceMs, 0);
    }

    /** How long what comes from now on may take to come up, and to go. */
    void waits(int serviceMs) {
        installer.apply(settings(serviceMs));
    }

    /** How long services of what is started next may take: little for those that never come. Its start may take long. */
    void waitsForServices(int serviceMs) {
        BundleContext system = context();
        system.addBundleListener(new SynchronousBundleListener() {
            @Override
            public void bundleChanged(BundleEvent event) {
                if (event.getType() == BundleEvent.STARTED) {
                    system.removeBundleListener(this);
                    waits(serviceMs);
                }
            }
        });
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    Bundle bystander() {
        return context().getBundle(BYSTANDER);
    }

    /** {@return locations of the plugins' bundles, of any state} */
    List<String> plugins() {
        return Arrays.stream(context().getBundles())
                .map(Bundle::getLocation)
                .filter(location -> location.startsWith("nxvms-plugin:"))
                .sorted()
                .toList();
    }

    /** {@return versions of those who offer a driver now} */
    List<String> serving() {
        try {
            return context().getServiceReferences(CameraDriver.class, null).stream()
                    .map(reference -> reference.getBundle().getVersion().toString())
                    .sorted()
                    .toList();
        } catch (org.osgi.framework.InvalidSyntaxException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }

    @Override
    public void close() {
        try {
            installer.close();
            framework.stop();
            framework.waitForStop(STOP_MS);
        } catch (BundleException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
