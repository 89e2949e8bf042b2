// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.camera.RecordingSettings.Mode;
import org.nxvms.platform.api.camera.WeeklySchedule;
import org.nxvms.platform.api.camera.WeeklySchedule.Span;

/** What is written comes back. */
class RecordingTextProperties {
    @Provide
    Arbitrary<WeeklySchedule> schedules() {
        Arbitrary<Span> spans = Arbitraries.integers().between(0, 1439).flatMap(from -> Arbitraries.integers()
                .between(from + 1, 1440)
                .flatMap(to -> Arbitraries.of(DayOfWeek.class)
                        .set()
                        .ofMinSize(1)
                        .map(days -> new Span(days, from, to, to % 2 == 0 ? Mode.CONTINUOUS : Mode.EVENT))));
        return Arbitraries.of(ZoneId.getAvailableZoneIds().stream().sorted().toList())
                .flatMap(zone ->
                        spans.list().ofMinSize(1).ofMaxSize(20).map(list -> new WeeklySchedule(ZoneId.of(zone), list)));
    }

    @Property
    void schedulesComeBack(@ForAll("schedules") WeeklySchedule schedule) {
        assertThat(RecordingText.schedule(RecordingText.schedule(schedule))).isEqualTo(schedule);
    }

    @Property
    void modesComeBack(@ForAll Map<StreamRole, Mode> modes) {
        assertThat(RecordingText.modes(RecordingText.modes(modes))).isEqualTo(modes);
    }

    @Example
    void theLongestScheduleFitsItsColumn() {
        Span longest = new Span(EnumSet.allOf(DayOfWeek.class), 1_000, 1_440, Mode.CONTINUOUS);
        Span[] most = new Span[WeeklySchedule.SPANS_MAX];
        Arrays.fill(most, longest);
        WeeklySchedule schedule = new WeeklySchedule(ZoneId.of("America/Argentina/ComodRivadavia"), List.of(most));
        assertThat(RecordingText.schedule(schedule)).hasSizeLessThanOrEqualTo(16_000);
    }
}
