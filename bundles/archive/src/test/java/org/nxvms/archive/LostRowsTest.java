// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.health.HealthCheck;

/** The database is new, the footage is not: nobody has to know that, nor to do anything. */
class LostRowsTest {
    @TempDir
    Path folder;

    private ArchiveHouse house;
    private Map<UUID, StoredSegment> rows;
    private Map<UUID, Gap> gaps;

    @BeforeEach
    void threeFilesAndTwoGaps() throws Exception {
        house = new ArchiveHouse(folder);
        house.record(CAMERA, T0, 3);
        house.archive.gap(CAMERA, T0 + 3 * SECOND_US, GapCause.AUTH, "the camera refused the password");
        house.record(CAMERA, T0 + 60 * SECOND_US, 4);
        house.archive.gap(CAMERA, T0 + 64 * SECOND_US, GapCause.CAMERA_UNREACHABLE, "");
        house.record(CAMERA, T0 + 90 * SECOND_US, 4);
        house.settledGaps();
        rows = Map.copyOf(house.index.rows);
        gaps = Map.copyOf(house.index.gaps);
        assertThat(rows).hasSize(3);
        house.stop();
    }

    @AfterEach
    void stop() {
        house.index.down = false;
        house.index.beforeVisit = () -> {};
        house.volume.readGate = (operation, path) -> {};
        house.stop();
    }

    private void theDatabaseIsDeleted() {
        house.index.rows.clear();
        house.index.gaps.clear();
    }

    private HealthCheck.Result health() {
        return new ArchiveHealth(house.archive).check();
    }

    private void allIsBack() {
        ArchiveHouse.await(() -> unindexed() == 0
                && house.index.rows.keySet().containsAll(rows.keySet())
                && house.index.gaps.keySet().containsAll(gaps.keySet()));
        assertThat(house.index.rows).containsAllEntriesOf(rows);
        assertThat(house.index.gaps).containsAllEntriesOf(gaps);
        // Said a moment after the note is gone.
        ArchiveHouse.await(() -> health().status() == HealthCheck.Status.UP);
    }

    /** {@return how many volumes are noted as not known to the index} */
    private long unindexed() {
        try (var notes = Files.list(folder.resolve("volumes/unindexed"))) {
            return notes.count();
        } catch (IOException none) {
            return 0;
        }
    }

    /** Waits until what the index knows of the volume was asked, and what follows from the answer is over. */
    private void isDecided(AtomicInteger asked) {
        ArchiveHouse.await(() -> asked.get() > 0 && unindexed() == 0);
    }

    @Test
    void rowsAndGapsComeBackByThemselvesWhileRecordingGoesOn() throws Exception {
        theDatabaseIsDeleted();
        CountDownLatch goOn = new CountDownLatch(1);
        house.index.beforeVisit = () -> {
            try {
                goOn.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        };
        house.start();
        ArchiveHouse.await(() ->
                health().findings().stream().anyMatch(found -> found.code().equals("rows_remade")));

        assertThat(health().status()).isEqualTo(HealthCheck.Status.DEGRADED);
        assertThat(health().detail()).contains("volume main");
        assertThat(health().findings()).singleElement().satisfies(found -> {
            assertThat(found.code()).isEqualTo("rows_remade");
            assertThat(found.parameters()).containsEntry("volume", "main").containsKey("percent");
        });
        long laterUs = T0 + 500 * SECOND_US;
        try (FootageSink.Run run = house.open(CAMERA, laterUs)) {
            ArchiveHouse.append(run, laterUs, 0);
            run.end(laterUs + SECOND_US);
        }
        ArchiveHouse.await(() -> house.segments(CAMERA, laterUs, laterUs + SECOND_US).stream()
                .anyMatch(segment -> house.index.rows.containsKey(segment.id())));
        goOn.countDown();

        allIsBack();
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    @Test
    void whatADeathBrokeOffIsEndedThoughTheDatabaseKnowsSomeRowsByThen() throws Exception {
        theDatabaseIsDeleted();
        CountDownLatch reached = new CountDownLatch(1);
        house.index.beforeVisit = () -> {
            reached.countDown();
            throw new org.nxvms.platform.api.StoreException("the process is about to die", null);
        };
        house.start();
        ArchiveHouse.await(() -> reached.getCount() == 0);
        house.kill();
        UUID known = rows.keySet().iterator().next();
        house.index.rows.keySet().retainAll(List.of(known));
        house.index.beforeVisit = () -> {};

        house.start();
        allIsBack();
    }

    @Test
    void anOrdinaryStartLooksAtNoFile() throws Exception {
        AtomicInteger asked = house.index.usages;
        asked.set(0);
        AtomicInteger chunksRead = new AtomicInteger();
        house.gateOfReads = (operation, path) -> chunksRead.addAndGet(path.endsWith(".mp4") ? 1 : 0);
        AtomicInteger listed = new AtomicInteger();
        house.gateOfLists = (operation, path) -> listed.addAndGet(path.isEmpty() ? 1 : 0);
        house.start();
        isDecided(asked);
        assertThat(listed).hasValue(0);
        assertThat(chunksRead).hasValue(0);
        assertThat(health().status()).isEqualTo(HealthCheck.Status.UP);
    }

    @Test
    void aDatabaseThatIsMerelyAwayIsNotTakenForANewOne() throws Exception {
        AtomicInteger visits = new AtomicInteger();
        house.index.beforeVisit = visits::incrementAndGet;
        house.index.down = true;
        house.start();
        ArchiveHouse.await(() -> !house.archive.rows().trouble().isEmpty());
        // Before it answers: it is asked once.
        AtomicInteger asked = house.index.usages;
        asked.set(0);
        house.index.down = false;
        isDecided(asked);
        assertThat(visits).hasValue(0);
        assertThat(house.index.rows).isEqualTo(rows);
    }

    @Test
    void footageOfAnotherServerIsLeftAsItIs() throws Exception {
        house.index.rows.clear();
        house.index.gaps.clear();
        house.server = UUID.randomUUID();
        AtomicInteger asked = house.index.usages;
        asked.set(0);
        AtomicInteger looked = new AtomicInteger();
        house.gateOfReads = (operation, path) -> looked.addAndGet(path.endsWith(".mp4") ? 1 : 0);
        // Markers of the last minute are footage that this server ends; those of before are gone.
        Path open = folder.resolve("archive/journal/open");
        if (Files.exists(open)) {
            try (var markers = Files.list(open)) {
                for (Path marker : markers.toList()) {
                    Files.delete(marker);
                }
            }
        }
        house.start();
        ArchiveHouse.await(() -> looked.get() > 0);
        isDecided(asked);
        assertThat(house.index.rows).isEmpty();
        assertThat(house.chunkFiles()).hasSize(3);
    }
}
