// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.GapListener;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.VolumeFootage;

/** A volume that is taken out of use takes its footage out of the timeline, and brings it back with it. */
class DepartureTest extends DepartureStory {
    @Test
    void itsTimeIsAGapThatSaysWhereTheFootageIsUntilTheVolumeIsBack() throws Exception {
        start(folder);
        use(a);
        List<Segment> segments = record(FootageTerms.days(30));
        var rows = Map.copyOf(index.rows);
        use(b);
        VolumeFootage service = new ArchiveVolumes(archive);
        long bytes = segments.stream().mapToLong(Segment::sizeBytes).sum();
        assertThat(service.onlyOn(a.id())).isEqualTo(new VolumeFootage.Only(3, bytes));
        assertThat(service.onlyOn(b.id())).isEqualTo(new VolumeFootage.Only(0, 0));
        assertThat(service.onlyOn(UUID.randomUUID())).isEqualTo(new VolumeFootage.Only(0, 0));

        service.leaves(a.id(), "a");
        archive.removeVolume(a);
        ArchiveHouse.await(() -> segments().isEmpty());
        ArchiveHouse.await(() -> gaps().size() == 1);
        assertThat(gaps().get(0).detail()).contains("on volume a", a.id().toString(), "add it again");
        assertThat(gaps().get(0).fromUs()).isEqualTo(T0);
        assertThat(gaps().get(0).toUs()).hasValue(T0 + 6 * SECOND_US);
        isSound();

        // Over a restart too.
        archive.close();
        disks.get("b").close();
        start(folder);
        use(b);
        assertThat(segments()).isEmpty();
        comesBack(a);
        ArchiveHouse.await(() -> index.rows.equals(rows) && gaps().isEmpty());
        assertThat(files(a)).hasSize(3);
        isSound();
    }

    @Test
    void whatHasACopyStaysInTheTimeline() throws Exception {
        start(folder);
        b.backup = true;
        FootageTerms terms = new FootageTerms(0, 30, List.of(), List.of("b"));
        use(a);
        use(b);
        List<Segment> segments = record(terms);
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        VolumeFootage service = new ArchiveVolumes(archive);
        assertThat(service.onlyOn(a.id()).segments()).isZero();
        assertThat(service.onlyOn(b.id()).segments()).as("copies only").isZero();
        service.leaves(a.id(), "a");
        assertThat(service.onlyOn(b.id()).segments())
                .as("also before it is out of use")
                .isEqualTo(3);
        archive.removeVolume(a);
        assertThat(service.onlyOn(b.id()).segments())
                .as("all there is, from now on; each may be seen twice, on its way from copy to row")
                .isBetween(3L, 6L);
        ArchiveHouse.await(() -> allOn(b));
        assertThat(service.onlyOn(b.id()).segments()).isEqualTo(3);
        assertThat(segments()).hasSize(3);
        assertThat(gaps()).isEmpty();

        comesBack(a);
        ArchiveHouse.await(() -> allOn(a) && index.copies().volumes.size() == 3);
        assertThat(segments()).isEqualTo(segments);
        isSound();
    }

    @Test
    void aVolumeThatADeathKeptFromLeavingStays() throws Exception {
        start(folder);
        b.backup = true;
        use(a);
        use(b);
        List<Segment> segments = record(new FootageTerms(0, 30, List.of(), List.of("b")));
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        archive.close();
        disks.values().forEach(disk -> disk.close());
        // As a death leaves it that comes before they are taken out.
        Path left = Files.createDirectories(folder.resolve("volumes/left"));
        for (FaultyVolume one : List.of(a, b)) {
            Files.writeString(left.resolve(one.id().toString()), "leaving " + one.name());
        }
        start(folder);
        b.backup = true;
        use(a);
        use(b);
        ArchiveHouse.await(
                () -> !Files.exists(left.resolve(a.id().toString())) && !Files.exists(left.resolve(b.id().toString())));
        assertThat(segments()).isEqualTo(segments);
        assertThat(index.copies().volumes).hasSize(3);

        use(volume(folder, "c"));
        leaves(a);
        ArchiveHouse.await(() -> allOn(b));
        assertThat(segments()).hasSize(3);
        assertThat(gaps()).isEmpty();
    }

    @Test
    void aCopyOnAVolumeThatIsAwayJustThenStaysInTheTimeline() throws Exception {
        start(folder);
        b.backup = true;
        use(a);
        use(b);
        record(new FootageTerms(0, 30, List.of(), List.of("b")));
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        use(volume(folder, "c"));
        archive.removeVolume(b);
        assertThat(new ArchiveVolumes(archive).onlyOn(a.id()).segments())
                .as("nobody can see the copies now")
                .isEqualTo(3);
        leaves(a);
        ArchiveHouse.await(() -> allOn(b));
        assertThat(segments()).hasSize(3);
        assertThat(gaps()).isEmpty();
    }

    @Test
    void noRowGoesBeforeTheIndexSaysWhy() throws Exception {
        start(folder);
        use(a);
        record(FootageTerms.days(30));
        use(b);
        List<UUID> unexplained = new CopyOnWriteArrayList<>();
        index.beforeDelete = ids -> ids.stream()
                .flatMap(id -> index.get(id).stream())
                .filter(row -> index.gaps.values().stream()
                        .noneMatch(gap -> gap.cause() == GapCause.VOLUME_ABSENT
                                && gap.fromUs() <= row.startUs()
                                && gap.toUs().orElseThrow() >= row.endUs()))
                .forEach(row -> unexplained.add(row.id()));
        leaves(a);
        ArchiveHouse.await(() -> segments().isEmpty());
        assertThat(unexplained).isEmpty();
    }

    @Test
    void aVolumeThatStaysAfterAllKeepsItsFootageInTheIndex() throws Exception {
        start(folder);
        use(a);
        List<Segment> segments = record(FootageTerms.days(30));
        use(b);
        VolumeFootage service = new ArchiveVolumes(archive);
        service.leaves(a.id(), "a");
        service.stays(a.id());
        archive.removeVolume(a);
        assertThat(segments()).isEqualTo(segments);
        use(a);
        assertThat(segments()).isEqualTo(segments);
        assertThat(gaps()).isEmpty();
    }

    @Test
    void howMuchFootageItHadItsTimeIsOneGapOfEachStream() throws Exception {
        start(folder);
        use(a);
        Segment one = record(FootageTerms.days(30), 2).get(0);
        List<StreamId> streams = List.of(CAMERA, StreamId.sub(CAMERA.cameraId()), StreamId.main(UUID.randomUUID()));
        int chunks = 700;
        for (StreamId stream : streams) {
            for (int i = 1; i <= chunks; i++) {
                Segment more = Altered.at(one, stream, one.startUs() + 2L * i * SECOND_US);
                index.insert(List.of(new ChunkIndex.StoredSegment(more, 30, 0)));
            }
        }
        use(b);
        leaves(a);
        ArchiveHouse.await(() -> index.rows.isEmpty());
        long endUs = one.endUs() + 2L * chunks * SECOND_US;
        ArchiveHouse.await(() -> index.gaps.values().stream()
                        .filter(gap -> gap.cause() == GapCause.VOLUME_ABSENT
                                && gap.toUs().orElse(0) == endUs)
                        .count()
                == streams.size());
        assertThat(index.gaps.values())
                .filteredOn(gap -> gap.cause() == GapCause.VOLUME_ABSENT)
                .hasSize(streams.size());
    }

    @Test
    void whatIsSealedWhileTheVolumeGoesIsAGapToo() throws Exception {
        start(folder);
        use(a);
        use(b);
        FootageSink.Run run = archive.openRun(
                "a",
                new FootageSink.RunRequest(CAMERA, Footage.FORMAT, T0, ClockSource.ARRIVAL, FootageTerms.days(30)));
        ArchiveHouse.append(run, T0, 0);
        a.gate = (operation, path) -> {
            if (path.endsWith(".mp4")) {
                // Until somebody has looked what rows it has.
                ArchiveHouse.await(() -> isGone(a));
            }
        };
        run.end(T0 + SECOND_US);
        leaves(a);
        ArchiveHouse.await(() -> gaps().size() == 1);
        assertThat(gaps().get(0).detail()).contains("on volume a");
        ArchiveHouse.await(() -> segments().isEmpty());
    }

    @Test
    void aVolumeThatIsAddedAgainAtOnceStays() throws Exception {
        start(folder);
        use(a);
        List<Segment> segments = record(FootageTerms.days(30));
        // Nobody looks in between, since no other volume is there.
        new ArchiveVolumes(archive).leaves(a.id(), "a");
        archive.removeVolume(a);
        comesBack(a);
        assertThat(segments()).isEqualTo(segments);
        assertThat(gaps()).isEmpty();
        assertThat(archive.care().departures().isLeaving(a.id())).isFalse();
    }

    /** Both want to decide about the same chunk in the same moment. */
    @Test
    void aCopyThatIsBeingRemovedWhenItsOriginalLeavesIsNoRowWithoutAFile() throws Exception {
        start(folder);
        b.backup = true;
        use(a);
        use(b);
        List<Segment> segments = record(new FootageTerms(0, 30, List.of(), List.of("b")));
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        CountDownLatch removing = new CountDownLatch(1);
        b.gate = (operation, path) -> {
            if (path.startsWith("journal/delete/") && removing.getCount() > 0) {
                removing.countDown();
                // Until the others were promoted; this one was asked about before them.
                ArchiveHouse.await(() -> index.rows.values().stream()
                                .filter(row -> row.segment().volumeId().equals(b.id()))
                                .count()
                        >= 2);
            }
        };
        b.quota = OptionalLong.of(2 * segments.get(0).sizeBytes() + 100);
        assertThat(removing.await(30, TimeUnit.SECONDS)).isTrue();
        leaves(a);
        // The row goes behind the gap that says why.
        ArchiveHouse.await(
                () -> files(b).size() == 2 && gaps().size() == 1 && segments().size() == 2);
        assertThat(gaps().get(0).fromUs()).isEqualTo(T0);
        isSound();
    }

    @Test
    void aThousandGapsOverOneMomentDoNotKeepAVolumeFromComingBack() throws Exception {
        start(folder);
        use(a);
        List<Segment> segments = record(FootageTerms.days(30));
        use(b);
        for (int i = 0; i < 2_100; i++) {
            OptionalLong end = OptionalLong.of(T0 + 60 * SECOND_US);
            index.saveGaps(List.of(
                    new Gap(UUID.randomUUID(), CAMERA, T0 - SECOND_US, end, GapCause.CAMERA_UNREACHABLE, "test")));
        }
        leaves(a);
        ArchiveHouse.await(() -> segments().isEmpty() && index.gaps.size() == 2_101);
        comesBack(a);
        ArchiveHouse.await(() -> segments().equals(segments) && index.gaps.size() == 2_100);
    }

    /** The journal that told of it may be that of the volume which was just being taken out. */
    @Test
    void whatProvedToBeNoneIsNoneWhicheverVolumeSaysSo() throws Exception {
        start(folder);
        use(a);
        use(b);
        Instant now = Instant.EPOCH.plus(nowUs.get(), ChronoUnit.MICROS);
        for (List<FaultyVolume> order : List.of(List.of(a, b), List.of(b, a))) {
            OptionalLong end = OptionalLong.of(T0 + 6 * SECOND_US);
            Gap gap = new Gap(UUID.randomUUID(), CAMERA, T0, end, GapCause.VOLUME_ABSENT, "the footage is on volume a");
            GapJournal.append(order.get(0), List.of(new GapJournal.Entry(now, gap, true)), now);
            GapJournal.append(order.get(1), List.of(new GapJournal.Entry(now, gap, false)), now);
        }
        isSound();
    }

    @Test
    void nobodyIsAlarmedByWhatSomebodyWanted() throws Exception {
        start(folder);
        List<Gap> heard = new CopyOnWriteArrayList<>();
        archive.addListener(new GapListener() {
            @Override
            public void changed(Gap gap) {
                heard.add(gap);
            }

            @Override
            public void dropped(Gap gap) {
                heard.add(gap);
            }
        });
        use(a);
        record(FootageTerms.days(30));
        use(b);
        leaves(a);
        ArchiveHouse.await(() -> gaps().size() == 1 && archive.toJournal().isEmpty());
        comesBack(a);
        ArchiveHouse.await(() -> gaps().isEmpty());
        assertThat(heard)
                .filteredOn(gap -> gap.cause() == GapCause.VOLUME_ABSENT)
                .isEmpty();
        isSound();
    }
}
