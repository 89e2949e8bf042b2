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
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.health.HealthCheck;

/** A volume that was taken out of use with footage on it is in use again: what comes back, and what does not. */
class ReturnTest extends DepartureStory {
    @Test
    void whatAPersonRemovedFromTheBackupDoesNotComeBackWithTheVolume() throws Exception {
        start(folder);
        b.backup = true;
        use(a);
        use(b);
        List<Segment> segments = record(new FootageTerms(0, 30, List.of(), List.of("b")));
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        leaves(a);
        ArchiveHouse.await(() -> allOn(b));
        removedByHand(segments);
        ArchiveHouse.await(() -> files(b).size() == 2);

        comesBack(a);
        ArchiveHouse.await(() -> files(a).size() == 2);
        ArchiveHouse.await(() -> allOn(a) && index.copies().volumes.size() == 2);
        assertThat(segments())
                .extracting(Segment::id)
                .doesNotContain(segments.get(0).id());
        assertThat(footage.gaps(CAMERA, T0, T0 + 10 * SECOND_US, 10))
                .as("no rule took it")
                .extracting(Gap::cause)
                .containsOnly(GapCause.DELETED_BY_USER);
        isSound();
    }

    @Test
    void whatAPersonRemovedDoesNotComeBackWithTheBackup() throws Exception {
        start(folder);
        b.backup = true;
        use(a);
        use(b);
        List<Segment> segments = record(new FootageTerms(0, 30, List.of(), List.of("b")));
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        leaves(b);
        ArchiveHouse.await(() -> index.copies().volumes.isEmpty());
        removedByHand(segments);
        assertThat(files(a)).hasSize(2);

        comesBack(b);
        ArchiveHouse.await(() -> files(b).size() == 2 && index.copies().volumes.size() == 2);
        assertThat(segments()).hasSize(2);
        assertThat(allOn(a)).isTrue();
        isSound();
    }

    @Test
    void copiesThatWereMadeElsewhereMeanwhileAreNotKeptTwice() throws Exception {
        start(folder);
        b.backup = true;
        FaultyVolume c = volume(folder, "c");
        c.backup = true;
        use(a);
        use(b);
        List<Segment> segments = record(new FootageTerms(0, 30, List.of(), List.of("b", "c")));
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        leaves(b);
        ArchiveHouse.await(() -> index.copies().volumes.isEmpty());
        use(c);
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        comesBack(b);
        ArchiveHouse.await(() -> files(b).isEmpty());
        assertThat(files(c)).hasSize(3);
        assertThat(segments()).isEqualTo(segments);
        isSound();
    }

    @Test
    void ofTwoCopiesARebuildGivesUpTheOneThatIsNotNoted() throws Exception {
        start(folder);
        b.backup = true;
        FaultyVolume c = volume(folder, "c");
        c.backup = true;
        use(a);
        use(b);
        List<Segment> segments = record(new FootageTerms(0, 30, List.of(), List.of("b", "c")));
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        String path = segments.get(0).path();
        Files.createDirectories(folder.resolve("c").resolve(path).getParent());
        Files.copy(folder.resolve("b").resolve(path), folder.resolve("c").resolve(path));
        use(c);
        assertThat(archive.check(false, progress -> {}).problems()).containsOnlyKeys("second backup of a chunk");
        assertThat(files(c)).as("a check changes nothing").hasSize(1);
        archive.rebuild(progress -> {});
        ArchiveHouse.await(() -> files(c).isEmpty());
        assertThat(files(b)).hasSize(3);
        isSound();
    }

    @Test
    void aVolumeThatIsBackAndCannotBeReadIsToldAndTriedAgain() throws Exception {
        start(folder);
        use(a);
        List<Segment> segments = record(FootageTerms.days(30));
        use(b);
        leaves(a);
        ArchiveHouse.await(() -> gaps().size() == 1);
        a.listGate = (operation, path) -> {
            if (path.isEmpty()) {
                throw new IOException("Input/output error");
            }
        };
        use(a);
        Departures departures = archive.care().departures();
        ArchiveHouse.await(() -> departures.trouble().isPresent());
        assertThat(departures.trouble().get())
                .contains("volume a is back, but its footage cannot be read: Input/output error", "check the disk");
        HealthCheck.Result health = new ArchiveHealth(archive).check();
        assertThat(health.status()).isEqualTo(HealthCheck.Status.DEGRADED);
        assertThat(health.detail()).contains("cannot be read: Input/output error");
        assertThat(gaps()).as("what is missing is still said").hasSize(1);
        assertThat(segments()).isEmpty();

        archive.removeVolume(a);
        a.listGate = (operation, path) -> {};
        comesBack(a);
        ArchiveHouse.await(() -> segments().equals(segments) && gaps().isEmpty());
        // Said after the gaps were taken back.
        ArchiveHouse.await(() -> departures.trouble().isEmpty());
    }

    @Test
    void aFileThatCannotBeReadIsMissingAndTheOthersAreBack() throws Exception {
        start(folder);
        use(a);
        List<Segment> segments = record(FootageTerms.days(30));
        use(b);
        leaves(a);
        ArchiveHouse.await(() -> gaps().size() == 1);
        Segment second = segments.get(1);
        a.readGate = (operation, path) -> {
            if (path.equals(second.path())) {
                throw new IOException("Input/output error");
            }
        };
        use(a);
        Departures departures = archive.care().departures();
        ArchiveHouse.await(() -> departures.trouble().isPresent());
        assertThat(departures.trouble().get()).contains("volume a is back, but 1 of its files cannot be looked at now");
        assertThat(segments()).hasSize(2);
        assertThat(gaps()).as("what is still missing").hasSize(1);
        assertThat(gaps().get(0).fromUs()).isEqualTo(second.startUs());
        assertThat(gaps().get(0).toUs()).hasValue(second.endUs());

        archive.removeVolume(a);
        a.readGate = (operation, path) -> {};
        comesBack(a);
        assertThat(segments()).isEqualTo(segments);
        ArchiveHouse.await(() -> gaps().isEmpty());
    }

    @Test
    void aVolumeThatIsRecordedOnWhileItIsReadComesBackAllTheSame() throws Exception {
        start(folder);
        use(a);
        List<Segment> segments = record(FootageTerms.days(30));
        use(b);
        leaves(a);
        ArchiveHouse.await(() -> gaps().size() == 1);
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch recording = new CountDownLatch(1);
        a.listGate = (operation, path) -> {
            if (path.isEmpty()) {
                reading.countDown();
                ArchiveHouse.await(() -> recording.getCount() == 0);
            }
        };
        use(a);
        reading.await();
        long laterUs = T0 + 60 * SECOND_US;
        FootageSink.Run run = archive.openRun(
                "a",
                new FootageSink.RunRequest(
                        CAMERA, Footage.FORMAT, laterUs, ClockSource.ARRIVAL, FootageTerms.days(30)));
        ArchiveHouse.append(run, laterUs, 0);
        recording.countDown();
        Path left = folder.resolve("volumes/left").resolve(a.id().toString());
        ArchiveHouse.await(() -> !Files.exists(left));
        assertThat(archive.care().departures().trouble()).isEmpty();
        assertThat(segments()).isEqualTo(segments);
        run.end(laterUs + SECOND_US);
    }

    @Test
    void whatAPersonRemovedDoesNotComeBackWithAVolumeWhenTheDatabaseWasLost() throws Exception {
        start(folder);
        b.backup = true;
        use(a);
        use(b);
        List<Segment> segments = record(new FootageTerms(0, 30, List.of(), List.of("b")));
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        leaves(b);
        ArchiveHouse.await(() -> index.copies().volumes.isEmpty());
        removedByHand(segments);
        archive.close();
        disks.values().forEach(disk -> disk.close());
        index.rows.clear();
        index.gaps.clear();
        start(folder);
        b.backup = true;
        use(a);
        comesBack(b);
        ArchiveHouse.await(() -> files(b).size() == 2);
        assertThat(segments())
                .extracting(Segment::id)
                .doesNotContain(segments.get(0).id());
    }

    @Test
    void whatWasRecordedIntoARemovedTimeByAClockThatWasSetBackComesBack() throws Exception {
        start(folder);
        use(a);
        List<Segment> segments = record(FootageTerms.days(30));
        removedByHand(segments);
        try (FootageSink.Run run = archive.openRun(
                "a",
                new FootageSink.RunRequest(CAMERA, Footage.FORMAT, T0, ClockSource.ARRIVAL, FootageTerms.days(30)))) {
            ArchiveHouse.append(run, T0, 0);
            ArchiveHouse.append(run, T0, 1);
            run.end(T0 + 2 * SECOND_US);
        }
        ArchiveHouse.await(() -> index.rows.size() == 3);
        use(b);
        leaves(a);
        ArchiveHouse.await(() -> index.rows.isEmpty());
        comesBack(a);
        assertThat(index.rows).hasSize(3);
        assertThat(files(a)).hasSize(3);
    }

    @Test
    void ofTwoVolumesThatLeftInTurnTheFirstBringsBackWhatTheSecondTook() throws Exception {
        start(folder);
        b.backup = true;
        use(a);
        use(b);
        List<Segment> segments = record(new FootageTerms(0, 30, List.of(), List.of("b")));
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        use(volume(folder, "c"));
        leaves(a);
        ArchiveHouse.await(() -> allOn(b));
        leaves(b);
        ArchiveHouse.await(() -> gaps().size() == 1);
        assertThat(gaps().get(0).detail()).contains("on volume b");
        comesBack(a);
        assertThat(segments()).isEqualTo(segments);
        ArchiveHouse.await(() -> gaps().isEmpty());
    }

    @Test
    void aVolumeThatLeavesAgainWhileItIsReadIsGoneAllTheSame() throws Exception {
        start(folder);
        use(a);
        record(FootageTerms.days(30));
        use(b);
        leaves(a);
        ArchiveHouse.await(() -> gaps().size() == 1);
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        a.listGate = (operation, path) -> {
            if (path.isEmpty()) {
                reading.countDown();
                ArchiveHouse.await(() -> goOn.getCount() == 0);
            }
        };
        use(a);
        reading.await();
        new ArchiveVolumes(archive).leaves(a.id(), "a");
        goOn.countDown();
        archive.removeVolume(a);
        ArchiveHouse.await(() -> isGone(a) && index.rows.isEmpty());
        ArchiveHouse.await(() -> gaps().stream()
                        .mapToLong(gap -> gap.toUs().orElseThrow() - gap.fromUs())
                        .sum()
                == 6 * SECOND_US);
        a.listGate = (operation, path) -> {};
        comesBack(a);
        assertThat(segments()).hasSize(3);
        ArchiveHouse.await(() -> gaps().isEmpty());
    }

    @Test
    void whatAPersonRemovedDoesNotComeBackAsALeftoverEither() throws Exception {
        start(folder);
        b.backup = true;
        use(a);
        use(b);
        List<Segment> segments = record(new FootageTerms(0, 30, List.of(), List.of("b")));
        ArchiveHouse.await(() -> index.copies().volumes.size() == 3);
        leaves(a);
        ArchiveHouse.await(() -> allOn(b));
        removedByHand(segments);
        // As when it was pulled soon after the chunk was sealed.
        Markers.open(a).set(segments.get(0).path());
        comesBack(a);
        ArchiveHouse.await(() -> files(a).size() == 2 && index.copies().volumes.size() == 2);
        assertThat(segments())
                .extracting(Segment::id)
                .doesNotContain(segments.get(0).id());
        isSound();
    }
}
