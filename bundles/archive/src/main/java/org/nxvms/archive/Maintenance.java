// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.ArchiveMaintenance.Progress;
import org.nxvms.platform.api.archive.ArchiveMaintenance.Report;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;

/** Compares volumes and index, and makes the index again from the volumes (archive.md invariant 4). */
final class Maintenance {
    private static final int PROGRESS_EVERY = 500;
    private static final long MOVES_S_MAX = 10;

    private final Supplier<Collection<FootageVolume>> volumes;
    private final IndexWriter rows;
    private final FootageProofs proofs;
    private final ChunkClaims claims;
    private final SpareFiles spares;
    private final RemovedSegments removed;
    private final GapLedger ledger;
    private final JournalQueue toJournal;
    private final AtomicBoolean busy = new AtomicBoolean();

    Maintenance(
            Supplier<Collection<FootageVolume>> volumes,
            IndexWriter rows,
            FootageProofs proofs,
            ChunkClaims claims,
            SpareFiles spares,
            RemovedSegments removed,
            GapLedger ledger,
            JournalQueue toJournal) {
        this.ledger = ledger;
        this.toJournal = toJournal;
        this.removed = removed;
        this.spares = spares;
        this.claims = claims;
        this.volumes = volumes;
        this.rows = rows;
        this.proofs = proofs;
    }

    Report check(boolean verifyHashes, Consumer<Progress> progress) {
        return alone(() -> new Pass(false, verifyHashes, progress).run());
    }

    /** {@return whether a check or rebuild is running} */
    boolean isBusy() {
        return busy.get();
    }

    Report rebuild(Consumer<Progress> progress) {
        return alone(() -> new Pass(true, false, progress).run());
    }

    /**
     * As {@link #rebuild(Consumer)}, of files on some volumes only. The journals of all are read: a gap may begin in one and
     * end in another.
     *
     * @return volumes that were read to their end
     */
    Set<UUID> rebuild(Set<UUID> only, Consumer<Progress> progress) {
        Pass pass = new Pass(true, false, progress);
        pass.isWanted = volume -> only.contains(volume.volume().id());
        pass.isEverything = false;
        alone(pass::run);
        return pass.read();
    }

    /**
     * Writes rows for files of a volume that is in use again.
     *
     * @param only these; empty for all
     * @return those that could not be looked at now; what is recorded there, or repaired, gets its row by itself
     */
    Set<ChunkName> adopt(FootageVolume volume, Set<ChunkName> only) throws IOException {
        removed.load();
        Pass pass = new Pass(true, false, progress -> {});
        IOException[] unreadable = new IOException[1];
        alone(() -> {
            try {
                pass.adopt(volume, only);
            } catch (IOException failed) {
                unreadable[0] = failed;
            }
            return pass.report(0);
        });
        if (unreadable[0] != null) {
            throw unreadable[0];
        }
        return pass.again;
    }

    private Report alone(Supplier<Report> operation) {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("an archive check or rebuild is running already; wait for its end");
        }
        try {
            removed.load();
            awaitMoves();
            return operation.get();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    "which chunks people removed cannot be read; check the data disk", unreadable);
        } finally {
            busy.set(false);
        }
    }

    /** None begins while this is busy; one that hangs is passed by. */
    private void awaitMoves() {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOVES_S_MAX);
        while (!claims.isEmpty() && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** Open, on its way to another volume, or sealed and waiting for its row. */
    boolean isInWork(FootageVolume volume, ChunkName name) {
        UUID id = name.segmentId();
        return volume.isInWork(name)
                || claims.isClaimed(id)
                || volumes.get().stream().anyMatch(one -> one.isInWork(id))
                || rows.waitingSegments().stream()
                        .anyMatch(segment -> segment.id().equals(id));
    }

    /** One walk over all volumes. */
    private final class Pass {
        private final ChunkIndex index = rows.index()
                .orElseThrow(() -> new StoreException("the database is not there; nothing can be compared", null));
        private final boolean repair;
        private final boolean verifyHashes;
        private final Consumer<Progress> progress;
        private final Findings findings = new Findings();
        private final GapComparison gaps = new GapComparison(index, rows, ledger, toJournal, this::journals);
        private final RunLinks links = new RunLinks(this::found);
        private final BackupComparison backups;
        /** Chunks that somebody else had just then. */
        private final Set<UUID> passedBy = new HashSet<>();

        private final ChunkCount counted = new ChunkCount();
        /** Files to be looked at again. */
        private final Set<ChunkName> again = new HashSet<>();

        /** Whose journals were read. */
        private final List<FootageVolume> journalled = new ArrayList<>();

        private Predicate<FootageVolume> isWanted = volume -> true;
        /** Whether it is said of all volumes and rows. */
        private boolean isEverything = true;

        private boolean gapsCompared;
        private boolean allReadable = true;
        private long chunks;
        private long bytes;

        Pass(boolean repair, boolean verifyHashes, Consumer<Progress> progress) {
            this.repair = repair;
            this.verifyHashes = verifyHashes;
            this.progress = progress;
            this.backups = new BackupComparison(index, spares, repair, this::problem);
        }

        Report run() {
            for (FootageVolume volume : inOrder()) {
                Volume.Status status = volume.volume().status();
                if (status == Volume.Status.ABSENT || status == Volume.Status.WRONG_IDENTITY) {
                    notReadable(volume, volume.volume().statusDetail());
                    continue;
                }
                try {
                    if (isWanted.test(volume)) {
                        files(volume);
                        new RowsWithoutFile(index, claims, backups, repair, this::problem).of(volume.volume());
                        backups.rowsWithoutFile(volume.volume());
                    }
                    GapJournal.last(volume.volume()).forEach(gaps::add);
                    journalled.add(volume);
                } catch (IOException failed) {
                    notReadable(volume, failed.getMessage());
                }
                counted.end(volume);
                tell(volume);
            }
            long found = gaps.kept().count();
            compareGaps();
            if (isEverything) {
                rollups();
            }
            // A chunk on a volume that cannot be read is not missing.
            if (isEverything && allReadable) {
                links.finish(new AccountedChunks(volumes, rows, index, gaps, passedBy));
            }
            return report(found);
        }

        private void notReadable(FootageVolume volume, String why) {
            problem("volume not readable", volume.name() + ": " + why, false);
            allReadable = false;
        }

        /** @param only these files; empty for all */
        void adopt(FootageVolume volume, Set<ChunkName> only) throws IOException {
            // Under the mount point of a volume that is not there no file is found.
            volume.volume().space();
            if (only.isEmpty()) {
                files(volume);
            } else {
                only.forEach(name -> chunk(volume, name, 0));
            }
            volume.volume().space();
        }

        private void files(FootageVolume volume) throws IOException {
            volume.volume().list("", file -> {
                ChunkName.parse(file.path()).ifPresent(name -> chunk(volume, name, file.sizeBytes()));
                return !volume.isLeaving();
            });
            if (volume.isLeaving()) {
                throw new IOException("it is taken out of use, or configured anew");
            }
        }

        Set<UUID> read() {
            return gapsCompared
                    ? journalled.stream().map(one -> one.volume().id()).collect(Collectors.toUnmodifiableSet())
                    : Set.of();
        }

        private Report report(long found) {
            return new Report(
                    chunks,
                    bytes,
                    found,
                    findings.problems(),
                    findings.examples(),
                    findings.repaired(),
                    counted.volumes(),
                    passedBy.size());
        }

        /** Backups last, so that a file elsewhere is known to be the one that counts. */
        private List<FootageVolume> inOrder() {
            return volumes.get().stream()
                    .sorted(Comparator.comparing(volume -> volume.volume().isBackup()))
                    .toList();
        }

        private void rollups() {
            long different = index.checkRollups(repair);
            if (different > 0) {
                findings.add("roll-up of a day differs from its rows", different, repair);
            }
        }

        private void tell(FootageVolume volume) {
            progress.accept(new Progress(volume.volume().name(), chunks, findings.count()));
        }

        private void problem(String kind, String example, boolean putRight) {
            findings.add(kind, example, putRight);
        }

        private void found(String kind, String example) {
            problem(kind, example, false);
        }

        private void chunk(FootageVolume volume, ChunkName name, long size) {
            if (isInWork(volume, name)) {
                passedBy.add(name.segmentId());
                if (claims.isClaimed(name.segmentId()) || volume.unsettled().contains(name.segmentId())) {
                    again.add(name);
                }
                return;
            }
            chunks++;
            bytes += size;
            if (chunks % PROGRESS_EVERY == 0) {
                tell(volume);
            }
            try {
                Optional<ChunkReader.Sealed> sealed = ChunkReader.read(volume.volume(), name.path());
                if (sealed.isEmpty()) {
                    if (!isInWork(volume, name)) {
                        boolean done = repair && volume.repair(name.path());
                        problem("file not sealed", name.path(), done);
                    }
                    counted.add(volume, name, sealed);
                    return;
                }
                counted.add(volume, name, sealed);
                if (removed.has(name.segmentId()) && index.get(name.segmentId()).isEmpty()) {
                    // While its volume was away, or before the database was lost. Retention ends what is marked,
                    // and keeps what is locked.
                    if (repair) {
                        Markers.delete(volume.volume()).set(name.path());
                    }
                    problem("file of footage that was removed by hand", volume.name() + ": " + name.path(), repair);
                    return;
                }
                if (backups.isCopy(volume, sealed.get().row())) {
                    if (verifyHashes) {
                        proofs.verify(volume.volume(), name.path(), sealed.get(), this::found);
                    }
                    return;
                }
                SecondCopy second = SecondCopy.of(volume, sealed.get().row().segment(), volumes.get(), index);
                if (second != SecondCopy.NONE) {
                    if (second == SecondCopy.LEFT) {
                        problem("second copy of a chunk", volume.name() + ": " + name.path(), false);
                    }
                    return;
                }
                compare(name, sealed.get().row());
                gaps.add(volume.volume(), name, sealed.get());
                Segment segment = sealed.get().row().segment();
                links.add(new RunLinks.Link(
                        name,
                        sealed.get().previousRoot(),
                        sealed.get().checkpoint().root(),
                        segment.startUs(),
                        segment.endUs(),
                        sealed.get().flags()));
                if (!repair) {
                    proofs.key(name.path(), sealed.get(), this::found);
                }
                if (verifyHashes) {
                    proofs.verify(volume.volume(), name.path(), sealed.get(), this::found);
                }
            } catch (NoSuchFileException removedMeanwhile) {
                chunks--;
                bytes -= size;
            } catch (IOException damaged) {
                if (!(damaged instanceof ChunkReader.DamagedException)) {
                    again.add(name);
                }
                problem("file damaged", damaged.getMessage(), false);
            }
        }

        private void compare(ChunkName name, StoredSegment row) {
            Optional<Segment> stored = index.get(name.segmentId());
            if (stored.isEmpty()) {
                if (repair) {
                    index.insert(List.of(row));
                }
                problem("file without a row", name.path(), repair);
            } else if (!stored.get().equals(row.segment())) {
                if (repair) {
                    index.replace(row);
                }
                problem("row differs from its file", name.path(), repair);
            }
        }

        private void journals(Consumer<GapJournal.Entry> visitor) throws IOException {
            for (FootageVolume volume : journalled) {
                GapJournal.last(volume.volume()).forEach(visitor);
            }
        }

        private void compareGaps() {
            try {
                gaps.compare(repair, this::problem);
                gapsCompared = true;
            } catch (IOException failed) {
                problem("gaps not compared", failed.getMessage(), false);
            }
        }
    }
}
