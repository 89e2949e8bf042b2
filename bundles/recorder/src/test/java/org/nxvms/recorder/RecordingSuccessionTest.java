// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.FootageSink;

/** A recording that ends, hangs or moves is followed by one that loses nothing and writes nothing twice. */
class RecordingSuccessionTest extends RecordingScene {
    @Test
    void aStreamThatWasReleasedWhileItsVolumeHangsHasNoSuccessor() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(101);
        recording.release(OFF);
        assertThat(recording.succeed(new Explanation(GapCause.DISK_SLOW, "volume main hangs")))
                .isEmpty();
        assertThat(sink.gaps).containsExactly(new FakeSink.Missing(camera.wallUs(100), OFF.cause(), OFF.detail()));
        recording.step(now);
        assertThat(sink.runs.get(0).ended).isTrue();
        assertThat(sink.gaps).hasSize(1);
    }

    @Test
    void aStreamWhoseVolumeHangsGoesOnInASuccessorAndTheOldOneWritesNoMore() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(130);
        StreamRecording old = recording;
        recording = old.succeed(new Explanation(GapCause.DISK_SLOW, "volume main hangs"))
                .orElseThrow();
        recording.volume("main");
        assertThat(old.isOver()).isTrue();
        assertThat(recording.status().cause()).contains(GapCause.DISK_SLOW);
        framesOneByOne(121);
        old.step(now);

        assertThat(sink.runs.get(0).ended).isTrue();
        assertThat(sink.runs.get(0).frames()).isEqualTo(range(0, 117));
        assertThat(sink.runs.get(1).frames()).isEqualTo(range(100, 250));
        assertThat(sink.gaps).isEmpty();
        assertThat(recording.status().recording()).isTrue();
        assertThat(recording.status().accessUnitsWritten())
                .as("the count goes on")
                .isEqualTo(117 + 150);

        old.release(OFF);
        recording.step(now);
        assertThat(recording.isOver()).as("told through the old one").isTrue();
    }

    /** It failed before it hung, nobody said so yet, and the ring does not hold all that it did not take. */
    @Test
    void aSuccessorKnowsWhyNothingWasWrittenBefore() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(101);
        sink.refusal = Optional.of(new FootageSink.RefusedException(GapCause.VOLUME_ABSENT, "it failed"));
        sink.failures = 1;
        framesOneByOne(60);
        assertThat(sink.gaps).isEmpty();
        sink.refusal = Optional.empty();
        camera.frames(3_000);
        recording = recording
                .succeed(new Explanation(GapCause.DISK_SLOW, "volume main hangs"))
                .orElseThrow();
        recording.volume("main");
        framesOneByOne(60);
        assertThat(sink.gaps)
                .isNotEmpty()
                .containsOnly(new FakeSink.Missing(camera.wallUs(100), GapCause.VOLUME_ABSENT, "it failed"));
    }

    @Test
    void aRunMovesToTheVolumeThatIsWishedAtAKeyFrame() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(120);
        sink.volume = stream -> "other";
        later(6);
        framesOneByOne(60);
        assertThat(recording.wantedVolume()).isEqualTo("other");
        assertThat(sink.runs).hasSize(1);
        recording.volume("other");
        framesOneByOne(71);
        assertThat(sink.runs).extracting(run -> run.volume).containsExactly("main", "other");
        assertThat(sink.runs.get(1).frames()).startsWith(150);
        assertThat(sink.frames()).isEqualTo(range(0, 250));
        assertThat(sink.gaps).isEmpty();
    }

    @Test
    void aReplacedRecorderLosesNothingAndWritesNothingTwice() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(120);
        recording.drain(now + TimeUnit.SECONDS.toNanos(3));
        framesOneByOne(60);
        assertThat(recording.drained(now)).isTrue();
        recording.close();
        assertThat(sink.frames()).isEqualTo(range(0, 150));

        camera.frames(100);
        recording = recorder();
        work();
        framesOneByOne(71);
        assertThat(sink.frames()).isEqualTo(range(0, 350));
        assertThat(sink.gaps).isEmpty();
        assertThat(sink.runs).hasSize(2);
    }

    @Test
    void aRecorderThatHadToStopWithinAGopIsFollowedWithAnOverlapNotAHole() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(120);
        recording.drain(now);
        assertThat(recording.drained(now)).isTrue();
        recording.close();
        assertThat(sink.frames()).isEqualTo(range(0, 120));

        recording = recorder();
        work();
        framesOneByOne(81);
        assertThat(sink.runs.get(1).frames()).isEqualTo(range(100, 200));
    }

    @Test
    void aRecorderReplacedAfterTheClockWasSetBackStillLosesAndDoublesNothing() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(100);
        camera.wallShiftUs = -3_600_000_000L;
        framesOneByOne(20);
        recording.drain(now + TimeUnit.SECONDS.toNanos(3));
        framesOneByOne(60);
        assertThat(recording.drained(now)).isTrue();
        recording.close();
        camera.frames(100);

        recording = recorder();
        work();
        framesOneByOne(71);
        assertThat(sink.frames()).isEqualTo(range(0, 350));
    }

    @Test
    void aRecorderReplacedAfterItsCamerasRunEndedWritesNothingTwice() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(120);
        camera.endRun(GapCause.CAMERA_UNREACHABLE);
        work();
        recording.close();
        recording = recorder();
        work();
        camera.next = 150;
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(51);
        assertThat(sink.runs).hasSize(2);
        assertThat(sink.runs.get(1).frames()).isEqualTo(range(150, 200));
        assertThat(sink.gaps).hasSize(1);
    }
}
