// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.timeline;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Coverage;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.TimeSpans;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Counts {@link Coverage} from the archive's roll-ups and gaps. */
@Component(service = Coverage.class)
public final class FootageCoverage implements Coverage {
    private static final int GAPS_MAX = 100_000;
    /**
     * What is not written yet may still be: a fragment gathers for less than a second, and what no volume takes is told as
     * a gap within 20.
     */
    private static final long UNDECIDED_US_MAX = 30_000_000;

    /** Nobody wanted footage, or a rule took it away again: no failure to record. */
    private static final Set<GapCause> BY_RULE = EnumSet.of(
            GapCause.NOT_SCHEDULED, GapCause.NO_EVENT, GapCause.DELETED_BY_RETENTION, GapCause.DELETED_BY_USER);

    private final Archive archive;
    private final LongSupplier nowUs;

    @Activate
    public FootageCoverage(@Reference Archive archive) {
        this(archive, () -> micros(Instant.now()));
    }

    /** @param nowUs wall time in microseconds */
    public FootageCoverage(Archive archive, LongSupplier nowUs) {
        this.archive = archive;
        this.nowUs = nowUs;
    }

    /** Time per cause; the rule-bound part apart. */
    private static final class Sum {
        private final Map<String, Long> missingUs = new TreeMap<>();
        private long totalUs;
        private long coveredUs;
        private long byRuleUs;

        void miss(String cause, boolean byRule, long us) {
            if (us > 0) {
                missingUs.merge(cause, us, Long::sum);
                byRuleUs += byRule ? us : 0;
            }
        }

        void add(Sum other) {
            totalUs += other.totalUs;
            coveredUs += other.coveredUs;
            byRuleUs += other.byRuleUs;
            other.missingUs.forEach((cause, us) -> missingUs.merge(cause, us, Long::sum));
        }

        Day day(Optional<String> day) {
            long wantedUs = totalUs - byRuleUs;
            return new Day(
                    day,
                    totalUs / 1_000,
                    coveredUs / 1_000,
                    wantedUs <= 0
                            ? OptionalDouble.empty()
                            : OptionalDouble.of(Math.floor(10_000d * coveredUs / wantedUs) / 100),
                    missingUs.entrySet().stream()
                            .map(entry -> new Missing(entry.getKey(), entry.getValue() / 1_000))
                            .filter(missing -> missing.ms() > 0)
                            .toList());
        }
    }

    @Override
    public Report report(StreamId stream, long fromUs, long toUs, ZoneId zone) {
        List<Gap> gaps = archive.gaps(List.of(stream), fromUs, toUs, 0, GAPS_MAX);
        TimeSpans footage = archive.footage(List.of(stream), fromUs, toUs).getOrDefault(stream, new TimeSpans());
        long firstUs = Math.min(
                gaps.stream().mapToLong(Gap::fromUs).min().orElse(Long.MAX_VALUE),
                footage.count() == 0 ? Long.MAX_VALUE : footage.fromUs(0));
        // A stream that was there before the range is accounted for from the range's beginning on.
        Archive.TimeRange there = archive.ranges(List.of(stream)).get(stream);
        firstUs = there == null ? firstUs : Math.min(firstUs, there.fromUs());
        long from = Math.max(fromUs, firstUs);
        long to = decidedTo(footage, gaps, toUs);
        Sum all = new Sum();
        List<Day> days = new ArrayList<>();
        while (from < to) {
            LocalDate date = instant(from).atZone(zone).toLocalDate();
            long end = Math.min(to, micros(date.plusDays(1).atStartOfDay(zone).toInstant()));
            Sum sum = sum(footage, gaps, from, end);
            all.add(sum);
            days.add(sum.day(Optional.of(date.toString())));
            from = end;
        }
        return new Report(all.day(Optional.empty()), days);
    }

    /** {@return up to when it is known what is footage: of a stream that records now the end of what is written} */
    private long decidedTo(TimeSpans footage, List<Gap> gaps, long toUs) {
        long now = nowUs.getAsLong();
        long to = Math.min(toUs, now);
        if (footage.count() == 0) {
            return to;
        }
        long writtenUs = footage.toUs(footage.count() - 1);
        boolean told = gaps.stream().anyMatch(gap -> gap.toUs().orElse(Long.MAX_VALUE) > writtenUs);
        return told || now - writtenUs > UNDECIDED_US_MAX ? to : Math.min(to, writtenUs);
    }

    private static Sum sum(TimeSpans footage, List<Gap> gaps, long fromUs, long toUs) {
        Sum sum = new Sum();
        sum.totalUs = toUs - fromUs;
        sum.coveredUs = covered(footage, fromUs, toUs);
        long at = fromUs;
        for (Gap gap : gaps) {
            long begin = Math.max(at, gap.fromUs());
            long end = Math.min(toUs, gap.toUs().orElse(Long.MAX_VALUE));
            if (begin < end) {
                sum.miss(UNEXPLAINED, false, begin - at - covered(footage, at, begin));
                sum.miss(
                        gap.cause().name().toLowerCase(Locale.ROOT),
                        BY_RULE.contains(gap.cause()),
                        end - begin - covered(footage, begin, end));
                at = end;
            }
        }
        sum.miss(UNEXPLAINED, false, toUs - at - covered(footage, at, toUs));
        return sum;
    }

    /** {@return how much of a stretch is footage} */
    private static long covered(TimeSpans footage, long fromUs, long toUs) {
        long covered = 0;
        for (int i = firstEndingAfter(footage, fromUs); i < footage.count() && footage.fromUs(i) < toUs; i++) {
            covered += Math.max(0, Math.min(toUs, footage.toUs(i)) - Math.max(fromUs, footage.fromUs(i)));
        }
        return covered;
    }

    private static int firstEndingAfter(TimeSpans footage, long us) {
        int low = 0;
        int high = footage.count();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (footage.toUs(middle) > us) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private static Instant instant(long us) {
        return Instant.EPOCH.plus(us, ChronoUnit.MICROS);
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }
}
