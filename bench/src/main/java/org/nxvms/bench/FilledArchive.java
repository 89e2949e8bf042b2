// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The rows that days of footage leave in the embedded database: a chunk each five minutes, ten short gaps a day, and one of
 * two hours a week. Written while the server is stopped.
 *
 * <p>A row that goes into ten indexes searches and copies pages of each, ten times what the row itself costs. So the
 * indexes are made anew when all rows are there, and rows come in the order of their key.
 *
 * @param from when footage begins, of every camera
 * @param to when it ends
 */
record FilledArchive(
        List<UUID> cameras, Instant from, Instant to, long chunks, long gaps, double seconds, long databaseBytes) {
    private static final long DAY_US = TimeUnit.DAYS.toMicros(1);
    private static final int CHUNKS_A_DAY = 288;
    private static final int CHUNK_BYTES = 150_000_000;
    private static final long CHUNK_US = DAY_US / CHUNKS_A_DAY;
    private static final int CHUNKS_PER_SHORT_GAP = 28;
    private static final long SHORT_GAP_US = TimeUnit.SECONDS.toMicros(20);
    /** Chunks of the day that the long gap takes. */
    private static final int LONG_GAP_BEGIN = 100;

    private static final int LONG_GAP_END = 124;
    private static final int LONG_GAP_DAYS = 7;
    private static final int RADIX = 36;
    /** Each index is made in a walk over all rows; they should not be read from the disk each time. */
    private static final long CACHE_KIB = Runtime.getRuntime().maxMemory() / 3 >> 10;

    private static final String CHUNK =
            """
            insert into chunk (id, camera_id, stream, server_id, volume_id, path, run_id, sequence_in_run, start_us, end_us,
              size_bytes, init_id, init_bytes, codecs, width, height, has_audio, clock_source, access_units, sha256,
              retention_days_max, expires_us)
            values (?, ?, 'main', ?, ?, ?, ?, ?, ?, ?, ?, ?, 700, 'avc1.640028', 1920, 1080, false, 'ARRIVAL', 7500, null,
              3650, ?)
            """;
    private static final String GAP =
            """
            insert into gap (id, camera_id, stream, from_us, to_us, cause, detail, server_id, magnitude)
            values (?, ?, 'main', ?, ?, 'CAMERA_UNREACHABLE', 'connection refused', ?, ?)
            """;
    private static final String DAY =
            """
            insert into footage_day (camera_id, stream, day_number, first_us, last_us, spans) values (?, 'main', ?, ?, ?, ?)
            """;

    /** Fills the database of a data folder with days up to the last midnight. */
    static FilledArchive of(Path data, int cameraCount, int days) throws IOException, SQLException {
        long begin = System.nanoTime();
        Path file = data.resolve("db/nxvms.mv.db");
        String volume = new ObjectMapper()
                .readTree(data.resolve("archive/nxvms-volume.json").toFile())
                .get("volumeId")
                .asText();
        List<UUID> cameras = IntStream.range(0, cameraCount)
                .mapToObj(i -> new UUID(0x1234_5678_9abcL * (i + 1), i))
                .toList();
        Instant to = Instant.now().truncatedTo(ChronoUnit.DAYS);
        Instant from = to.minus(days, ChronoUnit.DAYS);
        String url = "jdbc:h2:file:" + data.resolve("db/nxvms").toAbsolutePath() + ";CACHE_SIZE=" + CACHE_KIB;
        try (Connection database = DriverManager.getConnection(url, "nxvms", "")) {
            List<String> indexes = takeIndexes(database);
            database.setAutoCommit(false);
            long gaps;
            try (Rows rows = new Rows(database, volume)) {
                for (long day = from.toEpochMilli() / 86_400_000; day * 86_400_000 < to.toEpochMilli(); day++) {
                    for (int i = 0; i < cameraCount; i++) {
                        rows.day(cameras.get(i).toString(), day, (day + i) % LONG_GAP_DAYS == 0);
                    }
                    rows.write();
                }
                gaps = rows.gaps;
                rows.usage();
                database.commit();
                Bench.say(rows.chunks + " chunks and " + gaps + " gaps after " + since(begin) + " s");
                for (String index : indexes) {
                    execute(database, index);
                }
                Bench.say(indexes.size() + " indexes after " + since(begin) + " s");
                database.commit();
                return new FilledArchive(cameras, from, to, rows.chunks, gaps, since(begin), Files.size(file));
            }
        }
    }

    private static double since(long beginNanos) {
        return Math.round((System.nanoTime() - beginNanos) / 1e8) / 10.0;
    }

    /** Drops what can be made again; {@return the statements that do} */
    private static List<String> takeIndexes(Connection database) throws SQLException {
        List<String> statements = new ArrayList<>();
        List<String> names = new ArrayList<>();
        try (Statement ask = database.createStatement()) {
            try (ResultSet rows =
                    ask.executeQuery("select index_name from information_schema.indexes where table_name in"
                            + " ('CHUNK', 'GAP') and index_type_name in ('INDEX', 'UNIQUE INDEX')")) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            try (ResultSet rows = ask.executeQuery("script nodata nosettings table chunk, gap")) {
                while (rows.next()) {
                    String statement = rows.getString(1);
                    if (names.stream().anyMatch(name -> statement.contains("INDEX \"PUBLIC\".\"" + name + "\""))) {
                        statements.add(statement);
                    }
                }
            }
        }
        if (statements.size() != names.size()) {
            throw new IllegalStateException("of the indexes " + names + " only these can be made again: " + statements);
        }
        for (String name : names) {
            execute(database, "drop index " + name);
        }
        return statements;
    }

    private static void execute(Connection database, String statement) throws SQLException {
        try (Statement one = database.createStatement()) {
            one.execute(statement);
        }
    }

    private static final class Rows implements AutoCloseable {
        private final Connection database;
        private final PreparedStatement chunk;
        private final PreparedStatement gap;
        private final PreparedStatement rollUp;
        private final String server;
        private final String volume;
        private long chunks;
        private long gaps;

        Rows(Connection database, String volume) throws SQLException {
            this.database = database;
            this.volume = volume;
            try (Statement ask = database.createStatement();
                    ResultSet rows = ask.executeQuery("select server_id from server")) {
                rows.next();
                server = rows.getString(1);
            }
            chunk = database.prepareStatement(CHUNK);
            gap = database.prepareStatement(GAP);
            rollUp = database.prepareStatement(DAY);
        }

        void day(String camera, long day, boolean hasLongGap) throws SQLException {
            long midnight = day * DAY_US;
            StringBuilder spans = new StringBuilder();
            long told = midnight;
            long spanStart = midnight;
            for (int i = 0; i < CHUNKS_A_DAY; i++) {
                long startUs = midnight + i * CHUNK_US;
                boolean isLong = hasLongGap && i == LONG_GAP_BEGIN;
                boolean isShort = i % CHUNKS_PER_SHORT_GAP == CHUNKS_PER_SHORT_GAP / 2;
                if (isLong) {
                    i = LONG_GAP_END - 1;
                }
                long nextUs = midnight + (i + 1) * CHUNK_US;
                long endUs = isLong ? startUs : isShort ? nextUs - SHORT_GAP_US : nextUs;
                if (!isLong) {
                    chunk(camera, startUs, endUs, i);
                }
                if (endUs < nextUs) {
                    gap(camera, endUs, nextUs);
                    told = span(spans, told, spanStart, endUs);
                    spanStart = nextUs;
                }
            }
            span(spans, told, spanStart, midnight + DAY_US);
            rollUp.setString(1, camera);
            rollUp.setLong(2, day);
            rollUp.setLong(3, midnight);
            rollUp.setLong(4, midnight + DAY_US);
            rollUp.setString(5, spans.toString());
            rollUp.addBatch();
        }

        /** As V5__footage_by_day.sql says; {@return where the span ends} */
        private static long span(StringBuilder spans, long toldUs, long fromUs, long toUs) {
            spans.append(spans.isEmpty() ? "" : " ")
                    .append(Long.toString(fromUs - toldUs, RADIX))
                    .append(' ')
                    .append(Long.toString(toUs - fromUs, RADIX));
            return toUs;
        }

        private void chunk(String camera, long startUs, long endUs, int number) throws SQLException {
            chunks++;
            chunk.setString(1, new UUID(1, chunks).toString());
            chunk.setString(2, camera);
            chunk.setString(3, server);
            chunk.setString(4, volume);
            chunk.setString(5, camera + "/main/" + startUs + ".mp4");
            chunk.setString(6, new UUID(2, startUs / DAY_US).toString());
            chunk.setInt(7, number);
            chunk.setLong(8, startUs);
            chunk.setLong(9, endUs);
            chunk.setLong(10, CHUNK_BYTES);
            chunk.setString(11, "00".repeat(32));
            chunk.setLong(12, endUs + 3_650 * DAY_US);
            chunk.addBatch();
        }

        private void gap(String camera, long fromUs, long toUs) throws SQLException {
            gaps++;
            gap.setString(1, new UUID(3, gaps).toString());
            gap.setString(2, camera);
            gap.setLong(3, fromUs);
            gap.setLong(4, toUs);
            gap.setString(5, server);
            gap.setInt(6, 63 - Long.numberOfLeadingZeros((toUs - fromUs) / 1_000_000));
            gap.addBatch();
        }

        void write() throws SQLException {
            chunk.executeBatch();
            gap.executeBatch();
            rollUp.executeBatch();
            database.commit();
        }

        void usage() throws SQLException {
            execute(
                    database,
                    "merge into volume_usage (volume_id, size_bytes, chunks) values ('" + volume + "', "
                            + chunks * CHUNK_BYTES + ", " + chunks + ")");
        }

        @Override
        public void close() throws SQLException {
            chunk.close();
            gap.close();
            rollUp.close();
        }
    }
}
