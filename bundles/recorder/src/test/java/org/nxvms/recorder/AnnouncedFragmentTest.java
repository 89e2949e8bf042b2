// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.recording.RecordingOrder;
import org.nxvms.recorder.AnnouncingSink.Call;
import org.nxvms.test.kit.Awaiting;

/** Where the archive hashes several fragments at once, all streams of a tick say what they write before it is written. */
class AnnouncedFragmentTest extends RecordingScene {
    private AnnouncingSink announcing;

    @Override
    FootageSink archive() {
        if (announcing == null) {
            announcing = new AnnouncingSink(sink);
        }
        return announcing;
    }

    /** Frames until a fragment is announced and not yet written. */
    private void untilAnnounced() {
        do {
            camera.frame();
            now += TimeUnit.MILLISECONDS.toNanos(40);
            recording.step(now);
        } while (!recording.isAnnounced());
    }

    @Test
    void everyFrameIsWrittenOnceAndInOrder() {
        camera.startRun(TestCamera.VIDEO);
        for (int i = 0; i < 251; i++) {
            camera.frame();
            now += TimeUnit.MILLISECONDS.toNanos(40);
            recording.step(now);
        }
        recording.step(now);
        assertThat(sink.frames()).isEqualTo(range(0, 250));
        assertThat(sink.gaps).isEmpty();
        assertThat(announcing.calls().get(0)).as("no run is open yet").isEqualTo(Call.WRITTEN);
        assertThat(announcing.calls().stream().filter(call -> call == Call.WRITTEN))
                .hasSize(1);
        assertThat(sink.runs.get(0).fragments)
                .extracting(FakeSink.Fragment::accessUnits)
                .startsWith(18, 18, 14, 17, 17, 16);
    }

    @Test
    void aCameraThatGoesAwayMeanwhileLosesNothing() {
        camera.startRun(TestCamera.VIDEO);
        untilAnnounced();
        camera.endRun(GapCause.CAMERA_UNREACHABLE);
        work();
        work();
        assertThat(sink.frames()).isEqualTo(range(0, camera.next));
        assertThat(causes()).containsExactly(GapCause.CAMERA_UNREACHABLE);
        assertThat(sink.runs.get(0).ended).isTrue();
    }

    @Test
    void aRecordingThatIsReleasedMeanwhileWritesWhatItAnnouncedWithAnotherEnd() {
        camera.startRun(TestCamera.VIDEO);
        untilAnnounced();
        recording.release(OFF);
        work();
        assertThat(sink.frames()).startsWith(0).isEqualTo(range(0, camera.next - 1));
        assertThat(sink.runs.get(0).ended).isTrue();
        assertThat(sink.gaps).singleElement().satisfies(gap -> assertThat(gap.fromUs())
                .isEqualTo(sink.endUs()));
    }

    @Test
    void aRecorderThatEndsMeanwhileWritesWhatItAnnounced() {
        camera.startRun(TestCamera.VIDEO);
        untilAnnounced();
        recording.drain(now);
        assertThat(recording.drained(now)).isTrue();
        assertThat(sink.frames()).isEqualTo(range(0, camera.next - 1));
        assertThat(sink.runs.get(0).ended).isTrue();
    }

    @Test
    void aRingThatGoesRoundMeanwhileIsAnOverrunAndNothingFalseIsWritten() {
        camera.startRun(TestCamera.VIDEO);
        untilAnnounced();
        int written = sink.frames().size();
        camera.frames(3000);
        work();
        framesOneByOne(51);
        assertThat(causes()).containsOnly(GapCause.RECORDER_OVERRUN);
        assertThat(sink.frames().subList(0, written)).isEqualTo(range(0, written));
        assertThat(sink.frames()).doesNotContain(written);
        List<Integer> after = sink.runs.get(1).frames();
        assertThat(after).isEqualTo(range(after.get(0), after.get(0) + after.size()));
    }

    @Test
    void aDiskThatFailsMeanwhileCostsNothing() {
        camera.startRun(TestCamera.VIDEO);
        untilAnnounced();
        sink.failures = 1;
        later(1);
        framesOneByOne(120);
        later(3);
        assertThat(sink.runs).hasSizeGreaterThan(1);
        assertThat(sink.frames().stream().distinct().toList()).startsWith(0).isEqualTo(range(0, camera.next));
        assertThat(sink.gaps).isEmpty();
    }

    @Test
    void anotherThreadThatTakesOverWritesWhatWasAnnouncedAndTheFirstDoesNot() {
        camera.startRun(TestCamera.VIDEO);
        untilAnnounced();
        int written = sink.frames().size();
        StreamRecording first = recording;
        recording =
                first.succeed(new Explanation(GapCause.DISK_SLOW, "it hangs")).orElseThrow();
        recording.volume("main");
        first.step(now);
        assertThat(sink.frames()).hasSize(written);
        assertThat(sink.runs.get(0).ended).isTrue();
        later(2);
        framesOneByOne(60);
        assertThat(sink.frames().stream().distinct().toList())
                .isEqualTo(range(0, sink.frames().size() == 0 ? 0 : lastFrame() + 1));
        assertThat(lastFrame()).isGreaterThan(written);
        assertThat(sink.gaps).isEmpty();
    }

    private int lastFrame() {
        return sink.frames().get(sink.frames().size() - 1);
    }

    @Test
    void allStreamsOfAVolumeAnnounceBeforeTheFirstWrites() {
        int streams = 4;
        AnnouncingSink all = new AnnouncingSink(new FakeSink());
        List<TestCamera> cameras = new ArrayList<>();
        VolumeWorker worker = new VolumeWorker("main", 1, (one, volume) -> false);
        for (int i = 0; i < streams; i++) {
            TestCamera one = new TestCamera(hub, 400);
            cameras.add(one);
            one.startRun(TestCamera.VIDEO);
            // The ring holds several fragments of each, so that all have one in the first tick.
            one.frames(100);
            StreamRecording of = new StreamRecording(
                    one.stream,
                    new RecordingOrder(30),
                    new Surroundings(
                            all, ReaderSource.of(hub), stream -> Optional.empty(), () -> one.wallUs(one.next)));
            of.volume("main");
            worker.add(of);
        }
        worker.start();
        Awaiting.until("their pictures are written", () -> all.kept.frames().size() >= streams * 86);
        worker.close(System.nanoTime());
        worker.join(System.nanoTime() + TimeUnit.SECONDS.toNanos(30));

        List<Call> calls =
                all.calls().stream().filter(call -> call != Call.WRITTEN).toList();
        assertThat(calls.subList(0, streams)).containsOnly(Call.ANNOUNCED);
        assertThat(calls).contains(Call.WRITTEN_AS_ANNOUNCED);
        for (int i = 0; i < streams; i++) {
            TestCamera one = cameras.get(i);
            assertThat(all.kept.runs.stream()
                            .filter(run -> run.stream.equals(one.stream))
                            .flatMap(run -> run.frames().stream()))
                    .startsWith(0, 1, 2)
                    .doesNotHaveDuplicates()
                    .isSorted();
        }
        assertThat(all.kept.gaps).isEmpty();
    }
}
