// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.nxvms.platform.api.backup.BackupException;
import org.nxvms.platform.api.backup.MetadataRows;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The rows of a backup, out of this server's database and into a prepared one. */
@Component(service = MetadataRows.class)
public final class DatabaseRows implements MetadataRows {
    private static final String DATA_SOURCE = "(dataSourceName=nxvms)";

    /** H2's own level: its "repeatable read" sees each table as of the moment in which it was first asked for. */
    private static final int SNAPSHOT = 6;

    /** Finds the database, as it is now. */
    interface Finder {
        DataSource find() throws SQLException;
    }

    private final Finder database;
    private final EmbeddedUpgrade.Opener embedded;

    @Activate
    public DatabaseRows(BundleContext context) {
        this(() -> published(context), new EmbeddedDriver(context));
    }

    DatabaseRows(Finder database, EmbeddedUpgrade.Opener embedded) {
        this.database = database;
        this.embedded = embedded;
    }

    @Override
    public boolean isFresh() throws BackupException {
        try (Connection connection = database.find().getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "select (select count(*) from camera), (select count(*) from app_user)")) {
            found.next();
            return found.getLong(1) == 0 && found.getLong(2) <= 1;
        } catch (SQLException e) {
            throw away(e);
        }
    }

    @Override
    public long write(OutputStream rows, LongConsumer progress) throws IOException {
        try (Connection connection = database.find().getConnection()) {
            boolean embedded = connection.getMetaData().getDatabaseProductName().equals("H2");
            connection.setTransactionIsolation(embedded ? SNAPSHOT : Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            try {
                return RowText.write(connection, schema(connection), rows, progress);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw away(e);
        }
    }

    @Override
    public long prepare(InputStream rows, Path folder, LongConsumer progress) throws IOException {
        try {
            return new PreparedRows(folder, embedded, new SchemaMigration()).make(rows, progress);
        } catch (SQLException e) {
            throw new BackupException(
                    "The rows of the backup could not be prepared: " + e.getMessage() + ". Nothing was restored.", e);
        }
    }

    private static int schema(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "select max(cast(\"version\" as integer)) from \"flyway_schema_history\"")) {
            found.next();
            return found.getInt(1);
        }
    }

    private static DataSource published(BundleContext context) throws SQLException {
        try {
            Collection<ServiceReference<DataSource>> found =
                    context.getServiceReferences(DataSource.class, DATA_SOURCE);
            DataSource database =
                    found.isEmpty() ? null : context.getService(found.iterator().next());
            if (database == null) {
                throw new SQLException("there is no database yet; the log says why");
            }
            return database;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BackupException away(SQLException e) {
        return new BackupException("The database does not do what is asked: " + e.getMessage(), e);
    }
}
