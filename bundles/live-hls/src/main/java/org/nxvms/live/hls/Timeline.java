// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.util.List;
import java.util.Optional;

/**
 * What there is of a stream at one moment. Immutable: written by the pump, read by the threads of requests.
 *
 * @param held segments by number, the last one perhaps still growing; empty before the first part
 * @param listed number of the first one that playlists name; those before are kept for players that are late
 * @param partUs no part is longer
 * @param seconds the target duration
 * @param nextName what the next part is called
 */
record Timeline(List<Segment> held, long listed, long partUs, int seconds, PartName nextName) {
    /** Nothing is there yet. */
    static final Timeline NOTHING = new Timeline(List.of(), 0, 1_000_000, 1, new PartName(0, 0));
    /** Stands for all parts of a segment. */
    static final int WHOLE = -1;

    private static final int PARTS_AHEAD = 3;
    private static final long PARTS_AHEAD_US = 1_000_000;

    Timeline {
        held = List.copyOf(held);
    }

    /** {@return whether a player can begin: a whole segment is there} */
    boolean isReady() {
        return !held.isEmpty() && held.get(0).complete();
    }

    Segment last() {
        return held.get(held.size() - 1);
    }

    /** {@return the segment of a number, if it is held} */
    Optional<Segment> segment(long number) {
        long index = held.isEmpty() ? -1 : number - held.get(0).number();
        return index < 0 || index >= held.size() ? Optional.empty() : Optional.of(held.get((int) index));
    }

    /** {@return the segment whose track begins at a time in the timescale of that, if it is held; of several the newest} */
    Optional<Segment> beginning(Track track, long ticks) {
        for (int i = held.size() - 1; i >= 0; i--) {
            Segment segment = held.get(i);
            if (track.isIn(segment.format()) && segment.startTicks(track) == ticks) {
                return Optional.of(segment);
            }
        }
        return Optional.empty();
    }

    /** {@return the part of a name, if it is held} */
    Optional<Part> part(PartName name) {
        Optional<Part> behind = segment(name.segment() + 1)
                .filter(segment -> segment.first().equals(name))
                .map(segment -> segment.parts().get(0));
        return behind.or(() -> segment(name.segment())
                .filter(segment -> name.part() < segment.parts().size())
                .map(segment -> segment.parts().get(name.part())));
    }

    /** {@return those that playlists name} */
    List<Segment> listedSegments() {
        return held.subList((int) (listed - held.get(0).number()), held.size());
    }

    /** {@return number of the segment that the next part belongs to} */
    long nextNumber() {
        return last().complete() ? last().number() + 1 : last().number();
    }

    /** {@return number of the next part in its segment, from 0} */
    int nextPart() {
        return last().complete() ? 0 : last().parts().size();
    }

    /** {@return so many parts further on may be asked for (RFC 8216bis 6.2.5.2)} */
    int partsAhead() {
        return partUs < PARTS_AHEAD_US ? (int) (PARTS_AHEAD_US * PARTS_AHEAD / partUs) : PARTS_AHEAD;
    }

    /** {@return whether this part is there, or a later one, be it of the next segment} */
    boolean has(long number, int part) {
        if (held.isEmpty()) {
            return false;
        }
        if (part == WHOLE) {
            return nextNumber() > number;
        }
        return nextNumber() > number + 1
                || nextNumber() == number + 1 && (nextPart() > 0 || part < partsOf(number))
                || nextNumber() == number && part < nextPart();
    }

    private int partsOf(long number) {
        return segment(number).map(segment -> segment.parts().size()).orElse(0);
    }

    /** {@return what a segment may last at most} */
    static long segmentUsMax(int seconds) {
        return seconds * 1_000_000L + 450_000;
    }
}
