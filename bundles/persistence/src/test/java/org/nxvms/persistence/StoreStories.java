// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.TimeSpans;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraStore.StoredCamera;
import org.nxvms.platform.api.camera.EventTrigger;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.platform.api.camera.WeeklySchedule;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.security.UserStore.StoredToken;
import org.nxvms.platform.api.security.UserStore.StoredUser;

/** What the stores promise, on a real database with the real migrations; run once per database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoreStories {
    private static final UUID SERVER = new UUID(7, 7);
    private static final UUID VOLUME = new UUID(8, 8);
    private static final long MINUTE_US = 60_000_000L;

    private volatile boolean gone;
    private final AtomicInteger askedWhileGone = new AtomicInteger();
    private DataSource database;
    private TestUnit unit;
    private CameraTable cameras;
    private UserTable users;
    private ChunkTable chunks;

    abstract DataSource database() throws Exception;

    @BeforeAll
    void migrate() throws Exception {
        database = breakable(database());
        new SchemaMigration().prepare(database);
        // A second start finds everything up to date.
        new SchemaMigration().prepare(database);
        unit = new TestUnit(database);
        cameras = new CameraTable(unit);
        users = new UserTable(unit);
        chunks = new ChunkTable(unit, SERVER);
    }

    /** The database, until {@link #gone}: then it counts who asks for it and refuses. */
    private DataSource breakable(DataSource whole) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, args) -> {
                    if (gone && method.getName().equals("getConnection")) {
                        askedWhileGone.incrementAndGet();
                        throw new SQLException("connection refused", "08001");
                    }
                    try {
                        return method.invoke(whole, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
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

    @AfterAll
    void close() {
        if (unit != null) {
            unit.close();
        }
    }

    @BeforeEach
    void empty() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : List.of(
                    "camera_setting",
                    "camera",
                    "refresh_token",
                    "app_user",
                    "chunk",
                    "gap",
                    "volume_usage",
                    "footage_day",
                    "rollup_check")) {
                statement.executeUpdate("delete from " + table);
            }
        }
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
                                List.of("second", "main")),
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
        return new StoredUser(
                UUID.randomUUID(), name, "administrator", "$argon2id$x", true, Instant.ofEpochMilli(5000));
    }

    @Test
    void userNamesAreUniqueWhateverTheirCase() {
        assertThat(users.insert(user("Admin"))).isTrue();
        assertThat(users.insert(user("admin"))).isFalse();
        assertThat(users.users()).extracting(StoredUser::username).containsExactly("Admin");
    }

    @Test
    void aRefreshTokenIsUsedByExactlyOneOfManyCallers() throws Exception {
        StoredUser user = user("admin");
        users.insert(user);
        users.insertToken(new StoredToken(
                "hash", user.id(), UUID.randomUUID(), Instant.ofEpochMilli(9_000_000), Optional.empty()));
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> calls = IntStream.range(0, 8)
                    .<Callable<Boolean>>mapToObj(i -> () -> users.useToken("hash", Instant.ofEpochMilli(6000)))
                    .toList();
            int won = 0;
            for (Future<Boolean> call : callers.invokeAll(calls)) {
                won += call.get() ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        } finally {
            callers.shutdownNow();
        }
        assertThat(users.token("hash").orElseThrow().used()).contains(Instant.ofEpochMilli(6000));
    }

    @Test
    void aFamilyOfTokensEndsTogetherAndOldOnesAreForgotten() {
        StoredUser user = user("admin");
        users.insert(user);
        UUID family = UUID.randomUUID();
        users.insertToken(token("a", user, family, 9000));
        users.insertToken(token("b", user, family, 9000));
        users.insertToken(token("c", user, UUID.randomUUID(), 100));
        users.insertToken(token("d", user, UUID.randomUUID(), 9000));
        users.revokeFamily(family);
        users.deleteExpired(Instant.ofEpochMilli(500));
        assertThat(users.token("a")).isEmpty();
        assertThat(users.token("c")).isEmpty();
        assertThat(users.token("d")).isPresent();
        users.delete(user.id());
        assertThat(users.token("d")).as("a user's sessions go with the user").isEmpty();
    }

    private static StoredToken token(String hash, StoredUser user, UUID family, long expiresMs) {
        return new StoredToken(hash, user.id(), family, Instant.ofEpochMilli(expiresMs), Optional.empty());
    }

    private static StoredSegment chunk(StreamId stream, int minute) {
        return new StoredSegment(
                new Segment(
                        UUID.nameUUIDFromBytes(
                                (stream + "/" + minute).getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                        stream,
                        SERVER,
                        VOLUME,
                        String.format("%s/%08d.mp4", stream, minute),
                        new UUID(1, 1),
                        minute,
                        minute * MINUTE_US,
                        (minute + 1) * MINUTE_US,
                        1000 + minute,
                        false,
                        "init" + minute % 2,
                        700,
                        "avc1.640028",
                        1920,
                        1080,
                        false,
                        ClockSource.ARRIVAL,
                        1500,
                        Optional.of("ab".repeat(32))),
                7);
    }

    @Test
    void chunksAreFoundByOverlapInOrder() {
        StreamId stream = StreamId.main(UUID.randomUUID());
        List<StoredSegment> all =
                IntStream.range(0, 10).mapToObj(m -> chunk(stream, m)).toList();
        chunks.insert(all);
        chunks.insert(all.subList(0, 3));
        chunks.insert(List.of(chunk(StreamId.sub(stream.cameraId()), 3)));

        assertThat(chunks.find(stream, 3 * MINUTE_US + 5, 5 * MINUTE_US, 100))
                .as("half open: the chunk that begins at the end is not meant")
                .extracting(Segment::sequence)
                .containsExactly(3, 4);
        assertThat(chunks.find(stream, 0, Long.MAX_VALUE, 4))
                .extracting(Segment::sequence)
                .containsExactly(0, 1, 2, 3);
        assertThat(chunks.get(all.get(2).segment().id())).contains(all.get(2).segment());
        assertThat(chunks.last(stream)).contains(all.get(9).segment());
        assertThat(chunks.range(stream).orElseThrow().toUs()).isEqualTo(10 * MINUTE_US);
        assertThat(chunks.anyWithInit("init1")).isPresent();
        assertThat(chunks.anyWithInit("nosuch")).isEmpty();
        assertThat(chunks.streams(Optional.of(stream.cameraId()))).hasSize(2);
        assertThat(chunks.range(StreamId.main(UUID.randomUUID()))).isEmpty();
    }

    @Test
    void retentionSeesTheOldestAndTheExpired() {
        StreamId stream = StreamId.main(UUID.randomUUID());
        chunks.insert(IntStream.range(0, 5).mapToObj(m -> chunk(stream, m)).toList());
        assertThat(chunks.oldest(VOLUME, 2))
                .extracting(s -> s.segment().sequence())
                .containsExactly(0, 1);
        long weekUs = 7L * 24 * 3600 * 1_000_000;
        assertThat(chunks.expired(VOLUME, Long.MIN_VALUE, weekUs + 2 * MINUTE_US + 1, 10))
                .extracting(s -> s.segment().sequence())
                .containsExactly(0, 1);
        assertThat(chunks.usage(VOLUME).segments()).isEqualTo(5);
        assertThat(chunks.usage(VOLUME).bytes()).isEqualTo(5 * 1000 + 10);
        chunks.delete(List.of(chunk(stream, 0).segment().id()));
        assertThat(chunks.usage(VOLUME).segments()).isEqualTo(4);
        assertThat(chunks.usage(UUID.randomUUID()).bytes()).isZero();
    }

    @Test
    void allChunksOfAVolumeAreVisitedInPathOrderAcrossPages() {
        StreamId stream = StreamId.main(UUID.randomUUID());
        int count = 1203;
        chunks.insert(IntStream.range(0, count).mapToObj(m -> chunk(stream, m)).toList());
        List<String> paths = new ArrayList<>();
        chunks.forEach(VOLUME, s -> paths.add(s.segment().path()));
        assertThat(paths).hasSize(count).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void gapsAreOpenedClosedAndFound() {
        StreamId stream = StreamId.main(UUID.randomUUID());
        UUID id = UUID.randomUUID();
        chunks.saveGaps(List.of(
                new Gap(id, stream, 1000, OptionalLong.empty(), GapCause.CAMERA_UNREACHABLE, "refused"),
                new Gap(UUID.randomUUID(), stream, 10, OptionalLong.of(20), GapCause.SERVER_DOWN, "")));
        assertThat(chunks.openGaps()).extracting(Gap::id).containsExactly(id);
        assertThat(chunks.findGaps(stream, 15, 5000, 10))
                .extracting(Gap::fromUs)
                .containsExactly(10L, 1000L);
        chunks.saveGaps(List.of(new Gap(
                id, stream, 1000, OptionalLong.of(2000), GapCause.CAMERA_UNREACHABLE, "x\u0000y".repeat(1000))));
        assertThat(chunks.openGaps()).isEmpty();
        assertThat(chunks.findGaps(stream, 2000, 5000, 10)).isEmpty();
        chunks.deleteGaps(List.of(id));
        assertThat(chunks.findGaps(stream, 0, 5000, 10)).hasSize(1);
    }

    @Test
    void ofAServersNeighboursInTheDatabaseOnlyItsOwnGapsAndStreamsAreIts() {
        ChunkTable neighbour = new ChunkTable(unit, new UUID(7, 9));
        StreamId stream = StreamId.main(UUID.randomUUID());
        neighbour.saveGaps(List.of(
                new Gap(UUID.randomUUID(), stream, 1000, OptionalLong.empty(), GapCause.CAMERA_UNREACHABLE, "")));
        assertThat(chunks.openGaps()).isEmpty();
        assertThat(chunks.streams(Optional.empty())).isEmpty();
        assertThat(neighbour.openGaps()).hasSize(1);
        assertThat(neighbour.streams(Optional.empty())).containsExactly(stream);
        assertThat(chunks.findGaps(stream, 0, 5000, 10)).hasSize(1);
        assertThat(chunks.streams(Optional.of(stream.cameraId()))).containsExactly(stream);
    }

    @Test
    void chunksThatReachIntoARangeFromLongBeforeAreFound() {
        StreamId stream = StreamId.main(UUID.randomUUID());
        int dayMinutes = 24 * 60;
        StoredSegment day = stretched(chunk(stream, 0), dayMinutes * MINUTE_US);
        chunks.insert(List.of(day, chunk(stream, dayMinutes + 1)));
        assertThat(chunks.find(stream, (dayMinutes - 1) * MINUTE_US, (dayMinutes + 2) * MINUTE_US, 10))
                .extracting(Segment::sequence)
                .containsExactly(0, dayMinutes + 1);

        // After a clock jump two chunks may cover the same time.
        StreamId jumped = StreamId.main(UUID.randomUUID());
        chunks.insert(List.of(stretched(chunk(jumped, 0), 30 * MINUTE_US), chunk(jumped, 10), chunk(jumped, 20)));
        assertThat(chunks.find(jumped, 20 * MINUTE_US, 25 * MINUTE_US, 10))
                .extracting(Segment::sequence)
                .containsExactly(0, 20);
    }

    private static StoredSegment stretched(StoredSegment stored, long endUs) {
        Segment s = stored.segment();
        return new StoredSegment(
                new Segment(
                        s.id(),
                        s.stream(),
                        s.serverId(),
                        s.volumeId(),
                        s.path(),
                        s.runId(),
                        s.sequence(),
                        s.startUs(),
                        endUs,
                        s.sizeBytes(),
                        false,
                        s.initId(),
                        s.initBytes(),
                        s.codecs(),
                        s.width(),
                        s.height(),
                        s.hasAudio(),
                        s.clockSource(),
                        s.accessUnits(),
                        s.sha256()),
                stored.retentionDaysMax());
    }

    @Test
    void lookUpsStayOnTheirIndexesHoweverMuchFootageThereIs() throws SQLException {
        StreamId stream = StreamId.main(UUID.randomUUID());
        int count = 10_000;
        chunks.insert(IntStream.range(0, count).mapToObj(m -> chunk(stream, m)).toList());
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("analyze");
        }
        assertThat(chunks.usage(VOLUME).segments()).isEqualTo(count);
        assertThat(chunks.find(stream, 5_000 * MINUTE_US, 5_010 * MINUTE_US, 10_000))
                .hasSize(10);
        String of = " from chunk where camera_id = '" + stream.cameraId() + "' and stream = 'main'";
        String byStream = " order by camera_id, stream, ";
        plan(
                "select *" + of + " and start_us >= 100 and start_us < 700000000 and end_us > 100" + byStream
                        + "start_us limit 9",
                "chunk_stream_start");
        plan("select start_us" + of + " and end_us > 100" + byStream + "end_us limit 1", "chunk_stream_");
        plan("select start_us" + of + byStream + "start_us limit 1", "chunk_stream_start");
        plan("select end_us" + of + byStream + "end_us desc limit 1", "chunk_stream_");
        String volume = "select * from chunk where volume_id = '" + VOLUME + "'";
        plan(volume + " order by volume_id, start_us limit 9", "chunk_volume_start");
        plan(volume + " and expires_us < 9 order by volume_id, expires_us limit 9", "chunk_volume_expires");
        plan(
                "select start_us from chunk where volume_id = '" + VOLUME + "' and keep_until_us <= 9 and start_us >= 9"
                        + " order by volume_id, keep_until_us, start_us limit 1",
                "chunk_volume_keep");
        plan(volume + " and path > 'a' order by volume_id, path limit 9", "chunk_volume_path");
    }

    /** Neither database may read the whole table for this, nor sort what it read. */
    private void plan(String query, String index) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("explain " + query)) {
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
        }
        assertThat(plan.toString())
                .containsIgnoringCase(index)
                .doesNotContainIgnoringCase("seq scan")
                .doesNotContain("Sort  (");
        if (plan.indexOf("/* PUBLIC.") >= 0) {
            assertThat(plan.toString()).as("what H2 says").contains("index sorted");
        }
    }

    @Test
    void aVolumesUsageIsTheSumOfItsChunksWhoeverAddsAndRemoves() throws Exception {
        StreamId stream = StreamId.main(UUID.randomUUID());
        chunks.insert(IntStream.range(0, 300).mapToObj(m -> chunk(stream, m)).toList());
        List<UUID> ids = IntStream.range(0, 100)
                .mapToObj(m -> chunk(stream, m).segment().id())
                .toList();
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Void>> calls =
                    List.of(() -> remove(ids), () -> remove(ids), () -> add(stream, 1_000), () -> add(stream, 2_000));
            for (Future<Void> call : callers.invokeAll(calls)) {
                call.get();
            }
        } finally {
            callers.shutdownNow();
        }
        chunks.insert(List.of(chunk(stream, 299), chunk(stream, 299)));
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select sum(size_bytes), count(*) from chunk")) {
            row.next();
            assertThat(chunks.usage(VOLUME).bytes()).isEqualTo(row.getLong(1));
            assertThat(chunks.usage(VOLUME).segments())
                    .isEqualTo(row.getLong(2))
                    .isEqualTo(400);
        }
    }

    /** Chunks come in any order, overlap, reach over midnight, leave holes; and go again. */
    @Test
    void aDaysRollUpIsAlwaysWhatItsChunksSay() throws Exception {
        Random random = new Random(20261125);
        StreamId main = StreamId.main(UUID.randomUUID());
        StreamId sub = StreamId.sub(main.cameraId());
        List<StoredSegment> there = new ArrayList<>();
        for (int step = 0; step < 60; step++) {
            if (random.nextInt(3) > 0 || there.isEmpty()) {
                StreamId stream = random.nextInt(4) > 0 ? main : sub;
                int minute = 1_300 + step * 3 + random.nextInt(300) - 150 * random.nextInt(2);
                List<StoredSegment> more = IntStream.range(minute, minute + 1 + random.nextInt(20))
                        .mapToObj(m -> stretched(
                                chunk(stream, m),
                                (m + 1 + random.nextInt(2)) * MINUTE_US - random.nextInt(2) * 400_000))
                        .filter(stored -> there.stream().noneMatch(one -> one.segment()
                                .id()
                                .equals(stored.segment().id())))
                        .toList();
                chunks.insert(more);
                there.addAll(more);
            } else {
                List<StoredSegment> less = IntStream.range(0, 1 + random.nextInt(10))
                        .filter(i -> !there.isEmpty())
                        .mapToObj(i -> there.remove(random.nextInt(there.size())))
                        .toList();
                chunks.delete(less.stream().map(stored -> stored.segment().id()).toList());
            }
            for (StreamId stream : List.of(main, sub)) {
                long fromUs = random.nextInt(1_500) * MINUTE_US;
                long toUs = fromUs + (1 + random.nextInt(3_000)) * MINUTE_US;
                assertThat(chunks.footage(List.of(main, sub), fromUs, toUs).getOrDefault(stream, new TimeSpans()))
                        .as("step " + step)
                        .isEqualTo(spans(there, stream, fromUs, toUs));
                assertThat(Optional.ofNullable(chunks.ranges(List.of(sub, main)).get(stream)))
                        .isEqualTo(chunks.range(stream));
            }
        }
        assertThat(chunks.checkRollups(false)).isZero();
    }

    private static TimeSpans spans(List<StoredSegment> there, StreamId stream, long fromUs, long toUs) {
        TimeSpans spans = new TimeSpans();
        there.stream()
                .map(StoredSegment::segment)
                .filter(segment -> segment.stream().equals(stream))
                .sorted(Comparator.comparingLong(Segment::startUs))
                .forEach(segment -> spans.add(
                        Math.max(fromUs, segment.startUs()), Math.min(toUs, segment.endUs()), TimeSpans.JOIN_US));
        return spans;
    }

    @Test
    void rollUpsStayRightWhileSeveralAddAndRemoveAndAreWrittenAgainWhenTheyAreNot() throws Exception {
        StreamId stream = StreamId.main(UUID.randomUUID());
        chunks.insert(IntStream.range(0, 200).mapToObj(m -> chunk(stream, m)).toList());
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Void>> calls = List.of(
                    () -> remove(IntStream.range(0, 50)
                            .mapToObj(m -> chunk(stream, m).segment().id())
                            .toList()),
                    () -> remove(IntStream.range(100, 150)
                            .mapToObj(m -> chunk(stream, m).segment().id())
                            .toList()),
                    () -> add(stream, 200),
                    () -> add(stream, 400));
            for (Future<Void> call : callers.invokeAll(calls)) {
                call.get();
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(chunks.checkRollups(false)).isZero();
        forgetRollUps();
        assertThat(chunks.footage(List.of(stream), 0, Long.MAX_VALUE)).isEmpty();
        assertThat(chunks.checkRollups(true)).isEqualTo(1);
        assertThat(chunks.checkRollups(false)).isZero();
        assertThat(chunks.footage(List.of(stream), 0, Long.MAX_VALUE)
                        .get(stream)
                        .count())
                .isEqualTo(3);
    }

    @Test
    void aChunkThatMovesIsCountedWhereItLiesAndOnlyMovedFromWhereItIs() {
        StreamId stream = StreamId.main(UUID.randomUUID());
        StoredSegment stored = chunk(stream, 1);
        chunks.insert(List.of(stored));
        UUID from = stored.segment().volumeId();
        UUID to = UUID.randomUUID();
        ChunkIndex.Usage before = chunks.usage(from);

        assertThat(chunks.relocate(stored.segment().id(), to, from)).isFalse();
        assertThat(chunks.relocate(UUID.randomUUID(), from, to)).isFalse();
        assertThat(chunks.relocate(stored.segment().id(), from, to)).isTrue();

        assertThat(chunks.get(stored.segment().id()).orElseThrow().volumeId()).isEqualTo(to);
        assertThat(chunks.usage(from))
                .isEqualTo(
                        new ChunkIndex.Usage(before.bytes() - stored.segment().sizeBytes(), before.segments() - 1));
        assertThat(chunks.usage(to))
                .isEqualTo(new ChunkIndex.Usage(stored.segment().sizeBytes(), 1));
        assertThat(chunks.oldest(to, 10)).hasSize(1);
        assertThat(chunks.checkRollups(false)).isZero();
    }

    @Test
    void chunksThatAreYoungerThanTheirMinimumAreLeftOutOfTheOldestUntilTheyAreNot() {
        StreamId stream = StreamId.main(UUID.randomUUID());
        Segment first = chunk(stream, 1).segment();
        StoredSegment kept = new StoredSegment(first, 30, 2);
        StoredSegment any = chunk(stream, 2);
        chunks.insert(List.of(kept, any));
        long twoDaysUs = 2 * 86_400_000_000L;

        assertThat(chunks.oldest(first.volumeId(), 10)).containsExactly(kept, any);
        assertThat(chunks.oldestUnkept(first.volumeId(), Long.MIN_VALUE, 0, 10))
                .as("also while the clock is set back")
                .containsExactly(any);
        assertThat(chunks.oldestUnkept(first.volumeId(), any.segment().startUs(), 0, 10))
                .containsExactly(any);
        assertThat(chunks.oldestUnkept(first.volumeId(), any.segment().startUs() + 1, 0, 10))
                .as("nothing from there on")
                .isEmpty();
        assertThat(chunks.oldestUnkept(UUID.randomUUID(), Long.MIN_VALUE, Long.MAX_VALUE, 10))
                .isEmpty();
        assertThat(chunks.oldestUnkept(first.volumeId(), Long.MIN_VALUE, first.endUs() + twoDaysUs, 10))
                .containsExactly(kept, any);
    }

    @Test
    void whatWasIndexedBeforeThereWereRollUpsIsRolledUpOnce() throws Exception {
        StreamId stream = StreamId.main(UUID.randomUUID());
        chunks.insert(IntStream.range(0, 10).mapToObj(m -> chunk(stream, m)).toList());
        forgetRollUps();
        assertThat(chunks.rollUpOnce()).isEqualTo(1);
        assertThat(chunks.footage(List.of(stream), 0, Long.MAX_VALUE)).containsKey(stream);

        forgetRollUps();
        assertThat(chunks.rollUpOnce()).as("the second time nothing is read").isZero();
    }

    private void forgetRollUps() throws Exception {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("delete from footage_day");
        }
    }

    /** Long and short ranges are asked in different ways; both must find what a plain look finds. */
    @Test
    void gapsAreFoundWhateverTheirLengthAndTheRange() {
        Random random = new Random(7);
        StreamId one = StreamId.main(new UUID(1, 1));
        StreamId two = StreamId.main(new UUID(1, 2));
        long daysUs = 60 * 86_400_000_000L;
        List<Gap> all = IntStream.range(0, 300)
                .mapToObj(i -> {
                    long fromUs = (long) (random.nextDouble() * daysUs);
                    long lengthUs = 300_000L << random.nextInt(24);
                    return new Gap(
                            UUID.randomUUID(),
                            random.nextBoolean() ? one : two,
                            fromUs,
                            i % 50 == 0 ? OptionalLong.empty() : OptionalLong.of(fromUs + lengthUs),
                            GapCause.AUTH,
                            "");
                })
                .toList();
        chunks.saveGaps(all);
        for (int i = 0; i < 60; i++) {
            long fromUs = (long) (random.nextDouble() * daysUs);
            long toUs = fromUs + (1_000_000L << random.nextInt(23));
            long minUs = 100_000L << random.nextInt(20);
            assertThat(chunks.findGaps(List.of(one, two), fromUs, toUs, minUs, 1_000))
                    .containsExactlyInAnyOrderElementsOf(all.stream()
                            .filter(gap -> gap.fromUs() < toUs
                                    && gap.toUs().orElse(Long.MAX_VALUE) > fromUs
                                    && gap.toUs().orElse(Long.MAX_VALUE) - gap.fromUs() >= minUs)
                            .toList());
        }
    }

    @Test
    void gapsOfSeveralStreamsAreFoundTogetherWithoutTheShortOnes() {
        StreamId one = StreamId.main(new UUID(1, 1));
        StreamId two = StreamId.main(new UUID(1, 2));
        StreamId sub = StreamId.sub(new UUID(1, 1));
        chunks.saveGaps(List.of(
                new Gap(UUID.randomUUID(), one, 1_000, OptionalLong.of(1_010), GapCause.AUTH, ""),
                new Gap(UUID.randomUUID(), one, 2_000, OptionalLong.of(2_500), GapCause.AUTH, ""),
                new Gap(UUID.randomUUID(), two, 1_500, OptionalLong.empty(), GapCause.DISK_FULL, ""),
                new Gap(UUID.randomUUID(), sub, 100, OptionalLong.of(900), GapCause.SERVER_DOWN, "")));
        assertThat(chunks.findGaps(List.of(two, one, sub), 0, 5_000, 100, 10))
                .extracting(Gap::fromUs)
                .containsExactly(2_000L, 100L, 1_500L);
        assertThat(chunks.findGaps(List.of(two, one), 0, 5_000, 0, 2)).hasSize(2);
    }

    private Void remove(List<UUID> ids) {
        chunks.delete(ids);
        return null;
    }

    private Void add(StreamId stream, int from) {
        chunks.insert(IntStream.range(from, from + 100)
                .mapToObj(m -> chunk(stream, m))
                .toList());
        return null;
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
