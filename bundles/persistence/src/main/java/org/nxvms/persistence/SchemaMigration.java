// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.output.MigrateResult;
import org.ops4j.pax.jdbc.hook.PreHook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema up to date; the data source is published only after it returned. {@link DatabaseGate}
 * offers it.
 */
public final class SchemaMigration implements PreHook {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaMigration.class);

    private final AtomicInteger running = new AtomicInteger();
    private final Optional<PreparedRows> restored;
    /** Of the last look at the schema; null for none. */
    private OneConnection look;

    SchemaMigration() {
        restored = Optional.empty();
    }

    /** @param placed where the rows lie of a backup that was prepared and put in place, if there is one */
    SchemaMigration(Path placed, EmbeddedUpgrade.Opener embedded) {
        restored = Optional.of(new PreparedRows(placed, embedded, this));
    }

    /** {@return whether a migration is going on, on whatever thread} */
    boolean isRunning() {
        return running.get() > 0;
    }

    @Override
    public void prepare(DataSource database) throws SQLException {
        try (OneConnection connection = open(database)) {
            migrate(connection);
        }
        if (restored.isPresent() && restored.get().isThere()) {
            restored.get().replace(database);
        }
    }

    /**
     * Brings an empty database to an older schema.
     *
     * @return nothing when it is done; the newest version there is when the one that is asked for is newer
     */
    Optional<Integer> migrateTo(OneConnection connection, int version) throws SQLException {
        try {
            Flyway newest = flyway(connection);
            int known = 0;
            for (MigrationInfo one : newest.info().all()) {
                known = Math.max(known, Integer.parseInt(one.getVersion().getVersion()));
            }
            if (version > known) {
                return Optional.of(known);
            }
            configured(connection).target(Integer.toString(version)).load().migrate();
            return Optional.empty();
        } catch (FlywayException e) {
            throw unusable(e);
        }
    }

    /**
     * {@return whether versions are to be applied} Where none are, the connection stays until {@link #endLook}: what is opened
     * next finds the database open, and does not open a file that was closed a moment ago (ADR 98).
     */
    boolean isPending(DataSource database) throws SQLException {
        OneConnection connection = open(database);
        try {
            Flyway flyway = flyway(connection);
            refuse(flyway);
            boolean pending = flyway.info().pending().length > 0;
            if (!pending) {
                keep(connection);
                connection = null;
            }
            return pending;
        } catch (FlywayException e) {
            throw unusable(e);
        } finally {
            if (connection != null) {
                connection.close();
            }
        }
    }

    private synchronized void keep(OneConnection connection) {
        endLook();
        look = connection;
    }

    /** Closes what {@link #isPending} left open. Idempotent; any thread. */
    synchronized void endLook() {
        OneConnection open = look;
        look = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("The connection of the look at the schema had gone", e);
            }
        }
    }

    void migrate(OneConnection connection) throws SQLException {
        running.incrementAndGet();
        try {
            Flyway flyway = flyway(connection);
            refuse(flyway);
            MigrateResult result = flyway.migrate();
            LOG.info(
                    "Schema of {} is at version {}",
                    connection.connection().getMetaData().getURL(),
                    result.targetSchemaVersion == null ? result.initialSchemaVersion : result.targetSchemaVersion);
        } catch (FlywayException e) {
            throw unusable(e);
        } finally {
            running.decrementAndGet();
        }
    }

    private static SQLException unusable(FlywayException e) {
        LOG.error("The schema cannot be used, and this server goes on without a database: {}", e.getMessage());
        return new SQLException("schema migration failed", e);
    }

    private static OneConnection open(DataSource database) throws SQLException {
        try {
            return new OneConnection(database);
        } catch (SQLException e) {
            LOG.error(
                    "The database does not answer, so nothing can be configured and no camera starts; footage on the"
                            + " volumes is untouched. Check NXVMS_DB_URL, NXVMS_DB_USER, NXVMS_DB_PASSWORD and that it"
                            + " runs: {}",
                    e.getMessage());
            throw e;
        }
    }

    private static Flyway flyway(OneConnection connection) {
        return configured(connection).load();
    }

    private static FluentConfiguration configured(OneConnection connection) {
        return Flyway.configure(SchemaMigration.class.getClassLoader())
                .dataSource(connection.asDataSource())
                .locations("classpath:db/migration")
                .loggers("slf4j")
                .failOnMissingLocations(true)
                .cleanDisabled(true)
                // All versions in one transaction, where the database can: PostgreSQL.
                .group(true)
                .callbacks(new Patience());
    }

    /** Left to itself, Flyway only warns when a newer program was here, and of the other case says not what to do. */
    private static void refuse(Flyway flyway) {
        for (MigrationInfo applied : flyway.info().applied()) {
            if (applied.getState() == MigrationState.FUTURE_SUCCESS
                    || applied.getState() == MigrationState.FUTURE_FAILED) {
                throw new FlywayException("it has version " + applied.getVersion()
                        + ", made by a newer NXvms than this one, and was left as it is. Install that version again, or"
                        + " put back a backup of the database from before the upgrade.");
            }
            if (applied.getState() == MigrationState.FAILED) {
                throw new FlywayException("it was left half-way to version " + applied.getVersion()
                        + " by an older NXvms, which could not take back what it had done. Put back a backup of the"
                        + " database; without one, move it away while the server is stopped: then cameras and users are"
                        + " to be entered again, and nxvms:archive-rebuild finds all footage.");
            }
        }
    }

    /** A statement that changes a large table may take longer than the bound on all others (bin/setenv). */
    private static final class Patience extends BaseCallback {
        @Override
        public boolean supports(Event event, Context context) {
            return event == Event.BEFORE_EACH_MIGRATE;
        }

        @Override
        public void handle(Event event, Context context) {
            try {
                context.getConnection().setNetworkTimeout(Runnable::run, 0);
            } catch (SQLException e) {
                LOG.debug("The driver knows no network timeout", e);
            }
        }
    }
}
