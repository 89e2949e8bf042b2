// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the embedded database to this server's schema, before anybody opens it. H2 commits with each statement that
 * changes the schema, and some are several commits: a migration that is stopped in the middle could neither be
 * repeated nor taken back. So it is made on a copy, which takes the database's place when it is whole (ADR 36).
 * Whatever stops it, the database is as it was or as it shall be; what is left of the copy goes at the next start.
 */
final class EmbeddedUpgrade {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedUpgrade.class);

    /** Opens a database by its address, without a pool: it is closed with its last connection. */
    interface Opener {
        DataSource open(String url) throws SQLException;
    }

    private final EmbeddedDatabase database;
    private final EmbeddedDatabase copy;
    private final Opener opener;
    private final SchemaMigration migration;

    EmbeddedUpgrade(EmbeddedDatabase database, Opener opener, SchemaMigration migration) {
        this.database = database;
        this.copy = database.upgrade();
        this.opener = opener;
        this.migration = migration;
    }

    /** Returns when the database has this server's schema. When it throws, the database is as it was. */
    void run() throws SQLException, IOException {
        Files.createDirectories(database.folder());
        deleteCopy();
        if (!Files.exists(database.onDisk())) {
            makeCopy();
            take();
        } else if (migration.isPending(opener.open(database.url()))) {
            replace();
        }
    }

    private void replace() throws SQLException, IOException {
        try (FileChannel current =
                FileChannel.open(database.onDisk(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            // H2 locks its file, too: who has it open is seen here, and nobody opens it until it is exchanged.
            try (FileLock lock = current.tryLock()) {
                if (lock == null) {
                    throw inUse();
                }
                LOG.info(
                        "The schema of {} is brought up to date in a copy of {} MB",
                        database.onDisk(),
                        current.size() >> 20);
                try {
                    copyOf(current);
                    makeCopy();
                } catch (SQLException | IOException | RuntimeException e) {
                    LOG.error(
                            "{} is as it was, and was not brought up to date. The version of NXvms from before can use"
                                    + " it; there must be room for a second one of it in {}",
                            database.onDisk(),
                            database.folder());
                    deleteCopy();
                    throw e;
                }
                take();
            } catch (OverlappingFileLockException e) {
                throw inUse();
            }
        }
    }

    private IOException inUse() {
        return new IOException(database.onDisk() + " is still open, in this server or in another process");
    }

    private void copyOf(FileChannel current) throws IOException {
        try (FileChannel target =
                FileChannel.open(copy.onDisk(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long size = current.size();
            long copied = 0;
            while (copied < size) {
                long more = current.transferTo(copied, size - copied, target);
                if (more <= 0) {
                    throw new IOException(database.onDisk() + " ends at " + copied + " of " + size + " bytes");
                }
                copied += more;
            }
        }
    }

    /** Of what is there, or of nothing. */
    private void makeCopy() throws SQLException {
        try (OneConnection connection = new OneConnection(opener.open(copy.url()))) {
            migration.migrate(connection);
            try (Statement statement = connection.connection().createStatement()) {
                statement.execute("SHUTDOWN");
            }
        }
    }

    /** On the disk before it gets the name, and the name before anybody writes: else a power cut takes the footage's rows. */
    private void take() throws IOException {
        sync(copy.onDisk(), StandardOpenOption.WRITE);
        Files.move(copy.onDisk(), database.onDisk(), StandardCopyOption.ATOMIC_MOVE);
        sync(database.folder(), StandardOpenOption.READ);
        // What H2 may have written beside it.
        deleteCopy();
    }

    private static void sync(Path path, StandardOpenOption way) throws IOException {
        try (FileChannel channel = FileChannel.open(path, way)) {
            channel.force(true);
        }
    }

    private void deleteCopy() throws IOException {
        try (DirectoryStream<Path> left =
                Files.newDirectoryStream(database.folder(), copy.file().getFileName() + ".*")) {
            for (Path one : left) {
                Files.delete(one);
            }
        }
    }
}
