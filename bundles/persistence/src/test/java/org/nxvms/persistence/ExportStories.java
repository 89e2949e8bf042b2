// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.export.BurnIn;
import org.nxvms.platform.api.export.ExportJob;
import org.nxvms.platform.api.export.ExportOrder;
import org.nxvms.platform.api.worker.Polygon;

/** Exports as they are stored; run once per database. */
abstract class ExportStories extends StoreScene {
    private ExportTable exports;

    @BeforeAll
    void open() {
        exports = new ExportTable(unit);
    }

    private static ExportJob job(UUID server, int created, int cameras) {
        return job(server, created, cameras, BurnIn.NONE);
    }

    private static ExportJob job(UUID server, int created, int cameras, BurnIn burnIn) {
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
                        "theft",
                        burnIn,
                        created % 2 == 0),
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

    /** As much as may be burned in, with corners of as many digits as there are. */
    @Test
    void whatIsBurnedInIsTheSameAfterARestart() {
        UUID server = UUID.randomUUID();
        List<Polygon.Point> corners = IntStream.range(0, Polygon.POINTS_MAX)
                .mapToObj(n -> new Polygon.Point(0.12345 + n / 20.0, 0.98765 - n / 20.0))
                .toList();
        List<BurnIn.Mask> masks = IntStream.range(0, BurnIn.MASKS_MAX)
                .mapToObj(n -> new BurnIn.Mask(new UUID(5, n % 8), new Polygon(corners)))
                .toList();
        ExportJob full = job(
                server,
                1,
                8,
                new BurnIn("\"É\\,".repeat(25), true, true, ZoneId.of("America/Argentina/Buenos_Aires"), masks));
        ExportJob onlyText = job(server, 2, 1, new BurnIn("secret", false, false, ZoneId.of("Z"), List.of()));
        exports.insert(full);
        exports.insert(onlyText);
        assertThat(exports.jobs(server)).containsExactly(full, onlyText);
        assertThat(exports.update(full.running())).isTrue();
        assertThat(exports.jobs(server).get(0).order()).isEqualTo(full.order());
    }

    /** Nobody may see what such a mask hides. */
    @Test
    void aMaskThatCannotBeReadIsNotLeftOut() {
        String written = BurnInJson.write(new BurnIn(
                "",
                false,
                false,
                ZoneId.of("Z"),
                List.of(new BurnIn.Mask(
                        new UUID(5, 1),
                        new Polygon(
                                List.of(new Polygon.Point(0, 0), new Polygon.Point(1, 0), new Polygon.Point(1, 1)))))));
        assertThat(BurnInJson.read(written).masks()).hasSize(1);
        for (String damaged : List.of(
                written.substring(0, written.length() - 3),
                written.replace("1.0", "1.1"),
                written.replace("masks", "mask"),
                written.replace("camera", "area"),
                "[]")) {
            assertThatThrownBy(() -> BurnInJson.read(damaged)).as(damaged).isInstanceOf(StoreException.class);
        }
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
