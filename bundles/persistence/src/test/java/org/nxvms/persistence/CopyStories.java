// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.persistence.SampleChunks.MINUTE_US;
import static org.nxvms.persistence.SampleChunks.VOLUME;
import static org.nxvms.persistence.SampleChunks.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.ChunkIndex.Usage;
import org.nxvms.platform.api.archive.CopyIndex;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.TimeSpans;

/** What the index promises of copies on backup volumes, on a real database; run once per database. */
abstract class CopyStories extends StoreScene {
    private final UUID backup = UUID.randomUUID();
    private final StreamId stream = StreamId.main(UUID.randomUUID());

    private List<UUID> recorded(int count) {
        List<StoredSegment> all =
                IntStream.range(0, count).mapToObj(m -> chunk(stream, m)).toList();
        chunks.insert(all);
        return all.stream().map(one -> one.segment().id()).toList();
    }

    private Map<StreamId, TimeSpans> footage() {
        return chunks.footage(List.of(stream), 0, 100 * MINUTE_US);
    }

    @Test
    void aCopyTakesRoomOnItsVolumeAndCountsAsFootageNowhere() {
        List<UUID> ids = recorded(3);
        String before = footage().toString();
        CopyIndex copies = chunks.copies();

        assertThat(copies.add(ids.get(1), backup)).isTrue();
        assertThat(copies.add(ids.get(1), UUID.randomUUID()))
                .as("one is enough")
                .isFalse();
        assertThat(copies.add(ids.get(0), VOLUME)).as("the file itself").isFalse();
        assertThat(copies.add(UUID.randomUUID(), backup)).as("of no chunk").isFalse();

        assertThat(copies.of(ids.get(1)).orElseThrow().segment().volumeId()).isEqualTo(backup);
        assertThat(copies.of(ids.get(0))).isEmpty();
        assertThat(chunks.get(ids.get(1)).orElseThrow().volumeId()).isEqualTo(VOLUME);
        assertThat(chunks.usage(backup)).isEqualTo(new Usage(1001, 1));
        assertThat(chunks.usage(VOLUME)).isEqualTo(new Usage(3003, 3));
        assertThat(footage().toString()).isEqualTo(before);
        assertThat(chunks.find(stream, 0, Long.MAX_VALUE, 10)).hasSize(3);

        assertThat(copies.remove(ids.get(1), VOLUME)).as("not there").isFalse();
        assertThat(copies.remove(ids.get(1), backup)).isTrue();
        assertThat(chunks.usage(backup)).isEqualTo(new Usage(0, 0));
    }

    /** A check asks for copies while retention removes chunks. */
    @Test
    void aCopyIsFoundOrNotWhileItsChunkGoes() throws Exception {
        StoredSegment row = chunk(stream, 1);
        UUID id = row.segment().id();
        AtomicBoolean ended = new AtomicBoolean();
        Thread retention = new Thread(() -> {
            try {
                for (int round = 0; round < 200; round++) {
                    chunks.insert(List.of(row));
                    chunks.copies().add(id, backup);
                    chunks.delete(List.of(id));
                }
            } finally {
                ended.set(true);
            }
        });
        retention.start();
        while (!ended.get()) {
            chunks.copies().of(id).ifPresent(copy -> assertThat(copy.segment().volumeId())
                    .isEqualTo(backup));
        }
        retention.join();
    }

    @Test
    void whatHasNoCopyYetIsFoundNewestFirstAndCounted() {
        List<UUID> ids = recorded(5);
        StoredSegment only = chunk(stream, 7);
        chunks.insert(List.of(only, chunk(StreamId.sub(stream.cameraId()), 1)));
        chunks.relocate(only.segment().id(), VOLUME, backup);
        CopyIndex copies = chunks.copies();
        copies.add(ids.get(2), backup);
        assertThat(copies.missing(stream, MINUTE_US, Long.MAX_VALUE, List.of(VOLUME), 2))
                .extracting(one -> one.segment().sequence())
                .containsExactly(4, 3);
        assertThat(copies.waiting(stream, MINUTE_US, List.of(backup)))
                .isEqualTo(new CopyIndex.Waiting(1001 + 1003 + 1004, 3, 2 * MINUTE_US));
        assertThat(copies.missing(stream, MINUTE_US, 3 * MINUTE_US, List.of(VOLUME), 2))
                .as("the next page")
                .extracting(one -> one.segment().sequence())
                .containsExactly(1);
        assertThat(copies.missing(stream, 0, Long.MAX_VALUE, List.of(UUID.randomUUID()), 2))
                .as("on volumes that are away")
                .isEmpty();
        assertThat(copies.missing(stream, 0, Long.MAX_VALUE, List.of(), 2)).isEmpty();
        assertThat(copies.without(VOLUME, List.of(backup)))
                .as("the sub stream's chunk too")
                .isEqualTo(new CopyIndex.Waiting(1000 + 1001 + 1003 + 1004 + 1001, 5, MINUTE_US));
        assertThat(copies.waiting(StreamId.main(UUID.randomUUID()), 0, List.of(backup)))
                .isEqualTo(CopyIndex.Waiting.NONE);
    }

    @Test
    void theOldestCopiesOfAVolumeAreFoundAndAllAreVisitedOnce() {
        int count = 620;
        List<UUID> ids = recorded(count);
        CopyIndex copies = chunks.copies();
        ids.forEach(id -> copies.add(id, backup));
        assertThat(copies.oldest(backup, 2 * MINUTE_US, 2))
                .extracting(one -> one.segment().sequence())
                .containsExactly(2, 3);
        List<UUID> visited = new ArrayList<>();
        copies.forEach(backup, one -> visited.add(one.segment().id()));
        assertThat(visited).hasSize(count).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void whatIsOnlyOnABackupAnyMoreIsStillTheSameFootage() {
        List<UUID> ids = recorded(2);
        CopyIndex copies = chunks.copies();
        copies.add(ids.get(0), backup);
        String before = footage().toString();

        assertThat(copies.promote(ids.get(1))).as("no copy").isFalse();
        assertThat(copies.promote(ids.get(0))).isTrue();
        assertThat(chunks.get(ids.get(0)).map(Segment::volumeId)).contains(backup);
        assertThat(copies.of(ids.get(0))).isEmpty();
        assertThat(footage().toString()).isEqualTo(before);
        assertThat(chunks.usage(VOLUME)).isEqualTo(new Usage(1001, 1));
        assertThat(chunks.usage(backup)).isEqualTo(new Usage(1000, 1));

        assertThat(copies.demote(ids.get(0), backup)).as("named already").isFalse();
        assertThat(copies.demote(ids.get(0), VOLUME)).isTrue();
        assertThat(chunks.get(ids.get(0)).map(Segment::volumeId)).contains(VOLUME);
        assertThat(copies.of(ids.get(0)).orElseThrow().segment().volumeId()).isEqualTo(backup);
        assertThat(chunks.usage(VOLUME)).isEqualTo(new Usage(2001, 2));
        assertThat(chunks.usage(backup)).isEqualTo(new Usage(1000, 1));
    }

    @Test
    void aChunkThatGoesTakesItsCopyAlong() {
        List<UUID> ids = recorded(3);
        ids.forEach(id -> chunks.copies().add(id, backup));
        chunks.delete(ids.subList(0, 2));
        assertThat(chunks.copies().of(ids.get(0))).isEmpty();
        assertThat(chunks.usage(backup)).isEqualTo(new Usage(1002, 1));
        assertThat(chunks.usage(VOLUME)).isEqualTo(new Usage(1002, 1));
    }

    @Test
    void whatHasOnlyItsCopyInReachIsCounted() {
        List<UUID> ids = recorded(3);
        ids.subList(0, 2).forEach(id -> chunks.copies().add(id, backup));
        assertThat(chunks.copies().without(VOLUME, List.of(backup)).segments()).isEqualTo(1);
        assertThat(chunks.copies().without(VOLUME, List.of()).segments())
                .as("the backup is away")
                .isEqualTo(3);
        assertThat(chunks.copies().onlyCopied(backup, List.of(VOLUME))).isEqualTo(CopyIndex.Waiting.NONE);
        assertThat(chunks.copies().onlyCopied(backup, List.of()))
                .isEqualTo(new CopyIndex.Waiting(1000 + 1001, 2, MINUTE_US));
    }

    @Test
    void whatIsMovedToWhereItsCopyIsHasNone() {
        UUID id = recorded(1).get(0);
        chunks.copies().add(id, backup);
        assertThat(chunks.relocate(id, VOLUME, backup)).isTrue();
        assertThat(chunks.copies().of(id)).isEmpty();
        assertThat(chunks.usage(backup)).isEqualTo(new Usage(1000, 1));
    }

    @Test
    void aRowThatIsWrittenAnewKeepsWhatIsKnownOfItsCopy() {
        List<UUID> ids = recorded(2);
        String before = footage().toString();
        chunks.copies().add(ids.get(0), backup);
        StoredSegment right = new StoredSegment(chunks.oldest(VOLUME, 1).get(0).segment(), 40, 3);
        chunks.replace(right);
        assertThat(chunks.oldest(VOLUME, 1)).containsExactly(right);
        assertThat(chunks.copies().of(ids.get(0)).orElseThrow().segment().volumeId())
                .isEqualTo(backup);
        assertThat(chunks.usage(VOLUME)).isEqualTo(new Usage(2001, 2));
        assertThat(chunks.usage(backup)).isEqualTo(new Usage(1000, 1));
        assertThat(footage().toString()).isEqualTo(before);
        assertThat(chunks.checkRollups(false)).isZero();

        StoredSegment there = chunks.copies().of(ids.get(0)).orElseThrow();
        chunks.replace(there);
        assertThat(chunks.get(ids.get(0)).map(Segment::volumeId)).contains(backup);
        assertThat(chunks.copies().of(ids.get(0))).as("that is the file itself").isEmpty();
        assertThat(chunks.usage(VOLUME)).isEqualTo(new Usage(1001, 1));
        assertThat(chunks.usage(backup)).isEqualTo(new Usage(1000, 1));

        StoredSegment another = chunk(stream, 5);
        chunks.replace(another);
        assertThat(chunks.get(another.segment().id())).contains(another.segment());
    }
}
