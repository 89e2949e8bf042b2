// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.media.kit.fmp4.ChunkScan;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.simulator.CameraFarm;

/**
 * The power goes while cameras are recorded. Every file plays, at most a second is lost, the index is right by itself, and
 * the time between is a gap that says why; so is what never reached the disk. In the end the database goes too, and comes
 * back from the volumes. {@code -Dnxvms.kills=20} for the long run.
 */
class CrashIT {
    private static final int KILLS = Integer.getInteger("nxvms.kills", 3);
    /** Enough that some of them can be missing in the middle. */
    private static final int TORN_SECONDS = 9;

    @Test
    void killedWhileRecordingItLosesAtMostASecondEachTimeAndWithoutItsDatabaseNothing(@TempDir Path folder)
            throws Exception {
        try (CameraFarm farm = Farms.start(2);
                PackedServer server = PackedServer.unpacked("crash")) {
            Api api = server.start();
            String camera = api.addCamera("Gate", Farms.main(farm, 1));
            api.addCamera("Door", Farms.main(farm, 2));
            Instant begun = Instant.now();
            Duration most = Duration.ZERO;
            for (int kill = 1; kill <= KILLS; kill++) {
                Duration lost = killOnceAndCheck(server, camera, folder, kill);
                most = lost.compareTo(most) > 0 ? lost : most;
            }
            System.out.println(KILLS + " kills, at most " + most.toMillis() + " ms lost by one");
            JsonNode hole = whatNeverReachedTheDiskIsAGapAndNoFootage(server, camera);
            aDeletedDatabaseIsMadeAgainFromTheVolumes(server, camera, begun);
            assertThat(spans(new Api(server.httpPort()), camera, hole)).isEmpty();
        }
    }

    /** Cameras and users are the database's own; footage and its gaps are the volumes'. */
    private static void aDeletedDatabaseIsMadeAgainFromTheVolumes(PackedServer server, String camera, Instant from) {
        Instant to = Instant.now();
        Api before = new Api(server.httpPort());
        List<String> segments = sealed(before.segments(camera, from, to));
        List<String> gaps = ended(before.gaps(camera, from, to));
        assertThat(segments).hasSizeGreaterThanOrEqualTo(KILLS);
        assertThat(gaps).hasSizeGreaterThanOrEqualTo(KILLS);

        server.stop();
        Commands.run(server.data(), "sh", "-c", "rm -rf db/*");
        Api api = server.start();
        assertThat(api.get("/api/v1/cameras").expect(200).json().get("items"))
                .as("cameras of the new database")
                .isEmpty();
        // Rows that are younger than a minute come back by their markers, with the gaps within; other gaps do not.
        assertThat(ended(api.gaps(camera, from, to)))
                .doesNotContainAnyElementsOf(gaps.stream()
                        .filter(gap -> !gap.contains("footage_damaged"))
                        .toList());
        Commands.Result rebuild = server.shell("nxvms:archive-rebuild");
        assertThat(rebuild.status()).as(rebuild.output() + rebuild.errors()).isZero();
        assertThat(sealed(api.segments(camera, from, to))).containsAll(segments);
        assertThat(ended(api.gaps(camera, from, to))).containsAll(gaps);
    }

    /** {@return the gap} */
    private static JsonNode whatNeverReachedTheDiskIsAGapAndNoFootage(PackedServer server, String camera)
            throws IOException {
        Api api = new Api(server.httpPort());
        Instant resumed = Instant.now();
        Waiting.until(TORN_SECONDS + " seconds are recorded", 60, () -> lastFootage(api, camera)
                .isAfter(resumed.plusSeconds(TORN_SECONDS)));
        server.kill();
        Path torn = server.footage()
                .filter(file -> file.toString().contains(camera))
                .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                .orElseThrow();
        tear(torn);
        Api again = server.start();
        Waiting.until(
                "the hole is a gap", 30, () -> !damage(again, camera, resumed).isEmpty());
        List<JsonNode> found = damage(again, camera, resumed);
        assertThat(found).hasSize(1);
        JsonNode gap = found.get(0);
        assertThat(gap.get("end").asLong() - gap.get("start").asLong()).isGreaterThan(2000);
        assertThat(gap.get("detail").asText())
                .contains(" bytes from ")
                .contains(torn.getFileName().toString());
        assertThat(spans(again, camera, gap)).isEmpty();
        return gap;
    }

    /** Zeros where two fifths of the pictures were. */
    private static void tear(Path file) throws IOException {
        try (FileChannel chunk = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            List<ChunkScan.Fragment> all = ChunkScan.of(chunk).fragments();
            for (ChunkScan.Fragment one : all.subList(all.size() / 5, all.size() * 3 / 5)) {
                long from = one.moofOffset() + one.header().tracks().get(0).offset()[0];
                chunk.write(ByteBuffer.allocate((int) (one.offset() + one.bytes() - from)), from);
            }
        } catch (Mp4Exception damaged) {
            throw new IOException(file + ": " + damaged.getMessage(), damaged);
        }
    }

    private static List<JsonNode> damage(Api api, String camera, Instant from) {
        return api.gaps(camera, from.minusSeconds(5), Instant.now()).stream()
                .filter(gap -> gap.get("cause").asText().equals("footage_damaged"))
                .toList();
    }

    /** {@return footage in the time of a gap, of which the first and the last millisecond are shared} */
    private static JsonNode spans(Api api, String camera, JsonNode gap) {
        long from = gap.get("start").asLong() + 1;
        long to = gap.get("end").asLong() - 1;
        return api.get("/api/v1/timeline?cameras=" + camera + "&from=" + from + "&to=" + to)
                .expect(200)
                .json()
                .at("/cameras/0/spans");
    }

    private static List<String> sealed(List<JsonNode> segments) {
        return segments.stream()
                .filter(segment -> !segment.get("open").asBoolean())
                .map(segment -> Stream.of("id", "start", "end", "bytes", "runId", "sequence")
                        .map(field -> segment.get(field).asText())
                        .collect(Collectors.joining(" ")))
                .toList();
    }

    private static List<String> ended(List<JsonNode> gaps) {
        return gaps.stream()
                .filter(gap -> gap.has("end"))
                .map(gap -> gap.get("start") + " " + gap.get("end") + " " + gap.get("cause"))
                .toList();
    }

    /** {@return how much the kill has cost} */
    private static Duration killOnceAndCheck(PackedServer server, String camera, Path folder, int kill) {
        Api api = new Api(server.httpPort());
        Instant resumed = Instant.now();
        Waiting.until("some seconds are recorded", 60, () -> lastFootage(api, camera)
                .isAfter(resumed.plusMillis(2500 + kill * 370L % 1000)));
        Instant signalled = Instant.now();
        server.kill();
        Instant killed = Instant.now();

        Api again = server.start();
        Waiting.until("it records again", 30, () -> lastFootage(again, camera).isAfter(killed.plusSeconds(2)));

        List<JsonNode> gaps = again.gaps(camera, killed.minusSeconds(3), killed.plusSeconds(2));
        assertThat(gaps).as("kill %d", kill).hasSize(1);
        assertThat(gaps.get(0).get("cause").asText()).isEqualTo("server_down");
        Instant lostFrom = Instant.ofEpochMilli(gaps.get(0).get("start").asLong());
        // The signal stops recording at once; until the process is gone the system still frees its memory.
        Duration lost = Duration.between(lostFrom, signalled);
        assertThat(lost).as("lost by kill %d", kill).isLessThanOrEqualTo(Duration.ofMillis(1000));
        server.footage()
                .filter(file ->
                        file.toFile().lastModified() > resumed.minusSeconds(60).toEpochMilli())
                .forEach(file -> Commands.run(
                        folder, "ffprobe", "-v", "error", "-count_packets", "-show_streams", file.toString()));
        assertIndexEqualsFiles(again, camera, killed);
        return lost;
    }

    private static void assertIndexEqualsFiles(Api api, String camera, Instant killed) {
        List<JsonNode> segments = api.segments(camera, killed.minusSeconds(60), killed);
        assertThat(segments).isNotEmpty();
        for (JsonNode segment : segments) {
            Api.Answer bytes = api.get("/media/v1/segments/" + segment.get("id").asText());
            assertThat(bytes.status()).isEqualTo(200);
            assertThat(bytes.bytes().length).isEqualTo(segment.get("bytes").asInt());
        }
    }

    private static Instant lastFootage(Api api, String camera) {
        JsonNode last = api.get("/api/v1/archive/" + camera + "/range?stream=main")
                .expect(200)
                .json()
                .get("last");
        return last == null ? Instant.EPOCH : Instant.ofEpochMilli(last.asLong());
    }
}
