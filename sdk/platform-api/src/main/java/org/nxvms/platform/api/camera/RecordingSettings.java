// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.FootageTerms;

/**
 * What an administrator wants recorded of a camera.
 *
 * @param mode when, for all recorded streams
 * @param streams which streams; not empty unless the mode is OFF
 * @param retentionDaysMax footage older than this is deleted, 1..3650
 * @param streamModes another mode for single streams, e.g. main on event while sub is always recorded
 * @param schedule when, by the week; needed where a mode is SCHEDULED
 * @param trigger which events start a recording, and what of the time around them is kept
 * @param retentionDaysMin footage younger than this is removed for room only when nothing older is left on its volume; not
 *     above {@code retentionDaysMax}
 * @param volumes names of the volumes its footage belongs on, in order of preference; empty: any that takes footage of
 *     everybody
 * @param backup names of the backup volumes of which one gets a copy, in order of preference; empty: none does
 * @param fillGaps whether what the camera has recorded itself is fetched, without being asked for, when it was not reached
 */
public record RecordingSettings(
        Mode mode,
        Set<StreamRole> streams,
        int retentionDaysMax,
        Map<StreamRole, Mode> streamModes,
        Optional<WeeklySchedule> schedule,
        EventTrigger trigger,
        int retentionDaysMin,
        List<String> volumes,
        List<String> backup,
        boolean fillGaps) {
    private static final Pattern VOLUME = Pattern.compile("[a-z0-9_-]{1,40}");

    /** When to record; more modes follow, a {@code switch} needs a default branch that records. */
    public enum Mode {
        /** Never. */
        OFF,
        /** Always. */
        CONTINUOUS,
        /** As the {@link WeeklySchedule} says: always, on event or not at all. */
        SCHEDULED,
        /** Around events, see {@link EventTrigger}. */
        EVENT,
        /** When somebody asks for it; {@link CameraRegistry#startRecording} works in every other mode too. */
        MANUAL
    }

    /** Main stream, always, 30 days. */
    public static final RecordingSettings DEFAULT = new RecordingSettings(Mode.CONTINUOUS, Set.of(StreamRole.MAIN), 30);

    public RecordingSettings {
        Objects.requireNonNull(mode, "mode");
        streams = Set.copyOf(streams);
        streamModes = Map.copyOf(streamModes);
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(trigger, "trigger");
        if (retentionDaysMax < 1 || retentionDaysMax > 3650) {
            throw new IllegalArgumentException("retentionDaysMax must be 1..3650, not " + retentionDaysMax);
        }
        if (mode != Mode.OFF && streams.isEmpty()) {
            throw new IllegalArgumentException("streams must name at least one of main, sub unless mode is off");
        }
        for (Map.Entry<StreamRole, Mode> each : streamModes.entrySet()) {
            String field = "streamModes." + each.getKey().id();
            if (!streams.contains(each.getKey())) {
                throw new IllegalArgumentException(field + " is of a stream that streams does not name");
            }
            if (each.getValue() == Mode.OFF) {
                throw new IllegalArgumentException(field + " must not be off: leave the stream out of streams");
            }
        }
        if (retentionDaysMin < 0 || retentionDaysMin > retentionDaysMax) {
            throw new IllegalArgumentException(
                    "retentionDaysMin must be 0..retentionDaysMax (" + retentionDaysMax + "), not " + retentionDaysMin);
        }
        volumes = names("volumes", volumes);
        backup = names("backup", backup);
        boolean scheduled = mode == Mode.SCHEDULED || streamModes.containsValue(Mode.SCHEDULED);
        if (scheduled && schedule.isEmpty()) {
            throw new IllegalArgumentException("schedule must be given where a mode is scheduled");
        }
    }

    private static List<String> names(String field, List<String> volumes) {
        if (volumes.size() > FootageTerms.VOLUMES_MAX) {
            throw new IllegalArgumentException(
                    field + " must name at most " + FootageTerms.VOLUMES_MAX + ", not " + volumes.size());
        }
        for (String volume : volumes) {
            if (volume == null || !VOLUME.matcher(volume).matches()) {
                throw new IllegalArgumentException(field + " must hold names of 1..40 of a-z 0-9 _ -");
            }
        }
        return volumes.stream().distinct().toList();
    }

    /** Without a copy, its gaps filled when somebody asks for it. */
    public RecordingSettings(
            Mode mode,
            Set<StreamRole> streams,
            int retentionDaysMax,
            Map<StreamRole, Mode> streamModes,
            Optional<WeeklySchedule> schedule,
            EventTrigger trigger,
            int retentionDaysMin,
            List<String> volumes) {
        this(
                mode,
                streams,
                retentionDaysMax,
                streamModes,
                schedule,
                trigger,
                retentionDaysMin,
                volumes,
                List.of(),
                false);
    }

    /** On any volume, and without a privilege for young footage. */
    public RecordingSettings(
            Mode mode,
            Set<StreamRole> streams,
            int retentionDaysMax,
            Map<StreamRole, Mode> streamModes,
            Optional<WeeklySchedule> schedule,
            EventTrigger trigger) {
        this(mode, streams, retentionDaysMax, streamModes, schedule, trigger, 0, List.of());
    }

    /** {@return how long and where footage is kept} */
    public FootageTerms terms() {
        return new FootageTerms(retentionDaysMin, retentionDaysMax, volumes, backup);
    }

    /** The same mode for all streams, with the usual trigger and no schedule. */
    public RecordingSettings(Mode mode, Set<StreamRole> streams, int retentionDaysMax) {
        this(mode, streams, retentionDaysMax, Map.of(), Optional.empty(), EventTrigger.DEFAULT);
    }

    /** {@return the mode of a stream; OFF for one that is not recorded} */
    public Mode modeOf(StreamRole role) {
        return mode == Mode.OFF || !streams.contains(role) ? Mode.OFF : streamModes.getOrDefault(role, mode);
    }

    /** {@return whether footage of this stream is wanted at any time} */
    public boolean records(StreamRole role) {
        return modeOf(role) != Mode.OFF;
    }

    /** {@return the modes of the recorded streams, by role} */
    public Map<StreamRole, Mode> modes() {
        Map<StreamRole, Mode> modes = new EnumMap<>(StreamRole.class);
        for (StreamRole role : streams) {
            modes.put(role, modeOf(role));
        }
        return modes;
    }
}
