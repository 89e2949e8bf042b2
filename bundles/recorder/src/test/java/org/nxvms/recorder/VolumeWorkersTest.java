// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamHub;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.recording.RecordingOrder;
import org.nxvms.test.kit.Awaiting;

/** What is said of streams whose thread hangs in the only volume there is; the test is the watching thread's clock. */
class VolumeWorkersTest {
    private final StreamHub hub = Hubs.hub();
    private final FakeSink sink = new FakeSink();
    private final TestCamera writing = new TestCamera(hub, 400);
    private final TestCamera behindIt = new TestCamera(hub, 400);
    private final StreamRecording hangs = recording(writing);
    private final StreamRecording waits = recording(behindIt);

    private StreamRecording recording(TestCamera camera) {
        camera.startRun(TestCamera.VIDEO);
        return new StreamRecording(
                camera.stream,
                new RecordingOrder(30),
                new Surroundings(
                        sink, ReaderSource.of(hub), stream -> Optional.empty(), () -> camera.wallUs(camera.next)));
    }

    /** Promise 1: while it lasts, not when it is over; and it is over without a loss when the rings hold all. */
    @Test
    void aGapIsSaidWhileTheVolumeHangsAndAllIsWrittenWhenItAnswers() throws Exception {
        CountDownLatch hung = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        VolumeWorkers workers = new VolumeWorkers(sink, 5, (old, next) -> {});
        try {
            // Their cursors stand before the first picture, however late the threads run.
            List.of(hangs, waits).forEach(recording -> recording.step(System.nanoTime()));
            List.of(hangs, waits).forEach(workers::add);
            List.of(writing, behindIt).forEach(camera -> camera.frames(101));
            // And the last one of each, when none follows it for seconds.
            await(() -> sink.frames().size() >= 200);

            sink.disk = volume -> {
                hung.countDown();
                while (answer.getCount() > 0) {
                    LockSupport.parkNanos(1_000_000);
                }
            };
            sink.refusal = Optional.of(new FootageSink.RefusedException(GapCause.DISK_SLOW, "it does not answer"));
            List.of(writing, behindIt).forEach(camera -> camera.frames(50));
            hung.await();
            workers.look(inSeconds(6));
            assertThat(List.of(hangs, waits)).allSatisfy(recording -> {
                assertThat(recording.status().recording()).isFalse();
                assertThat(recording.status().cause()).contains(GapCause.DISK_SLOW);
            });
            assertThat(sink.gaps).as("a stall costs nothing").isEmpty();

            workers.look(inSeconds(21));
            workers.look(inSeconds(22));
            assertThat(sink.gaps).hasSize(2).allSatisfy(gap -> {
                assertThat(gap.cause()).isEqualTo(GapCause.DISK_SLOW);
                assertThat(gap.detail()).startsWith("volume main has not answered for 2");
                assertThat(gap.fromUs()).isIn(writing.wallUs(100), writing.wallUs(101));
            });

            sink.refusal = Optional.empty();
            answer.countDown();
            await(() -> sink.frames().size() >= 300);
            await(() -> hangs.status().recording() && waits.status().recording());
        } finally {
            answer.countDown();
            workers.close(System.nanoTime(), 5_000);
        }
    }

    @Test
    void whoWatchesGoesOnWhenTheArchiveCouldNotBeAsked() {
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        VolumeWorkers workers = new VolumeWorkers(sink, 5, (old, next) -> {});
        try {
            hangs.step(System.nanoTime());
            workers.add(hangs);
            writing.frames(101);
            await(() -> sink.frames().size() >= 100);
            sink.disk = volume -> {
                while (volume.equals("main") && answer.getCount() > 0) {
                    LockSupport.parkNanos(1_000_000);
                }
            };
            sink.volume = stream -> {
                if (asked.getAndIncrement() == 0) {
                    throw new IllegalStateException("it is being exchanged");
                }
                return "other";
            };
            writing.frames(100);
            await(() -> sink.runs.stream().anyMatch(run -> run.volume.equals("other") && !run.fragments.isEmpty()));
        } finally {
            answer.countDown();
            workers.close(System.nanoTime(), 5_000);
        }
    }

    private static long inSeconds(int seconds) {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    private static void await(BooleanSupplier condition) {
        Awaiting.until("what the story waits for", condition);
    }
}
