// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import javax.persistence.EntityManager;
import org.apache.aries.jpa.template.JpaTemplate;
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
    /** Until a write that failed is tried again. By itself the database would write some seconds later. */
    static final long RETRY_MS = 1_000;
    /** A write that takes so long is told: so much more would have been lost with the process. */
    static final long SLOW_MS = 1_000;
    /** One that takes so long is told while it lasts: it may never end, and nothing else is written meanwhile. */
    static final long STUCK_MS = 2_000;

    private static final String EMBEDDED = "H2";

    private final Transactions transactions;
    private final LongSupplier clockNs;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
        Thread made = new Thread(task, "nxvms-database-write");
        made.setDaemon(true);
        return made;
    });
    /** A write is on its way that takes with it what is committed now. */
    private final AtomicBoolean due = new AtomicBoolean();

    /** The write that is going on; null between writes, and when it has been told that it hangs. */
    private final AtomicReference<Write> going = new AtomicReference<>();

    private volatile boolean needed = true;
    /** The last write failed, which has been told. Only by the thread. */
    private boolean failing;

    /** A write that has begun. */
    private record Write(Thread by, long begunNs) {}

    @Activate
    public WriteBehind(@Reference(target = "(osgi.unit.name=nxvms)") JpaTemplate jpa) {
        this(Transactions.of(jpa));
    }

    WriteBehind(Transactions transactions) {
        this(transactions, System::nanoTime);
    }

    WriteBehind(Transactions transactions, LongSupplier clockNs) {
        this.transactions = transactions;
        this.clockNs = clockNs;
    }

    /** What is due is still tried; else the database writes it some seconds later, or when it is closed. */
    @Deactivate
    void close() {
        thread.shutdown();
    }

    /** A transaction has ended that may have changed something. Any thread; returns at once. */
    void committed() {
        if (!needed) {
            return;
        }
        tellIfStuck();
        writeIn(DELAY_MS);
    }

    private void writeIn(long ms) {
        if (!due.compareAndSet(false, true)) {
            return;
        }
        try {
            thread.schedule(this::write, ms, TimeUnit.MILLISECONDS);
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
        Write write = new Write(Thread.currentThread(), clockNs.getAsLong());
        going.set(write);
        boolean toldStuck;
        try {
            needed = transactions.answer("write what was committed", WriteBehind::checkpoint);
            if (failing) {
                failing = false;
                LOG.info("The database writes again what is committed");
            }
        } catch (RuntimeException | LinkageError e) {
            failed(e);
        } finally {
            toldStuck = !going.compareAndSet(write, null);
        }
        long tookMs = TimeUnit.NANOSECONDS.toMillis(clockNs.getAsLong() - write.begunNs());
        if (tookMs > SLOW_MS || toldStuck) {
            LOG.warn(
                    "The embedded database's disk took {} ms to take what was committed; a crash meanwhile would have"
                            + " lost it. Put NXVMS_DATA on a disk that does not have to write the footage",
                    tookMs);
        }
    }

    private void failed(Throwable why) {
        if (thread.isShutdown()) {
            LOG.debug("Not written any more; the database does so when it is closed", why);
            return;
        }
        if (!failing) {
            failing = true;
            LOG.warn(
                    "The database did not write what was committed; the embedded one would lose it with a crash. Tried again"
                            + " every {} ms",
                    RETRY_MS,
                    why);
        }
        writeIn(RETRY_MS);
    }

    /**
     * Who commits notices, since the writer cannot. The log then shows where the writer stands and where the database's
     * own threads do: nothing of it is left when the process is gone.
     */
    private void tellIfStuck() {
        Write now = going.get();
        if (now == null
                || clockNs.getAsLong() - now.begunNs() < TimeUnit.MILLISECONDS.toNanos(STUCK_MS)
                || !going.compareAndSet(now, null)) {
            return;
        }
        LOG.warn(
                "The database has not taken what was committed for more than {} ms, and a crash now would lose it.{}",
                STUCK_MS,
                DatabaseThreads.stacks(now.by()));
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
