// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.util.Objects;
import java.util.Set;
import org.nxvms.media.StreamRole;

/**
 * What an administrator wants recorded of a camera.
 *
 * @param mode when
 * @param streams which streams; not empty unless the mode is OFF
 * @param retentionDaysMax footage older than this is deleted, 1..3650
 */
public record RecordingSettings(Mode mode, Set<StreamRole> streams, int retentionDaysMax) {
    /** When to record; more modes follow, a {@code switch} needs a default branch that records. */
    public enum Mode {
        OFF,
        CONTINUOUS
    }

    /** Main stream, always, 30 days. */
    public static final RecordingSettings DEFAULT = new RecordingSettings(Mode.CONTINUOUS, Set.of(StreamRole.MAIN), 30);

    public RecordingSettings {
        Objects.requireNonNull(mode, "mode");
        streams = Set.copyOf(streams);
        if (retentionDaysMax < 1 || retentionDaysMax > 3650) {
            throw new IllegalArgumentException("retentionDaysMax must be 1..3650, not " + retentionDaysMax);
        }
        if (mode != Mode.OFF && streams.isEmpty()) {
            throw new IllegalArgumentException("streams must name at least one of main, sub unless mode is off");
        }
    }

    public boolean records(StreamRole role) {
        return mode != Mode.OFF && streams.contains(role);
    }
}
