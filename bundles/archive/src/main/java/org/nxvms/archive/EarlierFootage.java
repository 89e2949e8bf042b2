// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;

/** Learns from the index what earlier processes left: gaps that are open, and where each stream's footage ended. */
final class EarlierFootage {
    private final GapLedger ledger;
    private final GapListeners listeners;

    EarlierFootage(GapLedger ledger, GapListeners listeners) {
        this.ledger = ledger;
        this.listeners = listeners;
    }

    void restore(ChunkIndex index) {
        for (Gap gap : index.openGaps()) {
            List<Segment> after = index.find(gap.stream(), gap.fromUs(), Long.MAX_VALUE, 2);
            Optional<Segment> footage =
                    after.stream().filter(s -> s.startUs() >= gap.fromUs()).findFirst();
            if (footage.isPresent()) {
                // The end was lost with the database; the footage says where it was.
                ledger.explained(new Gap(
                        gap.id(),
                        gap.stream(),
                        gap.fromUs(),
                        OptionalLong.of(footage.get().startUs()),
                        gap.cause(),
                        gap.detail()));
            } else {
                listeners.save(gap);
                ledger.restore(gap);
            }
        }
        for (StreamId stream : index.streams(Optional.empty())) {
            index.last(stream).ifPresent(last -> ledger.previousEnd(stream, last.endUs()));
        }
    }
}
