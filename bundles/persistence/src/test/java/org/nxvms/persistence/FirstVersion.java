// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** A database that the first version made and used, and what must be in it after every upgrade. */
final class FirstVersion {
    private static final int CHUNKS = 200;

    private FirstVersion() {}

    static void makeAndUse(DataSource database) throws SQLException {
        Flyway.configure(FirstVersion.class.getClassLoader())
                .dataSource(database)
                .locations("classpath:db/migration")
                .target("1")
                .load()
                .migrate();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("insert into server values ('s', 'Server', 1)");
            statement.execute("insert into camera values ('c', 1, 's', 'Gate', 'rtsp', 'rtsp://192.0.2.1/', null, null,"
                    + " 'sealed', true, null, 'continuous', 'main', 7, 1, 1, null)");
            statement.execute("insert into camera_setting values ('c', 'transport', 'udp')");
            statement.execute("insert into app_user values ('u', 'Admin', 'admin', 'administrator', 'hash', false, 1)");
            statement.execute("insert into app_user values ('o', 'Old', 'old', 'king', 'hash', false, 1)");
            statement.execute("insert into refresh_token values ('h', 'u', 'f', 1, null)");
            for (int i = 0; i < CHUNKS; i++) {
                statement.execute("insert into chunk values ('k" + i + "', 'c', 'main', 's', 'v', 'p" + i + "', 'r', "
                        + i + ", " + i + ", " + (i + 1)
                        + ", 1000, 'i', 700, 'avc1', 1, 1, false, 'arrival', 1, null, 7, 1)");
            }
            statement.execute("insert into gap values ('g1', 'c', 'main', 0, 8000000, 'server_down', '')");
            statement.execute("insert into gap values ('g2', 'c', 'main', 9000000, null, 'disk_full', '')");
        }
    }

    /** All that was written there, and what later versions make of it. */
    static void assertKept(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            assertThat(rows(
                            connection,
                            "select id, name, driver, sealed_password, recording_mode, trigger_kinds from camera"))
                    .containsExactly(
                            "c|Gate|rtsp|sealed|continuous|camera.input,camera.manual,camera.motion,camera.tamper");
            assertThat(rows(connection, "select setting from camera_setting")).containsExactly("udp");
            assertThat(rows(connection, "select username, role from app_user order by username"))
                    .containsExactly("Admin|administrator", "Old|king");
            assertThat(rows(connection, "select name, permissions from access_role where name = 'king'"))
                    .as("allows nothing, as before")
                    .containsExactly("king|");
            assertThat(rows(connection, "select user_id from refresh_token")).containsExactly("u");
            assertThat(rows(connection, "select id, user_id, seen_ms, address from user_session"))
                    .containsExactly("f|u|-2591999999|");
            assertThat(rows(connection, "select count(*), sum(size_bytes) from chunk where keep_until_us = 0"))
                    .containsExactly(CHUNKS + "|" + CHUNKS * 1000);
            assertThat(rows(connection, "select size_bytes, chunks from volume_usage where volume_id = 'v'"))
                    .containsExactly(CHUNKS * 1000 + "|" + CHUNKS);
            assertThat(rows(connection, "select id, server_id, magnitude from gap"))
                    .containsExactly("g1|s|3", "g2|s|62");
        }
    }

    /** {@return tables, columns and indexes, in the database's own words} */
    static List<String> schema(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            boolean h2 = connection.getMetaData().getDatabaseProductName().equals("H2");
            List<String> all = rows(
                    connection,
                    "select lower(table_name), lower(column_name), data_type, is_nullable, column_default"
                            + " from information_schema.columns where lower(table_schema) = 'public'");
            all.addAll(rows(
                    connection,
                    h2
                            ? "select table_name, column_name, ordinal_position, index_name"
                                    + " from information_schema.index_columns where index_name not like 'PRIMARY%'"
                                    + " and index_name not like 'CONSTRAINT%' and index_name not like 'FK%'"
                            : "select indexdef from pg_indexes where schemaname = 'public'"));
            assertThat(all).hasSizeGreaterThan(60);
            return all;
        }
    }

    private static List<String> rows(Connection connection, String query) throws SQLException {
        List<String> rows = new java.util.ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            int columns = found.getMetaData().getColumnCount();
            while (found.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= columns; i++) {
                    row.append(i == 1 ? "" : "|").append(found.getString(i));
                }
                rows.add(row.toString());
            }
        }
        return new java.util.ArrayList<>(new TreeSet<>(rows));
    }
}
