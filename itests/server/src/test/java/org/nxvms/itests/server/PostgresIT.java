// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/** The same stories on a real PostgreSQL, chosen by environment variables only; and what happens while it is away. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PostgresIT extends RecordingStories {
    /** A minute and more by {@code -Dnxvms.databaseAwaySeconds=60}. */
    private static final int AWAY_SECONDS = Integer.getInteger("nxvms.databaseAwaySeconds", 12);

    private static final int CHUNK_SECONDS = 10;

    private final Path database = Path.of(System.getProperty("nxvms.work")).resolve("postgres-database");
    private EmbeddedPostgres postgres;

    @Override
    PackedServer server() throws IOException {
        Commands.run(Path.of("/"), "rm", "-rf", database.toAbsolutePath().toString());
        postgres = builder().start();
        return PackedServer.unpacked("postgres")
                .configured("org.nxvms.archive", "chunkSeconds = " + CHUNK_SECONDS)
                .with("NXVMS_DB_URL", "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres")
                .with("NXVMS_DB_USER", "postgres")
                .with("NXVMS_DB_PASSWORD", "postgres");
    }

    private EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder()
                .setDataDirectory(database)
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofMinutes(1));
    }

    @Test
    void theCamerasAreInPostgres() throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from camera")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(4);
        }
    }

    @Test
    void whileTheDatabaseIsAwayRecordingGoesOnAndItsRowsAreCaughtUp() throws Exception {
        Instant from = Instant.now();
        int port = postgres.getPort();
        postgres.close();
        Instant gone = Instant.now();
        Waiting.until(
                "health says what does not work and what does",
                30,
                () -> api.health("database").path("detail").asText().contains("Recording goes on"));
        assertThat(api.isReady()).isFalse();
        Waiting.until(
                "rows wait",
                CHUNK_SECONDS + 20,
                () -> api.health("archive").at("/figures/rowsWaiting").asInt() > 0);
        Waiting.until("it was away for long enough", AWAY_SECONDS + 1, () -> Instant.now()
                .isAfter(gone.plusSeconds(AWAY_SECONDS)));
        postgres = builder().setPort(port).start();
        Instant back = Instant.now();

        Waiting.until("the server is ready again by itself", 60, api::isReady);
        Waiting.until(
                "no row waits",
                40,
                () -> api.health("archive").at("/figures/rowsWaiting").asInt(-1) == 0);
        RecordedFrames frames =
                new RecordedFrames(server.data().resolve("archive"), farm.clip().main());
        Map<String, Integer> rows = rows(from, back);
        for (String camera : ids) {
            Waiting.until("it is seen that recording goes on", 20, () -> api.lastFootage(camera)
                    .isAfter(back.plusSeconds(2)));
            RecordedFrames.Found found = frames.of(camera, from, back);
            assertThat(found.missing()).as("frames").isZero();
            assertThat(found.first()).isBefore(from.plusSeconds(1));
            assertThat(found.last()).isAfter(back.minusSeconds(1));
            assertThat(api.gaps(camera, from, back)).isEmpty();
            assertThat(lane(camera, from, back).get("spans")).as("one stretch").hasSize(1);
            assertThat(rows.getOrDefault(camera, 0))
                    .as("rows of chunks that were sealed while there was no database")
                    .isGreaterThanOrEqualTo((int) Duration.between(gone, back).toSeconds() / (CHUNK_SECONDS + 2));
        }
    }

    /** Last: the server runs on another database afterwards. */
    @Test
    @Order(Integer.MAX_VALUE)
    void allThatTheServerKnowsGoesByABackupToTheEmbeddedDatabase(@TempDir Path folder) throws Exception {
        Path passphrase = Files.writeString(folder.resolve("passphrase"), "Correct horse of the north\n");
        String arguments = " --passphrase-file " + passphrase + " " + folder.resolve("all.backup");
        String key = api.post(
                        "/api/v1/api-keys",
                        Map.of(
                                "name",
                                "wall",
                                "scopes",
                                List.of("view_configuration"),
                                "password",
                                PackedServer.PASSWORD))
                .expect(201)
                .json()
                .get("key")
                .asText();
        Instant now = Instant.now();
        Map<String, Object> moment = Map.of(
                "cameraIds", List.of(ids.get(0)), "from", now.minusSeconds(60).toString(), "to", now.toString());
        Map<String, Object> theft = new HashMap<>(moment);
        theft.put("title", "Theft");
        theft.put("tags", List.of("police"));
        String bookmark = api.post("/api/v1/bookmarks", theft)
                .expect(201)
                .json()
                .get("id")
                .asText();
        String lock =
                api.post("/api/v1/locks", moment).expect(201).json().get("id").asText();
        Map<String, Object> shown = Map.of("cell", 0, "cameraId", ids.get(0));
        Map<String, Object> wall = Map.of("grid", "1", "cameras", List.of(shown));
        String layout = api.post("/api/v1/layouts", Map.of("name", "Night", "roles", List.of("viewer"), "wall", wall))
                .expect(201)
                .json()
                .get("id")
                .asText();
        Commands.Result made = server.shell("nxvms:backup" + arguments);
        assertThat(made.status()).as(made.output() + made.errors()).isZero();
        Commands.Result refused = server.shell("nxvms:restore" + arguments);
        assertThat(refused.status()).isNotZero();
        assertThat(refused.output() + refused.errors()).contains("--replace");
        Commands.Result prepared = server.shell("nxvms:restore --replace" + arguments);
        assertThat(prepared.status()).as(prepared.output() + prepared.errors()).isZero();
        assertThat(prepared.output()).contains("is whole");

        Api before = api;
        server.stop();
        server.with("NXVMS_DB_URL", "");
        api = server.start();
        Waiting.until("the cameras of the backup record", 60, this::allRecord);
        assertThat(api.get("/api/v1/cameras").expect(200).json().get("items"))
                .extracting(camera -> camera.get("id").asText())
                .containsExactlyInAnyOrderElementsOf(ids);
        assertThat(before.get("/api/v1/auth/me").status())
                .as("all sign in again")
                .isEqualTo(401);
        assertThat(api.get("/api/v1/bookmarks/" + bookmark).expect(200).json().toString())
                .contains("Theft", "police", ids.get(0));
        assertThat(api.get("/api/v1/layouts/" + layout).expect(200).json().toString())
                .contains("Night", "viewer", ids.get(0));
        assertThat(api.get("/api/v1/locks").expect(200).json().at("/items").findValuesAsText("id"))
                .contains(lock);
        assertThat(new AccessMatrix(api).get("/api/v1/cameras", key).status())
                .as("keys are what they were")
                .isEqualTo(200);
        Waiting.until(
                "it is noted",
                20,
                () -> api.get("/api/v1/audit?action=backup.restored")
                                .expect(200)
                                .json()
                                .get("items")
                                .size()
                        == 1);
        try (var left = Files.list(server.data().resolve("restore"))) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactly("placed");
        }
    }

    /** {@return by camera, how many chunks ended within a time by the database's own word} */
    private Map<String, Integer> rows(Instant from, Instant to) throws SQLException {
        Map<String, Integer> found = new HashMap<>();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select camera_id, count(*) from chunk where end_us between "
                        + from.toEpochMilli() * 1000 + " and " + to.toEpochMilli() * 1000 + " group by camera_id")) {
            while (rows.next()) {
                found.put(rows.getString(1), rows.getInt(2));
            }
        }
        return found;
    }

    private JsonNode lane(String camera, Instant from, Instant to) {
        return api.get("/api/v1/timeline?cameras=" + camera + "&buckets=100&from=" + Api.escaped(from.toString())
                        + "&to=" + Api.escaped(to.toString()))
                .expect(200)
                .json()
                .at("/cameras/0");
    }

    @AfterAll
    void endDatabase() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }
}
