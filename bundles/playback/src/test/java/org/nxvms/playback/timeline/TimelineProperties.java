// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.nxvms.media.GapCause;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.played.StreamWish;

/** The timeline against a model that is a set of recorded minutes. */
class TimelineProperties {
    private static final long MINUTE_US = 60_000_000L;
    private static final int MINUTES = 6 * 1440;
    /** A midnight. */
    private static final long EPOCH_US = 20_000L * 86_400_000_000L;

    record Recorded(int fromMinute, int minutes) {}

    @Property(tries = 200)
    void showsEachRecordedMinuteAndHidesOnlyWhatIsSmallerThanABucket(
            @ForAll("recordings") List<Recorded> recordings,
            @ForAll @IntRange(max = MINUTES - 1) int fromMinute,
            @ForAll @IntRange(min = 1, max = MINUTES) int length,
            @ForAll @IntRange(min = 1, max = 4000) int buckets) {
        FakeArchive archive = new FakeArchive();
        BitSet model = new BitSet();
        int at = 0;
        for (Recorded recorded : recordings) {
            at += recorded.fromMinute();
            archive.add(us(at), us(at + recorded.minutes()));
            model.set(at, at + recorded.minutes());
            at += recorded.minutes();
        }
        long fromUs = us(fromMinute);
        long toUs = us(fromMinute + length);
        long bucketMs = Timeline.bucketMs(fromUs, toUs, buckets);
        Timeline timeline = new Timeline();
        Timeline.Query query = new Timeline.Query(List.of(FakeArchive.CAMERA), StreamWish.MAIN, fromUs, toUs, bucketMs);

        Timeline.Lane lane = timeline.lanes(archive, query, toUs).get(0);

        assertThat(lane.spans()).usingRecursiveComparison().isEqualTo(expected(model, fromMinute, length, bucketMs));
        assertThat(lane.spans().size()).isLessThanOrEqualTo(buckets + 1);
    }

    private static List<long[]> expected(BitSet model, int fromMinute, int length, long bucketMs) {
        List<long[]> spans = new ArrayList<>();
        for (int m = model.nextSetBit(fromMinute); m >= 0 && m < fromMinute + length; ) {
            int end = Math.min(model.nextClearBit(m), fromMinute + length);
            long startMs = us(m) / 1_000;
            long[] last = spans.isEmpty() ? null : spans.get(spans.size() - 1);
            if (last != null && startMs - last[1] < bucketMs) {
                last[1] = us(end) / 1_000;
            } else {
                spans.add(new long[] {startMs, us(end) / 1_000});
            }
            m = model.nextSetBit(end);
        }
        return spans;
    }

    @Property(tries = 200)
    void leavesOutShortGapsAndNeverTheOneThatLasts(
            @ForAll("recordings") List<Recorded> holes, @ForAll @IntRange(min = 1, max = 4000) int buckets) {
        FakeArchive archive = new FakeArchive();
        long toUs = us(MINUTES);
        long bucketMs = Timeline.bucketMs(EPOCH_US, toUs, buckets);
        int at = 0;
        int shown = 0;
        for (Recorded hole : holes) {
            at += hole.fromMinute() + 1;
            archive.addGap(us(at), OptionalLong.of(us(at + hole.minutes())), GapCause.CAMERA_UNREACHABLE);
            shown += hole.minutes() * 60_000L >= bucketMs ? 1 : 0;
            at += hole.minutes();
        }
        archive.addGap(us(at + 1), OptionalLong.empty(), GapCause.DISK_FULL);
        List<Timeline.ShownGap> gaps = new Timeline()
                .lanes(
                        archive,
                        new Timeline.Query(
                                List.of(FakeArchive.CAMERA), StreamWish.MAIN, EPOCH_US, us(at + 2), bucketMs),
                        us(at + 2))
                .get(0)
                .gaps();
        assertThat(gaps).hasSize(shown + 1);
        assertThat(gaps.get(shown).end()).isEmpty();
        assertThat(gaps.get(shown).cause()).isEqualTo("disk_full");
        assertThat(gaps).extracting(Timeline.ShownGap::start).isSorted();
    }

    @Property
    void bucketsCoverTheRange(
            @ForAll @IntRange(min = 1, max = 4000) int buckets, @ForAll @IntRange(min = 1, max = MINUTES) int minutes) {
        long bucketMs = Timeline.bucketMs(EPOCH_US, EPOCH_US + minutes * MINUTE_US, buckets);
        assertThat(bucketMs * buckets).isGreaterThanOrEqualTo(minutes * 60_000L);
        assertThat((bucketMs - 1) * buckets).isLessThan(minutes * 60_000L);
    }

    private static long us(int minute) {
        return EPOCH_US + minute * MINUTE_US;
    }

    @Provide
    Arbitrary<List<Recorded>> recordings() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 400),
                        Arbitraries.integers().between(1, 300))
                .as(Recorded::new)
                .list()
                .ofMaxSize(14);
    }
}
