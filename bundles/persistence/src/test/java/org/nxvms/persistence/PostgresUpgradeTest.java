// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.nxvms.persistence.WatchedDatabase.Watcher;

/**
 * PostgreSQL takes back what is not committed when its client is killed. So it is killed where that does not help: behind
 * each single commit.
 */
class PostgresUpgradeTest {
    /** Nothing is tried again after that. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void killedBehindAnyCommitOfTheVeryFirstStartTheNextOneMakesTheSchema() throws Exception {
        DataSource database = Databases.postgresUnpooled("first_start");
        int commits = commitsOf(database);
        List<String> schema = FirstVersion.schema(database);
        for (int last = 1; last <= commits; last++) {
            empty(database);
            killedBehindCommit(last, database);
            awaitNobodyElse(database);
            new SchemaMigration().prepare(database);
            assertThat(FirstVersion.schema(database)).as("commit %d", last).isEqualTo(schema);
        }
    }

    @Test
    void killedBehindAnyCommitOfAnUpgradeTheNextStartBringsItToItsEndAndKeepsAll() throws Exception {
        DataSource database = Databases.postgresUnpooled("upgrade");
        FirstVersion.makeAndUse(database);
        int commits = commitsOf(database);
        List<String> schema = FirstVersion.schema(database);
        for (int last = 1; last <= commits; last++) {
            empty(database);
            FirstVersion.makeAndUse(database);
            killedBehindCommit(last, database);
            awaitNobodyElse(database);
            new SchemaMigration().prepare(database);
            assertThat(FirstVersion.schema(database)).as("commit %d", last).isEqualTo(schema);
            FirstVersion.assertKept(database);
        }
    }

    /** All versions or none: the version of NXvms from before can use what is left. */
    @Test
    void anUpgradeThatFailsLeavesTheDatabaseAsItWas() throws Exception {
        DataSource database = Databases.postgresUnpooled("fails");
        FirstVersion.makeAndUse(database);
        List<String> before = FirstVersion.schema(database);
        assertThatThrownBy(() -> new SchemaMigration()
                        .prepare(WatchedDatabase.watched(database, (connection, statement) -> {
                            if (statement.contains("chunk_volume_keep")) {
                                throw new SQLException("no space left on device");
                            }
                        })))
                .hasStackTraceContaining("no space left on device");
        assertThat(FirstVersion.schema(database)).isEqualTo(before);
    }

    /** Then it has noticed, too, and holds nothing for those that are gone. */
    private static void awaitNobodyElse(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("do $$ begin for i in 1..1000 loop"
                    + " perform pg_stat_clear_snapshot();"
                    + " exit when not exists (select from pg_stat_activity"
                    + " where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend');"
                    + " perform pg_sleep(0.01); end loop; end $$");
        }
    }

    private static void empty(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("drop schema public cascade");
            statement.execute("create schema public");
        }
    }

    private static int commitsOf(DataSource database) throws SQLException {
        int[] commits = {0};
        new SchemaMigration().prepare(WatchedDatabase.watched(database, new Watcher() {
            @Override
            public void before(Connection connection, String statement) {}

            @Override
            public void committed(Connection connection) {
                commits[0]++;
            }
        }));
        assertThat(commits[0]).isPositive();
        return commits[0];
    }

    /** Its connections end without a word, as those of a process do that is killed, and it gets no other. */
    private static void killedBehindCommit(int last, DataSource database) {
        Set<Connection> connections = new HashSet<>();
        int[] commits = {0};
        assertThatThrownBy(() -> new SchemaMigration().prepare(WatchedDatabase.watched(database, new Watcher() {
                    @Override
                    public void opened(Connection connection) {
                        connections.add(connection);
                        refuseIfKilled();
                    }

                    @Override
                    public void before(Connection connection, String statement) {}

                    @Override
                    public void committed(Connection connection) throws SQLException {
                        if (++commits[0] == last) {
                            for (Connection one : connections) {
                                one.abort(Runnable::run);
                            }
                        }
                        refuseIfKilled();
                    }

                    private void refuseIfKilled() {
                        if (commits[0] >= last) {
                            throw new Killed();
                        }
                    }
                })))
                .as("killed behind commit %d", last)
                .isInstanceOf(Killed.class);
    }
}
