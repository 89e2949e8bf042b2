// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.export.ExportJob;
import org.nxvms.platform.api.export.ExportOrder;

/** Exports as they are stored; run once per database. */
abstract class ExportStories extends StoreScene {
    private ExportTable exports;

    @BeforeAll
    void open() {
        exports = new ExportTable(unit);
    }

    private static ExportJob job(UUID server, int created, int cameras) {
        List<UUID> ids =
                LongStream.range(0, cameras).mapToObj(n -> new UUID(5, n)).toList();
        return new ExportJob(
                UUID.randomUUID(),
                server,
                new UUID(1, 1),
                "anna",
                Instant.ofEpochMilli(created),
                new ExportOrder(
                        ids,
                        StreamRole.SUB,
                        1_000_001,
                        2_000_002,
                        ExportOrder.Form.MP4,
                        ExportOrder.Cut.EXACT,
                        "theft"),
                Set.of(ids.get(0)),
                ExportJob.State.WAITING,
                "",
                0,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void anExportIsWhatItWasThroughAllItsStatesUntilItIsRemoved() {
        UUID server = UUID.randomUUID();
        ExportJob later = job(server, 20, ExportOrder.CAMERAS_MAX);
        ExportJob first = job(server, 10, 1);
        exports.insert(later);
        exports.insert(first);
        exports.insert(job(UUID.randomUUID(), 15, 1));
        assertThat(exports.jobs(server)).containsExactly(first, later);

        ExportJob running = later.running();
        assertThat(exports.update(running)).isTrue();
        assertThat(exports.jobs(server)).containsExactly(first, running);
        ExportJob done = running.ended(
                ExportJob.State.DONE, "not signed", 1L << 40, Instant.ofEpochMilli(30), Instant.ofEpochMilli(40));
        assertThat(exports.update(done)).isTrue();
        assertThat(exports.jobs(server)).containsExactly(first, done);

        assertThat(exports.delete(first.id())).isTrue();
        assertThat(exports.delete(first.id())).isFalse();
        assertThat(exports.update(first.running())).isFalse();
        assertThat(exports.jobs(server)).containsExactly(done);
    }

    @Test
    void aDetailThatIsTooLongIsCut() {
        UUID server = UUID.randomUUID();
        ExportJob job = job(server, 1, 1);
        exports.insert(job);
        exports.update(job.ended(
                ExportJob.State.FAILED, "x".repeat(5_000), 0, Instant.ofEpochMilli(2), Instant.ofEpochMilli(3)));
        assertThat(exports.jobs(server).get(0).detail())
                .hasSize(1_000)
                .startsWith("xxx")
                .endsWith("…");
    }
}
