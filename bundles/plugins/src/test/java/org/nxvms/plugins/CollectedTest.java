// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.plugin.PluginSource;
import org.nxvms.plugins.runtime.GoneBundles;
import org.nxvms.plugins.sample.ComparingDriver;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/** Installer and framework hold nothing of a version that went. */
class CollectedTest {
    private static final int SWAPS = 5;

    @TempDir
    private Path folder;

    private static PluginSource file(String version) {
        return PluginSource.uploaded(
                new ByteArrayInputStream(PluginJar.sample(version).bytes()));
    }

    @Test
    void classLoadersOfEarlierVersionsAreCollected() throws Exception {
        try (TestFramework framework = TestFramework.reconciled(folder)) {
            framework.installer.install(file("1.0.0"), true, "admin");
            List<WeakReference<ClassLoader>> gone = new ArrayList<>(List.of(loader(framework)));
            framework.installer.update(PluginJar.NAME, file("1.1.0"), true, "admin");
            for (int swap = 0; swap < SWAPS; swap++) {
                gone.add(loader(framework));
                framework.installer.rollback(PluginJar.NAME, "admin");
            }
            Stories.until(() -> {
                System.gc();
                return gone.stream().allMatch(loader -> loader.get() == null);
            });
            assertThat(framework.serving()).hasSize(1);
        }
    }

    /** The JDK keeps the record that was compared last; where nobody compares another one, it would stay for ever. */
    @Test
    void aPluginThatComparedRecordsIsCollected() throws Exception {
        try (TestFramework framework = TestFramework.reconciled(folder)) {
            GoneBundles gone = new GoneBundles(framework.context());
            // The installer's own records have been compared by then.
            broughtAndGone(framework, PluginJar.sample("1.0.0"));
            WeakReference<ClassLoader> loader = broughtAndGone(
                    framework,
                    PluginJar.sample("1.1.0").activatedBy(ComparingDriver.class).with(ComparingDriver.Key.class));
            Stories.until(() -> {
                System.gc();
                return loader.get() == null;
            });
            gone.close();
        }
    }

    private static WeakReference<ClassLoader> broughtAndGone(TestFramework framework, PluginJar jar) throws Exception {
        framework.installer.install(PluginSource.uploaded(new ByteArrayInputStream(jar.bytes())), true, "admin");
        WeakReference<ClassLoader> loader = loader(framework);
        framework.installer.remove(PluginJar.NAME, "admin");
        return loader;
    }

    private static WeakReference<ClassLoader> loader(TestFramework framework) {
        Bundle bundle = framework.context().getBundle(framework.plugins().get(0));
        return new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
    }
}
