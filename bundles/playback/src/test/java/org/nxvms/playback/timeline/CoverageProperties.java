// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.Coverage;
import org.nxvms.playback.FakeArchive;

/** Coverage against a model in which each minute has one cause, also over a day that is 23 or 25 hours long. */
class CoverageProperties {
    private static final long MINUTE_US = 60_000_000L;
    private static final int MINUTES = 4 * 1440;
    /** Two days before clocks are set back in Berlin. */
    private static final long EPOCH_US = Instant.parse("2026-10-23T00:00:00Z").getEpochSecond() * 1_000_000;

    /** What lies over some minutes: footage, or a gap. */
    record Stretch(int skip, int minutes, GapCause cause) {}

    @Provide
    Arbitrary<List<Stretch>> stretches() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 300),
                        Arbitraries.integers().between(1, 900),
                        Arbitraries.of(
                                        GapCause.AUTH,
                                        GapCause.DISK_FULL,
                                        GapCause.NOT_SCHEDULED,
                                        GapCause.DELETED_BY_RETENTION)
                                .injectNull(0.5))
                .as(Stretch::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    @Property(tries = 300)
    void eachMinuteCountsOnce(
            @ForAll("stretches") List<Stretch> stretches,
            @ForAll @IntRange(max = MINUTES - 1) int from,
            @ForAll @IntRange(min = 1, max = MINUTES) int length,
            @ForAll boolean berlin) {
        FakeArchive archive = new FakeArchive();
        String[] model = new String[MINUTES * 4];
        Arrays.fill(model, Coverage.UNEXPLAINED);
        int at = 0;
        int first = Integer.MAX_VALUE;
        for (Stretch stretch : stretches) {
            at += stretch.skip();
            first = Math.min(first, at);
            if (stretch.cause() == null) {
                archive.add(us(at), us(at + stretch.minutes()));
            } else {
                archive.addGap(us(at), OptionalLong.of(us(at + stretch.minutes())), stretch.cause());
            }
            String name =
                    stretch.cause() == null ? "footage" : stretch.cause().name().toLowerCase(Locale.ROOT);
            Arrays.fill(model, at, at + stretch.minutes(), name);
            at += stretch.minutes();
        }
        ZoneId zone = ZoneId.of(berlin ? "Europe/Berlin" : "UTC");
        int to = Math.min(from + length, MINUTES);
        Coverage.Report report = new FootageCoverage(archive, () -> us(MINUTES))
                .report(FakeArchive.MAIN, us(from), us(from + length), zone);

        boolean known = archive.range(FakeArchive.MAIN).isPresent()
                || !archive.gaps(FakeArchive.MAIN, us(from), us(from + length), 9)
                        .isEmpty();
        Map<String, Map<String, Long>> expected = new HashMap<>();
        for (int m = Math.max(from, firstKnown(archive, first, from, from + length)); known && m < to; m++) {
            String day = Instant.ofEpochSecond(us(m) / 1_000_000)
                    .atZone(zone)
                    .toLocalDate()
                    .toString();
            expected.computeIfAbsent(day, none -> new HashMap<>()).merge(model[m], 60_000L, Long::sum);
        }
        Map<String, Map<String, Long>> counted = report.days().stream()
                .collect(Collectors.toMap(day -> day.day().orElseThrow(), CoverageProperties::times));
        assertThat(counted).isEqualTo(expected);
        assertThat(times(report.all()).values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(report.all().totalMs());
        report.days().forEach(CoverageProperties::checkPercent);
    }

    @Example
    void whatAStreamThatRecordsHasNotWrittenYetIsNotMissing() {
        FakeArchive archive = new FakeArchive();
        archive.add(us(0), us(10));
        Coverage.Day unbroken = untilNow(archive, us(10) + 4_000_000);
        assertThat(unbroken.totalMs()).isEqualTo(600_000);
        assertThat(unbroken.percent()).hasValue(100);
        assertThat(unbroken.missing()).isEmpty();

        assertThat(untilNow(archive, us(11)).missing())
                .as("a recorder would have said why")
                .containsExactly(new Coverage.Missing(Coverage.UNEXPLAINED, 60_000));

        archive.addGap(us(10), OptionalLong.empty(), GapCause.AUTH);
        assertThat(untilNow(archive, us(10) + 4_000_000).missing())
                .containsExactly(new Coverage.Missing("auth", 4_000));
    }

    private static Coverage.Day untilNow(FakeArchive archive, long nowUs) {
        return new FootageCoverage(archive, () -> nowUs)
                .report(FakeArchive.MAIN, us(0), us(60), ZoneId.of("UTC"))
                .all();
    }

    /** What the archive tells of a stream's beginning: its footage wherever it is, gaps within the range only. */
    private static int firstKnown(FakeArchive archive, int first, int from, int to) {
        long gap = archive.gaps(FakeArchive.MAIN, us(from), us(to), 1).stream()
                .mapToLong(g -> g.fromUs())
                .min()
                .orElse(Long.MAX_VALUE);
        long footage = archive.range(FakeArchive.MAIN).map(r -> r.fromUs()).orElse(Long.MAX_VALUE);
        long known = Math.min(gap, footage);
        return known == Long.MAX_VALUE ? MINUTES : (int) ((known - EPOCH_US) / MINUTE_US);
    }

    private static Map<String, Long> times(Coverage.Day day) {
        Map<String, Long> times = day.missing().stream()
                .collect(Collectors.toMap(Coverage.Missing::cause, Coverage.Missing::ms, Long::sum, HashMap::new));
        if (day.coveredMs() > 0) {
            times.put("footage", day.coveredMs());
        }
        return times;
    }

    private static void checkPercent(Coverage.Day day) {
        long byRule = day.missing().stream()
                .filter(m -> m.cause().equals("not_scheduled") || m.cause().equals("deleted_by_retention"))
                .mapToLong(Coverage.Missing::ms)
                .sum();
        long wanted = day.totalMs() - byRule;
        assertThat(day.percent().isPresent()).isEqualTo(wanted > 0);
        day.percent().ifPresent(percent -> {
            assertThat(percent).isBetween(100.0 * day.coveredMs() / wanted - 0.0101, 100.0 * day.coveredMs() / wanted);
            assertThat(percent == 100.0).isEqualTo(day.coveredMs() == wanted);
        });
    }

    private static long us(int minute) {
        return EPOCH_US + minute * MINUTE_US;
    }
}
