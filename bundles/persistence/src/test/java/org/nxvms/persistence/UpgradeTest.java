// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;

/** Each database that an earlier version left is brought up to date, with what is in it. */
class UpgradeTest {
    /** With users that can be disabled, before there were copies of chunks. */
    private static final List<String> EARLIER = List.of("9", "12");

    @TestFactory
    Stream<DynamicTest> ofH2() {
        return EARLIER.stream()
                .map(version -> DynamicTest.dynamicTest(
                        "from " + version, () -> upgrades(Databases.h2("upgrade" + version), version)));
    }

    @TestFactory
    Stream<DynamicTest> ofPostgres() {
        return EARLIER.stream()
                .map(version -> DynamicTest.dynamicTest(
                        "from " + version, () -> upgrades(Databases.postgres("upgrade" + version), version)));
    }

    /** Whoever narrowed the operators' role decided about rights that came later, too. */
    @Test
    void aRoleThatWasEditedGetsNoFurtherRights() throws Exception {
        for (DataSource database : List.of(Databases.h2("edited"), Databases.postgres("edited"))) {
            Flyway.configure(SchemaMigration.class.getClassLoader())
                    .dataSource(database)
                    .locations("classpath:db/migration")
                    .target("18")
                    .load()
                    .migrate();
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        "update access_role set permissions = 'view_live', version = 2 where name = 'operator'");
            }
            new SchemaMigration().prepare(database);
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet role =
                            statement.executeQuery("select permissions from access_role where name = 'operator'")) {
                assertThat(role.next()).isTrue();
                assertThat(role.getString(1)).isEqualTo("view_live");
            }
        }
    }

    private static void upgrades(DataSource database, String version) throws Exception {
        Flyway.configure(SchemaMigration.class.getClassLoader())
                .dataSource(database)
                .locations("classpath:db/migration")
                .target(version)
                .load()
                .migrate();
        StoredSegment row = SampleChunks.chunk(StreamId.main(UUID.randomUUID()), 1);
        try (TestUnit unit = new TestUnit(database)) {
            new ChunkTable(unit, StoreScene.SERVER).insert(List.of(row));
        }
        new SchemaMigration().prepare(database);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet ranks = statement.executeQuery(
                        "select \"version\" from \"flyway_schema_history\" where \"version\" is not null order by \"installed_rank\"")) {
            int before = 0;
            while (ranks.next()) {
                int applied = ranks.getInt(1);
                assertThat(applied).as("in the order of their numbers").isGreaterThan(before);
                before = applied;
            }
            assertThat(before).isGreaterThanOrEqualTo(13);
        }
        try (TestUnit unit = new TestUnit(database)) {
            ChunkTable chunks = new ChunkTable(unit, StoreScene.SERVER);
            assertThat(chunks.get(row.segment().id())).contains(row.segment());
            assertThat(chunks.copies().add(row.segment().id(), UUID.randomUUID()))
                    .isTrue();
        }
    }
}
