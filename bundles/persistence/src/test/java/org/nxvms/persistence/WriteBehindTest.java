// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.persistence.EntityManager;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.security.UserStore.StoredUser;

/** What was committed outlives the process, though the database by itself would write it much later. */
class WriteBehindTest {
    /** By itself it would not write within a test's time. */
    private static final String NEVER = ";WRITE_DELAY=3600000";

    private static final long WAIT_S_MAX = 30;

    @TempDir
    private Path folder;

    private static StoredUser user(String name) {
        return StoredUser.begin(name, "viewer", "hash", false, Instant.EPOCH);
    }

    private String url(String file) {
        return "jdbc:h2:file:" + folder.resolve(file).toAbsolutePath();
    }

    private int usersAfterAKill() throws IOException, SQLException {
        return rowsAfterAKill("app_user");
    }

    /** {@return how many rows a process would find that starts when this one was killed now} */
    private int rowsAfterAKill(String table) throws IOException, SQLException {
        Files.copy(folder.resolve("live.mv.db"), folder.resolve("killed.mv.db"), StandardCopyOption.REPLACE_EXISTING);
        try (Connection connection = DriverManager.getConnection(url("killed"), "nxvms", "");
                Statement ask = connection.createStatement();
                ResultSet rows = ask.executeQuery("select count(*) from " + table)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Test
    void whatWasCommittedIsInTheFileSoon() throws Exception {
        JdbcConnectionPool pool = JdbcConnectionPool.create(url("live") + NEVER, "nxvms", "");
        new SchemaMigration().prepare(pool);
        try (TestUnit unit = new TestUnit(pool);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("checkpoint");
            WriteBehind behind = new WriteBehind(unit);
            UserTable users = new UserTable(unit.writtenBy(behind));
            for (int i = 1; i <= 3; i++) {
                assertThat(usersAfterAKill()).isEqualTo(i - 1);
                assertThat(users.insert(user("user" + i))).isTrue();
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S_MAX);
                while (usersAfterAKill() < i) {
                    assertThat(System.nanoTime())
                            .as("waited in vain for user %d in the file", i)
                            .isLessThan(end);
                    LockSupport.parkNanos(20_000_000);
                }
            }
            behind.close();
        } finally {
            pool.dispose();
        }
    }

    @Test
    void anAuditEntryIsInTheFileWhenItIsStored() throws Exception {
        JdbcConnectionPool pool = JdbcConnectionPool.create(url("live") + NEVER, "nxvms", "");
        new SchemaMigration().prepare(pool);
        try (TestUnit unit = new TestUnit(pool)) {
            AuditTable audit = new AuditTable(unit);
            for (int i = 1; i <= 3; i++) {
                audit.append(List.of(AuditStories.entry(StoreScene.SERVER, i, i, "anna", "auth.login")));
                assertThat(rowsAfterAKill("audit_entry")).isEqualTo(i);
            }
        } finally {
            pool.dispose();
        }
    }

    @Test
    void postgresIsLeftAlone() throws Exception {
        DataSource postgres = Databases.postgres("writebehind");
        new SchemaMigration().prepare(postgres);
        AtomicInteger asked = new AtomicInteger();
        try (TestUnit unit = new TestUnit(postgres)) {
            WriteBehind behind = new WriteBehind(new Transactions() {
                @Override
                public <T> T answer(String what, Function<EntityManager, T> work) {
                    asked.incrementAndGet();
                    return unit.answer(what, work);
                }
            });
            behind.committed();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S_MAX);
            while (behind.isNeeded()) {
                assertThat(System.nanoTime()).isLessThan(end);
                LockSupport.parkNanos(2_000_000);
            }
            behind.committed();
            behind.close();
            assertThat(asked.get()).isEqualTo(1);
        }
    }
}
