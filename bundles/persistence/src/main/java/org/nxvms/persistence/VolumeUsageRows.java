// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.List;
import javax.persistence.EntityManager;
import org.nxvms.platform.api.archive.ChunkIndex.Usage;

/** Table {@code volume_usage}: bytes and chunks of each volume, changed in the transaction that changes the chunks. */
final class VolumeUsageRows {
    private VolumeUsageRows() {}

    static Usage read(EntityManager em, String volumeId) {
        List<?> rows = em.createNativeQuery("select size_bytes, chunks from volume_usage where volume_id = ?1")
                .setParameter(1, volumeId)
                .getResultList();
        if (rows.isEmpty()) {
            return new Usage(0, 0);
        }
        Object[] row = (Object[]) rows.get(0);
        return new Usage(((Number) row[0]).longValue(), ((Number) row[1]).longValue());
    }

    static void count(EntityManager em, String volumeId, long bytes, long chunks) {
        int updated = em.createNativeQuery("update volume_usage set size_bytes = size_bytes + ?1, chunks = chunks + ?2"
                        + " where volume_id = ?3")
                .setParameter(1, bytes)
                .setParameter(2, chunks)
                .setParameter(3, volumeId)
                .executeUpdate();
        if (updated == 0) {
            em.createNativeQuery("insert into volume_usage (volume_id, size_bytes, chunks) values (?1, ?2, ?3)")
                    .setParameter(1, volumeId)
                    .setParameter(2, bytes)
                    .setParameter(3, chunks)
                    .executeUpdate();
        }
    }
}
