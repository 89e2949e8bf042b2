// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.ops4j.pax.jdbc.hook.PreHook;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers the migration to Pax JDBC, and offers it anew while there is no database. Pax JDBC makes the
 * pool and the data source when the hook appears, once: a database that starts later than this server
 * would else be missed until the next restart. Before each offer, while there is no pool, the embedded database is
 * brought up to date ({@link EmbeddedUpgrade}). Attempts run on a thread of their own, not on that of the
 * component runtime or of the configuration.
 */
@Component(service = {})
public final class DatabaseGate {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseGate.class);
    private static final String HOOK = "nxvms-migrate";
    private static final String DATA_SOURCE = "(dataSourceName=nxvms)";
    /** Until what the preparation needs is there: looking costs next to nothing, and every start waits for it. */
    private static final long WAIT_MS_PARTS = 200;

    private static final long WAIT_MS_MIN = 3_000;
    private static final long WAIT_MS_MAX = 30_000;
    /** An upgrade that fails copied the whole database before. */
    private static final long WAIT_MS_UNPREPARED_MAX = 600_000;

    /** What must be done while nobody has the database open. */
    interface Preparation {
        /** {@return whether it is done; no: what it needs is not there yet} */
        boolean run() throws SQLException, IOException;
    }

    private final BundleContext context;
    private final SchemaMigration migration;
    private final Preparation preparation;
    private final ScheduledExecutorService thread;
    private ServiceRegistration<PreHook> offer;
    /** Only by the thread. */
    private boolean tried;

    /** The data source that was found last; it may have gone since. Only by the thread. */
    private ServiceReference<DataSource> present;

    private long waitMs = WAIT_MS_MIN;

    @Activate
    public DatabaseGate(BundleContext context, @Reference ConfigurationAdmin settings) {
        this(context, settings, new SchemaMigration(placed(), new EmbeddedDriver(context)));
    }

    private DatabaseGate(BundleContext context, ConfigurationAdmin settings, SchemaMigration migration) {
        this(context, migration, new EmbeddedPreparation(context, settings, migration), thread());
    }

    private static ScheduledExecutorService thread() {
        ScheduledThreadPoolExecutor thread =
                new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "nxvms-database"));
        // The next attempt ends with the bundle; one that has begun comes to its end.
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return thread;
    }

    /** Not by the service that knows the data folder: the database stays open when that is exchanged. */
    private static Path placed() {
        String data = System.getProperty("nxvms.data", System.getenv("NXVMS_DATA"));
        return Path.of(data == null ? "" : data, "restore", "placed");
    }

    DatabaseGate(
            BundleContext context,
            SchemaMigration migration,
            Preparation preparation,
            ScheduledExecutorService thread) {
        this.context = context;
        this.migration = migration;
        this.preparation = preparation;
        this.thread = thread;
        thread.execute(this::attend);
    }

    @Deactivate
    void stop() {
        // The framework takes the offer back with the bundle; the thread may be in the middle of one.
        // An interrupt would close the embedded database's file under it.
        thread.shutdown();
        synchronized (this) {
            withdraw();
        }
        migration.endLook();
    }

    private void attend() {
        try {
            if (isPresent() || migration.isRunning()) {
                waitMs = WAIT_MS_MIN;
                if (!migration.isRunning()) {
                    // The pool has connections of its own by now.
                    migration.endLook();
                }
            } else {
                offerAnew();
            }
        } catch (IllegalStateException e) {
            LOG.debug("The bundle is stopping", e);
        } catch (SQLException | IOException | RuntimeException e) {
            LOG.warn("The database could not be opened, tried again in {} s: {}", waitMs / 1_000, e.getMessage(), e);
        } finally {
            try {
                thread.schedule(this::attend, waitMs, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("The bundle is stopping", e);
            }
        }
    }

    private void offerAnew() throws SQLException, IOException {
        migration.endLook();
        synchronized (this) {
            // With it goes the pool, if there is one: nobody has the database open any more.
            withdraw();
            if (thread.isShutdown()) {
                return;
            }
        }
        boolean again = tried;
        tried = true;
        waitMs = again ? Math.min(WAIT_MS_UNPREPARED_MAX, Math.max(WAIT_MS_MIN, waitMs * 2)) : WAIT_MS_MIN;
        if (!preparation.run()) {
            tried = again;
            waitMs = WAIT_MS_PARTS;
            return;
        }
        waitMs = Math.min(WAIT_MS_MAX, waitMs);
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(PreHook.KEY_NAME, HOOK);
        // Runs the whole attempt if Pax JDBC, driver and configuration are there.
        ServiceRegistration<PreHook> made = context.registerService(PreHook.class, migration, properties);
        synchronized (this) {
            offer = made;
            if (thread.isShutdown()) {
                withdraw();
            }
        }
        if (again && isPresent()) {
            LOG.info("The database is open");
        }
    }

    private void withdraw() {
        if (offer == null) {
            return;
        }
        try {
            offer.unregister();
        } catch (IllegalStateException e) {
            LOG.debug("Already gone with the bundle", e);
        }
        offer = null;
    }

    private boolean isPresent() {
        ServiceReference<DataSource> known = present;
        if (known != null && known.getBundle() != null) {
            return true;
        }
        try {
            Collection<ServiceReference<DataSource>> found =
                    context.getServiceReferences(DataSource.class, DATA_SOURCE);
            present = found.stream().findFirst().orElse(null);
            return present != null;
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
