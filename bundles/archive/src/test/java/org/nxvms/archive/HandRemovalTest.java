// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.EvidenceLock;
import org.nxvms.platform.api.archive.FootageRemoval;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;

/** A person removes footage: whole chunks, none that is locked, and the time says who it was. */
class HandRemovalTest {
    @TempDir
    Path folder;

    private ArchiveHouse house;
    private FootageRemoval removal;

    @BeforeEach
    void open() {
        // A chunk each four seconds.
        house = new ArchiveHouse(folder, new ArchiveSettings(4, 256 << 20, 5, 1, 24, 5));
        removal = new HandRemoval(house.archive);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private List<Segment> sixteenSeconds() throws Exception {
        List<Segment> chunks = house.record(CAMERA, T0, 16);
        assertThat(chunks).hasSize(4);
        return chunks;
    }

    private FootageRemoval.Plan plan(int fromSecond, int toSecond) {
        return removal.plan(CAMERA.cameraId(), T0 + fromSecond * SECOND_US, T0 + toSecond * SECOND_US);
    }

    private List<Gap> deleted() {
        return house.footage.gaps(CAMERA, T0 - SECOND_US, T0 + 60 * SECOND_US, 100).stream()
                .filter(gap -> gap.cause() == GapCause.DELETED_BY_USER)
                .toList();
    }

    private void lock(Segment segment) throws IOException {
        new ArchiveProofs(house.archive)
                .lock(new EvidenceLock(
                        UUID.randomUUID(),
                        List.of(CAMERA.cameraId()),
                        segment.startUs() + 1,
                        segment.startUs() + 2,
                        "theft",
                        "olga",
                        T0));
    }

    @Test
    void whatLiesWhollyInTheRangeGoesAndItsTimeIsOneGapThatSaysWhoDidIt() throws Exception {
        List<Segment> chunks = sixteenSeconds();
        FootageRemoval.Plan plan = plan(2, 13);
        assertThat(plan.removable()).containsExactly(chunks.get(1), chunks.get(2));
        assertThat(plan.partly()).containsExactly(chunks.get(0), chunks.get(3));
        assertThat(house.chunkFiles()).as("a plan changes nothing").hasSize(4);

        FootageRemoval.Outcome outcome = removal.remove(plan, "olga");

        assertThat(outcome)
                .isEqualTo(new FootageRemoval.Outcome(
                        2, chunks.get(1).sizeBytes() + chunks.get(2).sizeBytes(), 0, ""));
        assertThat(house.chunkFiles()).hasSize(2);
        assertThat(house.segments(CAMERA, T0, T0 + 16 * SECOND_US)).containsExactly(chunks.get(0), chunks.get(3));
        ArchiveHouse.await(() -> !deleted().isEmpty());
        assertThat(deleted()).singleElement().satisfies(gap -> {
            assertThat(gap.fromUs()).isEqualTo(chunks.get(1).startUs());
            assertThat(gap.toUs()).hasValue(chunks.get(2).endUs());
            assertThat(gap.detail()).isEqualTo("deleted by olga");
        });
        assertThat(Markers.delete(house.volume).all()).isEmpty();
        assertThat(house.archive.check(false, progress -> {}).problems())
                .as("the gap accounts for what is missing from the run")
                .isEmpty();
        assertThat(removal.remove(plan, "olga")).as("once more").satisfies(again -> {
            assertThat(again.removed()).isZero();
            assertThat(again.trouble()).contains("meanwhile");
        });
    }

    @Test
    void lockedFootageStaysAlsoWhenItIsLockedAfterThePlan() throws Exception {
        List<Segment> chunks = sixteenSeconds();
        lock(chunks.get(0));
        FootageRemoval.Plan plan = plan(0, 16);
        assertThat(plan.locked()).containsExactly(chunks.get(0));
        assertThat(plan.removable()).hasSize(3);
        lock(chunks.get(2));

        FootageRemoval.Outcome outcome = removal.remove(plan, "olga");

        assertThat(outcome.removed()).isEqualTo(2);
        assertThat(outcome.kept()).isEqualTo(1);
        assertThat(outcome.trouble()).contains("locked");
        assertThat(house.segments(CAMERA, T0, T0 + 16 * SECOND_US)).containsExactly(chunks.get(0), chunks.get(2));
        ArchiveHouse.await(() -> deleted().size() == 2);
    }

    @Test
    void whatIsStillWrittenStays() throws Exception {
        try (FootageSink.Run run = house.open(CAMERA, T0)) {
            ArchiveHouse.append(run, T0, 0);
            ArchiveHouse.append(run, T0, 1);
            FootageRemoval.Plan plan = plan(0, 60);
            assertThat(plan.removable()).isEmpty();
            assertThat(plan.growing()).hasSize(1);
            run.end(T0 + 2 * SECOND_US);
        }
    }

    @Test
    void aFailingDiskAndAMissingDatabaseAreSaid() throws Exception {
        sixteenSeconds();
        FootageRemoval.Plan plan = plan(0, 16);
        house.volume.gate = (operation, path) -> {
            if (operation.equals("create") && path.startsWith("journal/delete/")) {
                throw new IOException("Input/output error");
            }
        };
        assertThat(removal.remove(plan, "olga").trouble()).contains("Input/output error");
        assertThat(house.chunkFiles()).hasSize(4);
        assertThat(house.index.rows).as("nothing half done").hasSize(4);
        house.disconnect();
        assertThatThrownBy(() -> removal.remove(plan, "olga")).isInstanceOf(StoreException.class);
    }
}
