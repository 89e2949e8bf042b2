// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.karaf.features.DeploymentEvent;
import org.apache.karaf.features.FeaturesService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The last whole state of Karaf's features is kept, and never exchanged for a torn one. */
class FeatureStateCopyTest {
    private static final String ONE = "{\"features\":{\"root\":[\"a\"]},\"managed\":{}}";
    private static final String TWO = "{\"features\":{\"root\":[\"a\",\"b\"]},\"managed\":{}}\n";

    @TempDir
    private Path folder;

    private String copied(String state) throws Exception {
        FeatureStateCopy copy =
                new FeatureStateCopy(Console.proxy(FeaturesService.class, (name, arguments) -> null), folder);
        if (state != null) {
            Files.writeString(folder.resolve("state.json"), state);
        }
        copy.deploymentEvent(DeploymentEvent.DEPLOYMENT_STARTED);
        Path kept = folder.resolve("state.saved.json");
        return Files.exists(kept) ? Files.readString(kept) : "nothing";
    }

    @Test
    void theLastWholeStateIsKept() throws Exception {
        assertThat(copied(null)).isEqualTo("nothing");
        assertThat(copied(ONE)).isEqualTo(ONE);
        assertThat(copied(TWO)).isEqualTo(TWO);
        for (int length = 0; length < TWO.strip().length(); length++) {
            assertThat(copied(TWO.substring(0, length))).as("cut at " + length).isEqualTo(TWO);
        }
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
    }
}
