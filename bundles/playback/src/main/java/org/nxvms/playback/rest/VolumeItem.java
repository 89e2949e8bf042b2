// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.nxvms.platform.api.archive.VolumeBackups;
import org.nxvms.platform.api.archive.VolumeMoves;
import org.nxvms.platform.api.archive.VolumeSettings;
import org.nxvms.platform.api.archive.VolumeUsage;
import org.nxvms.platform.api.health.HealthCheck;

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
                        description =
                                "What it is for: any footage, only that of streams that name it, nothing new, or copies",
                        allowableValues = {"record", "on_request", "retired", "backup"})
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
        OptionalInt retentionDaysMin,
        OptionalInt retentionDaysMax,
        OptionalLong footageBytes,
        OptionalLong segments,
        @Schema(description = "Footage that leaves the volume for others") Optional<Moving> moving,
        @Schema(description = "How far the copies on a backup volume are") Optional<Backup> backup) {

    /** How far it is; counts since the server started or the volume was configured anew. */
    @Schema(name = "VolumeMoving")
    public record Moving(
            @Schema(allowableValues = {"retired", "belongs_elsewhere"}) String reason,
            OptionalLong chunksLeft,
            OptionalLong bytesLeft,
            long chunksMoved,
            long bytesMoved,
            @Schema(description = "Why it does not go on, and what to do; empty when it does") String trouble,
            @Schema(description = "The same in a code") Optional<HealthCheck.Finding> finding) {
        static Moving of(VolumeMoves.Move move) {
            return new Moving(
                    move.reason().name().toLowerCase(Locale.ROOT),
                    known(move.chunksLeft()),
                    known(move.bytesLeft()),
                    move.chunksMoved(),
                    move.bytesMoved(),
                    move.trouble(),
                    move.finding());
        }
    }

    /** How far copies are; counts since the server started or the volume was configured anew. */
    @Schema(name = "VolumeBackup")
    public record Backup(
            @Schema(description = "Sealed chunks that wait for their copy") OptionalLong chunksWaiting,
            OptionalLong bytesWaiting,
            @Schema(description = "How long ago the oldest of them ended") OptionalLong lagSeconds,
            long chunksCopied,
            long bytesCopied,
            @Schema(description = "Why it does not go on, and what to do; empty when it does") String trouble,
            @Schema(description = "The same in a code") Optional<HealthCheck.Finding> finding) {
        static Backup of(VolumeBackups.Backup one) {
            return new Backup(
                    known(one.chunksWaiting()),
                    known(one.bytesWaiting()),
                    known(one.lagSeconds()),
                    one.chunksCopied(),
                    one.bytesCopied(),
                    one.trouble(),
                    one.finding());
        }
    }

    /** @param limits empty for a volume that is not configured here */
    static VolumeItem of(
            VolumeUsage v,
            Optional<VolumeSettings.Limits> limits,
            boolean retired,
            Optional<VolumeMoves.Move> move,
            Optional<VolumeBackups.Backup> backup) {
        return new VolumeItem(
                v.id(),
                v.name(),
                v.kind(),
                v.location(),
                v.status(),
                v.detail(),
                role(v, limits, retired),
                known(v.totalBytes()),
                known(v.usableBytes()),
                known(v.reserveBytes()),
                limits.map(set -> known(set.quotaBytes())).orElse(OptionalLong.empty()),
                limits.map(set -> OptionalInt.of(set.weight())).orElse(OptionalInt.empty()),
                v.encryption().id(),
                Optional.of(v.encryptionTrouble()).filter(text -> !text.isEmpty()),
                limits.map(set -> OptionalInt.of(set.retentionDaysMin())).orElse(OptionalInt.empty()),
                limits.filter(set -> set.retentionDaysMax() > 0)
                        .map(set -> OptionalInt.of(set.retentionDaysMax()))
                        .orElse(OptionalInt.empty()),
                known(v.footageBytes()),
                known(v.segments()),
                move.map(Moving::of),
                backup.map(Backup::of));
    }

    private static String role(VolumeUsage volume, Optional<VolumeSettings.Limits> limits, boolean retired) {
        if (volume.backup()) {
            return "backup";
        }
        boolean onRequest = limits.filter(set -> set.weight() == 0).isPresent();
        return retired ? "retired" : onRequest ? "on_request" : "record";
    }

    private static OptionalLong known(long figure) {
        return figure < 0 ? OptionalLong.empty() : OptionalLong.of(figure);
    }
}
