// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.persistence.EntityManager;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;

/** Rows of one volume: what retention takes next, and all of them in pages. Each walks a stretch of one index. */
final class ChunksOnVolume {
    private ChunksOnVolume() {}

    static List<StoredSegment> unkept(EntityManager em, UUID volumeId, long fromStartUs, long nowUs, int limit) {
        return hasUnkept(em, volumeId, fromStartUs, nowUs)
                ? oldest(em, volumeId, fromStartUs, nowUs, limit)
                : List.of();
    }

    /** The walk from the oldest on would read all rows of the volume to find that there is none. */
    private static boolean hasUnkept(EntityManager em, UUID volumeId, long fromStartUs, long nowUs) {
        String query = "select c.startUs from ChunkRow c where c.volumeId = :volume and c.keepUntilUs <= :now"
                + " and c.startUs >= :from order by c.volumeId, c.keepUntilUs, c.startUs";
        return find(em, query, Long.class, volumeId, fromStartUs, nowUs, 1).count() > 0;
    }

    static List<StoredSegment> oldest(EntityManager em, UUID volumeId, long fromStartUs, long nowUs, int limit) {
        String query = "select c from ChunkRow c where c.volumeId = :volume and c.startUs >= :from"
                + " and c.keepUntilUs <= :now order by c.volumeId, c.startUs";
        return find(em, query, ChunkRow.class, volumeId, fromStartUs, nowUs, limit)
                .map(ChunkRow::stored)
                .toList();
    }

    static List<StoredSegment> expired(EntityManager em, UUID volumeId, long fromUs, long nowUs, int limit) {
        String query = "select c from ChunkRow c where c.volumeId = :volume and c.expiresUs >= :from"
                + " and c.expiresUs < :now order by c.volumeId, c.expiresUs";
        return find(em, query, ChunkRow.class, volumeId, fromUs, nowUs, limit)
                .map(ChunkRow::stored)
                .toList();
    }

    private static <T> Stream<T> find(
            EntityManager em, String query, Class<T> type, UUID volumeId, long fromUs, long nowUs, int limit) {
        return em.createQuery(query, type)
                .setParameter("volume", volumeId.toString())
                .setParameter("from", fromUs)
                .setParameter("now", nowUs)
                .setMaxResults(limit)
                .getResultStream();
    }

    /** {@return rows by path, of those behind {@code after}} */
    static List<ChunkRow> page(EntityManager em, UUID volumeId, String after, int limit) {
        return em.createQuery(
                        "select c from ChunkRow c where c.volumeId = :volume and c.path > :after order by c.volumeId, c.path",
                        ChunkRow.class)
                .setParameter("volume", volumeId.toString())
                .setParameter("after", after)
                .setMaxResults(limit)
                .getResultList();
    }
}
