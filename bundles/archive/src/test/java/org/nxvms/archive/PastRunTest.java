// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.PastFootage.NotMissingException;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.TimeSpans;

/** A camera was away for twenty seconds and recorded by itself; what it has is put where it is missing. */
class PastRunTest {
    private static final int AWAY = 6;
    private static final int BACK = 26;
    private static final int END = 30;

    @TempDir
    Path folder;

    private ArchiveHouse house;
    private PastRuns past;

    @BeforeEach
    void aCameraIsAwayAndComesBack() throws Exception {
        house = new ArchiveHouse(folder);
        past = new PastRuns(house.archive);
        house.nowUs.set(at(0));
        house.record(CAMERA, at(0), AWAY);
        house.archive.gap(CAMERA, at(AWAY), GapCause.CAMERA_UNREACHABLE, "no answer");
        house.nowUs.set(at(BACK));
        house.record(CAMERA, at(BACK), END - BACK);
        house.settledGaps();
        assertThat(gaps()).containsExactly(tuple(at(AWAY), at(BACK), GapCause.CAMERA_UNREACHABLE));
    }

    @AfterEach
    void close() {
        house.close();
    }

    private void start() {
        house.start();
        past = new PastRuns(house.archive);
    }

    private static long at(int second) {
        return T0 + second * SECOND_US;
    }

    private static FootageSink.RunRequest request(int from) {
        return new FootageSink.RunRequest(
                CAMERA, Footage.FORMAT, at(from), ClockSource.DEVICE_RECORDING, FootageTerms.days(30));
    }

    private FootageSink.Run past(int from, int to) throws Exception {
        return past.open(request(from), at(to));
    }

    /** Puts whole seconds there and waits until nothing more is to be done for them. */
    private void fill(int from, int to) throws Exception {
        try (FootageSink.Run run = past(from, to)) {
            append(run, from, to);
            run.end(at(to));
        }
        house.settled();
        house.settledGaps();
    }

    private static void append(FootageSink.Run run, int from, int to) throws IOException {
        for (int second = 0; second < to - from; second++) {
            assertThat(ArchiveHouse.append(run, at(from), second)).isTrue();
        }
    }

    private List<org.assertj.core.groups.Tuple> gaps() {
        return house.footage.gaps(CAMERA, at(0), at(END + 100), 100).stream()
                .map(gap -> tuple(gap.fromUs(), gap.toUs().orElse(-1), gap.cause()))
                .toList();
    }

    private List<org.assertj.core.groups.Tuple> spans() {
        TimeSpans spans = house.footage.footage(List.of(CAMERA), at(0), at(END)).get(CAMERA);
        return java.util.stream.IntStream.range(0, spans.count())
                .mapToObj(i -> tuple(spans.fromUs(i), spans.toUs(i)))
                .toList();
    }

    private void isSound() {
        var report = house.archive.check(true, progress -> {});
        assertThat(report.problems()).as(report.examples().toString()).isEmpty();
    }

    @Test
    void whatWasMissingIsThereAndSaysWhereItIsFromAlsoAfterTheDatabaseWasDeleted() throws Exception {
        fill(AWAY, BACK);

        assertThat(spans()).containsExactly(tuple(at(0), at(END)));
        assertThat(gaps()).isEmpty();
        List<Segment> all = house.segments(CAMERA, at(0), at(END));
        assertThat(all)
                .extracting(Segment::startUs, Segment::endUs, Segment::clockSource)
                .containsExactly(
                        tuple(at(0), at(AWAY), ClockSource.ARRIVAL),
                        tuple(at(AWAY), at(BACK), ClockSource.DEVICE_RECORDING),
                        tuple(at(BACK), at(END), ClockSource.ARRIVAL));
        isSound();

        Map<UUID, StoredSegment> rows = Map.copyOf(house.index.rows);
        house.stop();
        house.index.rows.clear();
        house.index.gaps.clear();
        start();
        ArchiveHouse.await(() -> house.index.rows.equals(rows));
        house.settled();
        house.settledGaps();
        assertThat(gaps()).as("but for now").containsExactly(tuple(at(END), -1L, GapCause.SERVER_DOWN));
    }

    @Test
    void ofWhatIsFilledInPartTheRestStaysMissingForItsCause() throws Exception {
        UUID id = house.footage.gaps(CAMERA, at(0), at(END), 10).get(0).id();

        fill(10, 14);

        assertThat(gaps())
                .containsExactly(
                        tuple(at(AWAY), at(10), GapCause.CAMERA_UNREACHABLE),
                        tuple(at(14), at(BACK), GapCause.CAMERA_UNREACHABLE));
        List<Gap> rests = house.footage.gaps(CAMERA, at(0), at(END), 10);
        assertThat(rests.get(0).id()).isEqualTo(id);
        assertThat(rests).extracting(Gap::detail).containsOnly("no answer");
        fill(AWAY, 10);
        assertThat(gaps()).containsExactly(tuple(at(14), at(BACK), GapCause.CAMERA_UNREACHABLE));
        fill(14, BACK);
        assertThat(gaps()).isEmpty();
        assertThat(spans()).containsExactly(tuple(at(0), at(END)));
        isSound();
    }

    @Test
    void nothingIsPutWhereFootageIsOrWhereNobodyWantsIt() throws Exception {
        assertThatThrownBy(() -> past(AWAY - 1, BACK))
                .isInstanceOf(NotMissingException.class)
                .hasMessageContaining("there is footage");
        assertThatThrownBy(() -> past(AWAY, BACK + 1)).isInstanceOf(NotMissingException.class);
        assertThatThrownBy(() -> past(END, END + 5))
                .as("what comes may be there a moment later")
                .isInstanceOf(NotMissingException.class)
                .hasMessageContaining("no footage behind");
        try (FootageSink.Run first = past(AWAY, 10)) {
            assertThatThrownBy(() -> past(12, 14)).isInstanceOf(NotMissingException.class);
            append(first, AWAY, 8);
            first.end(at(8));
        }
        assertThatThrownBy(() -> past(AWAY + 1, 10))
                .as("also while its row is written")
                .isInstanceOf(NotMissingException.class);
        house.archive.gap(CAMERA, at(END), GapCause.NOT_SCHEDULED, "night");
        house.nowUs.set(at(END + 20));
        house.record(CAMERA, at(END + 20), 2);
        assertThatThrownBy(() -> past(END, END + 20))
                .isInstanceOf(NotMissingException.class)
                .hasMessageContaining("NOT_SCHEDULED");
        house.nowUs.set(at(0) + TimeUnit.DAYS.toMicros(31));
        assertThatThrownBy(() -> past(8, 10))
                .isInstanceOf(NotMissingException.class)
                .hasMessageContaining("age");
    }

    @Test
    void aRunInThePastKeepsWithinItsTimeAndHasNoHole() throws Exception {
        try (FootageSink.Run run = past(AWAY, 10)) {
            assertThat(ArchiveHouse.append(run, at(AWAY), 0)).isTrue();
            assertThatThrownBy(() -> ArchiveHouse.append(run, at(AWAY), 0))
                    .as("twice")
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> ArchiveHouse.append(run, at(AWAY), 2))
                    .as("a hole")
                    .isInstanceOf(IllegalArgumentException.class);
            for (int second = 1; second < 4; second++) {
                ArchiveHouse.append(run, at(AWAY), second);
            }
            assertThatThrownBy(() -> ArchiveHouse.append(run, at(AWAY), 4))
                    .as("beyond its end")
                    .isInstanceOf(IllegalArgumentException.class);
        }
        house.settled();
        assertThat(house.segments(CAMERA, at(AWAY), at(BACK))).singleElement().satisfies(one -> assertThat(one.endUs())
                .isEqualTo(at(10)));
    }

    @Test
    void whatIsRecordedMeanwhileGoesOnAndItsGapsBeginWhereItEnded() throws Exception {
        try (FootageSink.Run live = house.open(CAMERA, at(END));
                FootageSink.Run past = past(AWAY, BACK)) {
            for (int second = 0; second < BACK - AWAY; second++) {
                ArchiveHouse.append(live, at(END), second);
                ArchiveHouse.append(past, at(AWAY), second);
            }
            past.end(at(BACK));
            live.end(at(END + BACK - AWAY));
        }
        house.settled();
        int ended = END + BACK - AWAY;
        house.archive.gap(CAMERA, at(0), GapCause.CAMERA_UNREACHABLE, "again");
        house.settledGaps();
        assertThat(gaps()).containsExactly(tuple(at(ended), -1L, GapCause.CAMERA_UNREACHABLE));
    }

    @Test
    void afterAKillWhatWasPutThereStaysAndTheRestIsMissing() throws Exception {
        FootageSink.Run run = past(AWAY, BACK);
        append(run, AWAY, 10);
        house.kill();
        start();
        house.settled();
        house.settledGaps();
        assertThat(spans()).containsExactly(tuple(at(0), at(10)), tuple(at(BACK), at(END)));
        assertThat(gaps()).contains(tuple(at(10), at(BACK), GapCause.CAMERA_UNREACHABLE));
        fill(10, BACK);
        assertThat(spans()).containsExactly(tuple(at(0), at(END)));
        isSound();
    }

    @Test
    void theMarkerOfWhatWasPutThereStaysUntilAJournalKnowsThatNothingIsMissing() throws Exception {
        List<StreamId> others = List.of(
                new StreamId(UUID.randomUUID(), StreamRole.MAIN), new StreamId(UUID.randomUUID(), StreamRole.MAIN));
        AtomicBoolean isFilled = new AtomicBoolean();
        List<Integer> notInAJournal = new CopyOnWriteArrayList<>();
        house.volume.gate = (operation, path) -> {
            if (!operation.equals("delete") || !path.startsWith("journal/open/")) {
                return;
            }
            if (path.contains(CAMERA.cameraId().toString())) {
                notInAJournal.add(house.archive.toJournal().size());
            } else if (isFilled.get()) {
                // The journals were written a moment ago; the database learns of what was put there before markers go
                // on.
                house.index.down = false;
                ArchiveHouse.await(() -> house.archive.rows().waitingSegments().isEmpty());
            } else {
                throw new IOException("not yet");
            }
        };
        for (StreamId other : others) {
            try (FootageSink.Run run = house.open(other, at(END))) {
                ArchiveHouse.append(run, at(END), 0);
                run.end(at(END + 1));
            }
        }
        ArchiveHouse.await(
                () -> others.stream().allMatch(other -> house.index.last(other).isPresent())
                        && house.archive.rows().waitingSegments().isEmpty());
        try (FootageSink.Run run = past(AWAY, BACK)) {
            house.index.down = true;
            append(run, AWAY, BACK);
            run.end(at(BACK));
        }
        ArchiveHouse.await(() -> !house.archive.rows().waitingSegments().isEmpty());

        isFilled.set(true);

        ArchiveHouse.await(() -> house.openChunks().isEmpty());
        assertThat(notInAJournal).containsExactly(0);
    }

    @Test
    void theTimeInWhichTheServerWasDownIsFilledForGood() throws Exception {
        house.kill();
        house.nowUs.set(at(END + 60));
        start();
        house.record(CAMERA, at(END + 60), 2);
        house.settledGaps();
        assertThat(gaps()).contains(tuple(at(END), at(END + 60), GapCause.SERVER_DOWN));

        fill(END, END + 60);

        // Another volume tells later where an earlier process's footage ended.
        house.archive.ledger().previousEnd(CAMERA, at(END) + 1);
        house.settledGaps();
        assertThat(gaps()).containsExactly(tuple(at(AWAY), at(BACK), GapCause.CAMERA_UNREACHABLE));
    }

    /** The database is lost in a crash, with which a fill broke off: what it has put there is far from where footage ended. */
    @Test
    void whereAFillBrokeOffIsNotTakenForTheEndOfFootage() throws Exception {
        try (FootageSink.Run run = past(AWAY, BACK)) {
            append(run, AWAY, AWAY + 2);
            house.kill();
        }
        house.index.rows.clear();
        house.index.gaps.clear();
        house.nowUs.set(at(END + 60));
        start();
        house.record(CAMERA, at(END + 60), 2);
        house.settledGaps();
        ArchiveHouse.await(() -> house.segments(CAMERA, at(0), at(END)).size() == 3);

        assertThat(house.segments(CAMERA, at(0), at(END)))
                .extracting(Segment::startUs, Segment::endUs)
                .containsExactly(tuple(at(0), at(AWAY)), tuple(at(AWAY), at(AWAY + 2)), tuple(at(BACK), at(END)));
        assertThat(house.footage.gaps(CAMERA, at(BACK), at(END), 10)).isEmpty();
    }
}
