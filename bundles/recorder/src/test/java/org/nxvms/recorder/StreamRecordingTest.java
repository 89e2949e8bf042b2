// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamWriter;
import org.nxvms.platform.api.recording.RecordingOrder;
import org.nxvms.platform.api.recording.RecordingStatus;

/** A camera's frames on their way into the archive, and what is said when none come. */
class StreamRecordingTest extends RecordingScene {
    @Test
    void everyFrameIsWrittenOnceInEvenPartsOfAGop() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(251);

        assertThat(sink.runs).hasSize(1);
        assertThat(sink.frames()).isEqualTo(range(0, 250));
        List<FakeSink.Fragment> fragments = sink.runs.get(0).fragments;
        assertThat(fragments).extracting(FakeSink.Fragment::accessUnits).startsWith(18, 18, 14, 17, 17, 16, 17, 17, 16);
        int from = 0;
        for (FakeSink.Fragment fragment : fragments) {
            int frames = fragment.accessUnits();
            assertThat(fragment.startUs()).isEqualTo(camera.wallUs(from));
            assertThat(fragment.durationUs()).isEqualTo(frames * TestCamera.FRAME_US);
            assertThat(fragment.key()).isEqualTo(from % TestCamera.GOP == 0);
            assertThat(fragment.tracks().get(0).decodeTime()[0]).isEqualTo(3_600L * from);
            assertThat(fragment.tracks().get(0).endDecodeTime()).isEqualTo(3_600L * (from + frames));
            from += frames;
        }
        assertThat(sink.gaps).isEmpty();
        RecordingStatus status = recording.status();
        assertThat(status.recording()).isTrue();
        assertThat(status.accessUnitsWritten()).isEqualTo(250);
        assertThat(status.accessUnitsLost()).isZero();
    }

    @Test
    void aFragmentWhoseFileIsBeingMadeWaitsAndNothingIsLost() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(101);
        int before = sink.frames().size();
        sink.ready = () -> false;
        framesOneByOne(100);
        assertThat(sink.frames()).as("while the file is made").hasSize(before);
        assertThat(recording.status().cause())
                .as("cause of a pause that is none")
                .isEmpty();

        sink.ready = () -> true;
        framesOneByOne(51);
        assertThat(sink.frames()).isEqualTo(range(0, sink.frames().size()));
        assertThat(sink.frames().size()).isGreaterThan(before + 100);
        assertThat(sink.runs).hasSize(1);
        assertThat(sink.gaps).isEmpty();
    }

    @Test
    void keyFramesAloneShareFragments() {
        camera.gop = 1;
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(101);
        assertThat(sink.frames()).isEqualTo(range(0, 99));
        assertThat(sink.runs.get(0).fragments).allMatch(fragment -> fragment.key() && fragment.accessUnits() == 9);
    }

    @Test
    void soundLiesBesideItsPictures() {
        camera.startRun(TestCamera.AUDIO_TOO);
        framesOneByOne(101);

        assertThat(sink.frames()).isEqualTo(range(0, 100));
        FakeSink.Recorded run = sink.runs.get(0);
        assertThat(run.format.tracks()).hasSize(2);
        long samples =
                run.fragments.stream().mapToLong(f -> f.tracks().get(1).count()).sum();
        assertThat(samples).isEqualTo(200);
        assertThat(run.fragments.get(1).tracks().get(1).presentationTime()[0])
                .as("18 frames of sound at 8 kHz")
                .isEqualTo(18 * 320);
    }

    @Test
    void aRunBeginsWithAKeyFrame() {
        camera.next = 30;
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(46);
        assertThat(sink.frames()).startsWith(50).isEqualTo(range(50, 68));
    }

    @Test
    void aLostCameraEndsTheRunWithItsLastFrameAndAGapWithItsCause() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(60);
        camera.endRun(GapCause.CAMERA_UNREACHABLE);
        work();

        assertThat(sink.frames()).isEqualTo(range(0, 60));
        assertThat(sink.runs.get(0).ended).isTrue();
        assertThat(sink.endUs()).isEqualTo(camera.wallUs(60));
        assertThat(sink.gaps)
                .containsExactly(
                        new FakeSink.Missing(camera.wallUs(60), GapCause.CAMERA_UNREACHABLE, "said by the test"));
        assertThat(recording.status().recording()).isFalse();
        assertThat(recording.status().cause()).contains(GapCause.CAMERA_UNREACHABLE);

        camera.next = 100;
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(51);
        assertThat(sink.runs).hasSize(2);
        assertThat(sink.runs.get(1).frames()).isEqualTo(range(100, 150));
        assertThat(recording.status().recording()).isTrue();
    }

    @Test
    void aChangedFormatBeginsANewRunWithoutAGap() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(100);
        camera.startRun(TestCamera.AUDIO_TOO);
        framesOneByOne(51);

        assertThat(sink.frames()).isEqualTo(range(0, 150));
        assertThat(sink.runs).hasSize(2);
        assertThat(sink.runs.get(1).format.tracks()).hasSize(2);
        assertThat(sink.gaps).isEmpty();
        assertThat(sink.runs.get(1).startUs).isEqualTo(camera.wallUs(100));
    }

    @Test
    void aClockThatJumpsBeginsANewRun() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(100);
        camera.wallShiftUs = 3_600_000_000L;
        framesOneByOne(51);

        assertThat(sink.runs).hasSize(2);
        assertThat(sink.frames()).isEqualTo(range(0, 150));
        assertThat(sink.gaps).extracting(FakeSink.Missing::cause).containsExactly(GapCause.CLOCK_JUMP);
        assertThat(sink.runs.get(1).startUs).isEqualTo(camera.wallUs(100));
    }

    @Test
    void picturesThatFailForThreeSecondsAreAGap() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(100);
        camera.next = 175;
        framesOneByOne(76);

        assertThat(sink.frames()).startsWith(0).contains(99, 200).doesNotContain(175);
        assertThat(sink.gaps)
                .containsExactly(
                        new FakeSink.Missing(camera.wallUs(100), GapCause.STREAM_STALLED, "no picture came for 3.0 s"));
    }

    @Test
    void picturesGivenUpForLostPacketsAreAGapThatSaysSo() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(100);
        camera.next = 150;
        camera.flags = StreamWriter.AFTER_LOSS;
        framesOneByOne(1);
        camera.flags = 0;
        framesOneByOne(50);

        assertThat(sink.frames()).contains(99, 150);
        assertThat(sink.gaps).singleElement().satisfies(gap -> {
            assertThat(gap.cause()).isEqualTo(GapCause.PACKET_LOSS);
            assertThat(gap.fromUs()).isEqualTo(camera.wallUs(100));
        });
    }

    @Test
    void aCameraThatTakesAPictureEachFourSecondsIsNotAlwaysMissed() {
        camera.startRun(TestCamera.VIDEO);
        for (int i = 0; i < 40; i++) {
            camera.next = i * 100;
            framesOneByOne(1);
        }
        assertThat(sink.frames()).hasSize(39);
        assertThat(sink.gaps).as("until it is known").hasSizeLessThanOrEqualTo(8);
    }

    @Test
    void timestampsThatLeapDoNotStopTheRecording() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(100);
        camera.ticksShift = -1L << 60;
        framesOneByOne(100);
        camera.ticksShift = 1L << 50;
        framesOneByOne(51);
        assertThat(sink.frames()).isEqualTo(range(0, 250));
    }

    @Test
    void aCameraThatNeverComesIsExplainedWithWhatIngestKnows() {
        later(1);
        later(8);
        assertThat(sink.gaps).as("it may still be connecting").isEmpty();
        later(2);
        assertThat(sink.gaps)
                .containsExactly(new FakeSink.Missing(camera.wallUs(0), GapCause.STREAM_STALLED, "no picture arrives"));

        ingest = Optional.of(new Explanation(GapCause.AUTH, "the camera refused the password"));
        camera.next = 400;
        later(2);
        later(2);
        assertThat(sink.gaps)
                .hasSize(2)
                .last()
                .isEqualTo(new FakeSink.Missing(camera.wallUs(400), GapCause.AUTH, "the camera refused the password"));
        assertThat(recording.status().detail()).isEqualTo("the camera refused the password");
    }

    @Test
    void whatIngestKnowsAtOnceIsSaidAtOnce() {
        ingest = Optional.of(new Explanation(GapCause.AUTH, "the camera refused the password"));
        later(1);
        later(2);
        assertThat(sink.gaps).extracting(FakeSink.Missing::cause).containsExactly(GapCause.AUTH);
    }

    @Test
    void aStreamThatFallsSilentIsWrittenToItsLastFrameAndExplained() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(110);
        later(3);
        assertThat(sink.frames()).isEqualTo(range(0, 110));
        assertThat(sink.gaps).isEmpty();
        later(8);
        assertThat(sink.gaps)
                .containsExactly(
                        new FakeSink.Missing(camera.wallUs(110), GapCause.STREAM_STALLED, "no picture arrives"));
    }

    @Test
    void aReleasedStreamEndsAndItsTimeHasTheGivenCause() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(40);
        recording.release(OFF);
        work();
        assertThat(sink.frames()).isEqualTo(range(0, 40));
        assertThat(sink.gaps).containsExactly(new FakeSink.Missing(camera.wallUs(40), OFF.cause(), OFF.detail()));
        framesOneByOne(100);
        assertThat(sink.frames()).hasSize(40);
    }

    @Test
    void aChangedRetentionAppliesFromTheNextKeyFrameOn() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(60);
        recording.order(new RecordingOrder(7));
        framesOneByOne(91);
        assertThat(sink.runs).extracting(run -> run.retentionDays).containsExactly(30, 7);
        assertThat(sink.frames()).isEqualTo(range(0, 150));
        assertThat(sink.gaps).isEmpty();
    }
}
