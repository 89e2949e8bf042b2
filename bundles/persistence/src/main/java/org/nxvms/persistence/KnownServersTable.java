// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.UUID;
import javax.persistence.LockModeType;
import org.apache.aries.jpa.template.JpaTemplate;
import org.nxvms.platform.api.server.KnownServerStore;
import org.nxvms.platform.api.server.KnownServers;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Servers that users know, in {@code known_servers}. */
@Component(service = KnownServerStore.class)
public final class KnownServersTable implements KnownServerStore {
    private final Transactions transactions;

    @Activate
    public KnownServersTable(
            @Reference(target = "(osgi.unit.name=nxvms)") JpaTemplate jpa, @Reference WriteBehind behind) {
        this(Transactions.of(jpa).writtenBy(behind));
    }

    KnownServersTable(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public KnownServers of(UUID userId) {
        return transactions.reading().answer("find the servers that a user knows", em -> {
            KnownServersRow row = em.find(KnownServersRow.class, userId.toString());
            return row == null ? KnownServers.NONE : row.servers();
        });
    }

    @Override
    public boolean replace(UUID userId, KnownServers servers) {
        return transactions.answer("change the servers that a user knows", em -> {
            // Before the first there is no row that two at once would wait for.
            if (em.find(UserRow.class, userId.toString(), LockModeType.PESSIMISTIC_WRITE) == null) {
                return false;
            }
            KnownServersRow row = em.find(KnownServersRow.class, userId.toString());
            if ((row == null ? KnownServers.NONE.version() : row.version()) != servers.version() - 1) {
                return false;
            }
            if (row == null) {
                em.persist(new KnownServersRow(userId, servers));
            } else {
                row.take(servers);
            }
            return true;
        });
    }
}
