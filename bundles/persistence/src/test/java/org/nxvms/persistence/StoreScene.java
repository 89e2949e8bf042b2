// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.nxvms.persistence.SampleChunks.chunk;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.nxvms.media.StreamId;

/** A real database with the real migrations, empty before each story; it can be made to go away. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoreScene {
    static final UUID SERVER = new UUID(7, 7);

    DataSource database;
    TestUnit unit;
    ChunkTable chunks;
    /** Then the database refuses whoever asks, and counts. */
    volatile boolean gone;

    final AtomicInteger askedWhileGone = new AtomicInteger();

    abstract DataSource database() throws Exception;

    @BeforeAll
    void migrate() throws Exception {
        database = breakable(database());
        new SchemaMigration().prepare(database);
        // A second start finds everything up to date.
        new SchemaMigration().prepare(database);
        unit = new TestUnit(database);
        chunks = new ChunkTable(unit, SERVER);
    }

    /** The database, until {@link #gone}: then it counts who asks for it and refuses. */
    private DataSource breakable(DataSource whole) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, args) -> {
                    if (gone && method.getName().equals("getConnection")) {
                        askedWhileGone.incrementAndGet();
                        throw new SQLException("connection refused", "08001");
                    }
                    try {
                        return method.invoke(whole, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @AfterAll
    void close() {
        if (unit != null) {
            unit.close();
        }
    }

    @BeforeEach
    void empty() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : List.of(
                    "camera_setting",
                    "camera",
                    "refresh_token",
                    "app_user",
                    "chunk_copy",
                    "chunk",
                    "gap",
                    "volume_usage",
                    "footage_day",
                    "rollup_check")) {
                statement.executeUpdate("delete from " + table);
            }
        }
    }

    Void remove(List<UUID> ids) {
        chunks.delete(ids);
        return null;
    }

    Void add(StreamId stream, int from) {
        chunks.insert(IntStream.range(from, from + 100)
                .mapToObj(m -> chunk(stream, m))
                .toList());
        return null;
    }
}
