// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.motion.MotionDesk.TooManyException;
import org.nxvms.playback.motion.MotionSearch.Found;
import org.nxvms.playback.thumbnail.Recorded;
import org.nxvms.test.kit.Awaiting;

/** Searches and timelines that several want, one thread. */
class MotionDeskTest {
    private static final long START_US = 1_700_000_000_000_000L;
    private static final UUID VERA = new UUID(7, 7);
    private static final UUID OTTO = new UUID(8, 8);
    private static final Area CORNER = new Area(0, 0, 0.2, 0.2);

    private final FakeArchive archive = new FakeArchive();
    private final FakeLumas lumas = new FakeLumas();
    private final AtomicLong nowNs = new AtomicLong();
    private final MotionDesk desk = new MotionDesk(() -> archive, () -> lumas, 1 << 20, nowNs::get);

    @AfterEach
    void stop() {
        desk.close();
    }

    private MotionSearch begin(UUID user, Area... areas) throws TooManyException {
        return desk.begin(
                user,
                archive,
                new MotionSearch.Order(
                        List.of(FakeArchive.CAMERA), START_US, START_US + 100_000_000, List.of(areas), 50),
                camera -> Mask.NONE);
    }

    private static MotionSearch.Report done(MotionSearch search) {
        Awaiting.until("the search is over", search::isOver);
        return search.report();
    }

    @Test
    void motionIsFoundInItsBoxAndNotBesideIt() throws Exception {
        lumas.blocks.addAll(List.of(10, 12, 30));
        Recorded.seconds(archive, START_US, 60, false);
        MotionSearch.Report report = done(begin(VERA, CORNER));
        assertThat(report.state()).isEqualTo(MotionSearch.State.DONE);
        assertThat(report.footageUs()).isEqualTo(60_000_000);
        assertThat(report.searchedUs()).isEqualTo(60_000_000);
        assertThat(report.pictures()).isEqualTo(30);
        List<Found> found = report.cameras().get(0).found();
        assertThat(found)
                .extracting(each -> (each.fromUs() - START_US) / 1_000_000 + "-" + (each.toUs() - START_US) / 1_000_000)
                .as("it comes at 10, goes at 14; and is there at 30 alone")
                .containsExactly("8-14", "28-32");
        assertThat(found).allSatisfy(each -> assertThat(each.height()).isBetween(50, 255));

        MotionSearch.Report beside = done(begin(VERA, new Area(0.5, 0.5, 0.3, 0.3)));
        assertThat(beside.cameras().get(0).found()).isEmpty();
        assertThat(beside.pictures()).as("all that is known").isZero();
        assertThat(done(begin(VERA)).cameras().get(0).found())
                .as("in the whole picture")
                .hasSize(2);
    }

    @Test
    void theSubStreamIsLookedAtAndTheMainStreamWhereThereIsNone() {
        Segment both = archive.add(
                FakeArchive.segment(START_US, START_US + 60_000_000, new UUID(0, 3), 0, "ab", false),
                List.of(),
                new byte[0]);
        Segment alone = archive.add(
                FakeArchive.segment(START_US + 60_000_000, START_US + 90_000_000, new UUID(0, 3), 1, "ab", false),
                List.of(),
                new byte[0]);
        Segment sub = archive.add(sub(both, 1_500_000), List.of(), new byte[0]);
        assertThat(Pieces.of(archive, FakeArchive.CAMERA, START_US, START_US + 90_000_000))
                .containsExactly(sub, alone);
        assertThat(Pieces.footage(archive, FakeArchive.CAMERA, START_US, START_US + 90_000_000)
                        .totalUs())
                .isEqualTo(90_000_000);
    }

    /** {@return the same of the sub stream, begun a little later} */
    private static Segment sub(Segment main, long laterUs) {
        return new Segment(
                UUID.randomUUID(),
                new StreamId(main.stream().cameraId(), StreamRole.SUB),
                main.serverId(),
                main.volumeId(),
                main.path(),
                new UUID(0, 4),
                main.sequence(),
                main.startUs() + laterUs,
                main.endUs(),
                main.sizeBytes(),
                main.open(),
                main.initId(),
                main.initBytes(),
                main.codecs(),
                640,
                360,
                false,
                main.clockSource(),
                main.accessUnits(),
                main.sha256());
    }

    @Test
    void aTimelineThatIsLookedAtIsFilledAndSaysWhatIsNotKnown() {
        lumas.blocks.add(10);
        Recorded.seconds(archive, START_US, 20, false);
        assertThat(heights()).containsOnly(-1);
        desk.glance(VERA, FakeArchive.CAMERA, START_US, START_US + 40_000_000);
        Awaiting.until(
                "it is looked at", () -> !desk.isGlancedAt(VERA, FakeArchive.CAMERA, START_US, START_US + 40_000_000));
        int[] heights = heights();
        assertThat(heights).hasSize(40);
        assertThat(Arrays.copyOf(heights, 8)).containsOnly(0);
        assertThat(Arrays.stream(heights, 8, 12)).allMatch(height -> height > 10);
        assertThat(Arrays.copyOfRange(heights, 12, 18)).containsOnly(0);
        assertThat(Arrays.copyOfRange(heights, 20, 40))
                .as("no footage, nothing known")
                .containsOnly(-1);
        assertThat(desk.heights(archive, FakeArchive.CAMERA, Mask.NONE, START_US, START_US + 40_000_000, 1_000_000)
                        .complete())
                .isTrue();
    }

    private int[] heights() {
        return desk.heights(archive, FakeArchive.CAMERA, Mask.NONE, START_US, START_US + 40_000_000, 1_000_000)
                .heights();
    }

    @Test
    void searchesAreTheirUsersAndThereAreNotTooMany() throws Exception {
        lumas.busy = true;
        Recorded.seconds(archive, START_US, 20, false);
        MotionSearch first = begin(VERA);
        begin(VERA);
        assertThatThrownBy(() -> begin(VERA)).isInstanceOfSatisfying(TooManyException.class, e -> assertThat(e.isOwn())
                .isTrue());
        assertThat(desk.search(OTTO, first.id())).isEmpty();
        assertThat(desk.cancel(OTTO, first.id())).isFalse();
        assertThat(desk.cancel(VERA, first.id())).isTrue();
        assertThat(first.report().state()).isEqualTo(MotionSearch.State.CANCELLED);
        assertThat(desk.search(VERA, first.id())).isEmpty();
        for (int i = 0; i < MotionDesk.RUNNING_MAX - 1; i++) {
            begin(new UUID(9, i));
        }
        assertThatThrownBy(() -> begin(OTTO)).isInstanceOfSatisfying(TooManyException.class, e -> assertThat(e.isOwn())
                .isFalse());
    }

    @Test
    void aSearchThatNobodyAsksAboutIsCancelled() throws Exception {
        lumas.busy = true;
        Recorded.seconds(archive, START_US, 20, false);
        MotionSearch left = begin(VERA);
        nowNs.addAndGet(MotionDesk.ABANDONED_NS - 1);
        assertThat(desk.search(VERA, left.id())).isPresent();
        nowNs.addAndGet(MotionDesk.ABANDONED_NS - 1);
        MotionSearch other = begin(OTTO);
        lumas.busy = false;
        assertThat(done(left).state()).as("asked about in time").isEqualTo(MotionSearch.State.DONE);
        assertThat(done(other).state()).isEqualTo(MotionSearch.State.DONE);
        lumas.busy = true;
        reset();
        MotionSearch alone = begin(VERA);
        nowNs.addAndGet(MotionDesk.ABANDONED_NS + 1);
        assertThat(done(alone).state()).isEqualTo(MotionSearch.State.CANCELLED);
    }

    /** What was known is forgotten. */
    private void reset() {
        desk.limit(0);
        desk.limit(1 << 20);
    }

    @Test
    void whoWaitsIsToldAsSoonAsThereIsMore() throws Exception {
        lumas.busy = true;
        Recorded.seconds(archive, START_US, 20, false);
        MotionSearch search = begin(VERA);
        long before = search.report().revision();
        search.await(before, 10);
        assertThat(search.report().revision()).isEqualTo(before);
        lumas.busy = false;
        search.await(before, 30_000);
        assertThat(search.report().revision()).isGreaterThan(before);
    }

    @Test
    void aWorkerThatIsExchangedAmidACallEndsThatSearchAndNoOther() throws Exception {
        lumas.unlinked = true;
        Recorded.seconds(archive, START_US, 20, false);
        assertThat(done(begin(VERA)).state()).isEqualTo(MotionSearch.State.FAILED);
        lumas.unlinked = false;
        assertThat(done(begin(OTTO)).state()).isEqualTo(MotionSearch.State.DONE);
    }
}
