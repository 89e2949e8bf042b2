// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.health.HealthCheck;

/** Two files of a chunk when disks fail, servers die, people remove and databases are made anew. */
class BackupFaultsTest extends BackupStory {
    private static final int STEPS_MAX = 100;

    @Test
    void aDeathAtAnyStepOfACopyLosesNothingAndLeavesNothingBehind() throws Exception {
        int step = 1;
        while (!diesAtStep(step)) {
            step++;
            assertThat(step).isLessThan(STEPS_MAX);
        }
        assertThat(step).as("steps that were tried").isGreaterThan(5);
    }

    /** {@return whether all was copied before that step came} */
    private boolean diesAtStep(int step) throws Exception {
        Path at = folder.resolve(String.valueOf(step));
        index.rows.clear();
        index.copies().volumes.clear();
        start(at);
        use(a);
        record(TERMS, 2);
        AtomicInteger steps = new AtomicInteger();
        AtomicBoolean dead = new AtomicBoolean();
        b.tornBytes = step * 37 % 700;
        b.gate = (operation, path) -> {
            boolean ofACopy = path.startsWith("journal/copy/") || path.endsWith(".mp4");
            if (dead.get() || ofACopy && steps.incrementAndGet() >= step) {
                dead.set(true);
                throw new IOException("died at step " + step + ": " + operation + " of " + path);
            }
        };
        a.gate = (operation, path) -> {
            if (dead.get()) {
                throw new IOException("dead");
            }
        };
        use(b);
        ArchiveHouse.await(() ->
                dead.get() || index.copies().volumes.size() == 1 && copying().isEmpty());
        boolean done = !dead.getAndSet(true);
        die();

        // The row may have been lost with the power.
        index.copies().volumes.clear();
        start(at);
        use(a);
        use(b);
        archive.wished(CAMERA, TERMS);
        ArchiveHouse.await(() -> index.copies().volumes.size() == 1 && copying().isEmpty());
        assertThat(files(b)).as("after step " + step).hasSize(1);
        isSound();
        stop();
        return done;
    }

    @Test
    void whatAPersonRemovesGoesFromBothOrFromNone() throws Exception {
        start(folder);
        List<Segment> segments = recordAndCopy();
        HandRemoval removal = new HandRemoval(archive);
        archive.removeVolume(b);
        var plan = removal.plan(CAMERA.cameraId(), T0, segments.get(0).endUs());
        var outcome = removal.remove(plan, "admin");
        assertThat(outcome.kept()).isEqualTo(1);
        assertThat(outcome.trouble()).contains("its copy is on a volume that is not in use");
        assertThat(segments()).hasSize(3);

        use(b);
        assertThat(removal.remove(plan, "admin").removed()).isEqualTo(1);
        assertThat(files(a)).hasSize(2);
        assertThat(files(b)).hasSize(2).doesNotContain(segments.get(0).path());
        assertThat(segments()).hasSize(2);
        isSound();
    }

    @Test
    void aRemovalThatOneVolumeRefusesTakesNothingFromTheOther() throws Exception {
        start(folder);
        List<Segment> segments = recordAndCopy();
        HandRemoval removal = new HandRemoval(archive);
        var plan = removal.plan(CAMERA.cameraId(), T0, segments.get(0).endUs());
        FaultyVolume.Gate refuses = (operation, path) -> {
            if (path.startsWith("journal/delete/")) {
                throw new IOException("Read-only file system");
            }
        };
        for (FaultyVolume sick : List.of(b, a)) {
            sick.gate = refuses;
            var outcome = removal.remove(plan, "admin");
            assertThat(outcome.kept()).isEqualTo(1);
            assertThat(outcome.trouble()).contains("Read-only");
            sick.gate = (operation, path) -> {};
            assertThat(Markers.delete(a).all()).isEmpty();
            assertThat(Markers.delete(b).all()).isEmpty();
        }
        assertThat(segments()).isEqualTo(segments);
        assertThat(files(a)).hasSize(3);
        assertThat(files(b)).hasSize(3);
        isSound();
        assertThat(removal.remove(plan, "admin").removed()).isEqualTo(1);
        assertThat(files(b)).hasSize(2);
    }

    @Test
    void whereItsCopyLiesIsAskedWhenNobodyElseHasTheChunk() throws Exception {
        start(folder);
        Segment first = recordAndCopy().get(0);
        ChunkClaims claims = new ChunkClaims();
        Set<Boolean> claimed = ConcurrentHashMap.newKeySet();
        SpareFiles spares = new SpareFiles(() -> {
            claimed.add(claims.isClaimed(first.id()));
            return archive.footageVolumes();
        });
        ChunkRemover remover = new ChunkRemover(
                archive.ledger(),
                archive.readers(),
                archive.locks(),
                claims,
                spares,
                new RemovedSegments(folder.resolve("removed")));
        assertThat(remover.removeAll(index, first, () -> {})).isEqualTo(ChunkRemover.Outcome.REMOVED);
        assertThat(claimed).containsExactly(true);
    }

    @Test
    void aRebuildThatMakesARowAnewKeepsItsCopy() throws Exception {
        start(folder);
        List<Segment> segments = recordAndCopy();
        var rows = Map.copyOf(index.rows);
        var copies = Map.copyOf(index.copies().volumes);
        var row = index.rows.get(segments.get(0).id());
        index.rows.put(
                segments.get(0).id(),
                new org.nxvms.platform.api.archive.ChunkIndex.StoredSegment(
                        Altered.sized(row.segment(), 17), row.retentionDaysMax(), row.retentionDaysMin()));
        archive.rebuild(progress -> {});
        assertThat(index.rows).isEqualTo(rows);
        assertThat(index.copies().volumes).isEqualTo(copies);
    }

    @Test
    void aMoveThatWasNotEndedCostsNoMainFileWhenTheRowNamesTheBackup() throws Exception {
        start(folder);
        List<Segment> segments = recordAndCopy();
        FaultyVolume c = volume(folder, "c");
        Segment first = segments.get(0);
        Path moved = folder.resolve("c").resolve(first.path());
        Files.createDirectories(moved.getParent());
        Files.copy(folder.resolve("a").resolve(first.path()), moved);
        Markers.move(c).set(Arrivals.marker(a, first.path()));
        // As after a rebuild while both were away.
        index.copies().promote(first.id());
        assertThat(segments().get(0).volumeId()).isEqualTo(b.id());
        use(c);
        ArchiveHouse.await(() -> files(a).size() + files(c).size() == 3
                && !segments().get(0).volumeId().equals(b.id()));
        assertThat(index.copies().volumes).hasSize(3);
        assertThat(files(b)).hasSize(3);
        isSound();
    }

    @Test
    void aRebuildKnowsWhichFileCounts() throws Exception {
        start(folder);
        recordAndCopy();
        var rows = Map.copyOf(index.rows);
        var copies = Map.copyOf(index.copies().volumes);
        index.rows.clear();
        index.copies().volumes.clear();
        archive.rebuild(progress -> {});
        assertThat(index.rows).isEqualTo(rows);
        assertThat(index.copies().volumes).isEqualTo(copies);

        // Rebuilt while the main volume is away, the copies are all the footage there is; then that comes back.
        archive.removeVolume(a);
        index.rows.clear();
        index.copies().volumes.clear();
        archive.rebuild(progress -> {});
        assertThat(allOn(b)).isTrue();
        assertThat(segments()).hasSize(3);
        use(a);
        assertThat(archive.check(false, progress -> {}).problems()).containsOnlyKeys("row names the backup");
        archive.rebuild(progress -> {});
        assertThat(index.rows).isEqualTo(rows);
        assertThat(index.copies().volumes).isEqualTo(copies);
        isSound();
    }

    @Test
    void whatAPersonRemovesGoesFromTheOtherFileTooWhenTheRowNamesTheBackup() throws Exception {
        start(folder);
        List<Segment> segments = recordAndCopy();
        Segment first = segments.get(0);
        // As after a rebuild while the main volume was away; it is back since.
        segments.forEach(segment -> index.copies().promote(segment.id()));
        HandRemoval removal = new HandRemoval(archive);
        var plan = removal.plan(CAMERA.cameraId(), T0, first.endUs());
        assertThat(removal.remove(plan, "admin").removed()).isEqualTo(1);
        assertThat(files(a)).hasSize(2).doesNotContain(first.path());
        assertThat(files(b)).hasSize(2).doesNotContain(first.path());
        archive.rebuild(progress -> {});
        assertThat(segments()).hasSize(2);
    }

    @Test
    void aRebuildDoesNotBringBackWhatAPersonRemoved() throws Exception {
        start(folder);
        Segment first = recordAndCopy().get(0);
        archive.removeVolume(b);
        // As after a rebuild while the backup was away.
        index.copies().volumes.clear();
        HandRemoval removal = new HandRemoval(archive);
        var plan = removal.plan(CAMERA.cameraId(), T0, first.endUs());
        assertThat(removal.remove(plan, "admin").removed()).isEqualTo(1);
        ArchiveHouse.await(() ->
                archive.toJournal().isEmpty() && archive.rows().waitingGaps().isEmpty());
        // Before the backup is there again: what is being copied has no row made by a rebuild.
        index.rows.clear();
        index.gaps.clear();
        use(b);
        assertThat(archive.rebuild(progress -> {}).problems()).containsKey("file of footage that was removed by hand");
        assertThat(segments()).hasSize(2).extracting(Segment::id).doesNotContain(first.id());
        ArchiveHouse.await(() -> files(b).size() == 2);
        assertThat(files(b)).doesNotContain(first.path());
    }

    @Test
    void aCopyWhoseSyncFailedIsMadeAnew() throws Exception {
        start(folder);
        use(a);
        record(TERMS, 2);
        AtomicInteger made = new AtomicInteger();
        AtomicBoolean sick = new AtomicBoolean(true);
        b.gate = (operation, path) -> {
            boolean ofACopy = path.endsWith(".mp4");
            made.addAndGet(ofACopy && operation.equals("create") ? 1 : 0);
            // After a failed sync the pages are clean, and the file reads well.
            if (ofACopy && sick.get() && (operation.equals("forceDirectory") || operation.equals("delete"))) {
                throw new IOException("Input/output error");
            }
        };
        use(b);
        ArchiveHouse.await(() -> copies().trouble().contains("Input/output error"));
        assertThat(files(b)).hasSize(1);
        sick.set(false);
        ArchiveHouse.await(() -> index.copies().volumes.size() == 1);
        assertThat(made.get()).isGreaterThan(1);
        ArchiveHouse.await(() -> copying().isEmpty());
        isSound();
    }

    @Test
    void whatADeathLeftAndCannotBeReadHoldsUpNothingElse() throws Exception {
        start(folder);
        use(a);
        List<Segment> segments = record(TERMS);
        String sick = segments.get(2).path();
        Markers.copy(b).set(sick);
        b.readGate = (operation, path) -> {
            if (path.equals(sick)) {
                throw new IOException("Input/output error");
            }
        };
        use(b);
        ArchiveHouse.await(() -> index.copies().volumes.size() == 2);
        // Each time that it was tried.
        ArchiveHouse.await(() -> copies().trouble().contains("Input/output error"));
        ArchiveHouse.await(() -> new BackupsHealth(archive).check().status() == HealthCheck.Status.DEGRADED);
    }

    @Test
    void aCheckTellsOfCopiesThatAreNotWhatTheIndexSays() throws Exception {
        start(folder);
        List<Segment> segments = recordAndCopy();
        Path copy = folder.resolve("b").resolve(segments.get(0).path());
        byte[] bytes = Files.readAllBytes(copy);
        bytes[bytes.length / 2] ^= 1;
        Files.write(copy, bytes);
        archive.care().backups().wished(CAMERA, FootageTerms.days(30));
        Files.delete(folder.resolve("b").resolve(segments.get(1).path()));
        index.copies().volumes.remove(segments.get(2).id());
        assertThat(archive.check(true, progress -> {}).problems())
                .containsOnlyKeys("footage altered", "backup row without a file", "backup without a row");
        archive.rebuild(progress -> {});
        assertThat(index.copies().volumes)
                .containsOnlyKeys(segments.get(0).id(), segments.get(2).id());
    }

    @Test
    void aWholeFileThatADeathLeftIsMadeAnewSinceNobodyKnowsWhetherItIsOnTheDisk() throws Exception {
        start(folder);
        use(a);
        Segment only = record(TERMS, 2).get(0);
        Path there = folder.resolve("b").resolve(only.path());
        Files.createDirectories(there.getParent());
        Files.copy(folder.resolve("a").resolve(only.path()), there);
        Markers.copy(b).set(only.path());
        AtomicInteger made = new AtomicInteger();
        b.gate = (operation, path) -> made.addAndGet(operation.equals("create") && path.endsWith(".mp4") ? 1 : 0);
        use(b);
        ArchiveHouse.await(() -> index.copies().volumes.size() == 1 && copying().isEmpty());
        assertThat(made).hasValue(1);
        isSound();
    }

    @Test
    void aFileThatIsThereAndCannotBeSyncedIsMadeAnew() throws Exception {
        start(folder);
        use(a);
        Segment only = record(TERMS, 2).get(0);
        Path there = folder.resolve("b").resolve(only.path());
        Files.createDirectories(there.getParent());
        Files.copy(folder.resolve("a").resolve(only.path()), there);
        AtomicInteger made = new AtomicInteger();
        AtomicBoolean failed = new AtomicBoolean();
        b.gate = (operation, path) -> {
            made.addAndGet(operation.equals("create") && path.endsWith(".mp4") ? 1 : 0);
            if (operation.equals("force") && path.endsWith(".mp4") && !failed.getAndSet(true)) {
                throw new IOException("Input/output error");
            }
        };
        use(b);
        ArchiveHouse.await(() -> index.copies().volumes.size() == 1 && copying().isEmpty());
        assertThat(failed).isTrue();
        assertThat(made).hasValue(1);
        isSound();
    }

    @Test
    void aRemovalByHandThatADeathBrokeOffIsToldAsOne() throws Exception {
        start(folder);
        Segment first = recordAndCopy().get(0);
        assertThatThrownBy(() -> archive.care().remover().removeAll(index, first, () -> {
                    throw new IllegalStateException("the server dies");
                }))
                .hasMessage("the server dies");
        ArchiveHouse.await(() -> files(a).size() == 2 && files(b).size() == 2);
        ArchiveHouse.await(() -> gaps(GapCause.DELETED_BY_USER).size() == 1);
        Gap gap = gaps(GapCause.DELETED_BY_USER).get(0);
        assertThat(gap.fromUs()).isEqualTo(first.startUs());
        assertThat(gap.toUs()).hasValue(first.endUs());
        assertThat(gaps(GapCause.DELETED_BY_RETENTION)).isEmpty();
        isSound();
    }

    @Test
    void aFileThatADeathLeftAndNobodyWishesGoes() throws Exception {
        start(folder);
        use(a);
        Segment only = record(FootageTerms.days(30), 2).get(0);
        Path there = folder.resolve("b").resolve(only.path());
        Files.createDirectories(there.getParent());
        Files.copy(folder.resolve("a").resolve(only.path()), there);
        Markers.copy(b).set(only.path());
        use(b);
        ArchiveHouse.await(() -> files(b).isEmpty() && copying().isEmpty());
        isSound();
    }
}
