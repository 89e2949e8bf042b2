// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraStore.StoredCamera;
import org.nxvms.platform.api.camera.EventTrigger;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.platform.api.camera.WeeklySchedule;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.security.UserStore;
import org.nxvms.platform.api.security.UserStore.Exchange;
import org.nxvms.platform.api.security.UserStore.Origin;
import org.nxvms.platform.api.security.UserStore.StoredSession;
import org.nxvms.platform.api.security.UserStore.StoredToken;
import org.nxvms.platform.api.security.UserStore.StoredUser;

/** What the database and the stores of cameras and users in it promise; run once per database. */
abstract class StoreStories extends StoreScene {
    private CameraTable cameras;
    private UserTable users;

    @BeforeAll
    void open() {
        cameras = new CameraTable(unit);
        users = new UserTable(unit);
    }

    @Test
    void aDatabaseThatIsGoneIsSaidAtOnceAndMissedNoLongerThanItIsGone() {
        assertThat(users.users()).isEmpty();
        gone = true;
        try {
            assertThatThrownBy(() -> users.users()).isInstanceOf(StoreException.class);
            // Once for the work, once for the roll-back.
            assertThat(askedWhileGone.get()).as("no asking again and again").isBetween(1, 2);
            assertThat(new DatabaseCheck(unit, new Identity()).check().status()).isEqualTo(HealthCheck.Status.DOWN);
        } finally {
            gone = false;
        }
        assertThat(users.users()).isEmpty();
    }

    private static StoredCamera camera(UUID id, long version, String name) {
        return new StoredCamera(
                new Camera(
                        id,
                        version,
                        SERVER,
                        name,
                        "rtsp",
                        URI.create("rtsp://192.0.2.1/main?x=1"),
                        Optional.of(URI.create("rtsp://192.0.2.1/sub")),
                        Optional.of("admin"),
                        true,
                        true,
                        Optional.of("Yard"),
                        Map.of("transport", "tcp", "keepalive", "options"),
                        new RecordingSettings(
                                RecordingSettings.Mode.SCHEDULED,
                                Set.of(StreamRole.MAIN, StreamRole.SUB),
                                14,
                                Map.of(StreamRole.SUB, RecordingSettings.Mode.EVENT),
                                Optional.of(new WeeklySchedule(
                                        ZoneId.of("Europe/Berlin"),
                                        List.of(new WeeklySchedule.Span(
                                                Set.of(DayOfWeek.MONDAY), 480, 1440, RecordingSettings.Mode.EVENT)))),
                                new EventTrigger(Set.of("camera.motion", "acme.*"), 7, 70),
                                3,
                                List.of("second", "main"),
                                List.of("safe", "cellar"),
                                true),
                        Instant.ofEpochMilli(1000),
                        Instant.ofEpochMilli(2000)),
                Optional.of("sealed:abc"),
                Optional.empty());
    }

    @Test
    void aCameraComesBackAsItWasStored() {
        StoredCamera stored = camera(UUID.randomUUID(), 1, "Gäte 日本");
        cameras.insert(stored);
        assertThat(cameras.load()).containsExactly(stored);
    }

    @Test
    void aChangeWinsOnlyAgainstTheVersionItSaw() {
        UUID id = UUID.randomUUID();
        cameras.insert(camera(id, 1, "Gate"));
        assertThat(cameras.update(camera(id, 2, "Door"))).isTrue();
        assertThat(cameras.update(camera(id, 2, "Other"))).isFalse();
        assertThat(cameras.update(camera(UUID.randomUUID(), 2, "None"))).isFalse();
        assertThat(cameras.load()).singleElement().isEqualTo(camera(id, 2, "Door"));
    }

    @Test
    void rememberedEndpointsLeaveTheVersionAlone() {
        UUID id = UUID.randomUUID();
        cameras.insert(camera(id, 1, "Gate"));
        cameras.rememberEndpoints(id, "sealed-endpoints");
        StoredCamera after = cameras.load().get(0);
        assertThat(after.endpoints()).contains("sealed-endpoints");
        assertThat(after.camera().version()).isEqualTo(1);
    }

    @Test
    void aRemovedCameraTakesItsSettingsAlong() {
        UUID id = UUID.randomUUID();
        cameras.insert(camera(id, 1, "Gate"));
        assertThat(cameras.delete(id)).isTrue();
        assertThat(cameras.delete(id)).isFalse();
        assertThat(cameras.load()).isEmpty();
    }

    @Test
    void aFailedWriteIsSaidAndChangesNothing() {
        UUID id = UUID.randomUUID();
        cameras.insert(camera(id, 1, "Gate"));
        assertThatThrownBy(() -> cameras.insert(camera(id, 1, "Twice")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("add the camera");
        assertThat(cameras.load()).singleElement().isEqualTo(camera(id, 1, "Gate"));
    }

    private StoredUser user(String name) {
        return StoredUser.begin(name, "administrator", "$argon2id$x", true, Instant.ofEpochMilli(5000));
    }

    @Test
    void aUserComesBackAsChanged() {
        StoredUser user = user("guard").withRole("operator");
        users.insert(user);
        StoredUser changed = user.withRole("viewer").withDisabled(true);
        assertThat(users.change(user.id(), Optional.of("viewer"), Optional.of(true)))
                .isEqualTo(UserStore.Outcome.DONE);
        assertThat(users.users()).containsExactly(changed);
        assertThat(changed.tokenEpoch()).isEqualTo(1);

        assertThat(users.update(user.withHash("$argon2id$z"), Optional.empty()))
                .as("hashed anew by somebody who did not see it")
                .isFalse();
        StoredUser read = user.withPassword("$argon2id$y", false);
        assertThat(users.update(read, Optional.empty())).isTrue();

        assertThat(users.users())
                .as("another password, by somebody who read the user before: the role stays, and what is withdrawn")
                .singleElement()
                .satisfies(now -> {
                    assertThat(now.role()).isEqualTo("viewer");
                    assertThat(now.disabled()).isTrue();
                    assertThat(now.passwordHash()).isEqualTo("$argon2id$y");
                    assertThat(now.tokenEpoch()).isEqualTo(1);
                });
    }

    @Test
    void userNamesAreUniqueWhateverTheirCase() {
        assertThat(users.insert(user("Admin"))).isTrue();
        assertThat(users.insert(user("admin"))).isFalse();
        assertThat(users.users()).extracting(StoredUser::username).containsExactly("Admin");
    }

    @Test
    void ofOneOriginThereIsOneUser() {
        Instant created = Instant.ofEpochMilli(5_000);
        StoredUser dora = StoredUser.beginOutside("dora", "operator", new Origin("company", "7"), created);
        assertThat(users.insert(dora)).isTrue();
        assertThat(users.insert(StoredUser.beginOutside("nora", "viewer", new Origin("company", "7"), created)))
                .as("somebody is that already")
                .isFalse();
        assertThat(users.insert(StoredUser.beginOutside("nora", "viewer", new Origin("elsewhere", "7"), created)))
                .isTrue();
        assertThat(users.insert(user("Dora"))).as("the name is taken").isFalse();
        users.insert(user("own"));
        users.insert(user("another"));

        assertThat(users.users()).contains(dora).hasSize(4);
        users.update(dora.withTokensWithdrawn(), Optional.empty());
        users.change(dora.id(), Optional.of("viewer"), Optional.empty());
        assertThat(users.users())
                .filteredOn(user -> user.origin().equals(dora.origin()))
                .singleElement()
                .satisfies(now -> assertThat(now.role()).isEqualTo("viewer"));
    }

    @Test
    void namesThatDifferByLettersOfOneCaseOnlyAreOne() {
        assertThat(users.insert(user("ilkay"))).isTrue();
        assertThat(users.insert(user("\u0131lkay"))).as("dotless").isFalse();
        assertThat(users.insert(user("mu\u017fil"))).as("long s").isTrue();
        assertThat(users.insert(user("MUSIL"))).isFalse();
    }

    @Test
    void aRefreshTokenIsUsedByExactlyOneOfManyCallers() throws Exception {
        StoredUser user = user("admin");
        users.insert(user);
        UUID session = UUID.randomUUID();
        users.begin(session(session, user, 5_000), token("hash", user, session, 9_000_000), 0, 9);
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Exchange>> calls = IntStream.range(0, 8)
                    .<Callable<Exchange>>mapToObj(i -> () -> users.exchange(
                            "hash", token("next" + i, user, session, 9_000_000), Instant.ofEpochMilli(6000), ""))
                    .toList();
            int won = 0;
            for (Future<Exchange> call : callers.invokeAll(calls)) {
                won += call.get() == Exchange.DONE ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        } finally {
            callers.shutdownNow();
        }
        assertThat(users.token("hash").orElseThrow().used()).contains(Instant.ofEpochMilli(6000));
    }

    @Test
    void aSessionEndsWithAllItsTokensAndOldOnesAreForgotten() {
        StoredUser user = user("admin");
        users.insert(user);
        UUID ended = UUID.randomUUID();
        UUID old = UUID.randomUUID();
        UUID live = UUID.randomUUID();
        users.begin(session(ended, user, 1), token("a", user, ended, 9000), 0, 9);
        assertThat(users.exchange("a", token("b", user, ended, 9000), Instant.ofEpochMilli(2), "192.0.2.8"))
                .isEqualTo(Exchange.DONE);
        users.begin(session(old, user, 1), token("c", user, old, 100), 0, 9);
        users.begin(session(live, user, 1), token("d", user, live, 9000), 0, 9);

        users.revokeFamily(ended);
        users.deleteExpired(Instant.ofEpochMilli(500));

        assertThat(users.token("a")).isEmpty();
        assertThat(users.token("b")).isEmpty();
        assertThat(users.token("c")).isEmpty();
        assertThat(users.token("d")).isPresent();
        assertThat(users.sessions(user.id())).containsExactly(session(live, user, 1));
        assertThat(users.exchange("b", token("e", user, ended, 9000), Instant.ofEpochMilli(3), "192.0.2.8"))
                .as("what has ended is not renewed")
                .isEqualTo(Exchange.ENDED);
        assertThat(users.token("e")).isEmpty();
        users.insert(user("other"));
        assertThat(users.remove(user.id())).isEqualTo(UserStore.Outcome.DONE);
        assertThat(users.token("d")).as("a user's sessions go with the user").isEmpty();
        assertThat(users.sessions(user.id())).isEmpty();
    }

    @Test
    void sessionsAreListedByWhenTheyWereSeenAndTheOldestMakesRoom() {
        StoredUser user = user("admin");
        users.insert(user);
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        UUID third = UUID.randomUUID();
        users.begin(session(first, user, 1), token("a", user, first, 9000), 0, 2);
        users.begin(session(second, user, 2), token("b", user, second, 9000), 0, 2);
        users.exchange("a", token("c", user, first, 9000), Instant.ofEpochMilli(3), "192.0.2.8");
        assertThat(users.sessions(user.id()))
                .extracting(StoredSession::id, StoredSession::address)
                .containsExactly(tuple(first, "192.0.2.8"), tuple(second, "192.0.2.7"));

        users.begin(session(third, user, 4), token("d", user, third, 9000), 0, 2);

        assertThat(users.sessions(user.id())).extracting(StoredSession::id).containsExactly(third, first);
        assertThat(users.token("b")).isEmpty();
    }

    @Test
    void whatEndsAllSessionsIsOneStepAndWhoWasProvedBeforeBeginsNone() {
        StoredUser user = user("admin");
        users.insert(user);
        users.insert(user("another administrator"));
        UUID first = UUID.randomUUID();
        UUID third = UUID.randomUUID();
        users.begin(session(first, user, 1), token("c", user, first, 9000), 0, 9);
        users.begin(session(third, user, 2), token("d", user, third, 9000), 0, 9);

        users.change(user.id(), Optional.of("viewer"), Optional.empty());
        users.update(user.withHash("$argon2id$stronger"), Optional.empty());
        assertThat(users.sessions(user.id())).hasSize(2);

        StoredUser changed = user.withPassword("$argon2id$y", false);
        assertThat(users.update(changed, Optional.of(first))).isTrue();
        assertThat(users.sessions(user.id())).extracting(StoredSession::id).containsExactly(first);
        assertThat(users.token("c")).isPresent();
        assertThat(users.token("d")).isEmpty();

        UUID late = UUID.randomUUID();
        assertThat(users.begin(session(late, user, 3), token("e", user, late, 9000), 0, 9))
                .as("by the password of before")
                .isFalse();
        assertThat(users.token("e")).isEmpty();
        assertThat(users.begin(session(late, user, 3), token("e", user, late, 9000), 1, 9))
                .isTrue();
        StoredUser disabled = changed.withDisabled(true);
        users.change(user.id(), Optional.empty(), Optional.of(true));
        assertThat(users.token("e")).isEmpty();
        assertThat(users.begin(session(late, user, 4), token("f", user, late, 9000), disabled.tokenEpoch(), 9))
                .as("disabled")
                .isFalse();
    }

    @Test
    void whoRenewsAndWhoWithdrawsAtTheSameMomentWaitForOneAnotherAndNotBoth() throws Exception {
        StoredUser user = user("admin");
        users.insert(user);
        ExecutorService callers = Executors.newFixedThreadPool(2);
        try {
            for (int epoch = 0; epoch < 20; epoch++) {
                StoredUser now = users.users().get(0);
                UUID id = UUID.randomUUID();
                String hash = "hash" + epoch;
                assertThat(users.begin(session(id, user, 1), token(hash, user, id, 9000), epoch, 9))
                        .isTrue();
                Future<Exchange> renewed = callers.submit(() -> users.exchange(
                        hash, token(hash + "-next", user, id, 9000), Instant.ofEpochMilli(2), "192.0.2.8"));
                Future<Boolean> withdrawn =
                        callers.submit(() -> users.update(now.withTokensWithdrawn(), Optional.empty()));
                assertThat(renewed.get()).isIn(Exchange.DONE, Exchange.ENDED);
                assertThat(withdrawn.get()).isTrue();
                assertThat(users.token(hash + "-next")).isEmpty();
            }
        } finally {
            callers.shutdownNow();
        }
    }

    private static StoredSession session(UUID id, StoredUser user, long ms) {
        return new StoredSession(
                id, user.id(), Instant.ofEpochMilli(ms), Instant.ofEpochMilli(ms), "192.0.2.7", "curl/8");
    }

    private static StoredToken token(String hash, StoredUser user, UUID family, long expiresMs) {
        return new StoredToken(hash, user.id(), family, Instant.ofEpochMilli(expiresMs), Optional.empty());
    }

    @Test
    void aDatabaseOfANewerProgramIsLeftAlone() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            String columns = "\"installed_rank\", \"version\", \"description\", \"type\", \"script\", \"checksum\","
                    + " \"installed_by\", \"execution_time\", \"success\"";
            statement.executeUpdate("insert into \"flyway_schema_history\" (" + columns
                    + ") values (999, '999', 'later', 'SQL', 'V999__later.sql', 1, 'x', 1, true)");
            try {
                assertThatThrownBy(() -> new SchemaMigration().prepare(database))
                        .isInstanceOf(SQLException.class)
                        .hasStackTraceContaining("made by a newer NXvms");
            } finally {
                statement.executeUpdate("delete from \"flyway_schema_history\" where \"installed_rank\" = 999");
            }
        }
        new SchemaMigration().prepare(database);
    }

    @Test
    void theHealthCheckReallyWrites() throws SQLException {
        DatabaseCheck check = new DatabaseCheck(unit, new Identity());
        assertThat(check.check().status()).isEqualTo(HealthCheck.Status.UP);
        assertThat(check.check().status()).isEqualTo(HealthCheck.Status.UP);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*), max(seen_ms) from server")) {
            row.next();
            assertThat(row.getInt(1)).isEqualTo(1);
            assertThat(row.getLong(2)).isPositive();
        }
    }

    private record Identity() implements ServerIdentity {
        @Override
        public UUID serverId() {
            return SERVER;
        }

        @Override
        public String name() {
            return "test";
        }

        @Override
        public java.nio.file.Path dataFolder() {
            return java.nio.file.Path.of("target");
        }
    }
}
