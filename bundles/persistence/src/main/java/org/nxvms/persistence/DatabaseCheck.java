// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.persistence.EntityManager;
import org.apache.aries.jpa.template.JpaTemplate;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.health.HealthCheck;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Writes this server's sign of life into the table {@code server}: the database is up when that works.
 * Present also while there is no database, to say so.
 */
@Component(service = HealthCheck.class)
public final class DatabaseCheck implements HealthCheck {
    private static final long SLOW_MS = 1_000;

    private final ServerIdentity server;
    private volatile JpaTemplate bound;
    private volatile Transactions transactions;

    @Activate
    public DatabaseCheck(@Reference ServerIdentity server) {
        this.server = server;
    }

    DatabaseCheck(Transactions transactions, ServerIdentity server) {
        this.transactions = transactions;
        this.server = server;
    }

    @Reference(
            target = "(osgi.unit.name=nxvms)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setJpa(JpaTemplate jpa) {
        bound = jpa;
        transactions = Transactions.of(jpa);
    }

    void unsetJpa(JpaTemplate jpa) {
        // The next one may have been bound before the last one goes.
        if (bound == jpa) {
            bound = null;
            transactions = null;
        }
    }

    @Override
    public String name() {
        return "database";
    }

    @Override
    public Result check() {
        Transactions now = transactions;
        if (now == null) {
            return Result.down("There is no database yet; the log says why. Recording goes on; configuration and search"
                            + " do not. It is tried again by itself")
                    .found("database_absent");
        }
        long start = System.nanoTime();
        try {
            now.run("take a sign of life", this::write);
        } catch (StoreException e) {
            return Result.down("The database takes no writes. Recording goes on; configuration and search do not. Check"
                            + " that it runs and has room")
                    .found("database_refuses");
        }
        long writeMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        Map<String, Object> figures = Map.of("writeMs", writeMs);
        return writeMs < SLOW_MS
                ? new Result(Status.UP, "", figures)
                : new Result(Status.DEGRADED, "The database is slow: one write took " + writeMs + " ms", figures)
                        .found("database_slow", figures);
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
