// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.persistence.EntityManager;
import javax.persistence.LockModeType;
import javax.persistence.TypedQuery;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.CopyIndex;

/** Copies in {@code chunk_copy}, one row beside the chunk's own; what lies on the volumes is counted in the same step. */
final class CopyTable implements CopyIndex {
    /** Rows held in memory at a time while all are visited. */
    private static final int PAGE_ROWS = 500;

    private static final String ON_VOLUME = "select c, k.volumeId from CopyRow k, ChunkRow c"
            + " where c.id = k.id and k.volumeId = :volume and k.startUs >= :from and k.id > :after order by ";

    private static final String NO_COPY = " and not exists (select k.id from CopyRow k where k.id = c.id)";
    private static final String OF_STREAM =
            " from ChunkRow c where c.cameraId = :camera and c.stream = :stream and c.startUs >= :from";
    private static final String SUMS = "count(c), sum(c.sizeBytes), min(c.endUs)";

    private final Transactions transactions;
    private final Transactions reads;

    CopyTable(Transactions transactions) {
        this.transactions = transactions;
        this.reads = transactions.reading();
    }

    @Override
    public boolean add(UUID id, UUID volumeId) {
        return transactions.answer("note a copy", em -> add(em, id, volumeId));
    }

    static boolean add(EntityManager em, UUID id, UUID volumeId) {
        ChunkRow chunk = locked(em, id);
        boolean fits = chunk != null
                && !chunk.volumeId().equals(volumeId.toString())
                && em.find(CopyRow.class, id.toString()) == null;
        if (fits) {
            em.persist(new CopyRow(chunk, volumeId.toString()));
            VolumeUsageRows.count(em, volumeId.toString(), chunk.sizeBytes(), 1);
        }
        return fits;
    }

    /** Who changes copies of a chunk has locked its own row. */
    private static ChunkRow locked(EntityManager em, UUID id) {
        return em.find(ChunkRow.class, id.toString(), LockModeType.PESSIMISTIC_WRITE);
    }

    @Override
    public Optional<StoredSegment> of(UUID id) {
        // In one statement: between two the chunk may go, and its copy with it.
        return reads.answer("find a copy", em -> em.createQuery(
                        "select c, k.volumeId from CopyRow k, ChunkRow c where c.id = k.id and k.id = :id",
                        Object[].class)
                .setParameter("id", id.toString())
                .getResultStream()
                .map(CopyTable::stored)
                .findFirst());
    }

    @Override
    public boolean remove(UUID id, UUID volumeId) {
        return transactions.answer("forget a copy", em -> {
            locked(em, id);
            return forgetOn(em, id, volumeId);
        });
    }

    /** Within the transaction of who has locked the chunk's row. */
    static boolean forgetOn(EntityManager em, UUID id, UUID volumeId) {
        CopyRow copy = em.find(CopyRow.class, id.toString());
        boolean there = copy != null && copy.volumeId().equals(volumeId.toString());
        if (there) {
            em.remove(copy);
            VolumeUsageRows.count(em, copy.volumeId(), -copy.sizeBytes(), -1);
        }
        return there;
    }

    @Override
    public boolean promote(UUID id) {
        return transactions.answer("let a chunk's row name its copy", em -> {
            ChunkRow chunk = locked(em, id);
            CopyRow copy = em.find(CopyRow.class, id.toString());
            if (chunk == null || copy == null) {
                return false;
            }
            VolumeUsageRows.count(em, chunk.volumeId(), -chunk.sizeBytes(), -1);
            chunk.volumeId(UUID.fromString(copy.volumeId()));
            em.remove(copy);
            return true;
        });
    }

    @Override
    public boolean demote(UUID id, UUID volumeId) {
        return transactions.answer("let a chunk's row name another file", em -> {
            ChunkRow chunk = locked(em, id);
            if (chunk == null
                    || chunk.volumeId().equals(volumeId.toString())
                    || em.find(CopyRow.class, id.toString()) != null) {
                return false;
            }
            em.persist(new CopyRow(chunk, chunk.volumeId()));
            chunk.volumeId(volumeId);
            VolumeUsageRows.count(em, volumeId.toString(), chunk.sizeBytes(), 1);
            return true;
        });
    }

    /** Within the transaction that removes the chunks; {@return what is gone} */
    static List<CopyRow> removeOf(EntityManager em, List<String> ids) {
        List<CopyRow> gone = em.createQuery("select k from CopyRow k where k.id in :ids order by k.id", CopyRow.class)
                .setParameter("ids", ids)
                .getResultList();
        gone.forEach(em::remove);
        // Before the rows that they refer to.
        em.flush();
        return gone;
    }

    @Override
    public List<StoredSegment> oldest(UUID volumeId, long fromStartUs, int limit) {
        return reads.answer(
                "find the oldest copies", em -> onVolume(em, "k.volumeId, k.startUs", volumeId, fromStartUs, "", limit)
                        .toList());
    }

    @Override
    public void forEach(UUID volumeId, Consumer<StoredSegment> visitor) {
        String after = "";
        while (true) {
            String from = after;
            List<StoredSegment> page =
                    reads.answer("list copies", em -> onVolume(em, "k.id", volumeId, Long.MIN_VALUE, from, PAGE_ROWS)
                            .toList());
            page.forEach(visitor);
            if (page.size() < PAGE_ROWS) {
                return;
            }
            after = page.get(page.size() - 1).segment().id().toString();
        }
    }

    private static Stream<StoredSegment> onVolume(
            EntityManager em, String order, UUID volumeId, long fromUs, String after, int limit) {
        return em.createQuery(ON_VOLUME + order, Object[].class)
                .setParameter("volume", volumeId.toString())
                .setParameter("from", fromUs)
                .setParameter("after", after)
                .setMaxResults(limit)
                .getResultStream()
                .map(CopyTable::stored);
    }

    /** {@return a chunk as it lies on the volume of its copy} */
    private static StoredSegment stored(Object[] chunkAndVolume) {
        return ((ChunkRow) chunkAndVolume[0]).storedOn((String) chunkAndVolume[1]);
    }

    @Override
    public List<StoredSegment> missing(
            StreamId stream, long fromStartUs, long toStartUs, Collection<UUID> sources, int limit) {
        if (sources.isEmpty()) {
            return List.of();
        }
        String query = "select c" + OF_STREAM + " and c.startUs < :to and c.volumeId in :volumes" + NO_COPY
                + " order by c.cameraId, c.stream, c.startUs desc";
        return reads.answer("find chunks without a copy", em -> ofStream(
                        em.createQuery(query, ChunkRow.class), stream, fromStartUs, sources)
                .setParameter("to", toStartUs)
                .setMaxResults(limit)
                .getResultStream()
                .map(ChunkRow::stored)
                .toList());
    }

    @Override
    public Waiting without(UUID volumeId, Collection<UUID> others) {
        return amount(
                "select " + SUMS + " from ChunkRow c where c.volumeId = :volume and not exists"
                        + " (select k.id from CopyRow k where k.id = c.id and k.volumeId in :volumes)",
                volumeId,
                others);
    }

    @Override
    public Waiting onlyCopied(UUID volumeId, Collection<UUID> others) {
        return amount(
                "select " + SUMS + " from ChunkRow c, CopyRow k where k.id = c.id"
                        + " and k.volumeId = :volume and c.volumeId not in :volumes",
                volumeId,
                others);
    }

    private Waiting amount(String query, UUID volumeId, Collection<UUID> others) {
        // A list must not be empty, and no chunk has row and copy on the same volume.
        List<String> volumes = Stream.concat(others.stream(), Stream.of(volumeId))
                .map(UUID::toString)
                .toList();
        return reads.answer(
                "count what is on one volume only",
                em -> waiting(em.createQuery(query, Object[].class)
                        .setParameter("volume", volumeId.toString())
                        .setParameter("volumes", volumes)));
    }

    @Override
    public Waiting waiting(StreamId stream, long fromStartUs, Collection<UUID> backups) {
        String query = "select " + SUMS + OF_STREAM + " and c.volumeId not in :volumes" + NO_COPY;
        return reads.answer(
                "count chunks without a copy",
                em -> waiting(ofStream(em.createQuery(query, Object[].class), stream, fromStartUs, backups)));
    }

    private static Waiting waiting(TypedQuery<Object[]> query) {
        Object[] sums = query.getSingleResult();
        long segments = ((Number) sums[0]).longValue();
        return segments == 0
                ? Waiting.NONE
                : new Waiting(((Number) sums[1]).longValue(), segments, ((Number) sums[2]).longValue());
    }

    private static <T> TypedQuery<T> ofStream(
            TypedQuery<T> query, StreamId stream, long fromUs, Collection<UUID> volumes) {
        return query.setParameter("camera", stream.cameraId().toString())
                .setParameter("stream", stream.role().id())
                .setParameter("from", fromUs)
                .setParameter("volumes", volumes.stream().map(UUID::toString).toList());
    }
}
