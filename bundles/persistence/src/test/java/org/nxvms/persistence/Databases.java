// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.postgresql.ds.PGConnectionPoolDataSource;

/** The databases that stories are told on: a new one for each, of one real PostgreSQL that ends with the process. */
final class Databases {
    private static EmbeddedPostgres postgres;

    private Databases() {}

    static DataSource h2(String name) {
        return JdbcConnectionPool.create("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=30000", "nxvms", "");
    }

    static DataSource postgres(String name) throws IOException, SQLException {
        create(name);
        PGConnectionPoolDataSource database = new PGConnectionPoolDataSource();
        database.setURL(postgres.getJdbcUrl("postgres", name));
        // Connections are kept as a server keeps them: to make one takes longer than most of what it is made for.
        return JdbcConnectionPool.create(database);
    }

    /** One whose connections are new each, for stories that kill them. */
    static DataSource postgresUnpooled(String name) throws IOException, SQLException {
        create(name);
        return postgres.getDatabase("postgres", name);
    }

    private static synchronized void create(String name) throws IOException, SQLException {
        if (postgres == null) {
            // Nobody cuts its power.
            postgres = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "off")
                    .setServerConfig("synchronous_commit", "off")
                    .setPGStartupWait(Duration.ofMinutes(1))
                    .start();
        }
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        }
    }
}
