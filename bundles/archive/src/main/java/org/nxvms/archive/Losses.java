// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.Comparator;
import java.util.List;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Segment;

/** Explains footage that a volume took and did not keep, as far as no other segment holds the same time. */
final class Losses {
    private static final int SEGMENTS_MAX = 1000;

    private final Archive archive;
    private final GapLedger ledger;

    Losses(Archive archive, GapLedger ledger) {
        this.archive = archive;
        this.ledger = ledger;
    }

    void report(StreamId stream, long fromUs, long toUs, String detail) {
        long at = fromUs;
        for (Segment other : others(stream, fromUs, toUs)) {
            ledger.lost(stream, at, Math.min(other.startUs(), toUs), GapCause.VOLUME_ABSENT, detail);
            at = Math.max(at, other.endUs());
        }
        ledger.lost(stream, at, toUs, GapCause.VOLUME_ABSENT, detail);
    }

    private List<Segment> others(StreamId stream, long fromUs, long toUs) {
        try {
            return archive.segments(stream, fromUs, toUs, SEGMENTS_MAX).stream()
                    .sorted(Comparator.comparingLong(Segment::startUs))
                    .toList();
        } catch (StoreException noIndex) {
            return List.of();
        }
    }
}
