// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.camera.EventTrigger;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.platform.api.camera.RecordingSettings.Mode;
import org.nxvms.platform.api.camera.WeeklySchedule;
import org.nxvms.rest.kit.problem.Problem;

/** What to record of a camera; what is left out is as by default: main stream, always, 30 days. */
@Schema(name = "RecordingSettings")
record RecordingBody(
        @Schema(
                        type = "string",
                        allowableValues = {"continuous", "scheduled", "event", "manual", "off"})
                Optional<Mode> mode,
        @Schema(allowableValues = {"main", "sub"}) Optional<List<StreamRole>> streams,
        @Schema(description = "1..3650") Optional<Integer> retentionDaysMax,
        @Schema(
                        description = "Another mode for single streams, by role",
                        example = "{\"main\":\"event\",\"sub\":\"continuous\"}")
                Optional<Map<String, Mode>> streamModes,
        Optional<ScheduleBody> schedule,
        @Schema(description = "Kinds of events that start a recording, or families such as camera.*")
                Optional<List<String>> eventKinds,
        @Schema(description = "Kept of the time before an event, 0..60") Optional<Integer> preBufferSeconds,
        @Schema(description = "Recorded after the end of an event, 0..3600") Optional<Integer> postBufferSeconds,
        @Schema(
                        description =
                                "Younger footage is removed for room only when nothing older is left, 0..retentionDaysMax")
                Optional<Integer> retentionDaysMin,
        @Schema(description = "Names of the volumes its footage belongs on, by preference; empty: any")
                Optional<List<String>> volumes,
        @Schema(description = "Names of the backup volumes of which one gets a copy, by preference; empty: none does")
                Optional<List<String>> backup,
        @Schema(
                        description =
                                "Whether what the camera has recorded itself is fetched, without being asked for, when"
                                        + " it was not reached; by default false")
                Optional<Boolean> fillGaps) {

    /** @throws org.nxvms.rest.kit.problem.ProblemException naming the field that cannot work */
    RecordingSettings settings() {
        RecordingSettings usual = RecordingSettings.DEFAULT;
        Optional<WeeklySchedule> week = schedule.map(ScheduleBody::schedule);
        Map<StreamRole, Mode> modes = new EnumMap<>(StreamRole.class);
        streamModes.orElse(Map.of()).forEach((role, each) -> modes.put(role(role), given(role, each)));
        return checked(() -> new RecordingSettings(
                mode.orElse(usual.mode()),
                streams.map(Set::copyOf).orElse(usual.streams()),
                retentionDaysMax.orElse(usual.retentionDaysMax()),
                modes,
                week,
                new EventTrigger(
                        eventKinds.map(Set::copyOf).orElse(usual.trigger().kinds()),
                        preBufferSeconds.orElse(usual.trigger().preBufferSeconds()),
                        postBufferSeconds.orElse(usual.trigger().postBufferSeconds())),
                retentionDaysMin.orElse(usual.retentionDaysMin()),
                volumes.orElse(usual.volumes()),
                backup.orElse(usual.backup()),
                fillGaps.orElse(usual.fillGaps())));
    }

    private static StreamRole role(String name) {
        try {
            return StreamRole.of(name);
        } catch (IllegalArgumentException e) {
            String field = "recording.streamModes." + name;
            throw Problem.malformed(field, "\"" + field + "\" is no stream. Known are: main, sub.")
                    .exception();
        }
    }

    private static Mode given(String role, Mode mode) {
        if (mode == null) {
            String field = "recording.streamModes." + role;
            throw Problem.malformed(field, "\"" + field + "\" is null. Give a mode or leave it out.")
                    .exception();
        }
        return mode;
    }

    /** The messages of these records begin with the name of the component. */
    static <T> T checked(Supplier<T> facts) {
        try {
            return facts.get();
        } catch (IllegalArgumentException e) {
            String[] words = e.getMessage().split(" ", 2);
            String field = "recording." + words[0];
            throw Problem.validation(field, "\"" + field + "\" " + words[1] + ".")
                    .exception();
        }
    }
}
