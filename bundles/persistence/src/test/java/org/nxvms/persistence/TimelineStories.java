// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.persistence.SampleChunks.MINUTE_US;
import static org.nxvms.persistence.SampleChunks.chunk;
import static org.nxvms.persistence.SampleChunks.stretched;

import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.TimeSpans;

/** What the timeline asks for, gaps and roll-ups by day, on a real database; run once per database. */
abstract class TimelineStories extends StoreScene {
    @Test
    void gapsAreOpenedClosedAndFound() {
        StreamId stream = StreamId.main(UUID.randomUUID());
        UUID id = UUID.randomUUID();
        chunks.saveGaps(List.of(
                new Gap(id, stream, 1000, OptionalLong.empty(), GapCause.CAMERA_UNREACHABLE, "refused"),
                new Gap(UUID.randomUUID(), stream, 10, OptionalLong.of(20), GapCause.SERVER_DOWN, "")));
        assertThat(chunks.openGaps()).extracting(Gap::id).containsExactly(id);
        assertThat(chunks.findGaps(stream, 15, 5000, 10))
                .extracting(Gap::fromUs)
                .containsExactly(10L, 1000L);
        chunks.saveGaps(List.of(new Gap(
                id, stream, 1000, OptionalLong.of(2000), GapCause.CAMERA_UNREACHABLE, "x\u0000y".repeat(1000))));
        assertThat(chunks.openGaps()).isEmpty();
        assertThat(chunks.findGaps(stream, 2000, 5000, 10)).isEmpty();
        chunks.deleteGaps(List.of(id));
        assertThat(chunks.findGaps(stream, 0, 5000, 10)).hasSize(1);
    }

    /** Long and short ranges are asked in different ways; both must find what a plain look finds. */
    @Test
    void gapsAreFoundWhateverTheirLengthAndTheRange() {
        Random random = new Random(7);
        StreamId one = StreamId.main(new UUID(1, 1));
        StreamId two = StreamId.main(new UUID(1, 2));
        long daysUs = 60 * 86_400_000_000L;
        List<Gap> all = IntStream.range(0, 300)
                .mapToObj(i -> {
                    long fromUs = (long) (random.nextDouble() * daysUs);
                    long lengthUs = 300_000L << random.nextInt(24);
                    return new Gap(
                            UUID.randomUUID(),
                            random.nextBoolean() ? one : two,
                            fromUs,
                            i % 50 == 0 ? OptionalLong.empty() : OptionalLong.of(fromUs + lengthUs),
                            GapCause.AUTH,
                            "");
                })
                .toList();
        chunks.saveGaps(all);
        for (int i = 0; i < 60; i++) {
            long fromUs = (long) (random.nextDouble() * daysUs);
            long toUs = fromUs + (1_000_000L << random.nextInt(23));
            long minUs = 100_000L << random.nextInt(20);
            assertThat(chunks.findGaps(List.of(one, two), fromUs, toUs, minUs, 1_000))
                    .containsExactlyInAnyOrderElementsOf(all.stream()
                            .filter(gap -> gap.fromUs() < toUs
                                    && gap.toUs().orElse(Long.MAX_VALUE) > fromUs
                                    && gap.toUs().orElse(Long.MAX_VALUE) - gap.fromUs() >= minUs)
                            .toList());
        }
    }

    @Test
    void gapsOfSeveralStreamsAreFoundTogetherWithoutTheShortOnes() {
        StreamId one = StreamId.main(new UUID(1, 1));
        StreamId two = StreamId.main(new UUID(1, 2));
        StreamId sub = StreamId.sub(new UUID(1, 1));
        chunks.saveGaps(List.of(
                new Gap(UUID.randomUUID(), one, 1_000, OptionalLong.of(1_010), GapCause.AUTH, ""),
                new Gap(UUID.randomUUID(), one, 2_000, OptionalLong.of(2_500), GapCause.AUTH, ""),
                new Gap(UUID.randomUUID(), two, 1_500, OptionalLong.empty(), GapCause.DISK_FULL, ""),
                new Gap(UUID.randomUUID(), sub, 100, OptionalLong.of(900), GapCause.SERVER_DOWN, "")));
        assertThat(chunks.findGaps(List.of(two, one, sub), 0, 5_000, 100, 10))
                .extracting(Gap::fromUs)
                .containsExactly(2_000L, 100L, 1_500L);
        assertThat(chunks.findGaps(List.of(two, one), 0, 5_000, 0, 2)).hasSize(2);
    }

    /** Chunks come in any order, overlap, reach over midnight, leave holes; and go again. */
    @Test
    void aDaysRollUpIsAlwaysWhatItsChunksSay() throws Exception {
        Random random = new Random(20261125);
        StreamId main = StreamId.main(UUID.randomUUID());
        StreamId sub = StreamId.sub(main.cameraId());
        List<StoredSegment> there = new ArrayList<>();
        for (int step = 0; step < 60; step++) {
            if (random.nextInt(3) > 0 || there.isEmpty()) {
                StreamId stream = random.nextInt(4) > 0 ? main : sub;
                int minute = 1_300 + step * 3 + random.nextInt(300) - 150 * random.nextInt(2);
                List<StoredSegment> more = IntStream.range(minute, minute + 1 + random.nextInt(20))
                        .mapToObj(m -> stretched(
                                chunk(stream, m),
                                (m + 1 + random.nextInt(2)) * MINUTE_US - random.nextInt(2) * 400_000))
                        .filter(stored -> there.stream().noneMatch(one -> one.segment()
                                .id()
                                .equals(stored.segment().id())))
                        .toList();
                chunks.insert(more);
                there.addAll(more);
            } else {
                List<StoredSegment> less = IntStream.range(0, 1 + random.nextInt(10))
                        .filter(i -> !there.isEmpty())
                        .mapToObj(i -> there.remove(random.nextInt(there.size())))
                        .toList();
                chunks.delete(less.stream().map(stored -> stored.segment().id()).toList());
            }
            for (StreamId stream : List.of(main, sub)) {
                long fromUs = random.nextInt(1_500) * MINUTE_US;
                long toUs = fromUs + (1 + random.nextInt(3_000)) * MINUTE_US;
                assertThat(chunks.footage(List.of(main, sub), fromUs, toUs).getOrDefault(stream, new TimeSpans()))
                        .as("step " + step)
                        .isEqualTo(spans(there, stream, fromUs, toUs));
                assertThat(Optional.ofNullable(chunks.ranges(List.of(sub, main)).get(stream)))
                        .isEqualTo(chunks.range(stream));
            }
        }
        assertThat(chunks.checkRollups(false)).isZero();
    }

    /** What damage took within a chunk is no footage, whichever of both is told first; of the chunk alone. */
    @Test
    void aGapWithinAChunkIsNoFootage() {
        StreamId stream = StreamId.main(UUID.randomUUID());
        List<StoredSegment> there =
                IntStream.range(1_435, 1_445).mapToObj(m -> chunk(stream, m)).toList();
        Gap early = within(there.get(2), 10, 30);
        Gap midnight = within(there.get(4), 50, 60);
        Gap late = within(there.get(9), 0, 7);
        chunks.insert(there.subList(0, 8));
        chunks.saveGaps(List.of(early, midnight, late));
        isFootage(stream, there.subList(0, 8), List.of(early, midnight));
        chunks.insert(there.subList(8, 10));
        isFootage(stream, there, List.of(early, midnight, late));

        chunks.delete(List.of(there.get(2).segment().id()));
        chunks.insert(there.subList(2, 3));
        isFootage(stream, there, List.of(early, midnight, late));
        assertThat(chunks.checkRollups(true)).isZero();

        chunks.deleteGaps(List.of(early.id(), late.id()));
        isFootage(stream, there, List.of(midnight));

        // Another chunk holds the same minute, and has it.
        StoredSegment other = stretched(chunk(stream, 1_430), 1_440 * MINUTE_US);
        chunks.insert(List.of(other));
        isFootage(stream, List.of(other, there.get(9)), List.of());
    }

    private static Gap within(StoredSegment chunk, int fromSecond, int toSecond) {
        Segment segment = chunk.segment();
        return Gap.damaged(
                segment.id(),
                segment.stream(),
                segment.startUs() + fromSecond * 1_000_000L,
                segment.startUs() + toSecond * 1_000_000L,
                "16777216 bytes are damaged");
    }

    private void isFootage(StreamId stream, List<StoredSegment> there, List<Gap> damage) {
        TimeSpans expected = new TimeSpans();
        long at = there.get(0).segment().startUs();
        for (Gap gap : damage) {
            expected.add(at, gap.fromUs(), TimeSpans.JOIN_US);
            at = gap.toUs().orElseThrow();
        }
        expected.add(at, there.get(there.size() - 1).segment().endUs(), TimeSpans.JOIN_US);
        assertThat(chunks.footage(List.of(stream), 0, Long.MAX_VALUE)).containsEntry(stream, expected);
        assertThat(chunks.checkRollups(false)).isZero();
    }

    private static TimeSpans spans(List<StoredSegment> there, StreamId stream, long fromUs, long toUs) {
        TimeSpans spans = new TimeSpans();
        there.stream()
                .map(StoredSegment::segment)
                .filter(segment -> segment.stream().equals(stream))
                .sorted(Comparator.comparingLong(Segment::startUs))
                .forEach(segment -> spans.add(
                        Math.max(fromUs, segment.startUs()), Math.min(toUs, segment.endUs()), TimeSpans.JOIN_US));
        return spans;
    }

    @Test
    void rollUpsStayRightWhileSeveralAddAndRemoveAndAreWrittenAgainWhenTheyAreNot() throws Exception {
        StreamId stream = StreamId.main(UUID.randomUUID());
        chunks.insert(IntStream.range(0, 200).mapToObj(m -> chunk(stream, m)).toList());
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Void>> calls = List.of(
                    () -> remove(IntStream.range(0, 50)
                            .mapToObj(m -> chunk(stream, m).segment().id())
                            .toList()),
                    () -> remove(IntStream.range(100, 150)
                            .mapToObj(m -> chunk(stream, m).segment().id())
                            .toList()),
                    () -> add(stream, 200),
                    () -> add(stream, 400));
            for (Future<Void> call : callers.invokeAll(calls)) {
                call.get();
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(chunks.checkRollups(false)).isZero();
        forgetRollUps();
        assertThat(chunks.footage(List.of(stream), 0, Long.MAX_VALUE)).isEmpty();
        assertThat(chunks.checkRollups(true)).isEqualTo(1);
        assertThat(chunks.checkRollups(false)).isZero();
        assertThat(chunks.footage(List.of(stream), 0, Long.MAX_VALUE)
                        .get(stream)
                        .count())
                .isEqualTo(3);
    }

    @Test
    void whatWasIndexedBeforeThereWereRollUpsIsRolledUpOnce() throws Exception {
        StreamId stream = StreamId.main(UUID.randomUUID());
        chunks.insert(IntStream.range(0, 10).mapToObj(m -> chunk(stream, m)).toList());
        forgetRollUps();
        assertThat(chunks.rollUpOnce()).isEqualTo(1);
        assertThat(chunks.footage(List.of(stream), 0, Long.MAX_VALUE)).containsKey(stream);

        forgetRollUps();
        assertThat(chunks.rollUpOnce()).as("the second time nothing is read").isZero();
    }

    private void forgetRollUps() throws Exception {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("delete from footage_day");
        }
    }
}
