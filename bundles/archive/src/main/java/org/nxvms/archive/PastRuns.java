// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageSink.RefusedException;
import org.nxvms.platform.api.archive.FootageSink.Run;
import org.nxvms.platform.api.archive.FootageSink.RunRequest;
import org.nxvms.platform.api.archive.PastFootage;
import org.nxvms.platform.api.archive.Segment;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens runs in the past, where nothing is and something was wanted (archive.md invariant 23). */
@Component(service = PastFootage.class)
public final class PastRuns implements PastFootage {
    private static final int GAPS_MAX = 10_000;

    private final ChunkArchive archive;
    private final Archive reader;
    private final Set<StreamId> open = ConcurrentHashMap.newKeySet();

    @Activate
    public PastRuns(@Reference ChunkArchive archive) {
        this.archive = archive;
        this.reader = new ArchiveReader(archive);
    }

    @Override
    public Run open(RunRequest request, long toUs) throws RefusedException, NotMissingException {
        if (request.startUs() >= toUs) {
            throw new IllegalArgumentException("toUs must be after startUs");
        }
        StreamId stream = request.stream();
        if (!open.add(stream)) {
            throw new NotMissingException("footage is put into the past of " + stream + " already");
        }
        boolean opened = false;
        try {
            requireMissing(request, toUs);
            PastRun run = new PastRun(archive.openPast(request), request.startUs(), toUs, () -> open.remove(stream));
            opened = true;
            return run;
        } finally {
            if (!opened) {
                open.remove(stream);
            }
        }
    }

    private void requireMissing(RunRequest request, long toUs) throws NotMissingException {
        StreamId stream = request.stream();
        long fromUs = request.startUs();
        long oldestUs = archive.nowUs() - TimeUnit.DAYS.toMicros(request.terms().retentionDaysMax());
        if (fromUs < oldestUs) {
            throw new NotMissingException("footage from before " + time(oldestUs) + " would be removed for its age");
        }
        if (mayHaveMore()) {
            throw new NotMissingException("what is on the volumes is still looked through; try again in a moment");
        }
        List<Segment> there = reader.segments(stream, fromUs, toUs, 1);
        if (!there.isEmpty()) {
            throw new NotMissingException("there is footage from "
                    + time(there.get(0).startUs()) + " to " + time(there.get(0).endUs()));
        }
        Optional<Archive.TimeRange> all = reader.range(stream);
        if (all.filter(range -> range.toUs() > toUs).isEmpty()) {
            throw new NotMissingException("there is no footage behind " + time(toUs) + " yet");
        }
        var kept = reader.gaps(stream, fromUs, toUs, GAPS_MAX).stream()
                .filter(gap -> !CAUSES.contains(gap.cause()))
                .findFirst();
        if (kept.isPresent()) {
            throw new NotMissingException("what is missing from "
                    + time(kept.get().fromUs()) + " on stays so: " + kept.get().cause());
        }
    }

    /** {@return whether an earlier process's footage may lie on the disks of which nothing is known yet} */
    private boolean mayHaveMore() {
        return !archive.care().lostRows().isDecided()
                || archive.footageVolumes().stream().anyMatch(FootageVolume::mayHaveMore);
    }

    private static Instant time(long us) {
        return Instant.EPOCH.plus(us, ChronoUnit.MICROS);
    }
}
