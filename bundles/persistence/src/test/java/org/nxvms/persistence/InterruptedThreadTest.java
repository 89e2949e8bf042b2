// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Parts of the server are stopped with an interrupt of their threads, which may be in the embedded database just then. Files
 * of Java that are opened in the plain way are closed by that, for everybody: what others committed could not be written any
 * more.
 */
class InterruptedThreadTest {
    private static final Path DATA_SOURCE =
            Path.of("../../karaf-distribution/src/main/resources/etc/org.ops4j.datasource-nxvms.cfg");
    private static final int ROWS = 400;
    /** Characters: all rows together are more than is read with one of them. */
    private static final int WIDTH = 3_000;

    @TempDir
    private Path folder;

    private interface Work {
        void run(Statement statement) throws SQLException;
    }

    @BeforeEach
    void fill() throws Exception {
        Files.createDirectories(folder.resolve("db"));
        try (Connection connection = open(folder);
                Statement statement = connection.createStatement()) {
            statement.execute("create table page (id int primary key, text varchar)");
            statement.execute(
                    "insert into page select x, repeat('x', " + WIDTH + ") from system_range(1, " + ROWS + ")");
        }
    }

    @Test
    void whoIsInterruptedWhileReadingTheFileClosesItForNobody() throws Exception {
        // Opened anew: nothing is in memory, so it is read from the file.
        nothingIsLostAfter(statement -> {
            try (ResultSet sum = statement.executeQuery("select sum(length(text)) from page where id <= " + ROWS)) {
                sum.next();
                assertThat(sum.getLong(1)).isEqualTo((long) ROWS * WIDTH);
            }
        });
    }

    /** With nothing to write it comes to syncing the file with its interrupt. */
    @Test
    void whoIsInterruptedWhileSyncingTheFileClosesItForNobody() throws Exception {
        nothingIsLostAfter(statement -> statement.execute("checkpoint sync"));
    }

    private void nothingIsLostAfter(Work interrupted) throws Exception {
        try (Connection mine = open(folder);
                Connection others = open(folder);
                Statement statement = others.createStatement()) {
            statement.execute("insert into page values (" + (ROWS + 1) + ", 'before')");
            statement.execute("checkpoint");
            AtomicReference<Throwable> failed = new AtomicReference<>();
            Thread thread = new Thread(() -> {
                Thread.currentThread().interrupt();
                try (Statement work = mine.createStatement()) {
                    interrupted.run(work);
                } catch (SQLException | AssertionError e) {
                    failed.set(e);
                }
            });
            thread.start();
            thread.join();
            assertThat(failed.get()).isNull();

            statement.execute("insert into page values (" + (ROWS + 2) + ", 'after')");
            statement.execute("checkpoint");
            assertThat(rowsAfterAKill()).isEqualTo(ROWS + 2);
        }
    }

    private int rowsAfterAKill() throws Exception {
        Path killed = folder.resolve("killed");
        Files.createDirectories(killed.resolve("db"));
        Files.copy(folder.resolve("db/nxvms.mv.db"), killed.resolve("db/nxvms.mv.db"));
        try (Connection connection = open(killed);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from page")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** By the address with which the server is delivered. */
    private static Connection open(Path data) throws SQLException, IOException {
        Properties dataSource = new Properties();
        try (Reader file = Files.newBufferedReader(DATA_SOURCE)) {
            dataSource.load(file);
        }
        String url = dataSource
                .getProperty("url")
                .replaceFirst("^\\$\\{env:NXVMS_DB_URL:-(.*)}$", "$1")
                .replace("${env:NXVMS_DATA}", data.toString());
        assertThat(url).startsWith("jdbc:h2:").doesNotContain("$");
        return DriverManager.getConnection(url, "nxvms", "");
    }
}
