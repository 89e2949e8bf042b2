// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.nxvms.persistence.EmbeddedUpgrade.Opener;
import org.nxvms.platform.api.backup.BackupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of a backup between reading them and the start that puts them in place: a small embedded database of its own,
 * whatever the server's database is. There rows of an older schema are brought up to date by the same migrations, and
 * refused if no server could have had them, before anything is touched.
 */
final class PreparedRows {
    private static final Logger LOG = LoggerFactory.getLogger(PreparedRows.class);
    private static final String NAME = "rows";
    private static final String ENDING = ".mv.db";

    private final Path folder;
    private final Opener embedded;
    private final SchemaMigration migration;

    PreparedRows(Path folder, Opener embedded, SchemaMigration migration) {
        this.folder = folder;
        this.embedded = embedded;
        this.migration = migration;
    }

    private Path file() {
        return folder.resolve(NAME + ENDING);
    }

    /** Without a trace of statements beside it, which would tell what is in the rows. */
    private DataSource open() throws SQLException {
        return embedded.open("jdbc:h2:file:" + folder.toAbsolutePath().resolve(NAME) + ";TRACE_LEVEL_FILE=0");
    }

    boolean isThere() {
        return Files.exists(file());
    }

    long make(InputStream text, LongConsumer progress) throws SQLException, IOException {
        try (OneConnection connection = new OneConnection(open())) {
            Connection rows = connection.connection();
            long count = RowText.read(text, schema -> ofSchema(connection, schema), progress);
            migration.migrate(connection);
            shutDown(rows);
            return count;
        }
    }

    private Connection ofSchema(OneConnection connection, int schema) throws SQLException, BackupException {
        Optional<Integer> newest = migration.migrateTo(connection, schema);
        if (newest.isPresent()) {
            throw new BackupException("This backup is of schema " + schema + ", and this server knows " + newest.get()
                    + ": it was made by a newer NXvms. Install that version, or a newer one, and restore it there.");
        }
        return connection.connection();
    }

    /** Puts the rows in the place of those of a database that is up to date and that nobody uses yet. */
    void replace(DataSource database) throws SQLException {
        try (OneConnection source = new OneConnection(open())) {
            // The server may have been updated since they were prepared.
            migration.migrate(source);
            long rows;
            try (Connection target = database.getConnection()) {
                rows = MetadataRowsCopy.replace(source.connection(), target);
                toDisk(target);
            }
            shutDown(source.connection());
            Files.delete(file());
            // Once more would take back what is done from now on.
            try (FileChannel gone = FileChannel.open(folder, StandardOpenOption.READ)) {
                gone.force(true);
            }
            LOG.info("{} rows of the backup in {} are in the database", rows, folder);
        } catch (SQLException | IOException e) {
            LOG.error(
                    "The rows of the backup in {} could not be put into the database, which is as it was; the server"
                            + " goes on without a database, and tries it again. To give up, stop the server, remove that"
                            + " folder and restore the backup that was made of what was here before",
                    folder,
                    e);
            throw e instanceof SQLException sql ? sql : new SQLException("a restore could not be ended", e);
        }
    }

    /** H2 writes commits when it likes (ADR 38); without them the keys in place would be those of other rows. */
    private static void toDisk(Connection target) throws SQLException {
        if (target.getMetaData().getDatabaseProductName().equals("H2")) {
            try (Statement statement = target.createStatement()) {
                statement.execute("checkpoint sync");
            }
        }
    }

    private static void shutDown(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN");
        }
    }
}
