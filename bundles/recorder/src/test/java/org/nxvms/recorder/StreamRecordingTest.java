// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamWriter;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.recording.RecordingOrder;
import org.nxvms.platform.api.recording.RecordingStatus;

/** A camera's frames on their way into the archive, on good days and bad ones; the test is the clock. */
class StreamRecordingTest {
    private static final RecordingOrder ORDER = new RecordingOrder(30);

    private final StreamHub hub = Hubs.hub();
    private final FakeSink sink = new FakeSink();
    private TestCamera camera;
    private StreamRecording recording;
    private Optional<Explanation> ingest = Optional.empty();
    private long now = System.nanoTime();

    @BeforeEach
    void start() {
        camera = new TestCamera(hub, 400);
        recording = recorder();
    }

    private StreamRecording recorder() {
        StreamRecording fresh = new StreamRecording(
                camera.stream,
                ORDER,
                new StreamRecording.Surroundings(
                        sink,
                        StreamRecording.ReaderSource.of(hub),
                        stream -> ingest,
                        () -> camera.wallUs(camera.next)));
        fresh.volume("main");
        return fresh;
    }

    /** Lets the recorder do all it can. */
    private void work() {
        do {
            now += TimeUnit.MILLISECONDS.toNanos(20);
        } while (recording.step(now));
    }

    private void framesOneByOne(int count) {
        for (int i = 0; i < count; i++) {
            camera.frame();
            now += TimeUnit.MILLISECONDS.toNanos(40);
            work();
        }
    }

    private void later(int seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
        work();
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

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
    void aVolumeThatIsAwayForSomeSecondsCostsNothing() {
        camera.startRun(TestCamera.VIDEO);
        refuse(GapCause.VOLUME_ABSENT);
        framesOneByOne(200);
        assertThat(sink.runs).isEmpty();
        assertThat(recording.status().cause()).contains(GapCause.VOLUME_ABSENT);
        assertThat(recording.status().detail()).isEqualTo("not now");

        sink.refusal = Optional.empty();
        later(3);
        framesOneByOne(51);
        assertThat(sink.frames()).isEqualTo(range(0, 250));
        assertThat(sink.gaps).isEmpty();
    }

    private void refuse(GapCause cause) {
        sink.refusal = Optional.of(new FootageSink.RefusedException(cause, "not now"));
    }

    @Test
    void aVolumeThatIsAwayForLongIsAGapWithItsCauseUntilTheOldestFrameInTheRing() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(101);
        sink.failures = 1;
        refuse(GapCause.DISK_FULL);
        framesOneByOne(4000);
        assertThat(sink.gaps).isNotEmpty().allMatch(gap -> gap.cause() == GapCause.DISK_FULL);
        assertThat(sink.gaps.get(0).fromUs()).isEqualTo(camera.wallUs(100));

        sink.refusal = Optional.empty();
        later(3);
        framesOneByOne(51);
        List<Integer> frames = sink.runs.get(sink.runs.size() - 1).frames();
        assertThat(frames.get(0) % TestCamera.GOP).isZero();
        assertThat(frames.get(0)).as("the ring holds the newest thousand").isBetween(3000, 4051);
        assertThat(frames).isEqualTo(range(frames.get(0), frames.get(0) + frames.size()));
        assertThat(recording.status().accessUnitsLost())
                .as("every frame is either written or counted as lost")
                .isEqualTo(frames.get(0) - 100L);
        assertThat(recording.status().recording()).isTrue();
    }

    @Test
    void aRecorderThatSleptIsOvertakenAndSaysSo() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(101);
        camera.frames(3000);
        work();
        framesOneByOne(51);

        assertThat(sink.gaps).singleElement().satisfies(gap -> {
            assertThat(gap.cause()).isEqualTo(GapCause.RECORDER_OVERRUN);
            assertThat(gap.fromUs()).isEqualTo(camera.wallUs(100));
        });
        List<Integer> after = sink.runs.get(1).frames();
        assertThat(after).isEqualTo(range(after.get(0), after.get(0) + after.size()));
        assertThat(recording.status().accessUnitsLost()).isEqualTo(after.get(0) - 100L);
    }

    @Test
    void aFailedWriteOfAKeyFragmentIsRepeatedElsewhere() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(52);
        sink.failures = 1;
        framesOneByOne(99);

        assertThat(sink.runs).hasSize(2);
        assertThat(sink.frames()).isEqualTo(range(0, 150));
        assertThat(sink.gaps).isEmpty();
    }

    @Test
    void aFailedWriteWithinAGopIsRepeatedElsewhereFromTheKeyFrameOn() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(70);
        sink.failures = 1;
        framesOneByOne(131);

        assertThat(sink.runs.get(0).frames()).isEqualTo(range(0, 67));
        assertThat(sink.runs.get(1).frames()).startsWith(50).isEqualTo(range(50, 200));
        assertThat(sink.gaps).isEmpty();
        assertThat(recording.status().accessUnitsLost()).isZero();
        assertThat(recording.status().recording()).isTrue();
    }

    @Test
    void whatAFailedFsyncPutsInDoubtIsWrittenAgain() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(210);
        sink.durableEndUs = OptionalLong.of(camera.wallUs(110));
        framesOneByOne(150);

        assertThat(sink.runs).hasSize(2);
        assertThat(sink.runs.get(1).frames()).startsWith(100).isEqualTo(range(100, 350));
        assertThat(sink.gaps).isEmpty();
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

        old.release(GapCause.NOT_SCHEDULED);
        recording.step(now);
        assertThat(recording.isOver()).as("told through the old one").isTrue();
    }

    @Test
    void aStreamThatWasReleasedWhileItsVolumeHangsHasNoSuccessor() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(101);
        recording.release(GapCause.NOT_SCHEDULED);
        assertThat(recording.succeed(new Explanation(GapCause.DISK_SLOW, "volume main hangs")))
                .isEmpty();
        assertThat(sink.gaps).containsExactly(new FakeSink.Missing(camera.wallUs(100), GapCause.NOT_SCHEDULED, ""));
        recording.step(now);
        assertThat(sink.runs.get(0).ended).isTrue();
        assertThat(sink.gaps).hasSize(1);
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
    void aDiskThatWasFullIsTheCauseUntilTheCameraIsDisabled() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(101);
        refuse(GapCause.DISK_FULL);
        sink.failures = 1;
        framesOneByOne(100);
        assertThat(sink.gaps).as("it is still held in the ring").isEmpty();
        recording.release(GapCause.NOT_SCHEDULED);
        work();

        assertThat(sink.gaps)
                .containsExactly(
                        new FakeSink.Missing(camera.wallUs(100), GapCause.DISK_FULL, "not now"),
                        new FakeSink.Missing(camera.wallUs(201), GapCause.NOT_SCHEDULED, ""));
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
        recording.release(GapCause.NOT_SCHEDULED);
        work();
        assertThat(sink.frames()).isEqualTo(range(0, 40));
        assertThat(sink.gaps).containsExactly(new FakeSink.Missing(camera.wallUs(40), GapCause.NOT_SCHEDULED, ""));
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
