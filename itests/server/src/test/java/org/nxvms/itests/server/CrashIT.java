// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Stopwatch;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.media.kit.fmp4.ChunkScan;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.rtsp.Camera;

/**
 * One server with one volume. It is killed while it records, once with the power, so that the last writes are torn; its only
 * volume is full; and in the end its database goes and comes back from the volume. {@link ManyKills} kills more often.
 */
@Tag("two")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Unheld("servers are killed, and break, while they answer")
class CrashIT {
    private static final int CAMERAS = 12;
    private static final long SEED = Long.getLong("nxvms.seed", System.nanoTime());
    /** Enough that some of them can be missing in the middle. */
    private static final int HOLED_SECONDS = 9;

    /**
     * Seconds: a camera that nobody watches is looked at every 80 ms, at either end of a gap, later by a busy machine, and wall
     * time is drawn to arrivals by half a percent. A fragment is .7 s.
     */
    private static final double AS_COARSE_AS_ARRIVAL = 0.5;

    private static final Duration TOLD_WITHIN = Duration.ofSeconds(30);
    private static final Duration BACK_WITHIN = Duration.ofSeconds(12);
    /** What a camera of 4 Mbit/s sends in the seconds that are kept for a recorder that lags, and a ring beside it. */
    private static final double RING_BYTES_MAX = 14 << 20;

    private final List<String> cameras = new ArrayList<>();
    private final Random random = new Random(SEED);
    private CameraFarm farm;
    private PackedServer server;
    private Path volume;
    private boolean ownDisk;
    private Instant begun;
    private JsonNode hole;

    @BeforeAll
    void start() throws IOException {
        System.out.println("seed " + SEED);
        SickDisks.unmountAllBelow(Path.of(System.getProperty("nxvms.work"), "crash"));
        farm = Farms.start(CAMERAS);
        server = PackedServer.unpacked("crash");
        volume = Files.createDirectories(server.data().resolve("archive"));
        ownDisk = SickDisks.mayMount();
        if (ownDisk) {
            mount(volume, 384);
            // What a kill may cost is a matter of time, and how long a busy disk takes a write is none of ours.
            mount(database(), 64);
        }
        Api api = server.start();
        begun = Instant.now();
        cameras.add(api.addCamera("Gate", Farms.main(farm, 1)));
        for (int number = 2; number <= CAMERAS; number++) {
            cameras.add(api.addCamera("Camera " + number, farm.camera(number).uri(Camera.Role.SUB)));
        }
    }

    private Path database() {
        return server.data().resolve("db");
    }

    private static void mount(Path folder, int mebibytes) throws IOException {
        Files.createDirectories(folder);
        Commands.run(folder, "mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", folder.toString());
    }

    @AfterAll
    void end() {
        if (server != null) {
            server.close();
        }
        if (ownDisk) {
            Commands.run(Path.of("/"), "umount", "-l", volume.toString());
            Commands.run(Path.of("/"), "umount", "-l", database().toString());
        }
        if (farm != null) {
            farm.close();
        }
    }

    @Test
    @Order(1)
    void aKillCostsEachCameraAtMostASecondAndEveryChunkPlays() {
        new Kills(server, cameras, random, System.out::println).killOnceAndCheck("a kill");
    }

    /** Of one camera two fifths in the middle are zeros; of each other the last fragment is torn at another place. */
    @Test
    @Order(2)
    void whatNeverReachedTheDiskIsAGapAndATornTailCostsItsFragmentOnly() throws IOException {
        Api api = new Api(server.httpPort());
        String holed = cameras.get(0);
        Instant resumed = Instant.now();
        awaitFootage(api, resumed.plusSeconds(HOLED_SECONDS));
        TornTails tails = new TornTails(volume, random);
        server.kill();
        Instant killed = Instant.now();
        Path chunk = Chunks.newest(volume, holed);
        zero(chunk);
        tails.tear(cameras.subList(1, CAMERAS));

        Api again = server.start();
        tails.assertEachIsCutToItsLastWholeFragment(again, killed);
        Waiting.until(
                "the hole is a gap", 30, () -> !damage(again, holed, resumed).isEmpty());
        List<JsonNode> found = damage(again, holed, resumed);
        assertThat(found).hasSize(1);
        hole = found.get(0);
        assertThat(hole.get("end").asLong() - hole.get("start").asLong()).isGreaterThan(2000);
        assertThat(hole.get("detail").asText())
                .contains(" bytes from ")
                .contains(chunk.getFileName().toString());
        assertThat(spans(again, holed, hole)).isEmpty();
        awaitFootage(again, Instant.now());
    }

    /** Zeros where two fifths of the pictures were. */
    private static void zero(Path file) throws IOException {
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

    /**
     * Of footage that retention may not remove. The ring of a camera of high bit rate goes round meanwhile, those of the
     * others hold all: of each it is told in time, and only of the first anything is missing in the end.
     */
    @Test
    @Order(3)
    void aFullDiskAndNoOtherIsToldAsAGapWithinHalfAMinuteAndRecordingGoesOnWhenThereIsRoom() throws IOException {
        assumeTrue(ownDisk, "mounting is not allowed here; run as root, with CAP_SYS_ADMIN");
        server.configured("org.nxvms.streamhub", "memoryMaxMiB = 1536", "stallSecondsMax = 2");
        Api api = new Api(server.httpPort());
        Instant from = Instant.now();
        awaitFootage(api, from);
        String lock = lockAll(api);
        Path others = SickDisks.fill(volume.resolve("somebody.else"));
        Stopwatch full = Stopwatch.started();
        double[] most = {0};
        Waiting.until("of each it is told, in the timeline and as an event", 40, () -> {
            most[0] = Math.max(most[0], mostRingBytes(api));
            return cameras.stream().noneMatch(camera -> gaps(api, camera, from).isEmpty()) && toldAsEvents(api, from);
        });
        assertThat(full.elapsed()).as("told after").isLessThan(TOLD_WITHIN);
        assertThat(most[0]).as("memory of one stream").isBetween(1.0, RING_BYTES_MAX);
        assertThat(api.health("volumes").path("detail").asText()).containsAnyOf("MiB are free", "No space left");

        Files.delete(others);
        Stopwatch room = Stopwatch.started();
        awaitFootage(api, Instant.now().plusSeconds(2));
        assertThat(room.elapsed()).as("recovery").isLessThan(BACK_WITHIN);
        assertThat(gaps(api, cameras.get(0), from)).hasSize(1);
        Instant to = Instant.now();
        awaitFootage(api, to.plusSeconds(1));
        assertOnlyTheGapsAreMissing(api, from, to);
        server.configured("org.nxvms.streamhub", "memoryMaxMiB = 1536");
        api.delete("/api/v1/locks/" + lock).expect(204);
        Waiting.until(
                "all is well again",
                20,
                () -> api.health("volumes").path("detail").asText().isEmpty());
    }

    private static double mostRingBytes(Api api) {
        return api.metric("nxvms_stream_ring_bytes").values().stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
    }

    private boolean toldAsEvents(Api api, Instant from) {
        JsonNode events = api.get("/api/v1/events?kinds=recording.gap&severity=critical&limit=1000&from="
                        + Api.escaped(from.toString()))
                .expect(200)
                .json()
                .get("items");
        return cameras.stream().allMatch(camera -> {
            for (JsonNode event : events) {
                if (event.path("cameraId").asText().equals(camera)
                        && event.at("/attributes/cause").asText().equals("disk_full")) {
                    return true;
                }
            }
            return false;
        });
    }

    private String lockAll(Api api) {
        Map<String, Object> lock = Map.of(
                "cameraIds",
                cameras,
                "from",
                begun.toString(),
                "to",
                Instant.now().plusSeconds(600).toString(),
                "reason",
                "test");
        return api.post("/api/v1/locks", lock).expect(201).json().get("id").asText();
    }

    private static List<JsonNode> gaps(Api api, String camera, Instant from) {
        return api.gaps(camera, from, Instant.now());
    }

    private void assertOnlyTheGapsAreMissing(Api api, Instant from, Instant to) {
        RecordedFrames main = new RecordedFrames(volume, farm.clip().main());
        RecordedFrames sub = new RecordedFrames(volume, farm.clip().sub());
        for (int i = 0; i < cameras.size(); i++) {
            double gapSeconds = 0;
            for (JsonNode gap : api.gaps(cameras.get(i), from, to)) {
                assertThat(gap.get("cause").asText()).isEqualTo("disk_full");
                gapSeconds += (gap.get("end").asLong() - gap.get("start").asLong()) / 1000.0;
            }
            RecordedFrames.Found found = (i == 0 ? main : sub).of(cameras.get(i), from, to);
            assertThat(found.missing() / 25.0)
                    .as("seconds missing of camera %d", i + 1)
                    .isBetween(gapSeconds - AS_COARSE_AS_ARRIVAL, gapSeconds + AS_COARSE_AS_ARRIVAL);
        }
    }

    private void awaitFootage(Api api, Instant until) {
        Waiting.until("all are recorded until " + until, 40, () -> cameras.stream()
                .allMatch(camera -> api.lastFootage(camera).isAfter(until)));
    }

    /** Cameras and users are the database's own; footage and its gaps are the volumes'. */
    @Test
    @Order(4)
    void aDeletedDatabaseIsMadeAgainFromTheVolumes() {
        String camera = cameras.get(0);
        Instant to = Instant.now();
        Api before = new Api(server.httpPort());
        List<String> segments = sealed(before.segments(camera, begun, to));
        List<String> gaps = ended(before.gaps(camera, begun, to));
        assertThat(segments).hasSizeGreaterThanOrEqualTo(2);
        assertThat(gaps).hasSizeGreaterThanOrEqualTo(3);

        server.stop();
        Commands.run(server.data(), "sh", "-c", "rm -rf db/*");
        Api api = server.start();
        assertThat(api.get("/api/v1/cameras").expect(200).json().get("items"))
                .as("cameras of the new database")
                .isEmpty();
        Path unindexed = server.data().resolve("volumes/unindexed");
        Waiting.until(
                "segments and gaps are there again, though nobody said archive-rebuild",
                60,
                () -> sealed(api.segments(camera, begun, to)).containsAll(segments)
                        && ended(api.gaps(camera, begun, to)).containsAll(gaps)
                        && isEmpty(unindexed));
        assertThat(spans(api, camera, hole)).isEmpty();
        Commands.Result check = server.shell("nxvms:archive-check --hashes");
        assertThat(check.status()).as(check.output() + check.errors()).isZero();

        Commands.Result rebuild = server.shell("nxvms:archive-rebuild");
        assertThat(rebuild.status()).as(rebuild.output() + rebuild.errors()).isZero();
        assertThat(sealed(api.segments(camera, begun, to))).containsAll(segments);
        assertThat(ended(api.gaps(camera, begun, to))).containsAll(gaps);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
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
}
