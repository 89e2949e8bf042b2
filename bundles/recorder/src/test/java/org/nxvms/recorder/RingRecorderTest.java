// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.archive.ArchiveReader;
import org.nxvms.archive.ArchiveSettings;
import org.nxvms.archive.ChunkArchive;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamHub;
import org.nxvms.media.kit.fmp4.ChunkScan;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.recording.RecordingOrder;
import org.nxvms.platform.api.recording.RecordingStatus;
import org.nxvms.storage.file.FileVolume;
import org.nxvms.test.kit.Awaiting;

/** The recorder with its threads: replaced while cameras run, and on a real volume. */
class RingRecorderTest {
    private static final RecordingOrder ORDER = new RecordingOrder(30);
    private static final RingRecorder.Settings SETTINGS = new RingRecorder.Settings(5, 2000);
    /** Ends at a key frame, however long that takes. */
    private static final RingRecorder.Settings PATIENT = new RingRecorder.Settings(5, 10_000);
    /** Frames that the camera may be ahead of the recorder: several groups, and less than its ring holds. */
    private static final int AHEAD_MAX = 300;

    private final StreamHub hub = Hubs.hub();

    private static void await(BooleanSupplier condition) {
        Awaiting.until("what the story waits for", condition);
    }

    @Test
    void aRecorderReplacedWhileTheCameraRunsLosesNoFrameAndDoublesNone() throws Exception {
        FakeSink sink = new FakeSink();
        TestCamera camera = new TestCamera(hub, 400);
        camera.startRun(TestCamera.VIDEO);
        List<RingRecorder> recorders = new ArrayList<>();
        recorders.add(new RingRecorder(hub, sink, PATIENT, () -> camera.wallUs(camera.next)));
        recorders.get(0).ensure(camera.stream, ORDER);
        for (int swap = 0; swap < 5; swap++) {
            RingRecorder old = recorders.get(recorders.size() - 1);
            int from = camera.next;
            camera.frames(80);
            await(() -> sink.endUs() >= camera.wallUs(from + 50));
            closeWhileItRuns(old, camera, sink);
            RingRecorder successor = new RingRecorder(hub, sink, PATIENT, () -> camera.wallUs(camera.next));
            successor.ensure(camera.stream, ORDER);
            recorders.add(successor);
        }
        int last = camera.next / TestCamera.GOP * TestCamera.GOP + TestCamera.GOP;
        camera.frames(last + 1 - camera.next);
        await(() -> sink.endUs() >= camera.wallUs(last));
        closeWhileItRuns(recorders.get(recorders.size() - 1), camera, sink);

        assertThat(sink.frames())
                .startsWith(0)
                .isEqualTo(IntStream.range(0, sink.frames().size()).boxed().toList());
        assertThat(sink.gaps).isEmpty();
    }

    private static void closeWhileItRuns(RingRecorder recorder, TestCamera camera, FakeSink sink) throws Exception {
        Thread closing = new Thread(recorder::close);
        closing.start();
        while (closing.isAlive()) {
            if (sink.endUs() > camera.wallUs(camera.next - AHEAD_MAX)) {
                camera.frame();
            }
            LockSupport.parkNanos(2_000_000);
        }
        closing.join();
    }

    @Test
    void aThreadWithoutStreamsSleepsUntilOneComes() {
        FakeSink sink = new FakeSink();
        sink.volume = stream -> "sleeper";
        TestCamera first = new TestCamera(hub, 400);
        TestCamera second = new TestCamera(hub, 400);
        try (RingRecorder recorder = new RingRecorder(hub, sink, SETTINGS, () -> first.wallUs(first.next))) {
            for (TestCamera camera : List.of(first, second)) {
                camera.startRun(TestCamera.VIDEO);
                recorder.ensure(camera.stream, ORDER);
                camera.frames(101);
                await(() -> written(sink, camera) >= 100);
                recorder.release(camera.stream, GapCause.NOT_SCHEDULED);
                await(() -> Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(thread -> thread.getName().equals("nxvms-vol-sleeper-write")
                                && thread.getState() == Thread.State.WAITING));
            }
        }
    }

    @Test
    void releasedAndWishedAgainAStreamHasTwoRunsAndOneGapBetween() {
        FakeSink sink = new FakeSink();
        TestCamera camera = new TestCamera(hub, 400);
        camera.startRun(TestCamera.VIDEO);
        try (RingRecorder recorder = new RingRecorder(hub, sink, SETTINGS, () -> camera.wallUs(camera.next))) {
            recorder.ensure(camera.stream, ORDER);
            camera.frames(80);
            await(() -> sink.endUs() >= camera.wallUs(50));
            recorder.release(camera.stream, GapCause.NOT_SCHEDULED, "switched off");
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
        assertThat(sink.gaps)
                .extracting(FakeSink.Missing::cause, FakeSink.Missing::detail)
                .containsExactly(tuple(GapCause.NOT_SCHEDULED, "switched off"));
    }

    @Test
    void aVolumeThatHangsCostsItsOwnStreamsNothingWhenThereIsAnotherAndOthersNeverNotice() throws Exception {
        FakeSink sink = new FakeSink();
        TestCamera onMain = new TestCamera(hub, 400);
        TestCamera besideIt = new TestCamera(hub, 400);
        TestCamera onOther = new TestCamera(hub, 400);
        List<TestCamera> cameras = List.of(onMain, besideIt, onOther);
        sink.volume = stream -> stream.equals(onOther.stream) ? "other" : "main";
        CountDownLatch hang = new CountDownLatch(1);
        CountDownLatch hung = new CountDownLatch(1);
        try (RingRecorder recorder = new RingRecorder(hub, sink, SETTINGS, () -> onMain.wallUs(onMain.next))) {
            cameras.forEach(camera -> camera.startRun(TestCamera.VIDEO));
            cameras.forEach(camera -> recorder.ensure(camera.stream, ORDER));
            cameras.forEach(camera -> camera.frames(101));
            // And the last one, when none follows it for seconds.
            await(() -> cameras.stream().allMatch(camera -> written(sink, camera) >= 100));

            sink.disk = volume -> {
                if (volume.equals("main")) {
                    hung.countDown();
                    uninterruptibly(hang);
                }
            };
            cameras.forEach(camera -> camera.frames(100));
            hung.await();
            await(() -> written(sink, onOther) >= 200);
            assertThat(written(sink, onMain)).isBetween(100, 101);
            assertThat(written(sink, besideIt)).isBetween(100, 101);

            sink.volume = stream -> "other";
            await(() -> written(sink, onMain) >= 200 && written(sink, besideIt) >= 200);
            cameras.forEach(camera -> camera.frames(50));
            await(() -> cameras.stream().allMatch(camera -> written(sink, camera) >= 250));
            await(() -> recorder.statuses().size() == 3
                    && recorder.statuses().stream().allMatch(RecordingStatus::recording));

            hang.countDown();
            await(() ->
                    sink.runs.stream().filter(run -> run.volume.equals("main")).allMatch(run -> run.ended));
        }
        assertThat(sink.gaps).isEmpty();
        assertThat(sink.runs.stream().filter(run -> run.volume.equals("main")).flatMap(run -> run.frames().stream()))
                .as("what was in the disk's hands when it hung is not counted there")
                .allMatch(frame -> frame <= 100);
    }

    /** {@return how many different frames of the camera are in the archive, counted from the first without a hole} */
    private static int written(FakeSink sink, TestCamera camera) {
        Set<Integer> frames = sink.runs.stream()
                .filter(run -> run.stream.equals(camera.stream))
                .flatMap(run -> run.frames().stream())
                .collect(Collectors.toSet());
        int count = 0;
        while (frames.contains(count)) {
            count++;
        }
        return count;
    }

    private static void uninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            LockSupport.parkNanos(1_000_000);
        }
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
                    server,
                    folder,
                    new ArchiveSettings(300, 256 << 20, 5, 10, 24, 5),
                    () -> camera.wallUs(camera.next));
            Archive footage = new ArchiveReader(archive);
            archive.setIndex(index(rows));
            archive.addVolume(volume, Map.of());
            camera.startRun(TestCamera.AUDIO_TOO);
            RingRecorder recorder = new RingRecorder(hub, archive, SETTINGS, () -> camera.wallUs(camera.next));
            recorder.ensure(camera.stream, ORDER);
            camera.frames(26);

            // The first fragment, and when the test is slow the rest that no picture follows.
            await(() -> accessUnits(footage, camera) >= 18);
            Segment open =
                    footage.segments(camera.stream, 0, Long.MAX_VALUE, 10).get(0);
            assertThat(open.open()).isTrue();
            assertThat(open.accessUnits()).isIn(18L, 26L);
            // Between the two looks the rest may have come.
            assertThat(footage.index(open.id())).hasSizeBetween(open.accessUnits() == 18 ? 1 : 2, 2);

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

    private static long accessUnits(Archive footage, TestCamera camera) {
        return footage.segments(camera.stream, 0, Long.MAX_VALUE, 10).stream()
                .mapToLong(Segment::accessUnits)
                .sum();
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
                    if (type == long.class) {
                        return 0L;
                    }
                    if (type == ChunkIndex.Usage.class) {
                        return new ChunkIndex.Usage(0, rows.size());
                    }
                    if (type == Duration.class) {
                        return Duration.ZERO;
                    }
                    return type == List.class ? List.of() : type == Optional.class ? Optional.empty() : null;
                });
    }
}
