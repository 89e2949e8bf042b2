// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.backup.BackupException;

/** What a server knows goes from one database to the other and back, and nothing is half there. */
class BackupRowsTest {
    private static final int MUTATIONS = 400;

    @TempDir
    Path folder;

    private static DataSource file(String url) {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL(url);
        database.setUser("nxvms");
        return database;
    }

    private static void run(DataSource database, String... statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }

    private static String ask(DataSource database, String query) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            StringBuilder answer = new StringBuilder();
            while (found.next()) {
                answer.append(answer.length() == 0 ? "" : ",").append(found.getString(1));
            }
            return answer.toString();
        }
    }

    private static DataSource current(DataSource database) throws SQLException {
        new SchemaMigration().prepare(database);
        return database;
    }

    /** A server with something in every table. */
    private static DataSource used(DataSource database) throws SQLException {
        current(database);
        run(
                database,
                "insert into server values ('s', 'Server', 1)",
                "insert into camera (id, version, server_id, name, driver, address, enabled, recording_mode,"
                        + " recording_streams, retention_days_max, created_ms, updated_ms, sealed_password) values ('c',"
                        + " 4, 's', 'Gate ä ''1''', 'rtsp', 'rtsp://192.0.2.1/', true, 'continuous', 'main', 7,"
                        + " 9000000000000, 2, 'v1.sealed')",
                "insert into camera_setting values ('c', 'note', 'two\nlines \"quoted\"')",
                "insert into access_role values ('guard', '', 'view_live', true, 7, 3)",
                "insert into app_user (id, username, username_key, role, password_hash, must_change_password,"
                        + " created_ms) values ('u', 'Anna', 'anna', 'guard', 'hash', false, 1)",
                "insert into access_grant values ('g', 'u', 'viewer', 'camera/c', true, 5)",
                "insert into user_totp values ('u', 'v1.totp', 3, 4)",
                "insert into recovery_code values ('r', 'u')",
                "insert into api_key values ('k', 'u', 'Key', 'kh', 'view_live', 1, 2, null, 'v1.digest')",
                "insert into bookmark values ('b', 1, 2, 3, 'Theft', 'Two men', 'theft two men', 'u', 'anna', 4, 5)",
                "insert into bookmark_camera values ('b', 'c')",
                "insert into bookmark_tag values ('b', 'police')",
                "insert into layout values ('l', 1, 'u', 'anna', 'Gates', '1+5', '0 c', true, 4, 5)",
                "insert into layout_role values ('l', 'guard')",
                "insert into known_servers values ('u', 1, '[]')",
                "insert into motion_mask values ('c', 1, '0.0,0.0 0.5,0.0 0.5,0.5')",
                "insert into user_session values ('f', 'u', 1, 2, '', '')",
                entry("s", 1, "h1"),
                entry("s", 2, "h2"),
                "insert into gap (id, camera_id, stream, from_us, cause, detail) values ('g1', 'c', 'main', 0, 'x',"
                        + " '')");
        return database;
    }

    private static String entry(String server, int sequence, String hash) {
        return "insert into audit_entry values ('" + server + "', " + sequence
                + ", 1, 'user.added', true, null, 'anna', 'anna', null, '', '', '{}', '{}', '" + hash + "')";
    }

    private static byte[] text(DataSource database) throws IOException {
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        new DatabaseRows(() -> database, BackupRowsTest::file).write(rows, count -> {});
        return rows.toByteArray();
    }

    private static List<String> sorted(byte[] text) {
        return List.copyOf(
                new TreeSet<>(new String(text, StandardCharsets.UTF_8).lines().toList()));
    }

    private long prepare(byte[] rows) throws IOException {
        return new DatabaseRows(() -> null, BackupRowsTest::file)
                .prepare(new ByteArrayInputStream(rows), folder, count -> {});
    }

    /** As a server does that starts. */
    private void start(DataSource database) throws SQLException {
        new SchemaMigration(folder, BackupRowsTest::file).prepare(database);
    }

    /** Else a table that is new would go through all of these untried. */
    @Test
    void eachTableOfABackupHasARowHere() throws Exception {
        DataSource database = used(Databases.h2("backup_each"));
        List<String> empty = new ArrayList<>();
        try (Connection connection = database.getConnection()) {
            for (MetadataTables.Table table : MetadataTables.of(connection)) {
                if (ask(database, "select count(*) from " + table.name()).equals("0")) {
                    empty.add(table.name());
                }
            }
        }
        assertThat(empty).isEmpty();
    }

    @Test
    void allRowsAreOfOneMomentWhateverHappensMeanwhile() throws Exception {
        for (DataSource database : List.of(Databases.h2("backup_moment"), Databases.postgres("backup_moment"))) {
            used(database);
            byte[] before = text(database);
            ByteArrayOutputStream rows = new ByteArrayOutputStream();
            new DatabaseRows(() -> database, BackupRowsTest::file).write(rows, count -> {
                if (count == 1) {
                    try {
                        run(
                                database,
                                "update camera set name = 'late'",
                                "insert into api_key values ('late', 'u', 'late', 'late', 'view_live', 1, 2, null, null)",
                                "delete from camera_setting",
                                entry("s", 3, "late"));
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                }
            });
            assertThat(sorted(rows.toByteArray())).isEqualTo(sorted(before));
            assertThat(new String(text(database), StandardCharsets.UTF_8)).contains("late");
        }
    }

    @Test
    void rowsGoFromTheOneDatabaseToTheOtherAndBack() throws Exception {
        byte[] there = text(used(Databases.h2("backup_from")));
        DataSource postgres = current(Databases.postgres("backup_through"));
        assertThat(prepare(there)).isGreaterThan(10);
        start(postgres);
        assertThat(ask(postgres, "select setting from camera_setting")).isEqualTo("two\nlines \"quoted\"");
        byte[] back = text(postgres);
        assertThat(sorted(back)).isEqualTo(sorted(there));

        DataSource h2 = current(Databases.h2("backup_back"));
        prepare(back);
        start(h2);
        assertThat(sorted(text(h2))).isEqualTo(sorted(there));
        assertThat(folder.resolve("rows.mv.db")).as("nothing is done twice").doesNotExist();
    }

    @Test
    void whatIsThereGivesWayButFootageAndAuditStay() throws Exception {
        byte[] rows = text(used(Databases.h2("backup_new")));
        for (DataSource database : List.of(Databases.h2("backup_old"), Databases.postgres("backup_old"))) {
            used(database);
            run(
                    database,
                    "update camera set name = 'Other'",
                    "delete from api_key",
                    "insert into app_user (id, username, username_key, role, password_hash, must_change_password,"
                            + " created_ms) values ('z', 'Zoe', 'zoe', 'viewer', 'hash', false, 1)",
                    entry("s", 3, "h3"),
                    entry("fresh", 1, "f1"));
            prepare(rows);
            start(database);
            assertThat(ask(database, "select name from camera")).isEqualTo("Gate ä '1'");
            assertThat(ask(database, "select id from api_key")).isEqualTo("k");
            assertThat(ask(database, "select username from app_user")).isEqualTo("Anna");
            assertThat(ask(database, "select id from user_session"))
                    .as("sessions end")
                    .isEmpty();
            assertThat(ask(database, "select id from gap")).isEqualTo("g1");
            assertThat(ask(database, "select hash from audit_entry order by hash"))
                    .isEqualTo("f1,h1,h2,h3");
        }
    }

    @Test
    void theAuditGoesOnWhereItEndsHereAndIsNeverMixedWithAnother() throws Exception {
        DataSource from = used(Databases.h2("backup_audit_from"));
        run(from, entry("s", 3, "h3"));
        byte[] rows = text(from);
        DataSource behind = used(Databases.h2("backup_audit_behind"));
        prepare(rows);
        start(behind);
        assertThat(ask(behind, "select hash from audit_entry order by hash")).isEqualTo("h1,h2,h3");

        DataSource forked = used(Databases.h2("backup_audit_forked"));
        run(forked, "update audit_entry set hash = 'other' where sequence_no = 2");
        prepare(rows);
        start(forked);
        assertThat(ask(forked, "select hash from audit_entry order by hash")).isEqualTo("h1,other");
    }

    /** As when the database was deleted: the server knows by a file of its own how far its audit had come. */
    @Test
    void whatANewDatabaseLacksOfTheAuditIsPutBackBeforeIt() throws Exception {
        byte[] rows = text(used(Databases.h2("backup_audit_whole")));
        DataSource after = current(Databases.h2("backup_audit_after"));
        run(after, entry("s", 3, "h3"), entry("s", 4, "h4"));
        prepare(rows);
        start(after);
        assertThat(ask(after, "select hash from audit_entry order by hash")).isEqualTo("h1,h2,h3,h4");
    }

    @Test
    void rowsOfTheFirstSchemaAreBroughtUpToDate() throws Exception {
        DataSource first = Databases.h2("backup_first");
        FirstVersion.makeAndUse(first);
        prepare(text(first));
        DataSource now = current(Databases.postgres("backup_first"));
        start(now);
        assertThat(ask(now, "select trigger_kinds from camera"))
                .isEqualTo("camera.input,camera.manual,camera.motion,camera.tamper");
        assertThat(ask(now, "select name from access_role order by name"))
                .isEqualTo("administrator,guest,king,operator,viewer");
        assertThat(ask(now, "select role from app_user order by role")).isEqualTo("administrator,king");
    }

    @Test
    void aNewerSchemaIsRefusedWithWhatToDo() {
        assertThatThrownBy(() -> prepare("[1,9999]\n0".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("of schema 9999")
                .hasMessageContaining("Install that version");
        assertThatThrownBy(() -> prepare("[2,17]\n0".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("format 2");
    }

    @Test
    void whatCannotBePutInPlaceLeavesTheDatabaseAsItWas() throws Exception {
        prepare(text(used(Databases.h2("backup_whole"))));
        for (DataSource database : List.of(Databases.h2("backup_stays"), Databases.postgres("backup_stays"))) {
            used(database);
            run(database, "update camera set name = 'Other'", "update user_totp set last_step = -1");
            List<String> before = sorted(text(database));
            run(database, "alter table user_totp add constraint nobody check (last_step < 0)");
            assertThatThrownBy(() -> start(database)).isInstanceOf(SQLException.class);
            run(database, "alter table user_totp drop constraint nobody");
            assertThat(sorted(text(database))).isEqualTo(before);
            assertThat(Files.exists(folder.resolve("rows.mv.db")))
                    .as("it is tried again")
                    .isTrue();
        }
    }

    @Test
    void whateverTheTextSaysItIsReadOrRefused() throws Exception {
        byte[] whole = text(used(Databases.h2("backup_garbage")));
        DataSource target = current(Databases.h2("backup_garbage_target"));
        long seed = Long.getLong("nxvms.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int refused = 0;
        try (Connection connection = target.getConnection()) {
            for (int i = 0; i < MUTATIONS; i++) {
                byte[] text = whole.clone();
                for (int j = random.nextInt(3); j >= 0; j--) {
                    text[random.nextInt(text.length)] = (byte) "[]\",:0a-nu{}\\\0".charAt(random.nextInt(14));
                }
                int length = random.nextBoolean() ? text.length : random.nextInt(text.length);
                try {
                    RowText.read(new ByteArrayInputStream(text, 0, length), schema -> connection, count -> {});
                } catch (BackupException expected) {
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(MUTATIONS / 2);
    }

    @Test
    void aServerIsFreshUntilItHasACameraOrASecondUser() throws Exception {
        DataSource database = current(Databases.h2("backup_fresh"));
        DatabaseRows rows = new DatabaseRows(() -> database, BackupRowsTest::file);
        assertThat(rows.isFresh()).isTrue();
        used(database);
        assertThat(rows.isFresh()).isFalse();
    }
}
