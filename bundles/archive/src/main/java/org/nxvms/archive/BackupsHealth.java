// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.VolumeBackups;
import org.nxvms.platform.api.health.HealthCheck;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Health part {@code backups}: whether footage that wishes a copy gets it in time. */
@Component(service = HealthCheck.class)
public final class BackupsHealth implements HealthCheck {
    private final ChunkArchive archive;

    @Activate
    public BackupsHealth(@Reference ChunkArchive archive) {
        this.archive = archive;
    }

    @Override
    public String name() {
        return "backups";
    }

    @Override
    public boolean requiredForReadiness() {
        return false;
    }

    @Override
    public Result check() {
        Map<String, Object> figures = new TreeMap<>();
        Result result = new Result(Status.UP, "", figures);
        for (VolumeBackups.Backup one :
                archive.care().backups().report(archive.rows().index())) {
            figures.put(one.volume() + "ChunksWaiting", one.chunksWaiting());
            figures.put(one.volume() + "LagSeconds", one.lagSeconds());
            if (!one.trouble().isEmpty()) {
                result = worse(result, "backup volume " + one.volume() + ": " + one.trouble())
                        .found("backup_troubled", Map.of("volume", one.volume()));
            } else if (one.lagSeconds() > archive.care().backupLagSecondsMax()) {
                long minutes = one.lagSeconds() / 60;
                result = worse(
                                result,
                                "backup volume " + one.volume() + " is behind by "
                                        + minutes
                                        + (minutes == 1 ? " minute and " : " minutes and ")
                                        + Trouble.chunks(one.chunksWaiting())
                                        + "; raise backupMebibytesPerSecond, or see whether"
                                        + " the volume is too slow or full of locked footage")
                        .found(
                                "backup_lags",
                                Map.of("volume", one.volume(), "minutes", minutes, "count", one.chunksWaiting()));
            }
        }
        List<StreamId> unserved = archive.care().backups().wishes().unserved();
        if (!unserved.isEmpty()) {
            result = worse(
                            result,
                            unserved.size()
                                    + (unserved.size() == 1 ? " stream gets" : " streams get")
                                    + " no copy, since no backup volume named for it is there and well; the first is "
                                    + unserved.get(0))
                    .found("streams_without_backup", Map.of("count", unserved.size()));
        }
        for (OutOfReach.Missing one :
                archive.care().outOfReach().look(archive.rows().index())) {
            result = worse(
                            result,
                            one.segments() + (one.segments() == 1 ? " segment" : " segments")
                                    + " without a copy in reach cannot be seen, since volume " + one.volume()
                                    + " is out of reach; bring it back, or take it out of use, so that its time is a gap")
                    .found("footage_out_of_reach", Map.of("volume", one.volume(), "count", one.segments()));
        }
        Optional<String> gaveAway = archive.care().retention().gaveAway();
        if (gaveAway.isPresent()) {
            result = worse(
                            result,
                            "backup volume " + gaveAway.get()
                                    + " is full and gives away copies whose original is out of"
                                    + " reach; bring back the volume of the original, take it out of use when it is dead,"
                                    + " or raise the quota")
                    .found("backup_gives_away", Map.of("volume", gaveAway.get()));
        }
        return new Result(result.status(), result.detail(), figures, result.findings());
    }

    private static Result worse(Result before, String why) {
        String all = before.detail().isEmpty() ? why : before.detail() + "; " + why;
        return new Result(Status.DEGRADED, all, before.figures(), before.findings());
    }
}
