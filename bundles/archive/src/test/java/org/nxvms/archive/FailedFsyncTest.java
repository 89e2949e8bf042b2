// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageSink.NotDurableException;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;

/** After a failed fsync nobody believes the next one until the bytes in doubt were read back and written again. */
class FailedFsyncTest {
    @TempDir
    Path folder;

    private ArchiveHouse house;
    private final AtomicInteger failures = new AtomicInteger();
    /** Whether what is to be in doubt is written; a sync waits for that. */
    private volatile boolean written = true;

    @BeforeEach
    void open() {
        house = new ArchiveHouse(folder, new ArchiveSettings(300, 256 << 20, 1, 1, 24, 5));
        syncsFail("force");
    }

    /** What is being written then comes first. */
    private void syncsFail(String wanted) {
        house.volume.gate = (operation, path) -> {
            if (operation.equals(wanted) && path.endsWith(".mp4")) {
                ArchiveHouse.await(() -> written);
                if (failures.getAndDecrement() > 0) {
                    throw new IOException("Input/output error");
                }
            }
        };
    }

    private boolean isInDoubt() {
        return house.archive.footageVolumes().stream()
                .flatMap(volume -> volume.live().stream())
                .anyMatch(OpenChunk::isDoubted);
    }

    @AfterEach
    void close() {
        house.close();
    }

    /** A run whose first two seconds are durable, and two more that are not. */
    private FootageSink.Run runInDoubt() throws Exception {
        FootageSink.Run run = house.open(CAMERA, T0);
        ArchiveHouse.append(run, T0, 0);
        ArchiveHouse.append(run, T0, 1);
        Segment open = house.segments(CAMERA, T0, T0 + SECOND_US).get(0);
        FaultyVolume.Durability kernel = house.volume.durability.get(open.path());
        ArchiveHouse.await(() -> kernel.durableBytes() == open.sizeBytes());
        // Nothing is synced from here on, as long as nothing more is written.
        written = false;
        failures.set(1);
        ArchiveHouse.append(run, T0, 2);
        ArchiveHouse.append(run, T0, 3);
        written = true;
        ArchiveHouse.await(this::isInDoubt);
        return run;
    }

    private Segment sealed() {
        house.settled();
        List<Segment> all = house.segments(CAMERA, T0, T0 + 100 * SECOND_US);
        assertThat(all).hasSize(1).noneMatch(Segment::open);
        return all.get(0);
    }

    private void isWhollyOnDisk(Segment segment) {
        assertThat(house.volume.durability.get(segment.path()).durableBytes())
                .as("bytes that survive a power cut")
                .isEqualTo((int) segment.sizeBytes());
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    @Test
    void theRunBreaksOffAndSaysFromWhereItsFootageShouldBeWrittenAgain() throws Exception {
        FootageSink.Run run = runInDoubt();
        NotDurableException told =
                catchThrowableOfType(NotDurableException.class, () -> ArchiveHouse.append(run, T0, 4));
        assertThat(told.durableEndUs()).isEqualTo(T0 + 2 * SECOND_US);
        Segment segment = sealed();
        assertThat(segment.endUs()).isEqualTo(T0 + 4 * SECOND_US);
        isWhollyOnDisk(segment);
    }

    @Test
    void whatTheCacheNoLongerHoldsIsCutOffAndExplained() throws Exception {
        house.volume.forgetsPages = true;
        FootageSink.Run run = runInDoubt();
        run.end(T0 + 4 * SECOND_US);
        Segment segment = sealed();
        assertThat(segment.endUs()).isEqualTo(T0 + 2 * SECOND_US);
        isWhollyOnDisk(segment);
        ArchiveHouse.await(() -> !gaps().isEmpty());
        assertThat(gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.cause()).isEqualTo(GapCause.VOLUME_ABSENT);
            assertThat(gap.fromUs()).isEqualTo(T0 + 2 * SECOND_US);
            assertThat(gap.toUs()).hasValue(T0 + 4 * SECOND_US);
        });
    }

    private List<Gap> gaps() {
        return house.footage.gaps(CAMERA, T0, T0 + 100 * SECOND_US, 10);
    }

    @Test
    void aFolderThatCannotBeSyncedPutsTheWholeChunkInDoubt() throws Exception {
        syncsFail("forceDirectory");
        failures.set(1);
        written = false;
        FootageSink.Run run = house.open(CAMERA, T0);
        ArchiveHouse.append(run, T0, 0);
        ArchiveHouse.append(run, T0, 1);
        written = true;
        ArchiveHouse.await(this::isInDoubt);
        NotDurableException told =
                catchThrowableOfType(NotDurableException.class, () -> ArchiveHouse.append(run, T0, 2));
        assertThat(told).as("the run goes on though its file may be lost whole").isNotNull();
        assertThat(told.durableEndUs()).isEqualTo(T0);
        isWhollyOnDisk(sealed());
    }

    @Test
    void sealingThatFailsToSyncWritesEverythingInDoubtAgain() throws Exception {
        FootageSink.Run run = house.open(CAMERA, T0);
        ArchiveHouse.append(run, T0, 0);
        ArchiveHouse.append(run, T0, 1);
        failures.set(2);
        run.end(T0 + 2 * SECOND_US);
        Segment segment = sealed();
        assertThat(segment.endUs()).isEqualTo(T0 + 2 * SECOND_US);
        isWhollyOnDisk(segment);
    }
}
