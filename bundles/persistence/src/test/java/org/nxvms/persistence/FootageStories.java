// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.persistence.SampleChunks.MINUTE_US;
import static org.nxvms.persistence.SampleChunks.VOLUME;
import static org.nxvms.persistence.SampleChunks.chunk;
import static org.nxvms.persistence.SampleChunks.stretched;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;

/** What the index of footage promises, on a real database; run once per database. */
abstract class FootageStories extends StoreScene {
    @Test
    void chunksAreFoundByOverlapInOrder() {
        StreamId stream = StreamId.main(UUID.randomUUID());
        List<StoredSegment> all =
                IntStream.range(0, 10).mapToObj(m -> chunk(stream, m)).toList();
        chunks.insert(all);
        chunks.insert(all.subList(0, 3));
        chunks.insert(List.of(chunk(StreamId.sub(stream.cameraId()), 3)));

        assertThat(chunks.find(stream, 3 * MINUTE_US + 5, 5 * MINUTE_US, 100))
                .as("half open: the chunk that begins at the end is not meant")
                .extracting(Segment::sequence)
                .containsExactly(3, 4);
        assertThat(chunks.find(stream, 0, Long.MAX_VALUE, 4))
                .extracting(Segment::sequence)
                .containsExactly(0, 1, 2, 3);
        assertThat(chunks.get(all.get(2).segment().id())).contains(all.get(2).segment());
        assertThat(chunks.last(stream)).contains(all.get(9).segment());
        assertThat(chunks.range(stream).orElseThrow().toUs()).isEqualTo(10 * MINUTE_US);
        assertThat(chunks.withInit("init1", 4))
                .hasSize(4)
                .doesNotHaveDuplicates()
                .allMatch(segment -> segment.initId().equals("init1"));
        assertThat(chunks.withInit("nosuch", 4)).isEmpty();
        assertThat(chunks.streams(Optional.of(stream.cameraId())))
                .containsExactlyInAnyOrder(stream, StreamId.sub(stream.cameraId()));
        assertThat(chunks.streams(Optional.of(UUID.randomUUID()))).isEmpty();
        assertThat(chunks.range(StreamId.main(UUID.randomUUID()))).isEmpty();
    }

    @Test
    void chunksThatReachIntoARangeFromLongBeforeAreFound() {
        StreamId stream = StreamId.main(UUID.randomUUID());
        int dayMinutes = 24 * 60;
        StoredSegment day = stretched(chunk(stream, 0), dayMinutes * MINUTE_US);
        chunks.insert(List.of(day, chunk(stream, dayMinutes + 1)));
        assertThat(chunks.find(stream, (dayMinutes - 1) * MINUTE_US, (dayMinutes + 2) * MINUTE_US, 10))
                .extracting(Segment::sequence)
                .containsExactly(0, dayMinutes + 1);

        // After a clock jump two chunks may cover the same time.
        StreamId jumped = StreamId.main(UUID.randomUUID());
        chunks.insert(List.of(stretched(chunk(jumped, 0), 30 * MINUTE_US), chunk(jumped, 10), chunk(jumped, 20)));
        assertThat(chunks.find(jumped, 20 * MINUTE_US, 25 * MINUTE_US, 10))
                .extracting(Segment::sequence)
                .containsExactly(0, 20);
    }

    @Test
    void retentionSeesTheOldestAndTheExpired() {
        StreamId stream = StreamId.main(UUID.randomUUID());
        chunks.insert(IntStream.range(0, 5).mapToObj(m -> chunk(stream, m)).toList());
        assertThat(chunks.oldest(VOLUME, 2))
                .extracting(s -> s.segment().sequence())
                .containsExactly(0, 1);
        long weekUs = 7L * 24 * 3600 * 1_000_000;
        assertThat(chunks.expired(VOLUME, Long.MIN_VALUE, weekUs + 2 * MINUTE_US + 1, 10))
                .extracting(s -> s.segment().sequence())
                .containsExactly(0, 1);
        assertThat(chunks.usage(VOLUME).segments()).isEqualTo(5);
        assertThat(chunks.usage(VOLUME).bytes()).isEqualTo(5 * 1000 + 10);
        chunks.delete(List.of(chunk(stream, 0).segment().id()));
        assertThat(chunks.usage(VOLUME).segments()).isEqualTo(4);
        assertThat(chunks.usage(UUID.randomUUID()).bytes()).isZero();
    }

    @Test
    void chunksThatAreYoungerThanTheirMinimumAreLeftOutOfTheOldestUntilTheyAreNot() {
        StreamId stream = StreamId.main(UUID.randomUUID());
        Segment first = chunk(stream, 1).segment();
        StoredSegment kept = new StoredSegment(first, 30, 2);
        StoredSegment any = chunk(stream, 2);
        chunks.insert(List.of(kept, any));
        long twoDaysUs = 2 * 86_400_000_000L;

        assertThat(chunks.oldest(first.volumeId(), 10)).containsExactly(kept, any);
        assertThat(chunks.oldestUnkept(first.volumeId(), Long.MIN_VALUE, 0, 10))
                .as("also while the clock is set back")
                .containsExactly(any);
        assertThat(chunks.oldestUnkept(first.volumeId(), any.segment().startUs(), 0, 10))
                .containsExactly(any);
        assertThat(chunks.oldestUnkept(first.volumeId(), any.segment().startUs() + 1, 0, 10))
                .as("nothing from there on")
                .isEmpty();
        assertThat(chunks.oldestUnkept(UUID.randomUUID(), Long.MIN_VALUE, Long.MAX_VALUE, 10))
                .isEmpty();
        assertThat(chunks.oldestUnkept(first.volumeId(), Long.MIN_VALUE, first.endUs() + twoDaysUs, 10))
                .containsExactly(kept, any);
    }

    @Test
    void allChunksOfAVolumeAreVisitedInPathOrderAcrossPages() {
        StreamId stream = StreamId.main(UUID.randomUUID());
        int count = 1203;
        chunks.insert(IntStream.range(0, count).mapToObj(m -> chunk(stream, m)).toList());
        List<String> paths = new ArrayList<>();
        chunks.forEach(VOLUME, s -> paths.add(s.segment().path()));
        assertThat(paths).hasSize(count).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void ofAServersNeighboursInTheDatabaseOnlyItsOwnGapsAndStreamsAreIts() {
        ChunkTable neighbour = new ChunkTable(unit, new UUID(7, 9));
        StreamId stream = StreamId.main(UUID.randomUUID());
        neighbour.saveGaps(List.of(
                new Gap(UUID.randomUUID(), stream, 1000, OptionalLong.empty(), GapCause.CAMERA_UNREACHABLE, "")));
        assertThat(chunks.openGaps()).isEmpty();
        assertThat(chunks.streams(Optional.empty())).isEmpty();
        assertThat(neighbour.openGaps()).hasSize(1);
        assertThat(neighbour.streams(Optional.empty())).containsExactly(stream);
        assertThat(chunks.findGaps(stream, 0, 5000, 10)).hasSize(1);
        assertThat(chunks.streams(Optional.of(stream.cameraId()))).containsExactly(stream);
    }

    @Test
    void lookUpsStayOnTheirIndexesHoweverMuchFootageThereIs() throws SQLException {
        StreamId stream = StreamId.main(UUID.randomUUID());
        int count = 10_000;
        chunks.insert(IntStream.range(0, count).mapToObj(m -> chunk(stream, m)).toList());
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("analyze");
        }
        assertThat(chunks.usage(VOLUME).segments()).isEqualTo(count);
        assertThat(chunks.find(stream, 5_000 * MINUTE_US, 5_010 * MINUTE_US, 10_000))
                .hasSize(10);
        String of = " from chunk where camera_id = '" + stream.cameraId() + "' and stream = 'main'";
        String byStream = " order by camera_id, stream, ";
        plan(
                "select *" + of + " and start_us >= 100 and start_us < 700000000 and end_us > 100" + byStream
                        + "start_us limit 9",
                "chunk_stream_start");
        plan("select start_us" + of + " and end_us > 100" + byStream + "end_us limit 1", "chunk_stream_");
        plan("select start_us" + of + byStream + "start_us limit 1", "chunk_stream_start");
        plan("select end_us" + of + byStream + "end_us desc limit 1", "chunk_stream_");
        plan(
                "select stream from chunk where camera_id = '" + stream.cameraId() + "' and stream > 'main'"
                        + " order by camera_id, stream limit 1",
                "chunk_stream_");
        String volume = "select * from chunk where volume_id = '" + VOLUME + "'";
        plan(volume + " order by volume_id, start_us limit 9", "chunk_volume_start");
        plan(volume + " and expires_us < 9 order by volume_id, expires_us limit 9", "chunk_volume_expires");
        plan(
                "select start_us from chunk where volume_id = '" + VOLUME + "' and keep_until_us <= 9 and start_us >= 9"
                        + " order by volume_id, keep_until_us, start_us limit 1",
                "chunk_volume_keep");
        plan(volume + " and path > 'a' order by volume_id, path limit 9", "chunk_volume_path");
    }

    /** Neither database may read the whole table for this, nor sort what it read. */
    private void plan(String query, String index) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("explain " + query)) {
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
        }
        assertThat(plan.toString())
                .containsIgnoringCase(index)
                .doesNotContainIgnoringCase("seq scan")
                .doesNotContain("Sort  (");
        if (plan.indexOf("/* PUBLIC.") >= 0) {
            assertThat(plan.toString()).as("what H2 says").contains("index sorted");
        }
    }

    @Test
    void aVolumesUsageIsTheSumOfItsChunksWhoeverAddsAndRemoves() throws Exception {
        StreamId stream = StreamId.main(UUID.randomUUID());
        chunks.insert(IntStream.range(0, 300).mapToObj(m -> chunk(stream, m)).toList());
        List<UUID> ids = IntStream.range(0, 100)
                .mapToObj(m -> chunk(stream, m).segment().id())
                .toList();
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Void>> calls =
                    List.of(() -> remove(ids), () -> remove(ids), () -> add(stream, 1_000), () -> add(stream, 2_000));
            for (Future<Void> call : callers.invokeAll(calls)) {
                call.get();
            }
        } finally {
            callers.shutdownNow();
        }
        chunks.insert(List.of(chunk(stream, 299), chunk(stream, 299)));
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select sum(size_bytes), count(*) from chunk")) {
            row.next();
            assertThat(chunks.usage(VOLUME).bytes()).isEqualTo(row.getLong(1));
            assertThat(chunks.usage(VOLUME).segments())
                    .isEqualTo(row.getLong(2))
                    .isEqualTo(400);
        }
    }

    @Test
    void aChunkThatMovesIsCountedWhereItLiesAndOnlyMovedFromWhereItIs() {
        StreamId stream = StreamId.main(UUID.randomUUID());
        StoredSegment stored = chunk(stream, 1);
        chunks.insert(List.of(stored));
        UUID from = stored.segment().volumeId();
        UUID to = UUID.randomUUID();
        ChunkIndex.Usage before = chunks.usage(from);

        assertThat(chunks.relocate(stored.segment().id(), to, from)).isFalse();
        assertThat(chunks.relocate(UUID.randomUUID(), from, to)).isFalse();
        assertThat(chunks.relocate(stored.segment().id(), from, to)).isTrue();

        assertThat(chunks.get(stored.segment().id()).orElseThrow().volumeId()).isEqualTo(to);
        assertThat(chunks.usage(from))
                .isEqualTo(
                        new ChunkIndex.Usage(before.bytes() - stored.segment().sizeBytes(), before.segments() - 1));
        assertThat(chunks.usage(to))
                .isEqualTo(new ChunkIndex.Usage(stored.segment().sizeBytes(), 1));
        assertThat(chunks.oldest(to, 10)).hasSize(1);
        assertThat(chunks.checkRollups(false)).isZero();
    }
}
