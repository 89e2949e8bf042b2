// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.util.Optional;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;

/**
 * Where a new recorder goes on, so that replacing one loses nothing that is still in the ring. Footage must begin with
 * a key frame, while a predecessor may have stopped within a GOP; so the start is the newest key frame that is not
 * behind the end of its footage. A predecessor that stopped in order did so right before a key frame: no access unit is
 * missing and none is written twice. One that died leaves an overlap of less than a GOP, never a hole.
 */
final class ResumePoint {
    static final String READER = "recorder";
    private static final String SCOUT = "recorder-scout";
    /** Frame times are exact to the microsecond; this covers a predecessor's estimate of its last frame's end. */
    private static final long TOLERANCE_US = 50_000;
    /** No ring holds more access units (StreamBudget). */
    private static final int ENTRIES_MAX = 2 << 20;

    private ResumePoint() {}

    /**
     * A cursor and where to begin.
     *
     * @param firstSequence access units before it are written already; -1 when none is
     */
    record Start(StreamReader reader, long firstSequence) {}

    static Start open(StreamHub hub, Archive archive, StreamId stream) {
        long sequence = startSequence(hub, archive, stream);
        StreamReader reader = hub.openReader(stream, READER, ReaderStart.OLDEST_KEY);
        reader.keepUnread();
        return new Start(reader, sequence);
    }

    /** {@return number of the access unit to begin with; -1 for the oldest key frame} */
    private static long startSequence(StreamHub hub, Archive archive, StreamId stream) {
        Optional<Archive.TimeRange> range;
        try {
            range = archive.range(stream);
        } catch (StoreException noDatabase) {
            return -1;
        }
        if (range.isEmpty()) {
            return -1;
        }
        long limitUs = range.get().toUs() + TOLERANCE_US;
        long found = -1;
        try (StreamReader scout = hub.openReader(stream, SCOUT, ReaderStart.OLDEST_KEY)) {
            for (int i = 0; i < ENTRIES_MAX; i++) {
                int entry = scout.poll();
                if (entry == StreamReader.EMPTY || entry == StreamReader.CLOSED) {
                    break;
                }
                if (entry == StreamReader.ACCESS_UNIT
                        && scout.track() == 0
                        && scout.key()
                        && scout.wallUs() <= limitUs) {
                    found = scout.sequence();
                }
            }
        }
        return found;
    }
}
