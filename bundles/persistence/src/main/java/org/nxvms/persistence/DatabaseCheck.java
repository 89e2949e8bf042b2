// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.time.Instant;
import javax.persistence.EntityManager;
import org.apache.aries.jpa.template.JpaTemplate;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.health.HealthCheck;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Writes this server's sign of life into the table {@code server}: the database is up when that works. */
@Component(service = HealthCheck.class)
public final class DatabaseCheck implements HealthCheck {
    private final Transactions transactions;
    private final ServerIdentity server;

    @Activate
    public DatabaseCheck(
            @Reference(target = "(osgi.unit.name=nxvms)") JpaTemplate jpa, @Reference ServerIdentity server) {
        this(Transactions.of(jpa), server);
    }

    DatabaseCheck(Transactions transactions, ServerIdentity server) {
        this.transactions = transactions;
        this.server = server;
    }

    @Override
    public String name() {
        return "database";
    }

    @Override
    public Result check() {
        try {
            transactions.run("take a sign of life", this::write);
            return Result.up();
        } catch (StoreException e) {
            return Result.down("The database takes no writes. Recording goes on; configuration and search do not. Check"
                    + " that it runs and has room");
        }
    }

    private void write(EntityManager em) {
        int updated = em.createNativeQuery("update server set seen_ms = ?1, name = ?2 where server_id = ?3")
                .setParameter(1, Instant.now().toEpochMilli())
                .setParameter(2, server.name())
                .setParameter(3, server.serverId().toString())
                .executeUpdate();
        if (updated == 0) {
            em.createNativeQuery("insert into server (server_id, name, seen_ms) values (?1, ?2, ?3)")
                    .setParameter(1, server.serverId().toString())
                    .setParameter(2, server.name())
                    .setParameter(3, Instant.now().toEpochMilli())
                    .executeUpdate();
        }
    }
}
