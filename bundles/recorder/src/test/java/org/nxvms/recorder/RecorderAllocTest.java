// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.recording.RecordingOrder;

/** The recorder's loop allocates nothing, neither per access unit nor per fragment. */
class RecorderAllocTest {
    private static final int UNITS = 100_000;
    private static final int ROUNDS = 3;
    /** So many where the just-in-time compiler takes its time, as on a busy machine: until then more is allocated. */
    private static final int ROUNDS_MAX = 30;

    @Test
    void aHundredThousandFramesWithSoundAllocateNothing() {
        CountingSink sink = new CountingSink();
        assertThat(allocatedBytes(new RecordingOrder(1), sink))
                .as("bytes allocated over " + UNITS + " frames")
                .isZero();
        assertThat(sink.units).isGreaterThan(3L * UNITS * ROUNDS);
    }

    @Test
    void asManyFramesThatAreAnnouncedFirstAllocateNothingEither() {
        CountingSink sink = new CountingSink();
        sink.announces = true;
        assertThat(allocatedBytes(new RecordingOrder(1), sink))
                .as("bytes allocated over " + UNITS + " frames")
                .isZero();
        assertThat(sink.units).isGreaterThan(3L * UNITS * ROUNDS);
    }

    @Test
    void asManyFramesThatWaitForAnEventAllocateNothingEither() {
        CountingSink sink = new CountingSink();
        RecordingOrder waiting = new RecordingOrder(
                FootageTerms.days(1), Optional.of(RecordingOrder.OnDemand.waiting(5, GapCause.NO_EVENT)));
        assertThat(allocatedBytes(waiting, sink))
                .as("bytes allocated over " + UNITS + " frames")
                .isZero();
        assertThat(sink.units).isZero();
    }

    private static long allocatedBytes(RecordingOrder order, CountingSink sink) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        StreamHub hub = Hubs.hub();
        TestCamera camera = new TestCamera(hub, 400);
        camera.startRun(TestCamera.AUDIO_TOO);
        StreamRecording recording = new StreamRecording(
                camera.stream,
                order,
                new Surroundings(
                        sink, ReaderSource.of(hub), stream -> Optional.empty(), () -> camera.wallUs(camera.next)));
        recording.volume(CountingSink.VOLUME);
        long now = System.nanoTime();
        now = record(camera, recording, UNITS, now);

        // What the just-in-time compiler allocates on this thread comes once; what the loop allocates comes every time.
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS || least > 0 && round < ROUNDS_MAX; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            now = record(camera, recording, UNITS, now);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private static long record(TestCamera camera, StreamRecording recording, int frames, long start) {
        long now = start;
        for (int i = 0; i < frames; i++) {
            camera.frame();
            now += TimeUnit.MILLISECONDS.toNanos(40);
            recording.step(now);
        }
        return now;
    }

    private static final class CountingSink implements FootageSink, FootageSink.Run {
        static final String VOLUME = "main";
        long units;
        boolean announces;
        private ByteBuffer[] announced;
        private int announcedCount;

        @Override
        public boolean announce(ByteBuffer[] parts, int count) {
            announced = parts;
            announcedCount = count;
            return announces;
        }

        @Override
        public boolean appendAnnounced(
                long startUs, long durationUs, boolean key, int accessUnits, BooleanSupplier stillIntact) {
            return append(announced, announcedCount, startUs, durationUs, key, accessUnits, stillIntact);
        }

        @Override
        public String volumeFor(StreamId stream, FootageTerms terms) {
            return VOLUME;
        }

        @Override
        public Run openRun(String volume, RunRequest request) {
            return this;
        }

        @Override
        public void gap(StreamId stream, long fromUs, GapCause cause, String detail) {
            if (cause == GapCause.NO_EVENT) {
                return;
            }
            throw new AssertionError(cause + " " + detail);
        }

        @Override
        public boolean append(
                ByteBuffer[] parts,
                int count,
                long startUs,
                long durationUs,
                boolean key,
                int accessUnits,
                BooleanSupplier stillIntact) {
            for (int i = 0; i < count; i++) {
                parts[i].position(parts[i].limit());
            }
            units += count - 1;
            return stillIntact.getAsBoolean();
        }

        @Override
        public void end(long endUs) {}

        @Override
        public void close() {}
    }
}
