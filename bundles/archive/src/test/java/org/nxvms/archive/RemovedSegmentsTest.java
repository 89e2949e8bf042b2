// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people removed is known after a restart, a power cut, and a million others. */
class RemovedSegmentsTest {
    @TempDir
    Path folder;

    private final UUID first = UUID.randomUUID();
    private final UUID second = UUID.randomUUID();

    private RemovedSegments open() {
        return new RemovedSegments(folder.resolve("volumes/removed"), 4);
    }

    @Test
    void isKnownAfterARestartAndATornLine() throws Exception {
        assertThat(open().has(first)).isFalse();
        open().add(first);
        Files.writeString(folder.resolve("volumes/removed"), "0123-torn", StandardOpenOption.APPEND);
        open().add(second);
        open().add(second);
        assertThat(open().has(first)).isTrue();
        assertThat(open().has(second)).isTrue();
        assertThat(Files.size(folder.resolve("volumes/removed"))).isEqualTo(2 * 37);
    }

    @Test
    void theOldestAreForgottenBeforeItGrowsWithoutEnd() throws Exception {
        RemovedSegments removed = open();
        removed.add(first);
        for (int more = 0; more < 4; more++) {
            removed.add(UUID.randomUUID());
        }
        removed.add(second);
        for (RemovedSegments one : new RemovedSegments[] {removed, open()}) {
            assertThat(one.has(first)).isFalse();
            assertThat(one.has(second)).isTrue();
        }
    }
}
