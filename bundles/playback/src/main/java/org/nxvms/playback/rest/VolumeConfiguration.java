// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

    /** {@return what the audit is told} */
    Map<String, String> fields(Optional<String> folder) {
        Map<String, String> fields = new TreeMap<>();
        fields.put("role", role);
        fields.put("reserveBytes", Long.toString(reserveBytes));
        fields.put("reservePercent", Integer.toString(reservePercent));
        fields.put("quotaBytes", Long.toString(quotaBytes));
        fields.put("weight", Integer.toString(weight));
        fields.put("retentionDaysMin", Integer.toString(retentionDaysMin));
        fields.put("retentionDaysMax", Integer.toString(retentionDaysMax));
        fields.put("encryption", encryption);
        folder.ifPresent(path -> fields.put("path", path));
        return fields;
    }
}
