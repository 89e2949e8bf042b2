// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.nxvms.platform.api.archive.ChunkIndex;

/** Those who look after sealed footage, each on a {@link VolumeTask} of each volume: cleaning, moving, copying. */
final class Caretakers {
    private final IndexWriter rows;
    private final ChunkRemover remover;
    private final SpareFiles spares;
    private final Retention retention;
    private final Mover mover;
    private final Backups backups;
    private final Departures departures;
    private final LostRows lostRows;
    private final OutOfReach outOfReach;
    private final long backupLagSecondsMax;

    /**
     * @param isPaused whether nothing may change, since volumes and index are compared
     * @param departures which volumes left with footage on them
     * @param lostRows which have footage that the database does not know
     */
    Caretakers(
            VolumeSet volumes,
            VolumeChoice choice,
            ChunkClaims claims,
            SpareFiles spares,
            RemovedSegments removed,
            IndexWriter rows,
            GapLedger ledger,
            OpenReaders readers,
            LockBook locks,
            RetentionClock clock,
            BooleanSupplier isPaused,
            Departures departures,
            LostRows lostRows,
            LongSupplier nowUs,
            ArchiveSettings settings) {
        this.rows = rows;
        this.departures = departures;
        this.lostRows = lostRows;
        this.spares = spares;
        this.remover = new ChunkRemover(ledger, readers, locks, claims, spares, removed);
        this.retention = new Retention(remover, rows, readers, clock, locks, settings.retentionSeconds());
        Pace ofMoves = new Pace(settings.moveBytesPerSecond());
        this.mover = new Mover(volumes::recording, volumes::all, choice, claims, isPaused, locks, readers, ofMoves);
        Pace ofCopies = new Pace(settings.backupBytesPerSecond());
        // Not clock.nowUs(): the first who asks that lets it believe the wall, and only volumes know better.
        this.backups = new Backups(
                volumes::all, claims, isPaused, () -> new BackupCopy(locks, ofCopies), clock::expectedUs, nowUs);
        this.outOfReach = new OutOfReach(volumes::all, backups.wishes());
        this.backupLagSecondsMax = TimeUnit.MINUTES.toSeconds(settings.backupLagMinutes());
    }

    List<VolumeTask> tasks(FootageVolume one) {
        List<VolumeTask> tasks = new ArrayList<>();
        tasks.add(new VolumeTask(one, "clean", Thread.NORM_PRIORITY, this::clean));
        tasks.add(
                one.volume().isBackup()
                        ? new VolumeTask(one, "copy", Thread.MIN_PRIORITY, this::copy)
                        : new VolumeTask(one, "move", Thread.MIN_PRIORITY, this::move));
        return tasks;
    }

    private long clean(FootageVolume volume) throws IOException {
        retention.turn(volume, rows.index());
        return retention.pauseNanos(volume);
    }

    private long move(FootageVolume volume) throws IOException {
        long pauseNanos = mover.turn(volume, rows.index());
        return Math.min(pauseNanos, lookAfterRows());
    }

    private long copy(FootageVolume volume) throws IOException {
        backups.turn(volume, rows.index());
        return Math.min(backups.pauseNanos(volume), lookAfterRows());
    }

    /** Of volumes that left and come back, and of those whose rows were lost. */
    private long lookAfterRows() throws IOException {
        Optional<ChunkIndex> index = rows.index();
        if (index.isPresent()) {
            departures.turn(index.get());
            lostRows.turn(index.get());
        }
        return Math.min(departures.pauseNanos(), lostRows.pauseNanos());
    }

    Departures departures() {
        return departures;
    }

    LostRows lostRows() {
        return lostRows;
    }

    ChunkRemover remover() {
        return remover;
    }

    SpareFiles spares() {
        return spares;
    }

    Retention retention() {
        return retention;
    }

    Mover mover() {
        return mover;
    }

    Backups backups() {
        return backups;
    }

    OutOfReach outOfReach() {
        return outOfReach;
    }

    /** {@return how long footage may wait for its copy until somebody is told} */
    long backupLagSecondsMax() {
        return backupLagSecondsMax;
    }
}
