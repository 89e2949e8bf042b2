// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.nxvms.media.kit.live.LiveFormat;

/**
 * The newest segments of a stream. Playlists name those of a window; what has left it is kept for as long again, for players that
 * read an older playlist (RFC 8216bis 6.2.2). Bounded in bytes: what is too much is forgotten from the old end. One thread: the
 * pump's.
 */
final class SegmentLog {
    /** Fewer of them are no playlist (RFC 8216bis 6.2.2: three target durations). */
    private static final int TARGETS_MIN = 3;

    /** Players look for segments by the wall's clock; a camera's runs away from it by seconds a day. */
    private static final long APART_US = 250_000;

    /** Numbers of the first segment and of the first period. */
    record First(long number, long period) {}

    private final Deque<Segment> segments = new ArrayDeque<>();
    private final int seconds;
    private final long partUs;
    private final long windowUs;
    private final long bytesMax;
    private long bytes;
    private long listed;
    private long nextNumber;
    private long period;
    private Segment.Anchor anchor = new Segment.Anchor(0, 0, 0);
    private Segment opening;
    private boolean broken;
    private boolean changed;

    /**
     * @param first greater than any that was given out before for the stream, so that players which come back after a pause
     *     see it go on
     */
    SegmentLog(Targets targets, long windowUs, long bytesMax, First first) {
        this.seconds = targets.seconds();
        this.partUs = targets.partUs();
        this.windowUs = Math.max(windowUs, TARGETS_MIN * Timeline.segmentUsMax(seconds));
        this.bytesMax = bytesMax;
        this.nextNumber = first.number();
        this.listed = first.number();
        this.period = first.period();
    }

    /** A segment begins, which is seen when its first part is there. */
    void begin(LiveFormat format, long wallUs, long startTicks) {
        begin(format, wallUs, startTicks, new PartName(nextNumber, 0));
    }

    /**
     * The segment that grows stays as it is, and the next one begins with the part that was announced as one more of it: what was
     * announced comes all the same.
     */
    void moveOn(LiveFormat format, long wallUs, long startTicks) {
        PartName announced = nextName();
        complete();
        begin(format, wallUs, startTicks, announced);
        changed = true;
    }

    private void begin(LiveFormat format, long wallUs, long startTicks, PartName name) {
        boolean isBroken = broken && !segments.isEmpty();
        Segment.Anchor begun = new Segment.Anchor(nextNumber, wallUs, startTicks);
        opening = new Segment(
                nextNumber,
                isBroken ? period + 1 : period,
                isBroken,
                name,
                format,
                wallUs,
                startTicks,
                broken || segments.isEmpty() || hasRunApart(format, begun) ? begun : anchor,
                List.of(),
                false);
    }

    private boolean hasRunApart(LiveFormat format, Segment.Anchor now) {
        long ticks = now.startTicks() - anchor.startTicks();
        int clockRate = format.sent().tracks().get(0).clockRate();
        long mediaUs = ticks / clockRate * 1_000_000 + ticks % clockRate * 1_000_000 / clockRate;
        return Math.abs(now.wallUs() - anchor.wallUs() - mediaUs) > APART_US;
    }

    void add(Part part) {
        Segment grown;
        if (opening != null) {
            grown = opening.with(part);
            period = opening.period();
            anchor = opening.anchor();
            broken = false;
            nextNumber++;
            opening = null;
        } else {
            grown = segments.removeLast().with(part);
        }
        segments.addLast(grown);
        bytes += part.size();
        trim();
        changed = true;
    }

    /** The segment that grows stays as it is. */
    void complete() {
        opening = null;
        if (!segments.isEmpty() && !segments.getLast().complete()) {
            segments.addLast(segments.removeLast().completed());
            trim();
            changed = true;
        }
    }

    /** As {@link #complete}; the next segment does not follow without a break. */
    void interrupt() {
        complete();
        broken = true;
    }

    long bytes() {
        return bytes;
    }

    /** {@return whether there is something new since {@link #timeline} was asked for} */
    boolean hasChanged() {
        return changed;
    }

    /** {@return numbers that no segment and no period had} */
    First next() {
        return new First(nextNumber, period + 1);
    }

    Timeline timeline() {
        changed = false;
        return new Timeline(new ArrayList<>(segments), listed, longestPartUs(), seconds, nextName());
    }

    /** {@return what the next part is called} */
    private PartName nextName() {
        if (opening != null) {
            return opening.first();
        }
        Segment last = segments.peekLast();
        return last == null || last.complete()
                ? new PartName(nextNumber, 0)
                : last.name(last.parts().size());
    }

    /** A picture that came late makes a part longer than wished, and with it the part target until playlists name it no more. */
    private long longestPartUs() {
        long longestUs = partUs;
        for (Segment segment : segments) {
            if (segment.number() >= listed) {
                for (Part part : segment.parts()) {
                    longestUs = Math.max(longestUs, Targets.millis(part.durationUs()));
                }
            }
        }
        return longestUs;
    }

    /** Others need room: forgets the oldest segment; {@return whether there was one to forget} */
    boolean giveUp() {
        if (segments.size() < 2) {
            return false;
        }
        bytes -= segments.removeFirst().bytes();
        listed = Math.max(listed, segments.getFirst().number());
        changed = true;
        return true;
    }

    private void trim() {
        long laterUs = 0;
        for (Iterator<Segment> back = segments.descendingIterator(); back.hasNext(); ) {
            Segment segment = back.next();
            if (laterUs >= windowUs) {
                listed = Math.max(listed, segment.number() + 1);
                break;
            }
            laterUs += segment.complete() ? segment.durationUs() : 0;
        }
        while (segments.size() > 2 && (bytes > bytesMax || isLongGone())) {
            giveUp();
        }
    }

    /** Whether the oldest one left the playlists a window ago. */
    private boolean isLongGone() {
        long goneUs = 0;
        for (Segment segment : segments) {
            if (segment.number() >= listed) {
                break;
            }
            goneUs += segment.durationUs();
        }
        return goneUs - segments.getFirst().durationUs() > windowUs;
    }
}
