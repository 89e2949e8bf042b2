// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.nxvms.platform.api.archive.VolumeSettings;

/** A volume to add; what is left out has its usual value. */
record VolumeDraft(
        String name,
        String path,
        Optional<Boolean> create,
        @Schema(
                        description = "For footage, or only for copies of it; stays as it is",
                        allowableValues = {"record", "backup"})
                Optional<String> role,
        OptionalLong reserveBytes,
        OptionalInt reservePercent,
        OptionalLong quotaBytes,
        OptionalInt weight,
        OptionalInt retentionDaysMin,
        OptionalInt retentionDaysMax,
        @Schema(allowableValues = {"none", "aes-256-gcm"}) Optional<String> encryption) {
    VolumeDraft {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(path, "path");
    }

    /** @throws IllegalArgumentException whose message begins with the field that cannot work */
    VolumeSettings settings() {
        VolumeChange given = new VolumeChange(
                reserveBytes, reservePercent, quotaBytes, weight, retentionDaysMin, retentionDaysMax, encryption);
        return new VolumeSettings(
                name, path, create.orElse(false), given.over(VolumeSettings.Limits.DEFAULT), parsedRole());
    }

    private VolumeSettings.Role parsedRole() {
        return switch (role.orElse("record")) {
            case "record" -> VolumeSettings.Role.RECORD;
            case "backup" -> VolumeSettings.Role.BACKUP;
            default -> throw new IllegalArgumentException("role must be record or backup, not \"" + role.get() + "\"");
        };
    }

    static String name(VolumeSettings.Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
