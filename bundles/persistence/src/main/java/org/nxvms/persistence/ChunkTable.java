// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import javax.persistence.EntityManager;
import javax.persistence.TypedQuery;
import org.apache.aries.jpa.template.JpaTemplate;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The chunk index in {@code chunk}, the gap ledger in {@code gap}. */
@Component(service = ChunkIndex.class)
public final class ChunkTable implements ChunkIndex {
    /** Rows held in memory at a time while all are visited. */
    private static final int PAGE_ROWS = 500;

    private final Transactions transactions;

    @Activate
    public ChunkTable(@Reference(target = "(osgi.unit.name=nxvms)") JpaTemplate jpa) {
        this(Transactions.of(jpa));
    }

    ChunkTable(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void insert(List<StoredSegment> segments) {
        transactions.run("index chunks", em -> {
            for (StoredSegment segment : segments) {
                if (em.find(ChunkRow.class, segment.segment().id().toString()) == null) {
                    em.persist(new ChunkRow(segment));
                }
            }
        });
    }

    @Override
    public List<Segment> find(StreamId stream, long fromUs, long toUs, int limit) {
        return transactions.answer("find chunks", em -> of(
                        em,
                        "select c from ChunkRow c where c.cameraId = :camera and c.stream = :stream"
                                + " and c.endUs > :from and c.startUs < :to order by c.endUs",
                        ChunkRow.class,
                        stream)
                .setParameter("from", fromUs)
                .setParameter("to", toUs)
                .setMaxResults(limit)
                .getResultStream()
                .map(ChunkRow::segment)
                .toList());
    }

    private static <T> TypedQuery<T> of(EntityManager em, String query, Class<T> type, StreamId stream) {
        return em.createQuery(query, type)
                .setParameter("camera", stream.cameraId().toString())
                .setParameter("stream", stream.role().id());
    }

    @Override
    public Optional<Segment> get(UUID id) {
        return transactions.answer("find a chunk", em -> Optional.ofNullable(em.find(ChunkRow.class, id.toString()))
                .map(ChunkRow::segment));
    }

    @Override
    public Optional<Segment> anyWithInit(String initId) {
        return transactions.answer(
                "find a chunk", em -> em.createQuery("select c from ChunkRow c where c.initId = :init", ChunkRow.class)
                        .setParameter("init", initId)
                        .setMaxResults(1)
                        .getResultStream()
                        .map(ChunkRow::segment)
                        .findFirst());
    }

    @Override
    public Optional<Segment> last(StreamId stream) {
        return transactions.answer("find the last chunk", em -> of(
                        em,
                        "select c from ChunkRow c where c.cameraId = :camera and c.stream = :stream"
                                + " order by c.endUs desc",
                        ChunkRow.class,
                        stream)
                .setMaxResults(1)
                .getResultStream()
                .map(ChunkRow::segment)
                .findFirst());
    }

    @Override
    public Optional<Archive.TimeRange> range(StreamId stream) {
        return transactions.answer("find the range of a stream", em -> {
            Object[] row = of(
                            em,
                            "select min(c.startUs), max(c.endUs) from ChunkRow c"
                                    + " where c.cameraId = :camera and c.stream = :stream",
                            Object[].class,
                            stream)
                    .getSingleResult();
            return row[0] == null ? Optional.empty() : Optional.of(new Archive.TimeRange((Long) row[0], (Long) row[1]));
        });
    }

    @Override
    public List<StreamId> streams(Optional<UUID> cameraId) {
        return transactions.answer("list streams", em -> {
            // A stream may have nothing but gaps.
            List<StreamId> found = new ArrayList<>();
            for (String entity : List.of("ChunkRow", "GapRow")) {
                TypedQuery<Object[]> query = em.createQuery(
                        "select distinct r.cameraId, r.stream from " + entity + " r"
                                + (cameraId.isPresent() ? " where r.cameraId = :camera" : ""),
                        Object[].class);
                cameraId.ifPresent(id -> query.setParameter("camera", id.toString()));
                query.getResultStream()
                        .map(r -> new StreamId(UUID.fromString((String) r[0]), StreamRole.of((String) r[1])))
                        .forEach(found::add);
            }
            return found.stream().distinct().toList();
        });
    }

    @Override
    public List<StoredSegment> oldest(UUID volumeId, int limit) {
        return transactions.answer("find the oldest chunks", em -> em.createQuery(
                        "select c from ChunkRow c where c.volumeId = :volume order by c.startUs", ChunkRow.class)
                .setParameter("volume", volumeId.toString())
                .setMaxResults(limit)
                .getResultStream()
                .map(ChunkRow::stored)
                .toList());
    }

    @Override
    public List<StoredSegment> expired(UUID volumeId, long nowUs, int limit) {
        return transactions.answer("find expired chunks", em -> em.createQuery(
                        "select c from ChunkRow c where c.volumeId = :volume and c.expiresUs < :now"
                                + " order by c.expiresUs",
                        ChunkRow.class)
                .setParameter("volume", volumeId.toString())
                .setParameter("now", nowUs)
                .setMaxResults(limit)
                .getResultStream()
                .map(ChunkRow::stored)
                .toList());
    }

    @Override
    public void delete(List<UUID> ids) {
        if (!ids.isEmpty()) {
            transactions.run("remove chunks", em -> em.createQuery("delete from ChunkRow c where c.id in :ids")
                    .setParameter("ids", ids.stream().map(UUID::toString).toList())
                    .executeUpdate());
        }
    }

    @Override
    public void forEach(UUID volumeId, Consumer<StoredSegment> visitor) {
        String after = "";
        while (true) {
            List<ChunkRow> page = page(volumeId, after);
            page.forEach(row -> visitor.accept(row.stored()));
            if (page.size() < PAGE_ROWS) {
                return;
            }
            after = page.get(page.size() - 1).path();
        }
    }

    private List<ChunkRow> page(UUID volumeId, String after) {
        return transactions.answer("list chunks", em -> em.createQuery(
                        "select c from ChunkRow c where c.volumeId = :volume and c.path > :after order by c.path",
                        ChunkRow.class)
                .setParameter("volume", volumeId.toString())
                .setParameter("after", after)
                .setMaxResults(PAGE_ROWS)
                .getResultList());
    }

    @Override
    public Usage usage(UUID volumeId) {
        return transactions.answer("sum up a volume", em -> {
            Object[] row = em.createQuery(
                            "select sum(c.sizeBytes), count(c) from ChunkRow c where c.volumeId = :volume",
                            Object[].class)
                    .setParameter("volume", volumeId.toString())
                    .getSingleResult();
            return new Usage(row[0] == null ? 0 : ((Number) row[0]).longValue(), ((Number) row[1]).longValue());
        });
    }

    @Override
    public void saveGaps(List<Gap> gaps) {
        transactions.run("save gaps", em -> gaps.forEach(gap -> em.merge(new GapRow(gap))));
    }

    @Override
    public List<Gap> findGaps(StreamId stream, long fromUs, long toUs, int limit) {
        return transactions.answer("find gaps", em -> of(
                        em,
                        "select g from GapRow g where g.cameraId = :camera and g.stream = :stream"
                                + " and g.fromUs < :to and (g.toUs is null or g.toUs > :from) order by g.fromUs",
                        GapRow.class,
                        stream)
                .setParameter("from", fromUs)
                .setParameter("to", toUs)
                .setMaxResults(limit)
                .getResultStream()
                .map(GapRow::gap)
                .toList());
    }

    @Override
    public List<Gap> openGaps() {
        return transactions.answer(
                "find open gaps", em -> em.createQuery("select g from GapRow g where g.toUs is null", GapRow.class)
                        .getResultStream()
                        .map(GapRow::gap)
                        .toList());
    }

    @Override
    public void deleteGaps(List<UUID> ids) {
        if (!ids.isEmpty()) {
            transactions.run("remove gaps", em -> em.createQuery("delete from GapRow g where g.id in :ids")
                    .setParameter("ids", ids.stream().map(UUID::toString).toList())
                    .executeUpdate());
        }
    }
}
