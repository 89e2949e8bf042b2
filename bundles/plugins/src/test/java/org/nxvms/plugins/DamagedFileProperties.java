// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.plugin.kit.PackageOffers.Offer;
import org.nxvms.plugins.file.PluginFile;
import org.nxvms.plugins.store.Staging;
import org.osgi.framework.Version;

/** Whatever happens to a file on its way: it is what it was, or it is refused with a reason. */
class DamagedFileProperties {
    private static final byte[] JAR = PluginJar.sample("1.0.0")
            .entry("OSGI-INF/permissions.perm", "(x)\n")
            .scored()
            .bytes();
    private static final byte[] KAR = PluginJar.kar(JAR);

    private static Path folder;

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("damaged");
    }

    @AfterContainer
    static void removeFolder() throws IOException {
        try (var all = Files.walk(folder)) {
            for (Path one : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    @Property(tries = 150)
    void bytesAreChanged(@ForAll long seed, @ForAll boolean kar, @ForAll @IntRange(min = 1, max = 20) int changes)
            throws IOException {
        byte[] file = (kar ? KAR : JAR).clone();
        Random random = new Random(seed);
        for (int i = 0; i < changes; i++) {
            file[random.nextInt(file.length)] = (byte) random.nextInt(256);
        }
        takenOrRefused(file);
    }

    @Property(tries = 50)
    void theEndIsMissing(@ForAll long seed, @ForAll boolean kar) throws IOException {
        byte[] file = kar ? KAR : JAR;
        takenOrRefused(java.util.Arrays.copyOf(file, new Random(seed).nextInt(file.length)));
    }

    @Property(tries = 50)
    void anyHeader(@ForAll String text) throws IOException {
        String value = text.replaceAll("[\\r\\n\\u0000]", "");
        for (String header : List.of(
                "Import-Package",
                "Bundle-SymbolicName",
                "Bundle-Version",
                "Provide-Capability",
                "Require-Capability")) {
            takenOrRefused(PluginJar.sample("1.0.0").header(header, value).bytes());
        }
    }

    private static void takenOrRefused(byte[] file) throws IOException {
        Staging staging = new Staging(folder, () -> 1 << 20);
        PluginFile files = new PluginFile(staging, name -> List.of(new Offer(new Version("1.1.0"), true)));
        try {
            Staging.Staged staged = staging.take(new ByteArrayInputStream(file));
            assertThat(files.check(staged, Set.of(), true).facts().name()).isNotEmpty();
        } catch (PluginRefusedException refused) {
            assertThat(refused).hasMessageMatching("(?s).{10,}\\.");
        } finally {
            staging.clear();
        }
    }
}
