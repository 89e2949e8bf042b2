// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamHub;
import org.nxvms.platform.api.recording.RecordingOrder;

/** A volume's thread and the recordings that come to it and leave it. */
class VolumeWorkerTest {
    private final StreamHub hub = Hubs.hub();
    private final TestCamera camera = new TestCamera(hub, 400);
    private final List<String> moves = new CopyOnWriteArrayList<>();

    private StreamRecording recording() {
        camera.startRun(TestCamera.VIDEO);
        return new StreamRecording(
                camera.stream,
                new RecordingOrder(30),
                new Surroundings(
                        new FakeSink(),
                        ReaderSource.of(hub),
                        stream -> Optional.empty(),
                        () -> camera.wallUs(camera.next)));
    }

    private static long inSeconds(int seconds) {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void whileAllEndARecordingThatBelongsElsewhereIsEndedWhereItIs() {
        VolumeWorker main = new VolumeWorker("main", 5, (recording, volume) -> moves.add(volume));
        StreamRecording elsewhere = recording();
        elsewhere.volume("other");
        assertThat(main.add(elsewhere)).isTrue();
        main.close(System.nanoTime());
        main.start();
        main.join(inSeconds(30));

        assertThat(moves).as("threads that may have ended already").isEmpty();
        assertThat(main.add(elsewhere)).as("taken by a thread that has ended").isFalse();
    }

    @Test
    void aRecordingThatNobodyTakesStaysWhereItIs() {
        VolumeWorker main = new VolumeWorker("main", 5, (recording, volume) -> {
            moves.add(volume);
            recording.volume(volume);
            return false;
        });
        StreamRecording elsewhere = recording();
        elsewhere.volume("other");
        main.add(elsewhere);
        main.start();
        await(() -> !moves.isEmpty() && main.recordings().length > 0);
        assertThat(elsewhere.wantedVolume()).isEqualTo("main");
        main.close(System.nanoTime());
        main.join(inSeconds(30));
    }

    /** As when the system gives no more threads: the next volume cannot have one. */
    @Test
    void aVolumeThatCannotHaveAThreadCostsNoOtherStream() {
        VolumeWorker main = new VolumeWorker("main", 5, (recording, volume) -> {
            moves.add(volume);
            recording.volume(volume);
            throw new OutOfMemoryError("unable to create native thread (said by the test)");
        });
        StreamRecording first = recording();
        first.volume("other");
        main.add(first);
        main.start();
        await(() -> moves.size() == 1 && main.recordings().length == 1);
        StreamRecording second = recording();
        second.volume("third");
        main.add(second);
        await(() -> moves.size() == 2 && main.recordings().length == 2);
        assertThat(List.of(first, second))
                .as("they stay where they are, and try again")
                .allMatch(recording -> recording.wantedVolume().equals("main"));
        main.close(System.nanoTime());
        main.join(inSeconds(30));
    }

    private static void await(BooleanSupplier condition) {
        long until = inSeconds(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited half a minute").isLessThan(until);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
