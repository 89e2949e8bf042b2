// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import javax.persistence.EntityManager;

/** Table {@code rollup_check}: which server's chunks of before there were roll-ups have theirs by now. */
final class RollUpCheck {
    private RollUpCheck() {}

    static boolean isDone(EntityManager em, UUID serverId) {
        return !em.createNativeQuery("select checked_us from rollup_check where server_id = ?1")
                .setParameter(1, serverId.toString())
                .getResultList()
                .isEmpty();
    }

    static void done(EntityManager em, UUID serverId) {
        em.createNativeQuery("insert into rollup_check (server_id, checked_us) values (?1, ?2)")
                .setParameter(1, serverId.toString())
                .setParameter(2, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()))
                .executeUpdate();
    }
}
