// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.nxvms.platform.api.health.HealthCheck;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Health part {@code archive}: whether sealing and rows keep up, and the clock is to be believed. */
@Component(service = HealthCheck.class)
public final class ArchiveHealth implements HealthCheck {
    /** Sealing this many chunks takes seconds; more waiting means that the disk does not keep up. */
    private static final int BACKLOG_MAX = 500;

    private final ChunkArchive archive;

    @Activate
    public ArchiveHealth(@Reference ChunkArchive archive) {
        this.archive = archive;
    }

    @Override
    public String name() {
        return "archive";
    }

    @Override
    public boolean requiredForReadiness() {
        return false;
    }

    @Override
    public Result check() {
        int open = 0;
        int backlog = 0;
        long failures = 0;
        for (FootageVolume volume : archive.footageVolumes()) {
            open += volume.live().size();
            backlog += volume.backlog();
            failures += volume.sealFailures();
        }
        int waiting = archive.rows().waitingSegments().size();
        Map<String, Object> figures =
                Map.of("openChunks", open, "chunksToSeal", backlog, "rowsWaiting", waiting, "sealFailures", failures);
        String trouble = archive.rows().trouble();
        if (!trouble.isEmpty()) {
            return new Result(
                            Status.DEGRADED,
                            "footage is written, its rows wait: " + trouble
                                    + ". It can be searched once the database answers",
                            figures)
                    .found("rows_wait", Map.of("count", waiting));
        }
        if (backlog > BACKLOG_MAX) {
            return new Result(
                            Status.DEGRADED,
                            backlog + " chunks wait to be sealed; the volume is too slow or fails",
                            figures)
                    .found("sealing_lags", Map.of("count", backlog));
        }
        Optional<LostRows.Making> making = archive.care().lostRows().making();
        if (making.isPresent()) {
            return new Result(Status.DEGRADED, making.get().sentence(), figures)
                    .found(
                            "rows_remade",
                            Map.of(
                                    "volume",
                                    making.get().volume(),
                                    "percent",
                                    making.get().percent()));
        }
        return Stream.of(
                        archive.care().retention().trouble(),
                        archive.care().lostRows().trouble(),
                        archive.care().departures().trouble(),
                        archive.keys().trouble(),
                        archive.clock().trouble())
                .flatMap(Optional::stream)
                .findFirst()
                .map(wrong -> new Result(Status.DEGRADED, wrong, figures))
                .orElseGet(() -> new Result(Status.UP, "", figures));
    }
}
