// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.nxvms.media.ClockSource;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.PastFootage;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;

/**
 * Cuts gaps by what was put into the past, when that has its rows: until then both are there, and footage counts. Told of
 * the same again it changes nothing, so that whatever a crash leaves is made good by the repair of the chunk.
 */
final class Fills {
    private static final int GAPS_MAX = 10_000;

    private final ChunkArchive archive;

    Fills(ChunkArchive archive) {
        this.archive = archive;
    }

    /** The index's thread, which tries again when the database fails. */
    void inserted(List<Segment> segments) {
        for (Segment segment : segments) {
            if (segment.clockSource() == ClockSource.DEVICE_RECORDING) {
                List<Gap> known = new ArchiveReader(archive)
                        .gaps(segment.stream(), segment.startUs(), segment.endUs(), GAPS_MAX).stream()
                                .filter(gap -> PastFootage.CAUSES.contains(gap.cause()))
                                .toList();
                archive.ledger().filled(segment.stream(), segment.startUs(), segment.endUs(), known);
            }
        }
    }

    /**
     * A crash may have let the index know that a gap was filled and no journal: then only the journals tell of the gap, and
     * would again after a rebuild. Keeper's thread, before the chunk's marker goes.
     */
    void repaired(ClockSource clock, StreamId stream, long fromUs, long toUs) throws IOException {
        if (clock != ClockSource.DEVICE_RECORDING) {
            return;
        }
        // In this order: a change leaves the way to a journal only when it is in the journal.
        List<GapJournal.Entry> onTheWay = archive.toJournal().entries();
        Map<UUID, GapJournal.Entry> told = new HashMap<>();
        for (FootageVolume volume : archive.footageVolumes()) {
            if (volume.volume().status() == Volume.Status.READY) {
                GapJournal.last(volume.volume()).forEach(entry -> GapComparison.newest(told, entry));
            }
        }
        onTheWay.forEach(entry -> GapComparison.newest(told, entry));
        List<Gap> known = told.values().stream()
                .filter(GapJournal.Entry::kept)
                .map(GapJournal.Entry::gap)
                .filter(gap -> gap.stream().equals(stream) && PastFootage.CAUSES.contains(gap.cause()))
                .toList();
        archive.ledger().filled(stream, fromUs, toUs, known);
    }
}
