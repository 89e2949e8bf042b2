// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Segment;

/** The days of a camera and those of a volume: the earliest maximum and the longest minimum count (invariants 20, 21). */
class RetentionDaysTest extends MoveStory {
    private static final long DAY_US = 86_400_000_000L;

    /** Footage that is as old as that, when the archive first looks at its clock. */
    private List<Segment> recorded(int days, FootageTerms terms) throws Exception {
        nowUs.set(T0 + days * DAY_US + 60 * SECOND_US);
        start(folder);
        use(a);
        ArchiveHouse.await(() -> archive.clock().expectedUs() >= T0 + days * DAY_US);
        return record(terms);
    }

    private boolean saysTooSmall() {
        return archive.care().retention().trouble().orElse("").contains("does not hold the minimum of days");
    }

    @Test
    void theVolumesMaximumEndsFootageThatItsCameraWouldKeep() throws Exception {
        recorded(5, new FootageTerms(10, 30, List.of()));
        a.daysMax = OptionalInt.of(4);
        ArchiveHouse.await(() -> segments().isEmpty() && files(a).isEmpty());
        ArchiveHouse.await(() -> footage.gaps(CAMERA, T0, T0 + 10 * SECOND_US, 10).stream()
                .anyMatch(gap -> gap.cause() == GapCause.DELETED_BY_RETENTION));
        isSound();
    }

    @Test
    void theCamerasMaximumEndsFootageThatItsVolumeWouldKeep() throws Exception {
        nowUs.set(T0 + 5 * DAY_US + 60 * SECOND_US);
        start(folder);
        a.daysMin = 20;
        a.daysMax = OptionalInt.of(30);
        use(a);
        ArchiveHouse.await(() -> archive.clock().expectedUs() >= T0 + 5 * DAY_US);
        record(FootageTerms.days(30));
        record(new FootageTerms(0, 3, List.of()), T0 + 20 * SECOND_US);
        ArchiveHouse.await(() -> files(a).size() == 3);
        assertThat(segments()).as("those of 30 days").hasSize(3);
    }

    private void record(FootageTerms terms, long startUs) throws Exception {
        try (var run = archive.openRun(
                archive.volumeFor(CAMERA, terms),
                new org.nxvms.platform.api.archive.FootageSink.RunRequest(
                        CAMERA, Footage.FORMAT, startUs, org.nxvms.media.ClockSource.ARRIVAL, terms))) {
            ArchiveHouse.append(run, startUs, 0);
            run.end(startUs + SECOND_US);
        }
        ArchiveHouse.await(() -> archive.footageVolumes().stream()
                .allMatch(volume -> volume.live().isEmpty()));
    }

    @Test
    void whatIsYoungerThanTheVolumesMinimumGoesLastAndSomebodyIsTold() throws Exception {
        List<Segment> segments = recorded(5, FootageTerms.days(30));
        a.daysMin = 4;
        a.quota = OptionalLong.of(2 * segments.get(0).sizeBytes() + 100);
        ArchiveHouse.await(() -> files(a).size() == 2);
        assertThat(saysTooSmall()).as("what went was older than both").isFalse();
        a.daysMin = 6;
        a.quota = OptionalLong.of(segments.get(0).sizeBytes() + 100);
        ArchiveHouse.await(() -> files(a).size() == 1 && saysTooSmall());
        assertThat(segments())
                .extracting(Segment::id)
                .containsExactly(segments.get(2).id());
    }

    @Test
    void aBackupKeepsWhatItsOwnDaysSayAndNothingLonger() throws Exception {
        nowUs.set(T0 + 5 * DAY_US + 60 * SECOND_US);
        start(folder);
        b.backup = true;
        b.daysMax = OptionalInt.of(9);
        use(a);
        use(b);
        ArchiveHouse.await(() -> archive.clock().expectedUs() >= T0 + 5 * DAY_US);
        record(new FootageTerms(0, 30, List.of(), List.of("b")));
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        a.daysMax = OptionalInt.of(4);
        ArchiveHouse.await(() -> allOn(b) && files(a).isEmpty());
        assertThat(segments()).hasSize(3);
        b.daysMax = OptionalInt.of(4);
        ArchiveHouse.await(() -> segments().isEmpty() && files(b).isEmpty());
        isSound();
    }

    @Test
    void copiesGoWithTheirCamerasDaysAlsoWhileTheMainVolumeIsAway() throws Exception {
        nowUs.set(T0 + 5 * DAY_US + 60 * SECOND_US);
        start(folder);
        b.backup = true;
        use(a);
        use(b);
        ArchiveHouse.await(() -> archive.clock().expectedUs() >= T0 + 5 * DAY_US);
        record(new FootageTerms(0, 30, List.of(), List.of("b")));
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        archive.removeVolume(a);
        index.rows.replaceAll((id, row) -> new StoredSegment(row.segment(), 3));
        ArchiveHouse.await(() -> files(b).isEmpty());
        assertThat(files(a)).hasSize(3);
    }
}
