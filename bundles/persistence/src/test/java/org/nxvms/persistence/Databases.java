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

/** The databases that stories are told on: a new one for each, of one real PostgreSQL that ends with the process. */
final class Databases {
    private static EmbeddedPostgres postgres;

    private Databases() {}

    static DataSource h2(String name) {
        return JdbcConnectionPool.create("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=30000", "nxvms", "");
    }

    static synchronized DataSource postgres(String name) throws IOException, SQLException {
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
        return postgres.getDatabase("postgres", name);
    }
}
