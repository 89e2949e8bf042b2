// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.persistence.SampleChunks.chunk;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.StreamId;

/** Before footage goes on the word of a row, that row is on the disk: what another process would find there. */
class DurableCommitsTest {
    private static final String OPTIONS = ";DB_CLOSE_ON_EXIT=FALSE";

    @TempDir
    Path folder;

    @Test
    void inH2WhatWasCommittedIsInTheFileAtOnce() throws Exception {
        String url = "jdbc:h2:file:" + folder.resolve("live") + OPTIONS;
        JdbcConnectionPool database = JdbcConnectionPool.create(url, "nxvms", "");
        new SchemaMigration().prepare(database);
        try (TestUnit unit = new TestUnit(database)) {
            ChunkTable chunks = new ChunkTable(unit, StoreScene.SERVER);
            for (int minute = 1; minute <= 5; minute++) {
                chunks.insert(List.of(chunk(StreamId.main(new UUID(1, 2)), minute)));
                assertThat(chunks.makeDurable()).isTrue();
                // As after a power cut: the file as it is, without what H2 holds in memory.
                Path copy = folder.resolve("copy" + minute + ".mv.db");
                Files.copy(folder.resolve("live.mv.db"), copy);
                String copyUrl = "jdbc:h2:file:" + folder.resolve("copy" + minute);
                try (Connection connection = DriverManager.getConnection(copyUrl + OPTIONS, "nxvms", "")) {
                    assertThat(number(connection, "select count(*) from chunk")).isEqualTo(minute);
                }
            }
        } finally {
            database.dispose();
        }
    }

    @Test
    void inPostgresTheLogIsFlushedAlsoWhenCommitsDoNotWaitForIt() throws Exception {
        DataSource database = Databases.postgres("durable");
        new SchemaMigration().prepare(database);
        try (Connection admin = database.getConnection();
                Statement statement = admin.createStatement()) {
            statement.execute("alter database durable set synchronous_commit = off");
        }
        try (TestUnit unit = new TestUnit(database);
                Connection look = database.getConnection()) {
            ChunkTable chunks = new ChunkTable(unit, StoreScene.SERVER);
            assertThat(chunks.makeDurable())
                    .as("before the server's row is there")
                    .isFalse();
            try (Statement statement = look.createStatement()) {
                statement.execute(
                        "insert into server (server_id, name, seen_ms) values ('" + StoreScene.SERVER + "', 'x', 1)");
            }
            for (int minute = 1; minute <= 5; minute++) {
                chunks.insert(List.of(chunk(StreamId.main(new UUID(1, 2)), minute)));
                String written = text(look, "select pg_current_wal_insert_lsn()");
                assertThat(chunks.makeDurable()).isTrue();
                assertThat(number(
                                look,
                                "select case when pg_current_wal_flush_lsn() >= '" + written
                                        + "'::pg_lsn then 1 else 0 end"))
                        .as("flushed up to " + written)
                        .isEqualTo(1);
            }
        }
    }

    private static long number(Connection connection, String query) throws SQLException {
        return Long.parseLong(text(connection, query));
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
