// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import org.nxvms.platform.api.archive.VolumeSettings;

/** How a volume is configured. */
record VolumeConfiguration(
        String name,
        String role,
        long reserveBytes,
        int reservePercent,
        long quotaBytes,
        int weight,
        int retentionDaysMin,
        int retentionDaysMax,
        @Schema(allowableValues = {"none", "aes-256-gcm"}) String encryption) {
    static VolumeConfiguration of(String name, VolumeSettings.Role role, VolumeSettings.Limits limits) {
        return new VolumeConfiguration(
                name,
                VolumeDraft.name(role),
                limits.reserveBytes(),
                limits.reservePercent(),
                limits.quotaBytes(),
                limits.weight(),
                limits.retentionDaysMin(),
                limits.retentionDaysMax(),
                limits.encryption().id());
    }
}
