// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.camera.RecordingSettings.Mode;
import org.nxvms.platform.api.camera.WeeklySchedule;
import org.nxvms.platform.api.camera.WeeklySchedule.Span;

/**
 * Modes and schedules as they stand in columns: {@code main=EVENT,sub=CONTINUOUS}, and {@code
 * Europe/Berlin;1,2,3,4,5 480-1080 CONTINUOUS;6,7 0-1440 EVENT} with ISO numbers of days and minutes of the day.
 */
final class RecordingText {
    private RecordingText() {}

    static String modes(Map<StreamRole, Mode> modes) {
        return modes.entrySet().stream()
                .map(each -> each.getKey().id() + "=" + each.getValue())
                .sorted()
                .collect(Collectors.joining(","));
    }

    static Map<StreamRole, Mode> modes(String text) {
        Map<StreamRole, Mode> modes = new EnumMap<>(StreamRole.class);
        for (String each : parts(text, ",")) {
            String[] pair = each.split("=", 2);
            modes.put(StreamRole.of(pair[0]), Mode.valueOf(pair[1]));
        }
        return modes;
    }

    static String schedule(WeeklySchedule schedule) {
        StringBuilder text = new StringBuilder(schedule.zone().getId());
        for (Span span : schedule.spans()) {
            text.append(';')
                    .append(span.days().stream()
                            .sorted()
                            .map(day -> String.valueOf(day.getValue()))
                            .collect(Collectors.joining(",")))
                    .append(' ')
                    .append(span.fromMinute())
                    .append('-')
                    .append(span.toMinute())
                    .append(' ')
                    .append(span.mode());
        }
        return text.toString();
    }

    static WeeklySchedule schedule(String text) {
        List<String> parts = parts(text, ";");
        List<Span> spans = new ArrayList<>();
        for (String each : parts.subList(1, parts.size())) {
            String[] words = each.split(" ", 3);
            String[] minutes = words[1].split("-", 2);
            Set<DayOfWeek> days = parts(words[0], ",").stream()
                    .map(number -> DayOfWeek.of(Integer.parseInt(number)))
                    .collect(Collectors.toSet());
            spans.add(
                    new Span(days, Integer.parseInt(minutes[0]), Integer.parseInt(minutes[1]), Mode.valueOf(words[2])));
        }
        return new WeeklySchedule(ZoneId.of(parts.get(0)), spans);
    }

    static List<String> parts(String text, String separator) {
        return Arrays.stream(text.split(separator)).filter(s -> !s.isEmpty()).toList();
    }
}
