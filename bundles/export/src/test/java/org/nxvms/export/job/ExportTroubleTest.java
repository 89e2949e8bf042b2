// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.export.job.ExportScene.GATE;
import static org.nxvms.export.job.ExportScene.SECOND_US;
import static org.nxvms.export.job.ExportScene.T0;
import static org.nxvms.export.job.ExportScene.await;

import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.export.pack.StoredZip;
import org.nxvms.export.verify.PackageCheck;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.export.ExportJob;
import org.nxvms.platform.api.export.ExportOrder.Form;

/** What an export waits for, what ends it, and what it leaves to others. */
class ExportTroubleTest {
    @TempDir
    Path folder;

    private ExportScene scene;

    @BeforeEach
    void footage() throws Exception {
        scene = new ExportScene(folder);
        scene.record(StreamId.main(GATE), T0, 20);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private ExportJob chunks() {
        return scene.job(Form.CHUNKS, T0, T0 + 20 * SECOND_US, GATE);
    }

    private static ExportJob ended(Exports exports, ExportJob job) {
        await(() -> exports.find(job.id()).orElseThrow().job().finished().isPresent());
        return exports.find(job.id()).orElseThrow().job();
    }

    /** Recording's threads come first, and none of theirs is used. */
    @Test
    void packagesAreMadeByThreadsOfTheirOwnThatComeLast() throws Exception {
        AtomicReference<Thread> maker = new AtomicReference<>();
        AtomicInteger priority = new AtomicInteger(-1);
        scene.gate = segment -> {
            maker.set(Thread.currentThread());
            priority.set(Thread.currentThread().getPriority());
        };
        scene.make(scene.start(), chunks());
        assertThat(maker.get().getName()).startsWith("nxvms-export-");
        assertThat(priority.get()).isEqualTo(Thread.MIN_PRIORITY);
        assertThat(maker.get().isDaemon()).isTrue();
    }

    /** As what is read from a disk, or an archive, while they are closed: the job is not to blame. */
    @Test
    void aJobThatFailsWhileTheServerStopsIsNotAFailedOne() throws Exception {
        AtomicReference<Exports> before = new AtomicReference<>();
        CountDownLatch reached = new CountDownLatch(1);
        ExportJob job = chunks();
        scene.usable = () -> {
            if (scene.packages().isEmpty()) {
                return 1L << 40;
            }
            reached.countDown();
            await(() -> before.get().isStopping());
            throw new ClosedByInterruptException();
        };
        before.set(scene.start());
        before.get().order(job, 1);
        assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
        before.get().close();
        assertThat(scene.stored()).extracting(ExportJob::state).containsExactly(ExportJob.State.RUNNING);
        assertThat(scene.packages()).contains(job.id() + ".part");

        scene.usable = () -> 1L << 40;
        assertThat(ended(scene.start(), job).state()).isEqualTo(ExportJob.State.DONE);
    }

    /** The archive's index is in the database too. */
    @Test
    void whileTheDatabaseIsAwayAJobWaits() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        scene.gate = segment -> {
            if (asked.incrementAndGet() == 1) {
                throw new StoreException("the database is away", null);
            }
        };
        ExportJob job = chunks();
        Exports exports = scene.start();
        exports.order(job, 1);
        ExportJob done = ended(exports, job);
        assertThat(done.state()).as(done.detail()).isEqualTo(ExportJob.State.DONE);
        assertThat(asked).hasValue(3);
    }

    /** The server goes between a package and its row. */
    @Test
    void aPackageThatIsFoundWholeIsSaidToBeUnsignedWhereItIs() throws Exception {
        scene.signs = false;
        Exports before = scene.start();
        ExportJob unsigned = chunks();
        scene.make(before, unsigned);
        String said = ended(before, unsigned).detail();
        assertThat(said).contains("not signed");
        scene.signs = true;
        ExportJob signed = chunks();
        scene.make(before, signed);
        ExportJob torn = chunks();
        Files.write(scene.make(before, torn), new byte[100]);
        before.close();
        List.of(unsigned, signed, torn).forEach(job -> scene.storeAsRunning(job.id()));

        Exports after = scene.start();
        assertThat(ended(after, unsigned))
                .returns(ExportJob.State.DONE, ExportJob::state)
                .returns(said, ExportJob::detail);
        assertThat(ended(after, signed))
                .returns(ExportJob.State.DONE, ExportJob::state)
                .returns("", ExportJob::detail);
        // Made again.
        assertThat(ended(after, torn).bytes()).isGreaterThan(1_000_000);
    }

    @Test
    void aFaultOfOursEndsAJobAndLeavesNothing() throws Exception {
        scene.gate = segment -> {
            throw new NoClassDefFoundError("a class of a bundle that has gone");
        };
        ExportJob job = chunks();
        Exports exports = scene.start();
        exports.order(job, 1);
        ExportJob failed = ended(exports, job);
        assertThat(failed.state()).isEqualTo(ExportJob.State.FAILED);
        assertThat(failed.detail()).contains("its log says more");
        assertThat(scene.packages()).isEmpty();
    }

    @Test
    void whatTheSystemSaysByAPathAloneIsSaidInWords() throws Exception {
        CountDownLatch ordered = new CountDownLatch(1);
        scene.usable = () -> {
            if (ordered.getCount() == 0) {
                throw new AccessDeniedException("/somewhere");
            }
            ordered.countDown();
            return 1L << 40;
        };
        ExportJob job = chunks();
        Exports exports = scene.start();
        exports.order(job, 1);
        assertThat(ended(exports, job).detail())
                .isEqualTo("The package could not be written: AccessDeniedException. Check the disk of exports, and"
                        + " order again.");
    }

    @Test
    void whatCannotBeRemovedDoesNotKeepExportsFromBeginning() throws Exception {
        Path odd = folder.resolve("exports").resolve(UUID.randomUUID() + ".zip");
        Path within = Files.createDirectories(odd.resolve("somebody put a folder here"));
        Exports exports = scene.start();
        scene.make(exports, chunks());
        Files.delete(within);
        await(() -> !Files.exists(odd));
    }

    @Test
    void aPackageThatSomebodyElseStillWritesIsWaitedFor() throws Exception {
        ExportJob job = chunks();
        Path part = folder.resolve("exports").resolve(job.id() + ".part");
        Exports exports = scene.start();
        Files.createDirectories(part.getParent());
        try (StoredZip other = new StoredZip(part, scene.now(), List.of(), Optional.empty())) {
            other.add("theirs", new byte[10]);
            long theirs = other.size();
            exports.order(job, 1);
            await(() -> exports.find(job.id()).orElseThrow().job().state() == ExportJob.State.RUNNING);
            assertThat(Files.size(part)).isEqualTo(theirs);
        }
        assertThat(ended(exports, job).state()).isEqualTo(ExportJob.State.DONE);
        Path zip = exports.whole(job.id()).orElseThrow();
        assertThat(PackageCheck.of(
                                Files.newInputStream(zip),
                                Long.MAX_VALUE,
                                scene.keys().keys())
                        .faults())
                .isEmpty();
    }

    @Test
    void oneUserLeavesRoomForOthersAndNobodyOrdersWithoutEnd() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        scene.gate = segment -> {
            reached.countDown();
            try {
                released.await();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        };
        scene.limits = new ExportLimits(folder.resolve("exports"), 1L << 40, 1 << 20, 1, 3, 2, 72, 1L << 40, 31);
        Exports exports = scene.start();
        exports.order(chunks(), 1);
        assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
        exports.order(chunks(), 1);
        assertThatThrownBy(() -> exports.order(chunks(), 1))
                .isInstanceOf(Exports.RefusedException.class)
                .hasMessageContaining("2 exports of yours");
        exports.order(scene.jobOf(new UUID(5, 5)), 1);
        assertThatThrownBy(() -> exports.order(scene.jobOf(new UUID(5, 6)), 1))
                .isInstanceOf(Exports.RefusedException.class)
                .hasMessageContaining("3 exports are not finished");
        released.countDown();
    }

    @Test
    void whoWaitsIsToldTheOwnPlaceWhichOthersMakeSmallerWhenTheyAreBegunOrTakenBack() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        scene.gate = segment -> {
            reached.countDown();
            try {
                released.await();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        };
        Exports exports = scene.start();
        ExportJob made = chunks();
        exports.order(made, 1);
        assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
        List<ExportJob> waiting = List.of(chunks(), chunks(), chunks());
        for (ExportJob job : waiting) {
            exports.order(job, 1);
        }
        assertThat(exports.find(made.id()).orElseThrow().queuePosition()).isEmpty();
        assertThat(places(exports, waiting)).containsExactly(1, 2, 3);
        assertThat(exports.jobs().stream().mapToInt(view -> view.queuePosition().orElse(0)))
                .containsExactlyInAnyOrder(0, 1, 2, 3);
        exports.remove(waiting.get(0).id());
        assertThat(places(exports, waiting.subList(1, 3))).containsExactly(1, 2);
        released.countDown();
        assertThat(ended(exports, waiting.get(2)).state()).isEqualTo(ExportJob.State.DONE);
        assertThat(exports.find(waiting.get(2).id()).orElseThrow().queuePosition())
                .isEmpty();
    }

    private static List<Integer> places(Exports exports, List<ExportJob> jobs) {
        return jobs.stream()
                .map(job -> exports.find(job.id()).orElseThrow().queuePosition().orElse(0))
                .toList();
    }

    @Test
    void whatTheDiskHasNoRoomForIsRefusedWhenItIsOrdered() throws Exception {
        scene.usableBytes = 10 << 20;
        Exports exports = scene.start();
        assertThatThrownBy(() -> exports.order(chunks(), 20 << 20))
                .isInstanceOf(Exports.RefusedException.class)
                .hasMessageContaining("is full: 10485760 bytes are free");
        assertThat(scene.stored()).isEmpty();
    }

    /** Beside footage more stays free than recording needs, and packages are few. */
    @Test
    void onADiskOfFootagePackagesLeaveRecordingItsRoom() throws Exception {
        long gibi = 1L << 30;
        DiskSpace disk = new DiskSpace() {
            @Override
            public long usable(Path where) {
                return 3 * gibi;
            }

            @Override
            public Optional<Shared> shared(Path where) {
                return Optional.of(new Shared(3 * gibi, 10 * gibi));
            }
        };
        ExportLimits limits = new ExportLimits(folder.resolve("e"), 100 * gibi, gibi, 1, 10, 5, 72, 1, 31);
        PackageRoom room = new PackageRoom(limits, new PackageFiles(limits.folder()), disk);
        assertThatThrownBy(() -> room.require(1))
                .isInstanceOfSatisfying(PackageRoom.NoRoomException.class, full -> assertThat(full.isPassing())
                        .isTrue())
                .hasMessageContaining("since footage is recorded on it too");
        // Retention makes room while it is made.
        room.requireFor(5 * gibi, gibi);
        assertThatThrownBy(() -> room.requireFor(11 * gibi, 0))
                .isInstanceOf(PackageRoom.NoRoomException.class)
                .hasMessageContaining("a tenth of the disk");
    }
}
