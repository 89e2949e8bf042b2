// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.VolumeSettings;

/** What of a volume can be changed; what is left out stays. -1 takes reserveBytes, quotaBytes, retentionDaysMax away. */
record VolumeChange(
        OptionalLong reserveBytes,
        OptionalInt reservePercent,
        OptionalLong quotaBytes,
        OptionalInt weight,
        OptionalInt retentionDaysMin,
        OptionalInt retentionDaysMax,
        @Schema(
                        description = "How new footage is written; what is there already stays as it is",
                        allowableValues = {"none", "aes-256-gcm"})
                Optional<String> encryption) {
    VolumeSettings.Limits over(VolumeSettings.Limits before) {
        return new VolumeSettings.Limits(
                reserveBytes.orElse(before.reserveBytes()),
                reservePercent.orElse(before.reservePercent()),
                quotaBytes.orElse(before.quotaBytes()),
                weight.orElse(before.weight()),
                encryption.map(FootageEncryption::of).orElse(before.encryption()),
                retentionDaysMin.orElse(before.retentionDaysMin()),
                retentionDaysMax.orElse(before.retentionDaysMax()));
    }
}
