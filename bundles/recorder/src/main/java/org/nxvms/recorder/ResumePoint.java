// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.util.OptionalLong;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;

/**
 * Where a recording goes on, so that replacing a recorder, or a thread that hangs in a volume, loses nothing that is
 * still in the ring. What is written is told by the mark that every recorder leaves in the hub with each fragment: no
 * clock and no database is asked.
 *
 * <p>Footage must begin with a key frame, while a predecessor may have stopped within a GOP; so the start is the newest
 * key frame not behind the mark. A predecessor that stopped in order did so right before a key frame: no access unit is
 * missing and none is written twice. One that died leaves an overlap of less than a GOP, never a hole.
 */
final class ResumePoint {
    static final String READER = "recorder";
    private static final String SCOUT = "recorder-scout";
    /** No ring holds more access units (StreamBudget). */
    private static final int ENTRIES_MAX = 2 << 20;

    private ResumePoint() {}

    /**
     * A cursor and where to begin.
     *
     * @param firstSequence access units before it are written already; -1 when none is
     */
    record Start(StreamReader reader, long firstSequence) {}

    /**
     * Opens a cursor.
     *
     * @param limitUs footage from this wall time on is to be written again, since it may not have reached the disk;
     *     {@link Long#MAX_VALUE} when all that was written counts
     */
    static Start open(StreamHub hub, StreamId stream, long limitUs) {
        long sequence = startSequence(hub, stream, limitUs);
        StreamReader reader = hub.openReader(stream, READER, ReaderStart.OLDEST_KEY);
        reader.keepUnread(0);
        return new Start(reader, sequence);
    }

    /**
     * {@return number of the newest key frame at or before a time from which on the ring holds all; of the oldest such key
     * frame, when none is so old; -1 when there is none}
     */
    static long keyAt(StreamHub hub, StreamId stream, long limitUs) {
        long found = -1;
        try (StreamReader scout = hub.openReader(stream, SCOUT, ReaderStart.OLDEST_KEY)) {
            for (int i = 0; i < ENTRIES_MAX; i++) {
                int entry = scout.poll();
                if (entry == StreamReader.EMPTY || entry == StreamReader.CLOSED) {
                    break;
                }
                if (entry == StreamReader.LAPPED) {
                    // A hole: what lies before it is of no use.
                    found = -1;
                }
                boolean key = entry == StreamReader.ACCESS_UNIT && scout.track() == 0 && scout.key();
                if (key && (found < 0 || scout.wallUs() <= limitUs)) {
                    found = scout.sequence();
                }
            }
        }
        return found;
    }

    /** {@return number of the access unit to begin with; -1 for the oldest key frame} */
    private static long startSequence(StreamHub hub, StreamId stream, long limitUs) {
        OptionalLong mark = hub.mark(stream, READER);
        if (mark.isEmpty()) {
            return -1;
        }
        long written = mark.getAsLong();
        long found = -1;
        long last = -1;
        long lastUs = Long.MIN_VALUE;
        try (StreamReader scout = hub.openReader(stream, SCOUT, ReaderStart.OLDEST_KEY)) {
            for (int i = 0; i < ENTRIES_MAX; i++) {
                int entry = scout.poll();
                if (entry == StreamReader.EMPTY || entry == StreamReader.CLOSED) {
                    break;
                }
                if (entry == StreamReader.ACCESS_UNIT) {
                    last = scout.sequence();
                    lastUs = scout.wallUs();
                    if (last > written) {
                        break;
                    }
                    if (scout.track() == 0 && scout.key() && lastUs <= limitUs) {
                        found = last;
                    }
                } else if (entry == StreamReader.RUN_END && last >= 0 && last < written && lastUs < limitUs) {
                    // The whole run is written; nothing of it is wanted again.
                    found = last + 1;
                }
            }
        }
        return found;
    }
}
