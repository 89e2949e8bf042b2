// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.platform.api.camera.WeeklySchedule;
import org.nxvms.rest.kit.problem.Problem;

/** A weekly schedule as it travels. */
@Schema(name = "RecordingSchedule")
record ScheduleBody(
        @Schema(description = "IANA zone whose clocks count", example = "Europe/Berlin") String timeZone,
        @Schema(description = "1..168; outside of them nothing is recorded") List<SpanBody> spans) {
    private static final Pattern TIME = Pattern.compile("([01]\\d|2[0-3]):([0-5]\\d)|24:00");
    private static final String FIELD = "recording.schedule";

    ScheduleBody {
        Objects.requireNonNull(timeZone, "timeZone");
        Objects.requireNonNull(spans, "spans");
    }

    /** Part of some days. */
    @Schema(name = "RecordingScheduleSpan")
    record SpanBody(
            @Schema(allowableValues = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}) List<String> days,
            @Schema(example = "08:00") String from,
            @Schema(description = "Exclusive, up to 24:00", example = "18:00") String to,
            @Schema(
                            type = "string",
                            allowableValues = {"continuous", "event"})
                    RecordingSettings.Mode mode) {
        SpanBody {
            Objects.requireNonNull(days, "days");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
            Objects.requireNonNull(mode, "mode");
        }

        static SpanBody of(WeeklySchedule.Span span) {
            return new SpanBody(
                    span.days().stream().sorted().map(ScheduleBody::name).toList(),
                    time(span.fromMinute()),
                    time(span.toMinute()),
                    span.mode());
        }
    }

    static ScheduleBody of(WeeklySchedule schedule) {
        return new ScheduleBody(
                schedule.zone().getId(),
                schedule.spans().stream().map(SpanBody::of).toList());
    }

    /** @throws org.nxvms.rest.kit.problem.ProblemException naming the field that cannot work */
    WeeklySchedule schedule() {
        ZoneId zone;
        try {
            zone = ZoneId.of(timeZone);
        } catch (DateTimeException e) {
            throw invalid("timeZone", "is not a zone known here; give an IANA name such as Europe/Berlin");
        }
        List<WeeklySchedule.Span> read = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            read.add(span("spans[" + i + "]", spans.get(i)));
        }
        return RecordingBody.checked(() -> inField("schedule.", () -> new WeeklySchedule(zone, read)));
    }

    private static WeeklySchedule.Span span(String field, SpanBody body) {
        if (body == null) {
            throw invalid(field, "is null; give days, from, to and mode");
        }
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String name : body.days()) {
            days.add(day(field + ".days", name));
        }
        int from = minute(field + ".from", body.from());
        int to = minute(field + ".to", body.to());
        return RecordingBody.checked(
                () -> inField("schedule." + field + ".", () -> new WeeklySchedule.Span(days, from, to, body.mode())));
    }

    private static <T> T inField(String prefix, java.util.function.Supplier<T> facts) {
        try {
            return facts.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(prefix + e.getMessage(), e);
        }
    }

    private static DayOfWeek day(String field, String name) {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (name(day).equals(name)) {
                return day;
            }
        }
        throw invalid(field, "must be of mon, tue, wed, thu, fri, sat, sun");
    }

    private static String name(DayOfWeek day) {
        return day.name().substring(0, 3).toLowerCase(Locale.ROOT);
    }

    private static int minute(String field, String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw invalid(field, "must be a time of the day as HH:MM, 00:00..24:00");
        }
        return time.group(1) == null
                ? WeeklySchedule.DAY_MINUTES
                : Integer.parseInt(time.group(1)) * 60 + Integer.parseInt(time.group(2));
    }

    private static String time(int minute) {
        return String.format(Locale.ROOT, "%02d:%02d", minute / 60, minute % 60);
    }

    private static RuntimeException invalid(String field, String why) {
        String name = FIELD + "." + field;
        return Problem.validation(name, "\"" + name + "\" " + why + ".").exception();
    }
}
