// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * When to record, by the clocks on the wall of a place. The hour that a clock shows twice when it is set back
 * belongs to its spans both times; an hour that is left out belongs to none. Outside all spans nothing is
 * recorded; where spans overlap, always wins over on event.
 *
 * @param zone whose clocks count, an IANA zone such as {@code Europe/Berlin}
 * @param spans 1..{@value #SPANS_MAX}
 */
public record WeeklySchedule(ZoneId zone, List<Span> spans) {
    /** Every hour of a week on its own. */
    public static final int SPANS_MAX = 168;

    public static final int DAY_MINUTES = 24 * 60;

    /**
     * Part of some days.
     *
     * @param fromMinute of the day by the clock, 0..1439
     * @param toMinute exclusive, up to 1440: midnight at the end of the day
     * @param mode CONTINUOUS or EVENT
     */
    public record Span(Set<DayOfWeek> days, int fromMinute, int toMinute, RecordingSettings.Mode mode) {
        public Span {
            days = Set.copyOf(days);
            Objects.requireNonNull(mode, "mode");
            if (days.isEmpty()) {
                throw new IllegalArgumentException("days must name at least one day");
            }
            if (fromMinute < 0 || fromMinute >= DAY_MINUTES) {
                throw new IllegalArgumentException("from must be 00:00..23:59");
            }
            if (toMinute <= fromMinute || toMinute > DAY_MINUTES) {
                throw new IllegalArgumentException(
                        "to must be after from, up to 24:00; what passes midnight is two spans");
            }
            if (mode != RecordingSettings.Mode.CONTINUOUS && mode != RecordingSettings.Mode.EVENT) {
                throw new IllegalArgumentException("mode must be continuous or event within a schedule");
            }
        }

        private boolean holds(DayOfWeek day, int minute) {
            return minute >= fromMinute && minute < toMinute && days.contains(day);
        }
    }

    public WeeklySchedule {
        Objects.requireNonNull(zone, "zone");
        spans = List.copyOf(spans);
        if (spans.isEmpty() || spans.size() > SPANS_MAX) {
            throw new IllegalArgumentException("spans must be 1.." + SPANS_MAX + ", not " + spans.size());
        }
    }

    /** {@return CONTINUOUS, EVENT or, outside all spans, OFF} Changes only at full minutes of UTC. */
    public RecordingSettings.Mode modeAt(Instant instant) {
        LocalDateTime local = LocalDateTime.ofInstant(instant, zone);
        int minute = local.getHour() * 60 + local.getMinute();
        RecordingSettings.Mode mode = RecordingSettings.Mode.OFF;
        for (Span span : spans) {
            if (span.holds(local.getDayOfWeek(), minute)) {
                if (span.mode() == RecordingSettings.Mode.CONTINUOUS) {
                    return span.mode();
                }
                mode = span.mode();
            }
        }
        return mode;
    }
}
