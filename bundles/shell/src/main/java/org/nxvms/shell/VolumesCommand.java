// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.VolumeAdmin;
import org.nxvms.platform.api.archive.VolumeBackups;
import org.nxvms.platform.api.archive.VolumeMoves;
import org.nxvms.platform.api.archive.VolumeSettings;
import org.nxvms.platform.api.archive.VolumeUsage;

/** {@code nxvms:volumes}. */
@Service
@Command(
        scope = "nxvms",
        name = "volumes",
        description =
                "Lists the volumes: state, what they are for, footage, free space, quota, what is being moved, and how far copies are."
                        + " Sizes are in GB.")
public final class VolumesCommand extends ServerCommand {
    @Override
    void run(Services services) throws Exception {
        Archive archive = services.require(Archive.class, "The archive");
        Optional<VolumeAdmin> admin = services.find(VolumeAdmin.class);
        Map<String, VolumeSettings.Limits> limits =
                admin.map(VolumeAdmin::volumes).orElse(Map.of());
        Set<String> retired = admin.map(VolumeAdmin::retired).orElse(Set.of());
        Map<String, VolumeMoves.Move> moves = new TreeMap<>();
        services.find(VolumeMoves.class).ifPresent(all -> all.moves().forEach(move -> moves.put(move.volume(), move)));
        Map<String, VolumeBackups.Backup> backups = new TreeMap<>();
        services.find(VolumeBackups.class)
                .ifPresent(all -> all.backups().forEach(backup -> backups.put(backup.volume(), backup)));
        ShellTable table = new ShellTable();
        table.column("Volume");
        table.column("State");
        table.column("Role");
        table.column("Footage").alignRight();
        table.column("Chunks").alignRight();
        table.column("Free").alignRight();
        table.column("Reserve").alignRight();
        table.column("Quota").alignRight();
        table.column("Days").alignRight();
        table.column("Encryption");
        table.column("Moving, copying");
        table.column("Location");
        table.column("Detail");
        table.emptyTableText("No volume is configured; nothing can be recorded.");
        for (VolumeUsage volume : archive.volumes()) {
            Optional<VolumeSettings.Limits> set = Optional.ofNullable(limits.get(volume.name()));
            table.addRow()
                    .addContent(
                            volume.name(),
                            volume.status(),
                            volume.backup() ? "backup" : role(set, retired.contains(volume.name())),
                            gigabytes(volume.footageBytes()),
                            volume.segments() < 0 ? "?" : volume.segments(),
                            gigabytes(volume.usableBytes()),
                            gigabytes(volume.reserveBytes()),
                            set.map(VolumeSettings.Limits::quotaBytes)
                                    .filter(bytes -> bytes >= 0)
                                    .map(VolumesCommand::gigabytes)
                                    .orElse("-"),
                            set.map(VolumesCommand::days).orElse("-"),
                            volume.encryption() == FootageEncryption.NONE
                                    ? "-"
                                    : volume.encryption().id(),
                            Optional.ofNullable(moves.get(volume.name()))
                                    .map(VolumesCommand::moving)
                                    .or(() -> Optional.ofNullable(backups.get(volume.name()))
                                            .map(VolumesCommand::copying))
                                    .orElse(""),
                            volume.location(),
                            volume.encryptionTrouble().isEmpty() ? volume.detail() : volume.encryptionTrouble());
        }
        table.print(out());
    }

    private static String role(Optional<VolumeSettings.Limits> limits, boolean retired) {
        if (retired) {
            return "retired";
        }
        return limits.filter(set -> set.weight() == 0).isPresent()
                ? "on request"
                : limits.map(set -> "record, weight " + set.weight()).orElse("record");
    }

    private static String days(VolumeSettings.Limits limits) {
        String max = limits.retentionDaysMax() < 0 ? "-" : String.valueOf(limits.retentionDaysMax());
        return limits.retentionDaysMin() == 0 ? max : limits.retentionDaysMin() + ".." + max;
    }

    private static String copying(VolumeBackups.Backup backup) {
        String waiting = backup.chunksWaiting() <= 0
                ? ""
                : "waiting: " + chunks(backup.chunksWaiting(), backup.bytesWaiting()) + ", for up to "
                        + backup.lagSeconds() + " s; ";
        String copied = backup.chunksCopied() + " copied";
        return waiting + copied + (backup.trouble().isEmpty() ? "" : ": " + backup.trouble());
    }

    private static String moving(VolumeMoves.Move move) {
        String left = move.chunksLeft() < 0 ? "" : chunks(move.chunksLeft(), move.bytesLeft()) + " left, ";
        String moved = move.chunksMoved() + " moved";
        return left + moved + (move.trouble().isEmpty() ? "" : ": " + move.trouble());
    }

    private static String chunks(long count, long bytes) {
        return count + (count == 1 ? " chunk (" : " chunks (") + gigabytes(bytes) + ")";
    }

    private static String gigabytes(long bytes) {
        return bytes < 0 ? "?" : String.format(Locale.ROOT, "%.1f", bytes / 1e9);
    }
}
