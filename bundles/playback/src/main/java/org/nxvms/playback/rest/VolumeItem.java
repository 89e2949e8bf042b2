// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.nxvms.platform.api.archive.VolumeMoves;
import org.nxvms.platform.api.archive.VolumeSettings;
import org.nxvms.platform.api.archive.VolumeUsage;

/** A volume as it travels; what is not known is left out. */
@Schema(name = "Volume")
public record VolumeItem(
        UUID id,
        String name,
        String kind,
        String location,
        String status,
        String detail,
        @Schema(
                        description = "What it is for: any footage, only that of streams that name it, or nothing new",
                        allowableValues = {"record", "on_request", "retired"})
                String role,
        OptionalLong totalBytes,
        OptionalLong usableBytes,
        OptionalLong reserveBytes,
        OptionalLong quotaBytes,
        OptionalInt weight,
        @Schema(
                        description = "How new footage is written on it",
                        allowableValues = {"none", "aes-256-gcm"})
                String encryption,
        @Schema(description = "Why footage cannot be encrypted now, so that it goes to other volumes, and what to do")
                Optional<String> encryptionTrouble,
        OptionalLong footageBytes,
        OptionalLong segments,
        @Schema(description = "Footage that leaves the volume for others") Optional<Moving> moving) {

    /** How far it is; counts since the server started or the volume was configured anew. */
    @Schema(name = "VolumeMoving")
    public record Moving(
            @Schema(allowableValues = {"retired", "belongs_elsewhere"}) String reason,
            OptionalLong chunksLeft,
            OptionalLong bytesLeft,
            long chunksMoved,
            long bytesMoved,
            @Schema(description = "Why it does not go on, and what to do; empty when it does") String trouble) {
        static Moving of(VolumeMoves.Move move) {
            return new Moving(
                    move.reason().name().toLowerCase(Locale.ROOT),
                    known(move.chunksLeft()),
                    known(move.bytesLeft()),
                    move.chunksMoved(),
                    move.bytesMoved(),
                    move.trouble());
        }
    }

    /** @param limits empty for a volume that is not configured here */
    static VolumeItem of(
            VolumeUsage v, Optional<VolumeSettings.Limits> limits, boolean retired, Optional<VolumeMoves.Move> move) {
        boolean onRequest = limits.filter(set -> set.weight() == 0).isPresent();
        return new VolumeItem(
                v.id(),
                v.name(),
                v.kind(),
                v.location(),
                v.status(),
                v.detail(),
                retired ? "retired" : onRequest ? "on_request" : "record",
                known(v.totalBytes()),
                known(v.usableBytes()),
                known(v.reserveBytes()),
                limits.map(set -> known(set.quotaBytes())).orElse(OptionalLong.empty()),
                limits.map(set -> OptionalInt.of(set.weight())).orElse(OptionalInt.empty()),
                v.encryption().id(),
                Optional.of(v.encryptionTrouble()).filter(text -> !text.isEmpty()),
                known(v.footageBytes()),
                known(v.segments()),
                move.map(Moving::of));
    }

    private static OptionalLong known(long figure) {
        return figure < 0 ? OptionalLong.empty() : OptionalLong.of(figure);
    }
}
