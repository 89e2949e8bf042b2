// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.persistence.EntityManager;
import javax.persistence.EntityManagerFactory;
import javax.persistence.spi.PersistenceUnitTransactionType;
import org.eclipse.persistence.config.PersistenceUnitProperties;
import org.eclipse.persistence.jpa.PersistenceProvider;
import org.h2.jdbcx.JdbcConnectionPool;
import org.nxvms.media.StreamId;

/**
 * How long the timeline's three questions take on H2 with much footage; run by hand, first with {@code fill}, then in a
 * new process for a cold start. Arguments: folder, cameras, days, {@code fill} or {@code ask}.
 */
final class TimelineLoad {
    private static final int CHUNKS_A_DAY = 288;
    private static final int GAPS_A_DAY = 10;
    private static final long CHUNK_US = DayText.DAY_US / CHUNKS_A_DAY;
    private static final long FIRST_DAY = 20_000;

    private TimelineLoad() {}

    public static void main(String[] arguments) throws Exception {
        int cameras = Integer.parseInt(arguments[1]);
        int days = Integer.parseInt(arguments[2]);
        JdbcConnectionPool database = JdbcConnectionPool.create(
                "jdbc:h2:file:" + Path.of(arguments[0]).toAbsolutePath().resolve("load"), "sa", "");
        new SchemaMigration().prepare(database);
        EntityManagerFactory factory = new PersistenceProvider()
                .createEntityManagerFactory(
                        "nxvms",
                        Map.of(
                                PersistenceUnitProperties.TRANSACTION_TYPE,
                                PersistenceUnitTransactionType.RESOURCE_LOCAL.name(),
                                PersistenceUnitProperties.NON_JTA_DATASOURCE,
                                database,
                                PersistenceUnitProperties.WEAVING,
                                "false"));
        ChunkTable chunks = new ChunkTable(transactions(factory), new UUID(7, 7));
        List<StreamId> streams = new ArrayList<>();
        for (int i = 0; i < cameras; i++) {
            streams.add(StreamId.main(new UUID(0x1234_5678_9abcL * (i + 1), i)));
        }
        if (arguments[3].equals("fill")) {
            fill(database, streams, days);
            long start = System.nanoTime();
            System.out.println("days rolled up: " + chunks.checkRollups(true) + " in "
                    + (System.nanoTime() - start) / 1_000_000 + " ms");
        } else {
            ask(chunks, streams, days);
        }
        factory.close();
        database.dispose();
    }

    private static void ask(ChunkTable chunks, List<StreamId> streams, int days) {
        long fromUs = FIRST_DAY * DayText.DAY_US;
        long toUs = fromUs + days * DayText.DAY_US;
        long[] ms = new long[30];
        for (int i = 0; i < ms.length; i++) {
            long start = System.nanoTime();
            int ranges = chunks.ranges(streams).size();
            long a = System.nanoTime();
            int lanes = chunks.footage(streams, fromUs, toUs).size();
            long b = System.nanoTime();
            int gaps = chunks.findGaps(streams, fromUs, toUs, (toUs - fromUs) / 1_000, 100_000)
                    .size();
            long end = System.nanoTime();
            ms[i] = (end - start) / 1_000_000;
            System.out.println(ranges + " ranges " + (a - start) / 1_000 + " us, " + lanes + " lanes " + (b - a) / 1_000
                    + " us, " + gaps + " gaps " + (end - b) / 1_000 + " us, all " + ms[i] + " ms");
        }
        long first = ms[0];
        Arrays.sort(ms);
        System.out.println(
                "first " + first + " ms, p50 " + ms[ms.length / 2] + " ms, p95 " + ms[ms.length * 95 / 100] + " ms");
    }

    private static void fill(JdbcConnectionPool database, List<StreamId> streams, int days) throws SQLException {
        String chunk =
                "insert into chunk (id, camera_id, stream, server_id, volume_id, path, run_id, sequence_in_run, start_us,"
                        + " end_us, size_bytes, init_id, init_bytes, codecs, width, height, has_audio, clock_source,"
                        + " access_units, sha256, retention_days_max, expires_us) values (?, ?, 'main', ?, ?, ?, ?, ?, ?, ?,"
                        + " 1000000, ?, 700, 'avc1.640028', 1920, 1080, false, 'ARRIVAL', 7500, null, 90, ?)";
        String gap = "insert into gap (id, camera_id, stream, from_us, to_us, cause, detail, server_id)"
                + " values (?, ?, 'main', ?, ?, 'CAMERA_UNREACHABLE', 'connection refused', ?)";
        String server = new UUID(7, 7).toString();
        try (Connection connection = database.getConnection();
                PreparedStatement rows = connection.prepareStatement(chunk);
                PreparedStatement holes = connection.prepareStatement(gap)) {
            connection.setAutoCommit(false);
            for (int day = 0; day < days; day++) {
                for (StreamId stream : streams) {
                    long midnight = (FIRST_DAY + day) * DayText.DAY_US;
                    for (int i = 0; i < CHUNKS_A_DAY; i++) {
                        long startUs = midnight + i * CHUNK_US;
                        boolean short1 = i % (CHUNKS_A_DAY / GAPS_A_DAY) == 0;
                        long endUs = startUs + CHUNK_US - (short1 ? 20_000_000 : 0);
                        rows.setString(1, UUID.randomUUID().toString());
                        rows.setString(2, stream.cameraId().toString());
                        rows.setString(3, server);
                        rows.setString(4, new UUID(8, 8).toString());
                        rows.setString(5, stream + "/" + startUs + ".mp4");
                        rows.setString(6, new UUID(1, day).toString());
                        rows.setInt(7, i);
                        rows.setLong(8, startUs);
                        rows.setLong(9, endUs);
                        rows.setString(10, "00".repeat(32));
                        rows.setLong(11, endUs + 90 * DayText.DAY_US);
                        rows.addBatch();
                        if (short1) {
                            holes.setString(1, UUID.randomUUID().toString());
                            holes.setString(2, stream.cameraId().toString());
                            holes.setLong(3, endUs);
                            holes.setLong(4, startUs + CHUNK_US);
                            holes.setString(5, server);
                            holes.addBatch();
                        }
                    }
                    rows.executeBatch();
                    holes.executeBatch();
                }
                connection.commit();
            }
        }
    }

    private static Transactions transactions(EntityManagerFactory factory) {
        return new Transactions() {
            @Override
            public <T> T answer(String what, java.util.function.Function<EntityManager, T> work) {
                EntityManager em = factory.createEntityManager();
                try {
                    em.getTransaction().begin();
                    T result = work.apply(em);
                    em.getTransaction().commit();
                    return result;
                } finally {
                    em.close();
                }
            }
        };
    }
}
