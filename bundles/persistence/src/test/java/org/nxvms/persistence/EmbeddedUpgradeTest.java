// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.nxvms.persistence.WatchedDatabase.Watcher;

/**
 * The embedded database is brought up to date, and the server is stopped in the middle: before each single statement of
 * each version what is on the disk is copied, as a kill leaves it, and a server is started on the copy.
 */
class EmbeddedUpgradeTest {
    private static List<String> schema;

    /** In memory where the system has a folder there: a hundred databases are made, copied and synced. */
    static final class InMemory implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            Path memory = Path.of("/dev/shm");
            return Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "nxvms")
                    : Files.createTempDirectory("nxvms");
        }
    }

    @TempDir(factory = InMemory.class)
    Path folder;

    @BeforeAll
    static void whatAnUndisturbedStartMakes() throws SQLException {
        DataSource database = Databases.h2("undisturbed");
        new SchemaMigration().prepare(database);
        schema = FirstVersion.schema(database);
    }

    @Test
    void stoppedAtAnyStatementOfTheVeryFirstStartTheNextOneMakesTheDatabase() throws Exception {
        Path place = Files.createDirectories(folder.resolve("first"));
        List<Path> kills = new ArrayList<>();
        upgrade(place, (connection, statement) -> kills.add(asLeftByAKill(place, connection)));
        assertThat(FirstVersion.schema(database(place))).isEqualTo(schema);

        assertThat(kills).hasSizeGreaterThan(60);
        for (Path kill : kills) {
            upgrade(kill);
            assertThat(FirstVersion.schema(database(kill))).isEqualTo(schema);
            assertNothingIsLeft(kill);
        }
    }

    @Test
    void stoppedAtAnyStatementOfAnUpgradeTheNextStartBringsItToItsEndAndKeepsAll() throws Exception {
        Path place = ofTheFirstVersion("upgrade");
        List<Path> kills = new ArrayList<>();
        upgrade(place, (connection, statement) -> {
            kills.add(asLeftByAKill(place, connection));
            assertThat(Files.mismatch(file(place), file(kills.get(0))))
                    .as("the database, before " + statement)
                    .isEqualTo(-1);
        });
        FirstVersion.assertKept(database(place));

        assertThat(kills).hasSizeGreaterThan(40);
        for (Path kill : kills) {
            upgrade(kill);
            assertThat(FirstVersion.schema(database(kill))).isEqualTo(schema);
            FirstVersion.assertKept(database(kill));
            assertNothingIsLeft(kill);
        }
    }

    @Test
    void stoppedWhileItIsCopiedTheTornCopyIsNotTaken() throws Exception {
        Path place = ofTheFirstVersion("torn");
        byte[] whole = Files.readAllBytes(file(place));
        Files.write(place.resolve("nxvms-upgrade.mv.db"), java.util.Arrays.copyOf(whole, whole.length / 2));
        Files.writeString(place.resolve("nxvms-upgrade.trace.db"), "what H2 had to say");
        upgrade(place);
        FirstVersion.assertKept(database(place));
        assertNothingIsLeft(place);
    }

    @Test
    void anUpgradeThatFailsLeavesTheDatabaseAsItWas() throws Exception {
        Path place = ofTheFirstVersion("fails");
        List<String> before = FirstVersion.schema(database(place));
        assertThatThrownBy(() -> upgrade(place, (connection, statement) -> {
                    if (statement.contains("chunk_volume_keep")) {
                        throw new SQLException("no space left on device");
                    }
                }))
                .isInstanceOf(SQLException.class)
                .hasStackTraceContaining("no space left on device");
        assertNothingIsLeft(place);
        assertThat(FirstVersion.schema(database(place))).isEqualTo(before);

        upgrade(place);
        FirstVersion.assertKept(database(place));
    }

    @Test
    void aDatabaseThatIsStillOpenIsNotExchangedUnderWhoWrites() throws Exception {
        Path place = ofTheFirstVersion("open");
        try (Connection writer = database(place).getConnection();
                Statement statement = writer.createStatement()) {
            statement.execute("update camera set name = 'Door'");
            assertThatThrownBy(() -> upgrade(place))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("still open");
            statement.execute("update camera set name = 'Gate'");
        }
        upgrade(place);
        FirstVersion.assertKept(database(place));
    }

    @Test
    void whatIsUpToDateIsOnlyLookedAt() throws Exception {
        Path place = ofTheFirstVersion("current");
        upgrade(place);
        List<String> statements = new ArrayList<>();
        upgrade(place, (connection, statement) -> statements.add(statement));
        assertThat(statements).isEmpty();
    }

    @Test
    void whatAnOlderServerLeftHalfWayIsLeftAsItIsAndSaysWhatToDo() throws Exception {
        Path place = ofTheFirstVersion("half");
        try (Connection connection = database(place).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("insert into \"flyway_schema_history\" values"
                    + " (2, '2', 'servers and volume usage', 'SQL', 'V2__x.sql', 0, 'nxvms', now(), 1, false)");
        }
        List<String> before = FirstVersion.schema(database(place));
        assertThatThrownBy(() -> upgrade(place))
                .hasStackTraceContaining("half-way to version 2")
                .hasStackTraceContaining("archive-rebuild");
        assertNothingIsLeft(place);
        assertThat(FirstVersion.schema(database(place))).isEqualTo(before);
    }

    @Test
    void onlyWhatH2KeepsInAFileOfThisProcessIsUpgradedSo() {
        assertThat(EmbeddedDatabase.of("jdbc:h2:file:/var/lib/nxvms/db/nxvms;LOCK_TIMEOUT=10000;X=1"))
                .hasValueSatisfying(found -> {
                    assertThat(found.onDisk()).isEqualTo(Path.of("/var/lib/nxvms/db/nxvms.mv.db"));
                    assertThat(found.upgrade().url())
                            .isEqualTo("jdbc:h2:async:/var/lib/nxvms/db/nxvms-upgrade;LOCK_TIMEOUT=10000;X=1");
                });
        assertThat(EmbeddedDatabase.of("jdbc:h2:async:/db/nxvms").orElseThrow().file())
                .isEqualTo(Path.of("/db/nxvms"));
        assertThat(EmbeddedDatabase.of("jdbc:h2:~/db").orElseThrow().file())
                .isEqualTo(Path.of(System.getProperty("user.home"), "db"));
        for (String other : List.of(
                "jdbc:h2:mem:x", "jdbc:h2:tcp://127.0.0.1/x", "jdbc:h2:zip:/x.zip!/x", "jdbc:postgresql://h/db", "")) {
            assertThat(EmbeddedDatabase.of(other)).as(other).isEmpty();
        }
    }

    // ---- a server's database folder

    private Path ofTheFirstVersion(String name) throws Exception {
        Path place = Files.createDirectories(folder.resolve(name));
        // Flyway opens and closes it many times: open until all is done.
        try (Connection open = database(place).getConnection()) {
            FirstVersion.makeAndUse(database(place));
            assertThat(open.isClosed()).isFalse();
        }
        return place;
    }

    private static void upgrade(Path place) throws Exception {
        upgrade(place, (connection, statement) -> {});
    }

    private static void upgrade(Path place, Watcher watcher) throws Exception {
        new EmbeddedUpgrade(
                        EmbeddedDatabase.of(url(place)).orElseThrow(),
                        url -> WatchedDatabase.watched(database(url), watcher),
                        new SchemaMigration())
                .run();
    }

    /** Everything that was committed by now, and nothing of what is not. */
    private Path asLeftByAKill(Path place, Connection connection) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
        }
        try (Stream<Path> files = Files.list(place)) {
            Path kill = Files.createTempDirectory(folder, "kill");
            for (Path file : files.toList()) {
                Files.copy(file, kill.resolve(file.getFileName()));
            }
            return kill;
        }
    }

    private static String url(Path place) {
        // Without it H2 tidies up for a fifth of a second at each close.
        return "jdbc:h2:async:" + place.resolve("nxvms") + ";MAX_COMPACT_TIME=0";
    }

    private static DataSource database(Path place) {
        return database(url(place));
    }

    private static DataSource database(String url) {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL(url);
        database.setUser("nxvms");
        database.setPassword("");
        return database;
    }

    private static Path file(Path place) {
        return place.resolve("nxvms.mv.db");
    }

    private static void assertNothingIsLeft(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            assertThat(files)
                    .as("of the copy")
                    .noneMatch(file -> file.getFileName().toString().startsWith("nxvms-upgrade"));
        }
    }
}
