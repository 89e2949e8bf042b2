// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.nxvms.itests.harness.PackedServer;

/** The same stories on a real PostgreSQL, chosen by environment variables only. */
class PostgresIT extends RecordingStories {
    private EmbeddedPostgres postgres;

    @Override
    PackedServer server() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
        return PackedServer.unpacked("postgres")
                .with("NXVMS_DB_URL", "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres")
                .with("NXVMS_DB_USER", "postgres")
                .with("NXVMS_DB_PASSWORD", "postgres");
    }

    @Test
    void theCamerasAreInPostgres() throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from camera")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(4);
        }
    }

    @AfterAll
    void endDatabase() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }
}
