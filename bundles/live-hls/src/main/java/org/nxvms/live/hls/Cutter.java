// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import org.nxvms.media.StreamReader;
import org.nxvms.media.kit.live.LiveFormat;
import org.nxvms.media.kit.live.UnitTimes;

/**
 * Cuts one run into parts and segments. A part ends when the picture behind it is there, so that its duration is exact and it is
 * known what the next part is called: that picture begins it, in the same segment or in the next. One thread.
 */
final class Cutter {
    private final Targets targets;
    private final SegmentLog log;
    private final LiveFormat format;
    private final UnitTimes times;
    private final PartBuilder part;
    private final int clockRate;
    private WallBase base;
    private boolean inSegment;
    private long segmentStart;
    private long partStart;
    private long lastLead;
    private long lastLeadWallUs;
    /** By so much pictures with which a segment begins are shown after they are decoded. */
    private long shownLater;

    private long leadTicks;

    Cutter(LiveFormat format, Targets targets, SegmentLog log, int partBytesMax) {
        this.format = format;
        this.targets = targets;
        this.log = log;
        times = new UnitTimes(format);
        part = new PartBuilder(format.sent().tracks().size(), partBytesMax);
        clockRate = format.sent().tracks().get(0).clockRate();
        leadTicks = Math.min(times.ticks(0), targets.breakUs() * clockRate / 1_000_000);
    }

    LiveFormat format() {
        return format;
    }

    /** Takes the access unit the reader stands on. */
    void unit(StreamReader reader) {
        if (!times.take(reader)) {
            return;
        }
        if (times.track() == 0 && !lead(reader)) {
            return;
        }
        if (!part.add(times, reader, base.ticks(times.track()))) {
            interrupt();
        }
    }

    /** {@return whether this picture is part of what viewers get} */
    private boolean lead(StreamReader reader) {
        if (inSegment && !cut(times.decoded())) {
            return false;
        }
        if (base == null) {
            base = new WallBase(format.sent(), reader.wallUs(), times.presented());
        }
        long now = times.decoded();
        if (times.start()) {
            shownLater = times.presented() - now;
        }
        // Of a picture that is not shown in the order of decoding, when the one in its place is.
        long takenUs = reader.wallUs() - us(times.presented() - now - shownLater);
        if (!inSegment) {
            log.begin(format, takenUs, shown(now));
            inSegment = true;
            segmentStart = now;
        }
        if (part.isEmpty()) {
            partStart = now;
        }
        lastLead = now;
        lastLeadWallUs = takenUs;
        return true;
    }

    private boolean cut(long now) {
        long sinceUs = us(now - lastLead);
        if (sinceUs > targets.breakUs()) {
            boolean begins = times.start();
            interrupt();
            if (begins) {
                times.resume();
            }
            return begins;
        }
        leadTicks = now - lastLead;
        long longestUs = Timeline.segmentUsMax(targets.seconds());
        if (us(now - segmentStart) > longestUs) {
            moveOn();
        }
        long segmentUs = us(now - segmentStart);
        boolean ends = times.start() && segmentUs >= targets.segmentUsMin() || segmentUs + sinceUs > longestUs;
        if (ends || us(now - partStart) * 100 >= targets.partUs() * Targets.PART_PERCENT_MIN) {
            endPart(now);
        }
        if (ends) {
            log.complete();
            inSegment = false;
        }
        return true;
    }

    /**
     * The newest picture lasts longer than those before let expect, and longer than its segment may (RFC 8216bis 4.4.3.1): the next
     * segment begins with it. It may be the only one of its part, which is announced already.
     */
    private void moveOn() {
        long shown = shown(lastLead);
        if (part.isOnePicture()) {
            log.moveOn(format, lastLeadWallUs, shown);
        } else {
            log.add(part.endBeforePicture(base.ticks(0) + lastLead, us(lastLead) - us(partStart)));
            log.complete();
            log.begin(format, lastLeadWallUs, shown);
        }
        segmentStart = lastLead;
        partStart = lastLead;
    }

    private void endPart(long now) {
        if (!part.isEmpty()) {
            log.add(part.end(base.ticks(0) + now, us(now) - us(partStart)));
        }
    }

    /**
     * What was gathered is the end of its segment; what follows is something else, from a key frame on: access units were missed,
     * the run ended, the camera paused.
     */
    void interrupt() {
        endPart(lastLead + leadTicks);
        log.interrupt();
        inSegment = false;
        times.missed();
    }

    /** {@return when the first picture of a segment is shown that is decoded then} */
    private long shown(long decoded) {
        return base.ticks(0) + decoded + shownLater;
    }

    private long us(long ticks) {
        return ticks * 1_000_000 / clockRate;
    }
}
