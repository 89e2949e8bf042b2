// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.SECOND_US;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.ClockSource;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;

/** Footage with a minimum of days goes last when room is needed, but before recording stops. */
class RetentionMinimumTest {
    private static final StreamId GATE = StreamId.main(new UUID(1, 1));
    private static final StreamId YARD = StreamId.main(new UUID(1, 2));

    @TempDir
    Path folder;

    private static void record(ArchiveHouse house, StreamId stream, long startUs, int daysMin) throws Exception {
        FootageTerms terms = new FootageTerms(daysMin, 30, List.of());
        try (FootageSink.Run run = house.archive.openRun(
                house.archive.volumeFor(stream, terms),
                new FootageSink.RunRequest(stream, Footage.FORMAT, startUs, ClockSource.ARRIVAL, terms))) {
            ArchiveHouse.append(run, startUs, 0);
        }
        house.settled();
    }

    @Test
    void othersGoFirstThenTheOldestOfWhatIsKept() throws Exception {
        try (ArchiveHouse house = new ArchiveHouse(folder)) {
            record(house, GATE, T0, 10);
            record(house, YARD, T0 + 10 * SECOND_US, 0);
            record(house, GATE, T0 + 20 * SECOND_US, 10);
            long bytes = house.index.usage(house.volume.id()).bytes();

            house.volume.quota = OptionalLong.of(bytes - 1);
            ArchiveHouse.await(() -> house.index.rows.size() == 2);
            assertThat(house.index.rows.values())
                    .allMatch(row -> row.segment().stream().equals(GATE));

            ArchiveHealth health = new ArchiveHealth(house.archive);
            assertThat(health.check().detail()).isEmpty();
            house.volume.quota = OptionalLong.of(bytes / 3 + 10);
            ArchiveHouse.await(() -> house.index.rows.size() == 1);
            assertThat(house.index.rows.values())
                    .singleElement()
                    .matches(row -> row.segment().startUs() == T0 + 20 * SECOND_US);
            ArchiveHouse.await(() -> health.check().detail().contains("does not hold the minimum of days"));
        }
    }

    @Test
    void theMinimumStandsInTheChunkItself() throws Exception {
        try (ArchiveHouse house = new ArchiveHouse(folder)) {
            record(house, GATE, T0, 10);
            assertThat(ChunkReader.read(house.disk, house.chunkFiles().get(0))
                            .orElseThrow()
                            .row())
                    .matches(row -> row.retentionDaysMin() == 10 && row.retentionDaysMax() == 30);
            var rows = java.util.Map.copyOf(house.index.rows);
            house.index.rows.clear();
            house.archive.rebuild(progress -> {});
            assertThat(house.index.rows).isEqualTo(rows);
        }
    }
}
