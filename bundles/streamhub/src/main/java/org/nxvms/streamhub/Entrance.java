// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import java.util.List;
import java.util.Optional;
import org.nxvms.media.ReaderStart;

/**
 * Where a new cursor begins in a stream's rings.
 *
 * @param entry the first it looks at
 * @param nextSequence the access unit it expects there
 * @param awaitsKey whether it passes over what comes before a key frame
 * @param lapped whether what it should have gone on with is not there any more
 */
record Entrance(Ring ring, long entry, long nextSequence, boolean awaitsKey, boolean lapped) {
    /** A ring holds seconds: who loses so many of its key frames to the writer, one after the other, hardly runs. */
    private static final int TRIES_MAX = 8;

    /**
     * @param rings oldest first, at least one
     * @param resume where an earlier reader of the name was, if there was one
     */
    static Entrance of(ReaderStart start, List<Ring> rings, Optional<Stream.Position> resume) {
        if (start == ReaderStart.RESUME && resume.isPresent()) {
            return resume(rings, resume.get());
        }
        // Taken before a key frame is looked for: one that comes meanwhile lies behind it.
        Entrance end = end(rings.get(rings.size() - 1), start != ReaderStart.NEXT);
        if (start == ReaderStart.NEXT) {
            return end;
        }
        return (start == ReaderStart.NEWEST_KEY ? newestKey(rings) : oldestKey(rings)).orElse(end);
    }

    private static Entrance resume(List<Ring> rings, Stream.Position kept) {
        for (Ring each : rings) {
            if (each.id() == kept.ring() && each.holds(kept.entry())) {
                return new Entrance(each, kept.entry(), kept.nextSequence(), false, false);
            }
        }
        return new Entrance(rings.get(0), 0, kept.nextSequence(), false, true);
    }

    private static Optional<Entrance> newestKey(List<Ring> rings) {
        for (int i = rings.size() - 1; i >= 0; i--) {
            Ring each = rings.get(i);
            Optional<Entrance> found = at(each, each.runEnd()).or(() -> at(each, each.newestKey()));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<Entrance> oldestKey(List<Ring> rings) {
        for (Ring each : rings) {
            long key = each.startFrom(0);
            for (int tries = 0; tries < TRIES_MAX && key != Ring.NO_ENTRY; tries++) {
                Optional<Entrance> found = at(each, key);
                if (found.isPresent()) {
                    return found;
                }
                // The writer took it just now; the next one lies a group further on.
                key = each.startFrom(key + 1);
            }
        }
        return Optional.empty();
    }

    private static Optional<Entrance> at(Ring in, long entry) {
        if (entry == Ring.NO_ENTRY) {
            return Optional.empty();
        }
        Entrance found = new Entrance(in, entry, in.entries().sequence(entry), false, false);
        return in.holds(entry) ? Optional.of(found) : Optional.empty();
    }

    private static Entrance end(Ring newest, boolean awaitsKey) {
        return new Entrance(newest, newest.head(), newest.nextSequence(), awaitsKey, false);
    }
}
