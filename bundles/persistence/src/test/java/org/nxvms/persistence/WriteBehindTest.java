// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.persistence.EntityManager;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.StoreException;
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
    void whoOnlyReadsDoesNotAskForIt() {
        Transactions none = new Transactions() {
            @Override
            public <T> T answer(String what, Function<EntityManager, T> work) {
                throw new AssertionError(what);
            }
        };
        WriteBehind behind = new WriteBehind(none);
        assertThat(new RightsChanges().countedIn(none.writtenBy(behind)).reading())
                .isSameAs(none);
        behind.close();
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
    void aWriteThatFailedIsTriedAgainAndToldOnce() throws Exception {
        JdbcConnectionPool pool = JdbcConnectionPool.create(url("live") + NEVER, "nxvms", "");
        new SchemaMigration().prepare(pool);
        try (TestUnit unit = new TestUnit(pool);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                Told told = new Told()) {
            statement.execute("checkpoint");
            AtomicInteger left = new AtomicInteger(2);
            WriteBehind behind = new WriteBehind(new Transactions() {
                @Override
                public <T> T answer(String what, Function<EntityManager, T> work) {
                    if (left.getAndDecrement() > 0) {
                        throw new StoreException("The database could not " + what, null);
                    }
                    return unit.answer(what, work);
                }
            });
            // Nobody commits anything after it: it must not wait for that.
            assertThat(new UserTable(unit.writtenBy(behind)).insert(user("anna")))
                    .isTrue();
            await("the user is in the file", () -> usersAfterAKill() == 1);
            await("it is told that it goes again", () -> told.text().contains("writes again"));
            assertThat(told.text()).containsOnlyOnce("did not write what was committed");
            behind.close();
        } finally {
            pool.dispose();
        }
    }

    @Test
    void aWriteThatHangsIsToldWhileItHangsWithWhereItStands() throws Exception {
        CountDownLatch hung = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicLong nowNs = new AtomicLong();
        WriteBehind behind = new WriteBehind(
                new Transactions() {
                    @Override
                    public <T> T answer(String what, Function<EntityManager, T> work) {
                        standsHere(hung, end);
                        throw new StoreException("The test has ended", null);
                    }
                },
                nowNs::get);
        try (Told told = new Told()) {
            behind.committed();
            assertThat(hung.await(WAIT_S_MAX, TimeUnit.SECONDS)).isTrue();
            nowNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(WriteBehind.STUCK_MS - 1));
            behind.committed();
            assertThat(told.text()).doesNotContain("has not taken");

            nowNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
            behind.committed();
            behind.committed();
            assertThat(told.text())
                    .containsOnlyOnce("has not taken what was committed")
                    .contains("nxvms-database-write")
                    .contains("WriteBehindTest.standsHere");
        } finally {
            behind.close();
            end.countDown();
        }
    }

    private static void standsHere(CountDownLatch here, CountDownLatch end) {
        here.countDown();
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(String what, Callable<Boolean> state) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S_MAX);
        while (!state.call()) {
            assertThat(System.nanoTime()).as("waited in vain until " + what).isLessThan(end);
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** What goes to the log meanwhile: here that is standard error. */
    private static final class Told implements AutoCloseable {
        private final PrintStream before = System.err;
        private final ByteArrayOutputStream log = new ByteArrayOutputStream();

        Told() {
            System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        }

        String text() {
            return log.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            System.setErr(before);
            before.print(text());
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
