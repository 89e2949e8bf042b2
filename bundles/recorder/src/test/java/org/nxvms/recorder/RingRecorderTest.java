// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.archive.ArchiveReader;
import org.nxvms.archive.ChunkArchive;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamHub;
import org.nxvms.media.kit.fmp4.ChunkScan;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.recording.RecordingOrder;
import org.nxvms.storage.file.FileVolume;

/** The recorder with its threads: replaced while cameras run, and on a real volume. */
class RingRecorderTest {
    private static final RecordingOrder ORDER = new RecordingOrder(30);
    private static final RingRecorder.Settings SETTINGS = new RingRecorder.Settings(2, 5, 2000);

    private final StreamHub hub = Hubs.hub();

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("waited ten seconds for a condition")
                    .isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void aRecorderReplacedWhileTheCameraRunsLosesNoFrameAndDoublesNone() throws Exception {
        FakeSink sink = new FakeSink();
        TestCamera camera = new TestCamera(hub, 400);
        camera.startRun(TestCamera.VIDEO);
        List<RingRecorder> recorders = new ArrayList<>();
        recorders.add(new RingRecorder(hub, sink, sink.archive(), SETTINGS, () -> camera.wallUs(camera.next)));
        recorders.get(0).ensure(camera.stream, ORDER);
        for (int swap = 0; swap < 5; swap++) {
            RingRecorder old = recorders.get(recorders.size() - 1);
            int from = camera.next;
            camera.frames(80);
            await(() -> sink.endUs() >= camera.wallUs(from + 50));
            Thread closing = new Thread(old::close);
            closing.start();
            while (closing.isAlive()) {
                camera.frame();
                LockSupport.parkNanos(2_000_000);
            }
            closing.join();
            RingRecorder successor =
                    new RingRecorder(hub, sink, sink.archive(), SETTINGS, () -> camera.wallUs(camera.next));
            successor.ensure(camera.stream, ORDER);
            recorders.add(successor);
        }
        int last = camera.next / TestCamera.GOP * TestCamera.GOP + TestCamera.GOP;
        camera.frames(last + 1 - camera.next);
        await(() -> sink.endUs() >= camera.wallUs(last));
        recorders.get(recorders.size() - 1).close();

        assertThat(sink.frames())
                .startsWith(0)
                .isEqualTo(IntStream.range(0, sink.frames().size()).boxed().toList());
        assertThat(sink.gaps).isEmpty();
    }

    @Test
    void releasedAndWishedAgainAStreamHasTwoRunsAndOneGapBetween() {
        FakeSink sink = new FakeSink();
        TestCamera camera = new TestCamera(hub, 400);
        camera.startRun(TestCamera.VIDEO);
        try (RingRecorder recorder =
                new RingRecorder(hub, sink, sink.archive(), SETTINGS, () -> camera.wallUs(camera.next))) {
            recorder.ensure(camera.stream, ORDER);
            camera.frames(80);
            await(() -> sink.endUs() >= camera.wallUs(50));
            recorder.release(camera.stream, GapCause.NOT_SCHEDULED);
            recorder.release(camera.stream, GapCause.NOT_SCHEDULED);
            assertThat(recorder.status(camera.stream)).isEmpty();
            await(() -> !sink.gaps.isEmpty());
            camera.frames(60);
            recorder.ensure(camera.stream, ORDER);
            recorder.ensure(camera.stream, ORDER);
            camera.frames(31);
            await(() -> sink.runs.size() == 2 && !sink.runs.get(1).fragments.isEmpty());
            assertThat(recorder.statuses()).hasSize(1);
        }
        assertThat(sink.gaps).extracting(FakeSink.Missing::cause).containsExactly(GapCause.NOT_SCHEDULED);
    }

    @Test
    void onARealVolumeFootageIsSeenAtOnceAndSealedWhenTheRecorderEnds(@TempDir Path folder) throws Exception {
        UUID server = UUID.randomUUID();
        try (FileVolume volume = new FileVolume(new FileVolume.Settings(
                "main", folder.resolve("archive"), 0, 0, -1, true, server, folder.resolve("volumes")))) {
            volume.checkNow();
            List<ChunkIndex.StoredSegment> rows = new CopyOnWriteArrayList<>();
            TestCamera camera = new TestCamera(hub, 400);
            ChunkArchive archive = new ChunkArchive(
                    server, new ChunkArchive.Settings(300, 256 << 20, 5, 10, 24), () -> camera.wallUs(camera.next));
            Archive footage = new ArchiveReader(archive);
            archive.setIndex(index(rows));
            archive.addVolume(volume, Map.of());
            camera.startRun(TestCamera.AUDIO_TOO);
            RingRecorder recorder = new RingRecorder(hub, archive, footage, SETTINGS, () -> camera.wallUs(camera.next));
            recorder.ensure(camera.stream, ORDER);
            camera.frames(26);

            await(() -> recorder.status(camera.stream).orElseThrow().recording());
            Segment open =
                    footage.segments(camera.stream, 0, Long.MAX_VALUE, 10).get(0);
            assertThat(open.open()).isTrue();
            assertThat(open.accessUnits()).isEqualTo(25);
            assertThat(footage.index(open.id())).hasSize(1);

            camera.frames(75);
            camera.endRun(GapCause.CAMERA_UNREACHABLE);
            await(() -> rows.size() == 1);
            recorder.close();
            archive.close();

            Segment row = rows.get(0).segment();
            assertThat(row.accessUnits()).isEqualTo(101);
            assertThat(row.endUs()).isEqualTo(camera.wallUs(101));
            assertThat(row.hasAudio()).isTrue();
            try (FileChannel file = FileChannel.open(folder.resolve("archive").resolve(row.path()))) {
                ChunkScan scan = ChunkScan.of(file);
                assertThat(scan.problem()).isEmpty();
                assertThat(scan.init().format()).isEqualTo(TestCamera.AUDIO_TOO);
                assertThat(scan.fragments().stream()
                                .mapToInt(f -> f.header().track(1).orElseThrow().count())
                                .sum())
                        .isEqualTo(202);
            }
            try (var files = Files.walk(folder.resolve("archive/journal"))) {
                assertThat(files.filter(path -> path.toString().contains("/open/")))
                        .isEmpty();
            }
        }
    }

    /** An index that remembers what it is given and finds nothing. */
    private static ChunkIndex index(List<ChunkIndex.StoredSegment> rows) {
        return (ChunkIndex) Proxy.newProxyInstance(
                ChunkIndex.class.getClassLoader(), new Class<?>[] {ChunkIndex.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("insert")) {
                        ((List<?>) arguments[0]).forEach(row -> rows.add((ChunkIndex.StoredSegment) row));
                    }
                    Class<?> type = method.getReturnType();
                    if (type == boolean.class) {
                        return proxy == arguments[0];
                    }
                    return type == List.class ? List.of() : type == Optional.class ? Optional.empty() : null;
                });
    }
}
