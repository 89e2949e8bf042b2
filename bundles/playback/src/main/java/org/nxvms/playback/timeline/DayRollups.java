// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.timeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Segment;

/**
 * Spans of a stream, with a memory of days that are over: a range of ninety days then costs about as much
 * as one. What lies {@link #SETTLED_US} back and was written by no open segment is kept. Retention takes the
 * oldest footage first, which the range of what is there tells at once; for whatever else may change the past
 * (a volume that returns, footage filled in), a day is asked for again after {@link #KEPT_US}. Any thread;
 * blocks on the archive, never with the lock held.
 */
final class DayRollups {
    static final long DAY_US = 86_400_000_000L;
    /** Recorders write late rows (sealing, repair after a crash) within this time. */
    static final long SETTLED_US = 3_600_000_000L;

    static final long KEPT_US = 6 * 3_600_000_000L;
    /** Segments closer than this are one stretch: the rounding of times between two files. */
    static final long JOIN_US = 500_000L;
    /** 50 cameras with two streams over two years; about 100 bytes each. */
    static final int DAYS_MAX = 73_000;
    /** One look-up; the archive answers at most as many. */
    private static final int PAGE = 10_000;

    private record Key(StreamId stream, long day) {}

    /** What is known of a day up to {@code untilUs}, which is its end once it is over. */
    private record Day(Spans spans, long untilUs, long readUs) {}

    private final LongSupplier nowUs;
    private final Map<Key, Day> days = new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Day> eldest) {
            return size() > DAYS_MAX;
        }
    };

    /** @param nowUs wall time in microseconds */
    DayRollups(LongSupplier nowUs) {
        this.nowUs = nowUs;
    }

    /**
     * @param there first and last footage of the stream
     * @param mergeUs stretches with less than this between them become one
     * @return spans within the range, which is cut to the footage there is
     */
    Spans spans(Archive archive, StreamId stream, Archive.TimeRange there, long fromUs, long toUs, long mergeUs) {
        Spans all = new Spans();
        long from = Math.max(fromUs, there.fromUs());
        long to = Math.min(toUs, there.toUs());
        long merge = Math.max(mergeUs, JOIN_US);
        long at = from;
        while (at < to) {
            long day = Math.floorDiv(at, DAY_US);
            Day known = known(stream, day);
            if (known != null && known.untilUs() > at) {
                all.addAll(known.spans(), from, to, merge);
                at = known.untilUs();
            } else {
                long end = endOfUnknown(stream, day, to);
                read(archive, stream, at, end, all, from, to, merge);
                at = end;
            }
        }
        return all;
    }

    private Day known(StreamId stream, long day) {
        synchronized (days) {
            Day kept = days.get(new Key(stream, day));
            return kept == null || nowUs.getAsLong() - kept.readUs() > KEPT_US ? null : kept;
        }
    }

    /** The end of the stretch of unknown days that begins with {@code day}, so that they are read in one go. */
    private long endOfUnknown(StreamId stream, long day, long toUs) {
        long next = day + 1;
        while (next * DAY_US < toUs && known(stream, next) == null) {
            next++;
        }
        return next * DAY_US;
    }

    /** Reads on from where the first day is known, and keeps what will not change. */
    private void read(
            Archive archive,
            StreamId stream,
            long fromUs,
            long endUs,
            Spans all,
            long clipFromUs,
            long clipToUs,
            long mergeUs) {
        long firstDay = Math.floorDiv(fromUs, DAY_US);
        Day begun = known(stream, firstDay);
        long settledUs = nowUs.getAsLong() - SETTLED_US;
        DayWriter writer = new DayWriter(stream, firstDay, begun, Math.min(endUs, settledUs));
        // Beyond what is settled, only as far as it is asked for.
        long readTo = endUs > settledUs ? Math.max(clipToUs, Math.min(endUs, settledUs)) : endUs;
        long at = begun == null ? firstDay * DAY_US : begun.untilUs();
        while (at < readTo) {
            List<Segment> page = archive.segments(stream, at, readTo, PAGE);
            for (Segment segment : page) {
                writer.add(segment);
                all.add(Math.max(clipFromUs, segment.startUs()), Math.min(clipToUs, segment.endUs()), mergeUs);
            }
            if (page.size() < PAGE) {
                break;
            }
            at = Math.max(at + 1, page.get(page.size() - 1).endUs());
        }
        writer.finish();
    }

    /** Cuts segments into days as they come by and keeps what of them is settled. */
    private final class DayWriter {
        private final StreamId stream;
        private final long readUs = nowUs.getAsLong();
        private final Map<Long, Spans> days = new LinkedHashMap<>();
        private final long firstDay;
        private long keepUntilUs;

        DayWriter(StreamId stream, long firstDay, Day begun, long keepUntilUs) {
            this.stream = stream;
            this.firstDay = firstDay;
            this.keepUntilUs = keepUntilUs;
            if (begun != null) {
                Spans more = new Spans();
                more.addAll(begun.spans(), Long.MIN_VALUE, Long.MAX_VALUE, JOIN_US);
                days.put(firstDay, more);
            }
        }

        void add(Segment segment) {
            if (segment.open()) {
                // Still grows; what is kept ends before it.
                keepUntilUs = Math.min(keepUntilUs, segment.startUs());
            }
            long first = Math.max(firstDay, Math.floorDiv(segment.startUs(), DAY_US));
            for (long d = first; d * DAY_US < segment.endUs() && d * DAY_US < keepUntilUs; d++) {
                days.computeIfAbsent(d, any -> new Spans())
                        .add(
                                Math.max(d * DAY_US, segment.startUs()),
                                Math.min(Math.min((d + 1) * DAY_US, keepUntilUs), segment.endUs()),
                                JOIN_US);
            }
        }

        void finish() {
            for (long d = firstDay; d * DAY_US < keepUntilUs; d++) {
                Spans spans = days.get(d);
                Spans kept = spans == null ? new Spans().trimmed() : spans.trimmed();
                Day day = new Day(kept, Math.min((d + 1) * DAY_US, keepUntilUs), readUs);
                synchronized (DayRollups.this.days) {
                    DayRollups.this.days.put(new Key(stream, d), day);
                }
            }
        }
    }
}
