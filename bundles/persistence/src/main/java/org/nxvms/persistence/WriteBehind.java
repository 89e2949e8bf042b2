// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.persistence.EntityManager;
import org.apache.aries.jpa.template.JpaTemplate;
import org.nxvms.platform.api.StoreException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the embedded database write to its file what was committed, within half a second. Left to itself it would have to
 * look ten times in that time whether there is something to write, for as long as the server runs (ADR 38); so it is told to
 * look seldom, and is asked when there is. PostgreSQL needs none of this.
 */
@Component(service = WriteBehind.class)
public final class WriteBehind {
    /** With the write itself it stays below the half second that may be lost with the process. */
    static final long DELAY_MS = 400;

    private static final Logger LOG = LoggerFactory.getLogger(WriteBehind.class);
    /** A write that takes so long is told: so much more would have been lost with the process. */
    private static final long SLOW_MS = 1_000;

    private static final String EMBEDDED = "H2";

    private final Transactions transactions;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
        Thread made = new Thread(task, "nxvms-database-write");
        made.setDaemon(true);
        return made;
    });
    /** A write is on its way that takes with it what is committed now. */
    private final AtomicBoolean due = new AtomicBoolean();

    private volatile boolean needed = true;

    @Activate
    public WriteBehind(@Reference(target = "(osgi.unit.name=nxvms)") JpaTemplate jpa) {
        this(Transactions.of(jpa));
    }

    WriteBehind(Transactions transactions) {
        this.transactions = transactions;
    }

    /** What is due is still tried; else the database writes it some seconds later, or when it is closed. */
    @Deactivate
    void close() {
        thread.shutdown();
    }

    /** A transaction has ended that may have changed something. Any thread; returns at once. */
    void committed() {
        if (!needed || !due.compareAndSet(false, true)) {
            return;
        }
        try {
            thread.schedule(this::write, DELAY_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The bundle is stopping", e);
        }
    }

    /** {@return false once it is known that this database writes by itself} */
    boolean isNeeded() {
        return needed;
    }

    private void write() {
        // First: what is committed from now on asks again.
        due.set(false);
        long begunNs = System.nanoTime();
        try {
            needed = transactions.answer("write what was committed", WriteBehind::checkpoint);
        } catch (StoreException e) {
            LOG.debug("Not written now; the database does so by itself in some seconds", e);
        }
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNs);
        if (tookMs > SLOW_MS) {
            LOG.warn(
                    "The embedded database's disk took {} ms to take what was committed; a crash meanwhile would have"
                            + " lost it. Put NXVMS_DATA on a disk that does not have to write the footage",
                    tookMs);
        }
    }

    /** {@return whether this database needs to be asked} */
    private static boolean checkpoint(EntityManager em) {
        try {
            if (!EMBEDDED.equals(em.unwrap(Connection.class).getMetaData().getDatabaseProductName())) {
                return false;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        em.createNativeQuery("checkpoint").executeUpdate();
        return true;
    }
}
