// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs when all other stories have, and looks which operations of the document none of them saw succeed. */
@Tag("last")
class ApiCoverageIT {
    private static final Path REPORT =
            Path.of(System.getProperty("nxvms.work")).resolveSibling("openapi-coverage.json");

    /**
     * Of so many one operation may be one that no story sees succeed, so that its answer is held against nothing but its
     * example: those that would restart a device or ask the network of whoever runs the tests, and what stories do by the
     * shell. Which they are the report says.
     */
    private static final int NOT_SEEN_ONE_OF = 5;

    @Test
    void mostOperationsAreSeenToSucceed() throws Exception {
        Set<String> all = ApiCoverage.known();
        Set<String> missing = new TreeSet<>(all);
        missing.removeAll(ApiCoverage.answered());
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(REPORT.toFile(), Map.of("operations", all.size(), "neverSeenToSucceed", missing));

        assertThat(all).as("what the servers have named").hasSizeGreaterThan(100);
        System.out.println("Never seen to succeed: " + missing);
        assertThat(missing)
                .as("never seen to succeed; see " + REPORT.toAbsolutePath())
                .hasSizeLessThan(all.size() / NOT_SEEN_ONE_OF);
    }
}
