// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.Footage;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Stopwatch;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.itests.server.FaultyMachine.Calls;
import org.nxvms.itests.server.FaultyMachine.Disk;
import org.nxvms.simulator.CameraFarm;

/**
 * One server with five volumes, whose disks fail and hang and whose clock is set while it records; more disks and cameras
 * come with their own faults. What is recorded is read from the files, frame by frame. Each story leaves the server as well
 * as it found it, without help.
 */
@Tag("two")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Unheld("servers are killed, and break, while they answer")
class FaultsIT {
    private static final String WELL = "main";
    private static final String HANGS = "write-hangs";
    private static final List<String> VOLUMES = List.of(WELL, "fsync-fails", "write-fails", HANGS, "fsync-hangs");
    private static final int STALL_SECONDS = 10;
    /** Of the simulated cameras. */
    private static final Duration GOP = Duration.ofSeconds(2);

    /**
     * Of gaps: one begins and ends with a picture, which comes up to 80 ms late, and wall time is drawn to arrivals by half a
     * percent. A fragment is .7 s.
     */
    private static final double ENDS_S = 0.5;

    /** Between the question and the answer; the clock is set by hours. */
    private static final Duration CLOCK_NEAR = Duration.ofMinutes(1);

    private static final Duration TOLD_WITHIN = Duration.ofSeconds(30);
    private static final Duration BACK_WITHIN = Duration.ofSeconds(12);
    private static final int CONNECTS_PER_SECOND = 20;

    private static final long HOUR = 3_600;
    private static final long YEAR = 365 * 24 * HOUR;

    private static final long STREAM_BYTES_MAX = 64L << 20;

    private CameraFarm farm;
    private FaultyMachine machine;
    private PackedServer server;
    private Path volumes;
    private Disk hangingDisk;
    private Disk everyDisk;
    private SickDisks disks;
    private Api api;
    private CameraOfEachVolume cameras;

    @BeforeAll
    void start() throws IOException {
        assumeTrue(FaultyMachine.canBeBuilt(), "there is no C compiler here (gcc, libc6-dev)");
        SickDisks.unmountAllBelow(Path.of(System.getProperty("nxvms.work"), "faults"));
        farm = Farms.start(VOLUMES.size());
        server = PackedServer.unpacked("faults");
        machine = new FaultyMachine(server.home().getParent());
        volumes = server.home().resolveSibling("volumes");
        for (String name : VOLUMES) {
            Path folder = Files.createDirectories(volumes.resolve(name));
            server.configured(
                    "org.nxvms.storage.file-" + name,
                    "nxvms.volume.name = " + name,
                    "path = " + folder,
                    "create = true",
                    // The others are for the cameras that name them.
                    "weight = " + (name.equals(WELL) ? 100 : 0));
        }
        server.configured("org.nxvms.archive", "flushSeconds = 1", "retentionSeconds = 1");
        server.configured(
                "org.nxvms.ingest.rtsp",
                "stallTimeoutMs = 5000",
                "firstKeyTimeoutMs = 8000",
                "connectTimeoutMs = 3000",
                "answerTimeoutMs = " + SickCameras.ANSWER_MS_MAX,
                "connectsPerSecondMax = " + CONNECTS_PER_SECOND);
        disks = new SickDisks(volumes);
        // Of the two the first counts for the volume that both fit.
        hangingDisk = machine.disk(volumes.resolve(HANGS));
        everyDisk = machine.disk(volumes);
        api = machine.hosts(server).start();
        cameras = new CameraOfEachVolume(farm, volumes);
        cameras.by(api);
        cameras.add(VOLUMES);
        cameras.areRecordedUntil(Instant.now().plusSeconds(4));
    }

    @AfterAll
    void end() throws IOException {
        if (server != null) {
            server.close();
        }
        if (disks != null) {
            disks.close();
        }
        if (farm != null) {
            farm.close();
        }
    }

    @AfterEach
    void allIsWellAgain() {
        if (machine != null) {
            machine.heal();
        }
    }

    /** EIO on fsync, EIO on write, a write and an fsync that hang: each volume's own fault, all at the same time. */
    @Test
    @Order(1)
    void volumesThatFailAndHangCostNoFrameWhileAnotherIsWell() throws IOException {
        Instant from = cameras.amidRuns();
        Disk forgets = machine.disk(volumes.resolve("fsync-fails"), ".mp4");
        Disk fails = machine.disk(volumes.resolve("write-fails"));
        Disk syncHangs = machine.disk(volumes.resolve("fsync-hangs"));
        forgets.traced();
        Waiting.until("its fsyncs are seen", 10, () -> !machine.durableBytes().isEmpty());

        forgets.nextSyncFails();
        fails.writes(Calls.FAIL);
        hangingDisk.writes(Calls.HANG);
        syncHangs.syncs(Calls.HANG);
        Waiting.until(
                "all four were met",
                10,
                () -> forgets.failed() > 0 && fails.failed() > 0 && hangingDisk.held() > 0 && syncHangs.held() > 0);
        // A volume hangs by then for longer than it is given: its streams go on elsewhere.
        Waiting.until(
                "health names those that take nothing",
                15,
                () -> health("volumes").contains("write-fails")
                        && health("volumes").contains("not answered a write"));
        List.of(fails, hangingDisk).forEach(disk -> disk.writes(Calls.FINE));
        syncHangs.syncs(Calls.FINE);

        Instant to = Instant.now();
        cameras.areRecordedUntil(to.plusSeconds(1));
        cameras.assertNothingIsMissing(from, to);
        Waiting.until("all volumes are well again", 20, () -> health("volumes").isEmpty());
        assertThat(cameras.runs("fsync-fails", from)).as("the run broke off").hasSizeGreaterThan(1);
        // And no byte was written again of which an fsync had spoken (ADR 21).
        Waiting.until("what was in doubt is wholly on the disk", 20, () -> isOnDisk("fsync-fails"));
    }

    /** Promise 4: what most servers have is one volume, or several on one array. */
    @Test
    @Order(2)
    void tenSecondsInWhichNoVolumeAnswersCostNoFrameAndTheMemoryIsGivenBack() {
        Instant from = Instant.now();
        everyDisk.writes(Calls.HANG);
        everyDisk.syncs(Calls.HANG);
        Waiting.until("a write hangs", 10, () -> everyDisk.held() > 0);
        Instant held = Instant.now();
        long[] most = {0};
        Waiting.until("they have hung long enough", STALL_SECONDS + 5, () -> {
            most[0] = Math.max(most[0], ringBytesOfEach().sum());
            return Instant.now().isAfter(held.plusSeconds(STALL_SECONDS));
        });
        everyDisk.writes(Calls.FINE);
        everyDisk.syncs(Calls.FINE);

        Instant to = Instant.now();
        cameras.areRecordedUntil(to.plusSeconds(1));
        cameras.assertNothingIsMissing(from, to);
        assertThat(most[0]).as("bytes of rings").isLessThan(VOLUMES.size() * (14L << 20));
        Waiting.until("memory is given back", 30, () -> ringBytesOfEach().sum() < VOLUMES.size() * (7L << 20));
    }

    /**
     * Beside those that are well: a camera for each sickness of cameras, a disk for each of the kernel's faults, and a site
     * whose cameras are away and return at once.
     */
    @Test
    @Order(3)
    void sickCamerasAndDisksCostNobodyElseAnythingAndRecoverWithoutHelp() throws IOException {
        disks.add(api, farm);
        try (SickCameras sick = new SickCameras(api, volumes);
                ReturningCameras site = new ReturningCameras(api, CONNECTS_PER_SECOND)) {
            Instant added = Instant.now();
            Waiting.until(
                    "all are recorded",
                    60,
                    () -> sick.areRecordedUntil(added.plus(GOP))
                            && site.areRecordedUntil(added.plus(GOP))
                            && disks.areRecordedUntil(added.plus(GOP)));

            Instant from = Instant.now();
            sick.fallSick();
            disks.fallSick();
            site.goAway();
            site.comeBack();
            long[] most = {0};
            Waiting.until("why each sends nothing is said", 60, () -> {
                most[0] = Math.max(most[0], ringBytesOfEach().max().orElse(0));
                return sick.unexplained().isEmpty();
            });
            assertThat(most[0]).as("memory of one stream").isLessThan(STREAM_BYTES_MAX);
            Waiting.until(
                    "the sick disks are named and replaced",
                    40,
                    () -> disks.areReplaced(health("volumes"), volumes.resolve(WELL)));
            disks.assertWhatIsInTheirPlaceIsUntouched();
            disks.recover();
            sick.recover();
            site.assertEachLostItsAbsenceOnly();

            Instant to = Instant.now();
            cameras.areRecordedUntil(to.plusSeconds(1));
            cameras.assertNothingIsMissing(from, to);
            sick.assertEachLostWhatItHadTo(to);
            Waiting.until("so are those on sick disks", 40, () -> disks.areRecordedUntil(to.plusSeconds(1)));
            disks.assertNothingIsMissing(from, to);
        }
        disks.removeCameras();
        Waiting.until("all volumes are well again", 20, () -> health("volumes").isEmpty());
        assumeTrue(disks.areThere(), "without disks: mounting is not allowed here; run as root, with CAP_SYS_ADMIN");
    }

    /** One volume hangs, all others fail. */
    @Test
    @Order(4)
    void whatNoVolumeTakesForLongerThanTheRingsHoldIsAGapWithItsCauseAndNothingMoreIsMissing() {
        server.configured("org.nxvms.streamhub", "memoryMaxMiB = 1536", "stallSecondsMax = 2");
        Waiting.until("it is at home again", 60, () -> Chunks.newest(volumes, cameras.id(HANGS))
                .startsWith(volumes.resolve(HANGS)));
        Instant from = Instant.now();
        Stopwatch sick = Stopwatch.started();
        hangingDisk.writes(Calls.HANG);
        hangingDisk.syncs(Calls.HANG);
        everyDisk.writes(Calls.FAIL);
        everyDisk.syncs(Calls.FAIL);
        // Said while it lasts, not when it is over (promise 1), however the rings of a stream lie.
        Waiting.until("each has a gap", 40, () -> VOLUMES.stream()
                .noneMatch(volume -> cameras.gaps(volume, from).isEmpty()));
        assertThat(sick.elapsed()).as("told after").isLessThan(TOLD_WITHIN);
        assertThat(health("volumes")).contains("main", "Input/output error");
        for (Disk disk : List.of(hangingDisk, everyDisk)) {
            disk.writes(Calls.FINE);
            disk.syncs(Calls.FINE);
        }
        Stopwatch well = Stopwatch.started();

        cameras.areRecordedUntil(Instant.now().plusSeconds(2));
        assertThat(well.elapsed()).as("recovery").isLessThan(BACK_WITHIN);
        Instant to = Instant.now();
        cameras.areRecordedUntil(to.plusSeconds(1));
        VOLUMES.forEach(volume -> {
            double gapSeconds = 0;
            for (JsonNode gap : cameras.gaps(volume, from)) {
                // Who found its own volume failing went on with the one of which it was not known yet that it hangs.
                assertThat(gap.get("cause").asText())
                        .isIn(volume.equals(HANGS) ? Set.of("disk_slow") : Set.of("disk_slow", "volume_absent"));
                assertThat(gap.get("detail").asText())
                        .containsAnyOf(
                                "has not answered",
                                "has not come back",
                                "Input/output error",
                                "the disk did not confirm");
                gapSeconds += (gap.get("end").asLong() - gap.get("start").asLong()) / 1000.0;
            }
            RecordedFrames.Found found = cameras.frames(volume, from.minusSeconds(2), to);
            assertThat(found.missing() / 25.0)
                    .as("seconds missing on " + volume)
                    .isBetween(gapSeconds - ENDS_S, gapSeconds + ENDS_S);
        });
        server.configured("org.nxvms.streamhub", "memoryMaxMiB = 1536");
        Waiting.until("all volumes are well again", 20, () -> health("volumes").isEmpty());
    }

    /** Forward and back by an hour, and far beyond every camera's retention (ADR 13). */
    @Test
    @Order(5)
    void aClockThatIsSetCostsNoFrameAndDeletesNothing() {
        Instant from = cameras.amidRuns();
        Set<String> before = cameras.footage();
        setClock(HOUR);
        setClock(0);
        setClock(YEAR);
        Waiting.until(
                "the clock is doubted", 10, () -> health("archive").contains("the clock moved forward by 365 days"));
        setClock(0);
        Waiting.until("the clock is believed again", 10, () -> health("archive").isEmpty());

        Waiting.until("each is told a gap", 20, () -> VOLUMES.stream()
                .noneMatch(volume -> cameras.gaps(volume, from).isEmpty()));
        VOLUMES.forEach(volume -> {
            assertThat(cameras.gaps(volume, from)).as(volume).isNotEmpty().allSatisfy(gap -> {
                assertThat(gap.get("cause").asText()).isEqualTo("clock_jump");
                assertThat(gap.get("detail").asText()).isEqualTo("the server's clock was set");
            });
            assertThat(cameras.runs(volume, from)).as("one by each time").hasSizeGreaterThanOrEqualTo(3);
        });
        Instant to = Instant.now();
        cameras.areRecordedUntil(to.plusSeconds(1));
        cameras.assertWhole(from, to);
        assertThat(cameras.footage()).as("footage of before").containsAll(before);
    }

    /** Sets it and waits until all record by it. */
    private void setClock(long secondsAhead) {
        // Taken before: what is recorded by the new time begins behind it, however long the call takes.
        Instant set = Instant.now().plusSeconds(secondsAhead);
        machine.setClock(secondsAhead);
        // Tokens are of the other time.
        api = new Api(server.httpPort());
        cameras.by(api);
        long told = Long.parseLong(api.open("/api/v1/health")
                .response()
                .headers()
                .firstValue("X-NXvms-Server-Time")
                .orElseThrow());
        assertThat(Duration.between(set, Instant.ofEpochMilli(told)).abs())
                .as("the server's clock")
                .isLessThan(CLOCK_NEAR);
        Waiting.until(
                "all record by the new time", 20, () -> VOLUMES.stream().allMatch(volume -> api
                        .segments(
                                cameras.id(volume),
                                set.minusMillis(100),
                                Instant.now().plusSeconds(secondsAhead + 1))
                        .stream()
                        .anyMatch(segment -> segment.get("startMs").asLong() >= set.toEpochMilli() - 100
                                && segment.get("durationMs").asLong() >= 1000)));
    }

    @Test
    @Order(6)
    void theArchiveIsSoundToTheLastByte() {
        Commands.Result check = server.shell("nxvms:archive-check --hashes");
        assertThat(check.status()).as(check.output() + check.errors()).isZero();
    }

    /** {@return whether fsync has spoken of each byte of a volume's footage} */
    private boolean isOnDisk(String volume) throws IOException {
        Map<String, Long> durable = machine.durableBytes();
        return Footage.below(volumes.resolve(volume).toRealPath()).stream()
                .allMatch(file -> durable.getOrDefault(file.toString(), 0L)
                        == file.toFile().length());
    }

    /** {@return what a part of the server's health complains of} */
    private String health(String part) {
        return api.health(part).path("detail").asText();
    }

    private LongStream ringBytesOfEach() {
        return api.metric("nxvms_stream_ring_bytes").values().stream().mapToLong(Double::longValue);
    }
}
