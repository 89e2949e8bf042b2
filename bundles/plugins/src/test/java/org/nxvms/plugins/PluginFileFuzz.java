// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.plugin.kit.PackageOffers.Offer;
import org.nxvms.plugins.file.PluginFile;
import org.nxvms.plugins.store.Staging;
import org.osgi.framework.Version;

/** A plugin's file comes from anywhere: it is taken or refused, and nothing else happens. */
class PluginFileFuzz {
    @FuzzTest(maxDuration = "1m")
    void anyFile(byte[] bytes) throws IOException {
        Path folder = Files.createTempDirectory("fuzz");
        Staging staging = new Staging(folder, () -> 1 << 20);
        try {
            new PluginFile(staging, name -> List.of(new Offer(new Version("1.1.0"), true)))
                    .check(staging.take(new ByteArrayInputStream(bytes)), Set.of(), true);
        } catch (PluginRefusedException refused) {
            if (refused.getMessage().isBlank()) {
                throw new IllegalStateException("refused without a reason");
            }
        } finally {
            staging.clear();
            Files.delete(folder.resolve("staging"));
            Files.delete(folder);
        }
    }
}
