// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;

/**
 * Gaps of {@link Departures} whose volume is in use again: where there is footage now there is none, whichever volume it
 * spoke of. Who is busy there.
 */
final class ReturnedGaps {
    private static final int GAPS_MAX = 1_000;
    /** That so many gaps of one stream lie over the same moment is a fault of its own, which is not mended here. */
    private static final int GAPS_AT_ONCE_MAX = 64_000;

    private static final int BATCH_MAX = 200;
    /** The year 5138. */
    private static final long TIME_US_MAX = 100_000_000_000_000_000L;

    private final GapLedger ledger;

    ReturnedGaps(GapLedger ledger) {
        this.ledger = ledger;
    }

    void takeBack(ChunkIndex index) {
        for (StreamId stream : index.streams(Optional.empty())) {
            takeBack(stream, index);
        }
    }

    private void takeBack(StreamId stream, ChunkIndex index) {
        long fromUs = 0;
        int limit = GAPS_MAX;
        boolean more;
        do {
            List<Gap> page = index.findGaps(stream, fromUs, TIME_US_MAX, limit);
            long beforeUs = fromUs;
            for (Gap gap : page) {
                fromUs = Math.max(fromUs, gap.fromUs() + 1);
                if (Departures.isOf(gap) && gap.toUs().isPresent()) {
                    cut(gap, index);
                }
            }
            // A page of gaps that all lie over one moment does not lead beyond it, however often it is asked for.
            boolean full = page.size() == limit;
            limit = full && fromUs == beforeUs ? 2 * limit : limit;
            more = full && limit <= GAPS_AT_ONCE_MAX;
        } while (more);
    }

    /** Leaves of a gap what no row covers. */
    private void cut(Gap gap, ChunkIndex index) {
        long endUs = gap.toUs().orElseThrow();
        if (index.find(gap.stream(), gap.fromUs(), endUs, 1).isEmpty()) {
            return;
        }
        List<Gap> rest = new ArrayList<>();
        long atUs = gap.fromUs();
        List<Segment> page;
        do {
            page = index.find(gap.stream(), atUs, endUs, BATCH_MAX);
            for (Segment row : page) {
                if (row.startUs() - atUs >= Departures.JOIN_US) {
                    rest.add(part(gap, atUs, row.startUs()));
                }
                atUs = Math.max(atUs, row.endUs());
            }
        } while (page.size() == BATCH_MAX && atUs < endUs);
        if (endUs - atUs >= Departures.JOIN_US) {
            rest.add(part(gap, atUs, endUs));
        }
        if (rest.size() == 1
                && rest.get(0).fromUs() == gap.fromUs()
                && rest.get(0).toUs().equals(gap.toUs())) {
            return;
        }
        if (!rest.isEmpty()) {
            index.saveGaps(rest);
            rest.forEach(ledger::outOfReach);
        }
        index.deleteGaps(List.of(gap.id()));
        ledger.inReach(gap);
    }

    private static Gap part(Gap gap, long fromUs, long toUs) {
        return new Gap(UUID.randomUUID(), gap.stream(), fromUs, OptionalLong.of(toUs), gap.cause(), gap.detail());
    }
}
