// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.health.HealthCheck;

/** A backup holds all that is in reach, and is full. */
class LastFilesTest extends BackupStory {
    @Test
    void aFullBackupSaysThatItGivesAwayTheLastFilesInReach() throws Exception {
        start(folder);
        List<Segment> segments = recordAndCopy();
        use(volume(folder, "c"));
        archive.removeVolume(a);
        b.quota = OptionalLong.of(2 * segments.get(0).sizeBytes() + 100);
        BackupsHealth health = new BackupsHealth(archive);
        ArchiveHouse.await(() -> health.check().detail().contains("gives away copies whose original is out of reach"));
        assertThat(health.check().status()).isEqualTo(HealthCheck.Status.DEGRADED);
        assertThat(files(b)).hasSizeLessThan(3);
        assertThat(segments()).as("the original is away, not gone").hasSize(3);
    }

    @Test
    void whatNoFileInReachHoldsIsSaidForAsLongAsThatIsSo() throws Exception {
        start(folder);
        List<Segment> segments = recordAndCopy();
        use(volume(folder, "c"));
        Path away = Files.move(folder.resolve("a"), folder.resolve("away"));
        disks.get("a").checkNow();
        BackupsHealth health = new BackupsHealth(archive);
        assertThat(health.check().detail()).as("there are copies of all").doesNotContain("out of reach");
        b.quota = OptionalLong.of(2 * segments.get(0).sizeBytes() + 100);
        ArchiveHouse.await(() -> files(b).size() < 3);
        ArchiveHouse.await(
                () -> health.check().detail().contains("without a copy in reach cannot be seen, since volume a is"));
        assertThat(health.check().findings()).anyMatch(one -> one.code().equals("footage_out_of_reach"));

        b.quota = OptionalLong.empty();
        Files.move(away, folder.resolve("a"));
        disks.get("a").checkNow();
        ArchiveHouse.await(() -> !health.check().detail().contains("without a copy in reach"));
    }
}
