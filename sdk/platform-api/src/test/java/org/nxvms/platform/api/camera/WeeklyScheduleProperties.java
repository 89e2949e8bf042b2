// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.nxvms.platform.api.camera.RecordingSettings.Mode;
import org.nxvms.platform.api.camera.WeeklySchedule.Span;

/** Schedules by the clocks of every zone there is, through every change of them. */
class WeeklyScheduleProperties {
    private static final Set<DayOfWeek> EVERY_DAY = EnumSet.allOf(DayOfWeek.class);
    private static final Instant BEGIN = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("2045-01-01T00:00:00Z");

    @Provide
    Arbitrary<ZoneId> zones() {
        return Arbitraries.of(ZoneId.getAvailableZoneIds().stream().sorted().toList())
                .map(ZoneId::of);
    }

    @Provide
    Arbitrary<Span> spans() {
        return Arbitraries.integers().between(0, 1439).flatMap(from -> Arbitraries.integers()
                .between(from + 1, 1440)
                .flatMap(
                        to -> Arbitraries.of(DayOfWeek.class).set().ofMinSize(1).flatMap(days -> Arbitraries.of(
                                        Mode.CONTINUOUS, Mode.EVENT)
                                .map(mode -> new Span(days, from, to, mode)))));
    }

    /** The model asks the other way round: is there a moment of a span's day whose clock shows this time? */
    @Property
    void aMomentIsInASpanWhenItsClockShowsATimeOfIt(
            @ForAll("zones") ZoneId zone, @ForAll("spans") Span span, @ForAll long seed) {
        Instant moment = BEGIN.plusSeconds(
                Math.floorMod(seed, Duration.between(BEGIN, END).toSeconds()));
        LocalDate date = moment.atZone(zone).toLocalDate();
        boolean inside = false;
        if (span.days().contains(date.getDayOfWeek())) {
            LocalDateTime from = date.atStartOfDay().plusMinutes(span.fromMinute());
            LocalDateTime to = date.atStartOfDay().plusMinutes(span.toMinute());
            LocalDateTime shown = moment.atZone(zone).toLocalDateTime();
            inside = !shown.isBefore(from) && shown.isBefore(to);
        }
        Mode mode = new WeeklySchedule(zone, List.of(span)).modeAt(moment);
        assertThat(mode).isEqualTo(inside ? span.mode() : Mode.OFF);
    }

    @Property
    void theModeChangesOnlyAtFullMinutes(@ForAll("zones") ZoneId zone, @ForAll("spans") Span span, @ForAll long seed) {
        WeeklySchedule schedule = new WeeklySchedule(zone, List.of(span));
        Instant minute = BEGIN.plusSeconds(
                60 * Math.floorMod(seed, Duration.between(BEGIN, END).toMinutes()));
        for (int second = 1; second < 60; second += 29) {
            assertThat(schedule.modeAt(minute.plusSeconds(second))).isEqualTo(schedule.modeAt(minute));
        }
    }

    /** Whole days leave nothing out and nothing twice, whatever the clocks do. */
    @Example
    void wholeDaysCoverEveryChangeOfEveryZone() {
        int changes = 0;
        for (String id : ZoneId.getAvailableZoneIds()) {
            ZoneId zone = ZoneId.of(id);
            WeeklySchedule always = new WeeklySchedule(
                    zone, List.of(new Span(EVERY_DAY, 0, WeeklySchedule.DAY_MINUTES, Mode.CONTINUOUS)));
            for (ZoneOffsetTransition change : changes(zone)) {
                changes++;
                for (int minutes = -180; minutes <= 180; minutes++) {
                    assertThat(always.modeAt(change.getInstant().plus(Duration.ofMinutes(minutes))))
                            .isEqualTo(Mode.CONTINUOUS);
                }
            }
        }
        assertThat(changes).isGreaterThan(1_000);
    }

    /** The time that a clock leaves out is recorded not at all, the time it shows twice is recorded twice. */
    @Example
    void theHourOfAChangeLastsAsLongAsTheClockShowsIt() {
        for (String id : ZoneId.getAvailableZoneIds()) {
            ZoneId zone = ZoneId.of(id);
            for (ZoneOffsetTransition change : changes(zone)) {
                LocalDateTime first = change.isGap() ? change.getDateTimeBefore() : change.getDateTimeAfter();
                LocalDateTime last = change.isGap() ? change.getDateTimeAfter() : change.getDateTimeBefore();
                if (!first.toLocalDate().equals(last.toLocalDate())) {
                    continue; // The clock passes midnight, or a day is left out: no one span names it.
                }
                Span hour = new Span(
                        Set.of(first.getDayOfWeek()),
                        first.getHour() * 60 + first.getMinute(),
                        last.getHour() * 60 + last.getMinute(),
                        Mode.CONTINUOUS);
                long shownMinutes = hour.toMinute() - hour.fromMinute();
                assertThat(minutesIn(new WeeklySchedule(zone, List.of(hour)), change.getInstant()))
                        .as("%s at %s", id, change)
                        .isEqualTo(change.isGap() ? 0 : 2 * shownMinutes);
            }
        }
    }

    @Example
    void berlinsNightOfTheClocks() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        WeeklySchedule night =
                new WeeklySchedule(berlin, List.of(new Span(Set.of(DayOfWeek.SUNDAY), 120, 180, Mode.EVENT)));
        assertThat(night.modeAt(Instant.parse("2026-10-25T00:30:00Z")))
                .as("summer time")
                .isEqualTo(Mode.EVENT);
        assertThat(night.modeAt(Instant.parse("2026-10-25T01:30:00Z")))
                .as("winter time")
                .isEqualTo(Mode.EVENT);
        assertThat(night.modeAt(Instant.parse("2026-10-25T02:00:00Z"))).isEqualTo(Mode.OFF);
        assertThat(night.modeAt(Instant.parse("2026-03-29T01:00:00Z")))
                .as("03:00 comes after 01:59")
                .isEqualTo(Mode.OFF);
        assertThat(night.modeAt(
                        ZonedDateTime.of(2026, 3, 22, 2, 0, 0, 0, berlin).toInstant()))
                .isEqualTo(Mode.EVENT);
    }

    private static long minutesIn(WeeklySchedule schedule, Instant around) {
        long minutes = 0;
        for (int minute = -26 * 60; minute <= 26 * 60; minute++) {
            if (schedule.modeAt(around.plus(Duration.ofMinutes(minute))) != Mode.OFF) {
                minutes++;
            }
        }
        return minutes;
    }

    private static List<ZoneOffsetTransition> changes(ZoneId zone) {
        List<ZoneOffsetTransition> changes = new ArrayList<>();
        ZoneOffsetTransition change = zone.getRules().nextTransition(Instant.parse("2024-01-01T00:00:00Z"));
        while (change != null && change.getInstant().isBefore(Instant.parse("2028-01-01T00:00:00Z"))) {
            changes.add(change);
            change = zone.getRules().nextTransition(change.getInstant());
        }
        return changes;
    }
}
