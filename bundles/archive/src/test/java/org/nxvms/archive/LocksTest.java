// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.ArchiveMaintenance.Report;
import org.nxvms.platform.api.archive.EvidenceLock;
import org.nxvms.platform.api.archive.EvidenceLocks;
import org.nxvms.storage.spi.VolumeSpace;

/** A lock outlives process, database, data folder or volume, whichever of them is lost. */
class LocksTest {
    @TempDir
    Path folder;

    private ArchiveHouse house;
    private EvidenceLocks locks;

    @BeforeEach
    void open() {
        house = new ArchiveHouse(folder);
        locks = new ArchiveProofs(house.archive);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private void restart() {
        house.stop();
        house.start();
        locks = new ArchiveProofs(house.archive);
    }

    private static EvidenceLock lock(String reason) {
        return new EvidenceLock(
                UUID.randomUUID(),
                List.of(CAMERA.cameraId(), UUID.randomUUID()),
                T0,
                T0 + 10 * SECOND_US,
                reason,
                "Grüß\tGott",
                T0 + 1);
    }

    private Path onVolume() {
        return folder.resolve("archive").resolve(LockBook.PATH);
    }

    /** Retention reads a volume's locks before anything else. */
    private void retentionTurns() {
        AtomicInteger turns = new AtomicInteger();
        house.index.beforeExpired = turns::incrementAndGet;
        ArchiveHouse.await(() -> turns.get() > 1);
        house.index.beforeExpired = () -> {};
    }

    @Test
    void aLockIsThereAfterARestartAndGoneAfterItWasTakenBack() throws Exception {
        EvidenceLock one = lock("a\nb");
        EvidenceLock two = lock("");
        locks.lock(one);
        locks.lock(two);
        assertThat(locks.unlock(two.id(), "admin")).isTrue();
        assertThat(locks.unlock(UUID.randomUUID(), "admin")).isFalse();

        restart();
        assertThat(locks.locks()).singleElement().satisfies(lock -> {
            assertThat(lock.id()).isEqualTo(one.id());
            assertThat(lock.cameraIds()).isEqualTo(one.cameraIds());
            assertThat(lock.fromUs()).isEqualTo(one.fromUs());
            assertThat(lock.toUs()).isEqualTo(one.toUs());
            assertThat(lock.reason()).isEqualTo("a b");
            assertThat(lock.createdBy()).isEqualTo("Grüß Gott");
            assertThat(lock.createdUs()).isEqualTo(one.createdUs());
        });
    }

    @Test
    void anyCopyRestoresTheOther() throws Exception {
        EvidenceLock lock = lock("theft");
        locks.lock(lock);
        house.stop();
        Files.delete(folder.resolve("locks.tsv"));
        house.start();
        locks = new ArchiveProofs(house.archive);
        retentionTurns();
        assertThat(locks.locks()).extracting(EvidenceLock::id).containsExactly(lock.id());

        locks.lock(lock("second"));
        house.stop();
        Files.delete(onVolume());
        house.start();
        locks = new ArchiveProofs(house.archive);
        retentionTurns();
        assertThat(Files.readAllLines(onVolume())).as("told again").hasSize(1);
    }

    @Test
    void aTornLineSpoilsNoLock() throws Exception {
        locks.lock(lock("first"));
        Files.writeString(folder.resolve("locks.tsv"), "2026-11-22T1", StandardOpenOption.APPEND);
        Files.writeString(onVolume(), "2026-11-22T1", StandardOpenOption.APPEND);
        locks.lock(lock("second"));
        restart();
        assertThat(locks.locks()).extracting(EvidenceLock::reason).containsExactlyInAnyOrder("first", "second");
    }

    @Test
    void aLockThatCannotBeWrittenDownDoesNotHold() throws Exception {
        Files.createDirectory(folder.resolve("locks.tsv"));
        assertThatThrownBy(() -> locks.lock(lock("x"))).isInstanceOf(IOException.class);
    }

    @Test
    void aFullVolumeWithNothingButEvidenceSaysSo() throws Exception {
        house.record(CAMERA, T0, 4);
        locks.lock(lock("theft"));
        house.volume.space = Optional.of(() -> new VolumeSpace(100L << 30, 1L << 30, 2L << 30));
        ArchiveHealth health = new ArchiveHealth(house.archive);
        ArchiveHouse.await(() -> health.check().detail().contains("locked as evidence"));
        assertThat(house.chunkFiles()).hasSize(1);

        locks.unlock(locks.locks().get(0).id(), "admin");
        ArchiveHouse.await(() -> house.chunkFiles().isEmpty());
    }

    /** Hangs retention at an operation until the latch is let go; {@return told when it hangs} */
    private CountDownLatch hangAt(String wanted, Predicate<String> paths, CountDownLatch goOn) {
        CountDownLatch reached = new CountDownLatch(1);
        house.volume.gate = (operation, path) -> {
            if (operation.equals(wanted) && paths.test(path)) {
                reached.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        return reached;
    }

    @Test
    void aLockThatComesWhileARemovalIsPreparedStopsIt() throws Exception {
        house.record(CAMERA, T0, 4);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch reached = hangAt("create", path -> path.startsWith("journal/delete/"), goOn);
        house.volume.space = Optional.of(() -> new VolumeSpace(100L << 30, 1L << 30, 2L << 30));
        reached.await();
        locks.lock(lock("theft"));
        goOn.countDown();
        retentionTurns();
        assertThat(house.chunkFiles()).hasSize(1);
        assertThat(house.index.rows).hasSize(1);
    }

    @Test
    void withoutADatabaseALockThatComesWhileARemovalIsPreparedStopsItToo() throws Exception {
        house.record(CAMERA, T0, 4);
        house.disconnect();
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch reached = hangAt("create", path -> path.startsWith("journal/delete/"), goOn);
        house.volume.space = Optional.of(() -> new VolumeSpace(100L << 30, 1L << 30, 2L << 30));
        reached.await();
        locks.lock(lock("theft"));
        goOn.countDown();
        house.connect();
        retentionTurns();
        assertThat(house.chunkFiles()).hasSize(1);
        assertThat(house.index.rows).hasSize(1);
    }

    @Test
    void aLockIsConfirmedOnlyWhenARemovalThatCameFirstIsOver() throws Exception {
        house.record(CAMERA, T0, 4);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch reached = hangAt("delete", path -> path.endsWith(".mp4"), goOn);
        house.volume.space = Optional.of(() -> new VolumeSpace(100L << 30, 1L << 30, 2L << 30));
        reached.await();
        CompletableFuture<List<String>> whenConfirmed = CompletableFuture.supplyAsync(() -> {
            try {
                locks.lock(lock("theft"));
                return house.chunkFiles();
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        });
        ArchiveHouse.await(() -> !locks.locks().isEmpty());
        assertThat(whenConfirmed)
                .as("confirmed while the file is being removed")
                .isNotDone();
        goOn.countDown();
        assertThat(whenConfirmed.get()).isEmpty();
    }

    @Test
    void aBegunRemovalOfAFileThatCannotBeReadIsNotEndedOverALock() throws Exception {
        String path = house.record(CAMERA, T0, 4).get(0).path();
        locks.lock(lock("theft"));
        retentionTurns();
        house.volume.readGate = (operation, read) -> {
            if (read.equals(path)) {
                throw new IOException("Input/output error");
            }
        };
        // As a crash leaves it between row and file.
        house.index.rows.clear();
        Markers.delete(house.volume).set(path);
        retentionTurns();
        assertThat(house.chunkFiles()).containsExactly(path);

        house.volume.readGate = (operation, read) -> {};
        ArchiveHouse.await(() -> house.index.rows.size() == 1);
        assertThat(house.chunkFiles()).containsExactly(path);
    }

    @Test
    void rowsGapsAndLocksAreTheSameAfterTheDatabaseWasDeleted() throws Exception {
        house.record(CAMERA, T0, 3);
        house.archive.gap(CAMERA, T0 + 3 * SECOND_US, GapCause.AUTH, "the camera refused the password");
        house.record(CAMERA, T0 + 60 * SECOND_US, 4);
        locks.lock(lock("theft"));
        house.stop();
        var rows = java.util.Map.copyOf(house.index.rows);
        var gaps = java.util.Map.copyOf(house.index.gaps);
        var held = locks.locks();
        assertThat(gaps).hasSize(2);

        house.index.rows.clear();
        house.index.gaps.clear();
        house.start();
        locks = new ArchiveProofs(house.archive);
        house.settled();

        assertThat(house.index.rows).isEqualTo(rows);
        assertThat(house.index.gaps).isEqualTo(gaps);
        assertThat(locks.locks()).isEqualTo(held);
        Report report = house.archive.check(true, progress -> {});
        assertThat(report.problems()).isEmpty();
    }
}
