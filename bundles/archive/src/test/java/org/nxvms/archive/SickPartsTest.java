// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.ArchiveMaintenance;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.GapListener;
import org.nxvms.platform.api.archive.Segment;

/** A part that hangs or goes away in the middle holds up nobody else and takes nothing with it. */
class SickPartsTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private ArchiveHouse house;

    @BeforeEach
    void open() {
        house = new ArchiveHouse(folder);
    }

    @AfterEach
    void close() {
        goOn.countDown();
        house.close();
    }

    /** The caller hangs here until the test lets it go on. */
    private void hang() {
        reached.countDown();
        try {
            goOn.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aJournalOnAHungDiskHoldsUpNoCamera() throws Exception {
        house.volume.gate = (operation, path) -> {
            if (operation.equals("force") && path.startsWith("journal/gaps-")) {
                hang();
            }
        };
        house.archive.gap(CAMERA, T0, GapCause.AUTH, "");
        reached.await();

        StreamId other = StreamId.main(UUID.randomUUID());
        assertTimeoutPreemptively(SOON, () -> house.archive.gap(other, T0, GapCause.CAMERA_UNREACHABLE, ""));
    }

    /** A user's quota, or the last kilobytes: the file and its head are there, and no fragment is. */
    @Test
    void aVolumeThatTakesAFileAndNothingIntoItHasOneGapHoweverOftenItIsTried() throws Exception {
        house.record(CAMERA, T0, 2);
        Set<String> begun = ConcurrentHashMap.newKeySet();
        house.volume.gate = (operation, path) -> {
            if (operation.equals("write") && path.endsWith(".mp4") && !begun.add(path)) {
                throw new IOException("Disk quota exceeded");
            }
        };
        long endUs = T0 + 2 * SECOND_US;
        house.archive.gap(CAMERA, endUs, GapCause.DISK_FULL, "Disk quota exceeded");
        List<Gap> said = house.archive.ledger().open(CAMERA);
        assertThat(said).hasSize(1);
        for (int attempt = 0; attempt < 2; attempt++) {
            ArchiveHouse.await(() ->
                    house.archive.footageVolumes().iterator().next().refusal().isEmpty());
            FootageSink.Run run = house.open(CAMERA, endUs);
            assertThatThrownBy(() -> ArchiveHouse.append(run, endUs, 0)).hasMessageContaining("quota exceeded");
            house.archive.gap(CAMERA, endUs, GapCause.DISK_FULL, "Disk quota exceeded");
            assertThat(house.archive.ledger().open(CAMERA)).isEqualTo(said);
        }
        assertThat(begun).hasSize(2);
    }

    @Test
    void aDatabaseThatHangsInRetentionHoldsUpNoSealing() throws Exception {
        house.index.beforeExpired = this::hang;
        reached.await();

        try (FootageSink.Run run = house.open(CAMERA, T0)) {
            ArchiveHouse.append(run, T0, 0);
            run.end(T0 + SECOND_US);
        }
        ArchiveHouse.await(() -> house.index.rows.size() == 1);
        assertThat(ChunkReader.read(house.disk, house.chunkFiles().get(0))).isPresent();
    }

    @Test
    void aRebuildLeavesAChunkAloneThatIsJustBeingMade() throws Exception {
        house.volume.gate = (operation, path) -> {
            if (operation.equals("write") && path.endsWith(".mp4")) {
                hang();
            }
        };
        CompletableFuture<FootageSink.Run> opening = CompletableFuture.supplyAsync(() -> {
            try {
                return house.open(CAMERA, T0);
            } catch (FootageSink.RefusedException refused) {
                throw new AssertionError(refused);
            }
        });
        reached.await();
        assertThat(house.chunkFiles()).hasSize(1);

        ArchiveMaintenance.Report report = house.archive.rebuild(progress -> {});

        assertThat(report.problems()).isEmpty();
        assertThat(house.chunkFiles()).hasSize(1);
        goOn.countDown();
        FootageSink.Run run = opening.join();
        ArchiveHouse.append(run, T0, 0);
        run.end(T0 + SECOND_US);
        house.settled();
        assertThat(house.segments(CAMERA, T0, T0 + SECOND_US)).hasSize(1);
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    @Test
    void aVolumeUnmountedDuringARebuildKeepsItsRows() throws Exception {
        Segment segment = house.record(CAMERA, T0, 2).get(0);
        house.quiet();
        Path root = folder.resolve("archive");
        house.index.beforeVisit = () -> {
            try {
                Files.move(root, folder.resolve("unplugged"));
                Files.createDirectory(root);
            } catch (java.io.IOException failed) {
                throw new AssertionError(failed);
            }
        };

        ArchiveMaintenance.Report report = house.archive.rebuild(progress -> {});

        assertThat(report.problems()).containsOnlyKeys("volume not readable");
        assertThat(house.index.rows).containsOnlyKeys(segment.id());
        house.index.beforeVisit = () -> {};
        Files.delete(root);
        Files.move(folder.resolve("unplugged"), root);
        house.disk.checkNow();
        assertThat(house.archive.rebuild(progress -> {}).problems()).isEmpty();
    }

    @Test
    void aClockFarInTheFutureDeletesNothingNotEvenAfterARestart() throws Exception {
        house.record(CAMERA, T0, 2);
        AtomicInteger turns = new AtomicInteger();
        house.index.beforeExpired = turns::incrementAndGet;
        ArchiveHouse.await(() -> turns.get() > 1);

        house.nowUs.set(T0 + 3_650 * 86_400 * SECOND_US);
        turns.set(0);
        ArchiveHouse.await(() -> turns.get() > 1);
        assertThat(house.chunkFiles()).hasSize(1);
        assertThat(new ArchiveHealth(house.archive).check().detail()).contains("the clock moved forward by 3650 days");

        house.stop();
        house.start();
        house.record(CAMERA, house.nowUs.get(), 1);
        turns.set(0);
        ArchiveHouse.await(() -> turns.get() > 1);
        assertThat(house.chunkFiles()).hasSize(2);
        assertThat(new ArchiveHealth(house.archive).check().detail()).contains("the clock moved forward");
    }

    @Test
    void aDatabaseDeletedWhileRecordingIsMadeAgainWithoutStopping() throws Exception {
        house.record(CAMERA, T0, 3);
        house.archive.gap(CAMERA, T0 + 3 * SECOND_US, GapCause.AUTH, "");
        FootageSink.Run run = house.open(CAMERA, T0 + 60 * SECOND_US);
        ArchiveHouse.append(run, T0 + 60 * SECOND_US, 0);
        house.settledGaps();
        Map<UUID, Gap> gaps = Map.copyOf(house.index.gaps);

        house.index.rows.clear();
        house.index.gaps.clear();
        ArchiveHouse.append(run, T0 + 60 * SECOND_US, 1);
        house.archive.rebuild(progress -> {});
        ArchiveHouse.append(run, T0 + 60 * SECOND_US, 2);
        run.end(T0 + 63 * SECOND_US);
        house.settled();

        assertThat(house.footage
                        .footage(List.of(CAMERA), T0, T0 + 100 * SECOND_US)
                        .get(CAMERA)
                        .totalUs())
                .isEqualTo(6 * SECOND_US);
        assertThat(house.index.gaps).isEqualTo(gaps);
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    @Test
    void whatWasIndexedBeforeThereWereRollUpsIsLookedAtOnceAlsoWhenTheDatabaseWasAwayFirst() {
        ArchiveHouse.await(() -> house.index.rollUps.get() == 1);
        house.connect();
        house.stop();
        house.index.down = true;
        house.index.rollUps.set(0);
        house.start();
        house.index.down = false;
        ArchiveHouse.await(() -> house.index.rollUps.get() == 1);
    }

    @Test
    void aClockSetBackByAnHourLosesNothingAndTheHourIsThereTwice() throws Exception {
        long hourUs = 3_600 * SECOND_US;
        house.record(CAMERA, T0 + hourUs, 4);
        house.archive.gap(CAMERA, T0 + hourUs + 4 * SECOND_US, GapCause.CLOCK_JUMP, "wall time moved by -3600000 ms");
        house.nowUs.set(T0 + 4 * SECOND_US);
        house.record(CAMERA, T0 + 4 * SECOND_US, 4);
        house.record(CAMERA, T0 + hourUs + 2 * SECOND_US, 4);

        assertThat(house.segments(CAMERA, T0, T0 + 2 * hourUs)).hasSize(3);
        assertThat(house.footage
                        .footage(List.of(CAMERA), T0, T0 + 2 * hourUs)
                        .get(CAMERA)
                        .totalUs())
                .as("the seconds that were recorded twice count once")
                .isEqualTo((4 + 6) * SECOND_US);
        assertThat(house.footage.gaps(CAMERA, T0, T0 + 2 * hourUs, 10))
                .allSatisfy(gap -> assertThat(gap.toUs().getAsLong()).isGreaterThan(gap.fromUs()));
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    /** Where many volumes refuse, each with its reason. */
    @Test
    void aGapThatIsExplainedAtLengthIsTheSameInIndexAndJournal() throws Exception {
        house.archive.gap(CAMERA, T0, GapCause.VOLUME_ABSENT, "volume main: Input/output error; ".repeat(25));
        house.record(CAMERA, T0 + 5 * SECOND_US, 1);
        house.settledGaps();
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    @Test
    void aListenerThatThrowsSpoilsNothingAndALateOneHearsOfOpenGaps() throws Exception {
        house.archive.addListener(listener(gap -> {
            throw new IllegalStateException("a listener's own fault");
        }));
        house.archive.gap(CAMERA, T0, GapCause.AUTH, "");
        List<Gap> heard = new CopyOnWriteArrayList<>();
        house.archive.addListener(listener(heard::add));
        assertThat(heard).singleElement().matches(gap -> gap.toUs().isEmpty() && gap.cause() == GapCause.AUTH);

        house.record(CAMERA, T0 + 5 * SECOND_US, 1);
        assertThat(heard).hasSize(2).last().matches(gap -> gap.toUs().getAsLong() == T0 + 5 * SECOND_US);
    }

    private static GapListener listener(Consumer<Gap> changed) {
        return new GapListener() {
            @Override
            public void changed(Gap gap) {
                changed.accept(gap);
            }

            @Override
            public void dropped(Gap gap) {
                throw new AssertionError("no gap was dropped");
            }
        };
    }
}
