// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.storage.spi.VolumeSpace;

/** A volume's keeper among faults: what concerns one chunk stays with that chunk, and nothing is concluded in haste. */
class KeeperTest {
    private static final StreamId OTHER = StreamId.main(UUID.fromString("22222222-2222-4333-8444-555555555555"));

    @TempDir
    Path folder;

    private ArchiveHouse house;

    @AfterEach
    void close() {
        house.close();
    }

    private FootageVolume main() {
        return house.archive.footageVolumes().iterator().next();
    }

    private HealthCheck.Result health() {
        return new VolumesHealth(house.archive).check();
    }

    @Test
    void aChunkThatCannotBeSealedIsSetAsideHoldsUpNoOtherAndIsRepairedAtTheNextStart() throws Exception {
        house = new ArchiveHouse(folder);
        FootageSink.Run other = house.open(OTHER, T0);
        ArchiveHouse.append(other, T0, 0);
        String well = house.segments(OTHER, T0, T0 + SECOND_US).get(0).path();
        FootageSink.Run run = house.open(CAMERA, T0);
        ArchiveHouse.append(run, T0, 0);
        String sick = house.segments(CAMERA, T0, T0 + SECOND_US).get(0).path();
        AtomicInteger tries = new AtomicInteger();
        AtomicInteger triesUntilTheOther = new AtomicInteger();
        house.volume.gate = (operation, path) -> {
            if (operation.equals("write") && path.equals(sick)) {
                if (tries.incrementAndGet() == 1) {
                    // While this one waits for its next try.
                    other.close();
                }
                throw new IOException("Input/output error");
            }
            if (operation.equals("write") && path.equals(well)) {
                triesUntilTheOther.set(tries.get());
            }
        };
        run.end(T0 + SECOND_US);
        ArchiveHouse.await(() -> main().sealFailures() > 0);
        assertThat(main().refusal()).as("the volume is well").isEmpty();

        ArchiveHouse.await(() -> house.index.rows.size() == 1);
        assertThat(triesUntilTheOther.get())
                .as("tries of this one until the other was sealed")
                .isBetween(1, Sealing.TRIES_MAX - 1);

        ArchiveHouse.await(() -> main().setAside().size() == 1);
        assertThat(main().backlog()).isZero();
        assertThat(health().status()).isEqualTo(HealthCheck.Status.DEGRADED);
        assertThat(health().detail()).contains(": 1 chunk could not be sealed").contains(sick);
        assertThat(house.segments(CAMERA, T0, T0 + SECOND_US))
                .as("what is set aside can be seen")
                .singleElement()
                .matches(Segment::open);

        house.stop();
        house.start();
        house.settled();
        assertThat(house.segments(CAMERA, T0, T0 + SECOND_US)).singleElement().matches(segment -> !segment.open());
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    @Test
    void aVolumeUnmountedDuringTheRepairTakesNoMarkerWithIt() throws Exception {
        leaveAChunkOpen();
        Path root = folder.resolve("archive");
        Path unplugged = folder.resolve("unplugged");
        AtomicBoolean once = new AtomicBoolean();
        AtomicBoolean unmounted = new AtomicBoolean();
        house.gateOfReads = (operation, path) -> {
            if (path.endsWith(".mp4") && once.compareAndSet(false, true)) {
                Files.move(root, unplugged);
                Files.createDirectory(root);
                unmounted.set(true);
            }
        };
        // It may be gone before anybody has seen it ready.
        house.begin();
        ArchiveHouse.await(unmounted::get);
        house.disk.checkNow();
        Files.delete(root);
        Files.move(unplugged, root);
        house.disk.checkNow();
        house.settled();
        assertThat(house.segments(CAMERA, T0, T0 + 10 * SECOND_US))
                .singleElement()
                .satisfies(segment -> {
                    assertThat(segment.open()).isFalse();
                    assertThat(segment.endUs()).isEqualTo(T0 + 2 * SECOND_US);
                });
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    @Test
    void aReadErrorDuringTheRepairIsTriedAgain() throws Exception {
        leaveAChunkOpen();
        AtomicInteger errors = new AtomicInteger(2);
        startWith((operation, path) -> {
            if (path.endsWith(".mp4") && errors.getAndDecrement() > 0) {
                throw new IOException("Input/output error");
            }
        });
        ArchiveHouse.await(() -> house.index.rows.size() == 1);
        house.settled();
    }

    private void leaveAChunkOpen() throws Exception {
        house = new ArchiveHouse(folder);
        FootageSink.Run run = house.open(CAMERA, T0);
        ArchiveHouse.append(run, T0, 0);
        ArchiveHouse.append(run, T0, 1);
        house.kill();
    }

    private void startWith(FaultyVolume.Gate readGate) {
        house.gateOfReads = readGate;
        house.start();
    }

    @Test
    void aPowerCutBetweenTwoChunksOfARunDoesNotLookAsIfOneWereTakenAway() throws Exception {
        house = new ArchiveHouse(folder, new ArchiveSettings(2, 256 << 20, 60, 1, 24, 5));
        FootageSink.Run run = house.open(CAMERA, T0);
        for (int second = 0; second < 3; second++) {
            ArchiveHouse.append(run, T0, second);
        }
        ArchiveHouse.await(() -> house.index.rows.size() == 1);
        List<Segment> both = house.segments(CAMERA, T0, T0 + 10 * SECOND_US);
        assertThat(both).hasSize(2);
        String successor = both.get(1).path();
        ArchiveHouse.await(() -> house.openChunks().size() == 1);
        house.kill();
        cutThePower(successor);

        house.start();
        house.settled();
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    /** Of the file only what was synced is left. */
    private void cutThePower(String path) throws IOException {
        try (FileChannel file = FileChannel.open(folder.resolve("archive").resolve(path), StandardOpenOption.WRITE)) {
            file.truncate(house.volume.durability.get(path).durableBytes());
        }
    }

    @Test
    void aFullChunkWhoseSuccessorNeverHeldAFragmentIsTheEndOfItsRun() throws Exception {
        house = new ArchiveHouse(folder, new ArchiveSettings(2, 256 << 20, 60, 1, 24, 5));
        FootageSink.Run run = house.open(CAMERA, T0);
        ArchiveHouse.append(run, T0, 0);
        ArchiveHouse.append(run, T0, 1);
        ArchiveHouse.append(run, T0, 2, 40, () -> false);
        run.close();
        house.settled();
        assertThat(house.segments(CAMERA, T0, T0 + 10 * SECOND_US)).hasSize(1);
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    @Test
    void aKeeperThatHangsIsSeenAndItsVolumeTakesNoMoreFootage() throws Exception {
        house = new ArchiveHouse(folder, new ArchiveSettings(300, 256 << 20, 1, 1, 24, 1));
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch hung = new CountDownLatch(1);
        house.volume.gate = (operation, path) -> {
            if (operation.equals("force") && path.endsWith(".mp4")) {
                hung.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        FootageSink.Run run = house.open(CAMERA, T0);
        ArchiveHouse.append(run, T0, 0);
        hung.await();
        ArchiveHouse.await(() -> health().status() == HealthCheck.Status.DOWN);
        assertThat(health().detail())
                .contains("volume main: syncing " + CAMERA.cameraId())
                .containsPattern("has not come back for [0-9]+ s; check the disk");

        goOn.countDown();
        ArchiveHouse.await(() -> health().status() == HealthCheck.Status.UP);
        run.close();
        house.settled();
    }

    @Test
    void aKeeperThatHangsBeforeItSealsIsSeenToo() throws Exception {
        house = new ArchiveHouse(folder, new ArchiveSettings(2, 256 << 20, 60, 1, 24, 1));
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch hung = new CountDownLatch(1);
        house.volume.gate = (operation, path) -> {
            if (operation.equals("force") && path.endsWith("-0001.mp4")) {
                hang(hung, goOn);
            }
        };
        FootageSink.Run run = house.open(CAMERA, T0);
        for (int second = 0; second < 3; second++) {
            ArchiveHouse.append(run, T0, second);
        }
        hung.await();
        try {
            ArchiveHouse.await(() -> health().status() == HealthCheck.Status.DOWN);
            assertThat(health().detail())
                    .contains("volume main: sealing " + CAMERA.cameraId())
                    .containsPattern("has not come back for [0-9]+ s");
        } finally {
            goOn.countDown();
        }
        ArchiveHouse.await(() -> health().status() == HealthCheck.Status.UP);
        run.close();
        house.settled();
    }

    @Test
    void aKeeperThatHangsWhenItAsksWhyARepairFailedIsSeenToo() throws Exception {
        leaveAChunkOpen();
        house.settings = new ArchiveSettings(300, 256 << 20, 60, 1, 24, 1);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch hung = new CountDownLatch(1);
        AtomicBoolean failed = new AtomicBoolean();
        house.gateOfReads = (operation, path) -> {
            if (path.endsWith(".mp4") && failed.compareAndSet(false, true)) {
                house.volume.space = Optional.of(() -> {
                    if (Thread.currentThread().getName().endsWith("-keep")) {
                        hang(hung, goOn);
                    }
                    return new VolumeSpace(1L << 40, 1L << 39, 0);
                });
                throw new IOException("Input/output error");
            }
        };
        // It may hang before anybody has seen it ready.
        house.begin();
        hung.await();
        try {
            ArchiveHouse.await(() -> health().status() == HealthCheck.Status.DOWN);
            assertThat(health().detail()).containsPattern("volume main: repairing .* has not come back for [0-9]+ s");
        } finally {
            goOn.countDown();
        }
        house.settled();
    }

    private static void hang(CountDownLatch hung, CountDownLatch goOn) {
        hung.countDown();
        try {
            goOn.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
