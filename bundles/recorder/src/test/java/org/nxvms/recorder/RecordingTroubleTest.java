// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamHub;

/** Volumes that refuse, fail and hold up: what is written in spite of it, and what is said to be missing. */
class RecordingTroubleTest extends RecordingScene {
    private static final int FRAMES_PER_SECOND = 25;
    private static final Explanation HANGS = new Explanation(GapCause.DISK_SLOW, "volume main hangs");

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

    /** A ring holds minutes of a stream of low bit rate; who must act hears of it within half of one (promise 1). */
    @Test
    void whatNoVolumeTakesIsSaidInTimeThoughTheRingHoldsItAndIsNoLossWhenItIsWrittenAfterAll() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(101);
        refuse(GapCause.DISK_FULL);
        sink.failures = 1;
        framesOneByOne(15 * FRAMES_PER_SECOND);
        assertThat(sink.gaps).as("a stall is no loss").isEmpty();
        framesOneByOne(10 * FRAMES_PER_SECOND);
        assertThat(sink.gaps)
                .isNotEmpty()
                .containsOnly(new FakeSink.Missing(camera.wallUs(100), GapCause.DISK_FULL, "not now"));

        sink.refusal = Optional.empty();
        later(3);
        framesTo(camera.next + TestCamera.GOP - camera.next % TestCamera.GOP + 1);
        assertThat(sink.runs.get(1).startUs)
                .as("begins where the gap does, which is none then")
                .isEqualTo(camera.wallUs(100));
        assertThat(sink.frames()).isEqualTo(range(0, camera.next - 1));
        assertThat(recording.status().accessUnitsLost()).isZero();
    }

    /** The hour of a full disk stays one when its share is unmounted then; and volumes that refuse in turns change nothing. */
    @Test
    void aGapThatIsOpenHasAnotherCauseFromThenOnAndOnlyWhenThatLasts() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(101);
        refuse(GapCause.DISK_FULL);
        sink.failures = 1;
        framesOneByOne(25 * FRAMES_PER_SECOND);
        FakeSink.Missing full = new FakeSink.Missing(camera.wallUs(100), GapCause.DISK_FULL, "not now");
        assertThat(sink.gaps).containsExactly(full);
        for (int turn = 0; turn < 5; turn++) {
            refuse(turn % 2 == 0 ? GapCause.DISK_SLOW : GapCause.DISK_FULL);
            framesOneByOne(3 * FRAMES_PER_SECOND);
        }
        refuse(GapCause.DISK_FULL);
        framesOneByOne(3 * FRAMES_PER_SECOND);
        assertThat(sink.gaps).as("the ring goes round meanwhile, too").containsExactly(full);

        int unmounted = camera.next;
        refuse(GapCause.VOLUME_ABSENT);
        framesOneByOne(20 * FRAMES_PER_SECOND);
        assertThat(causes()).containsExactly(GapCause.DISK_FULL, GapCause.VOLUME_ABSENT);
        assertThat(sink.gaps.get(1).fromUs()).isBetween(camera.wallUs(unmounted), camera.wallUs(camera.next));
    }

    /** The disk is full, then the camera is away too, and then only the disk is full. */
    @Test
    void aCameraThatIsAwayAmidAnOutageOfTheDiskIsMissingForThatMeanwhile() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(101);
        refuse(GapCause.DISK_FULL);
        sink.failures = 1;
        // More than the ring holds, so that nothing of before is left to be written.
        framesOneByOne(60 * FRAMES_PER_SECOND);
        camera.endRun(GapCause.CAMERA_UNREACHABLE);
        int gone = camera.next;
        camera.next += 20 * FRAMES_PER_SECOND;
        camera.next += TestCamera.GOP - camera.next % TestCamera.GOP;
        int back = camera.next;
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(90 * FRAMES_PER_SECOND);
        assertThat(causes()).containsExactly(GapCause.DISK_FULL, GapCause.CAMERA_UNREACHABLE, GapCause.DISK_FULL);
        assertThat(sink.gaps.get(1).fromUs()).isEqualTo(camera.wallUs(gone));
        assertThat(sink.gaps.get(2).fromUs()).isGreaterThanOrEqualTo(camera.wallUs(back));
    }

    @Test
    void whatNoVolumeTakesAfterTheCameraWasAwayIsMissingFromThereOn() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(101);
        camera.endRun(GapCause.CAMERA_UNREACHABLE);
        work();
        refuse(GapCause.DISK_FULL);
        camera.next = 13 * TestCamera.GOP;
        int back = camera.next;
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(25 * FRAMES_PER_SECOND);
        assertThat(causes()).containsExactly(GapCause.CAMERA_UNREACHABLE, GapCause.DISK_FULL);
        assertThat(sink.gaps.get(1).fromUs()).isEqualTo(camera.wallUs(back));
    }

    @Test
    void aStreamIsMissingForItsFirstReasonWhateverTheVolumeDoes() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(101);
        camera.endRun(GapCause.CAMERA_UNREACHABLE);
        work();
        recording.heldUp(HANGS, true);
        assertThat(causes()).containsExactly(GapCause.CAMERA_UNREACHABLE);
        assertThat(recording.status().cause()).contains(GapCause.CAMERA_UNREACHABLE);
    }

    /** The disk failed before it hung, and the ring holds what it did not take. */
    @Test
    void aVolumeThatFailedAndThenHangsIsSaidToo() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(101);
        refuse(GapCause.VOLUME_ABSENT);
        sink.failures = 1;
        framesOneByOne(60);
        assertThat(sink.gaps).isEmpty();
        recording.heldUp(HANGS, false);
        assertThat(sink.gaps).isEmpty();
        recording.heldUp(HANGS, true);
        recording.heldUp(HANGS, true);
        assertThat(sink.gaps)
                .containsExactly(new FakeSink.Missing(camera.wallUs(100), GapCause.DISK_SLOW, "volume main hangs"));
    }

    @Test
    void whatWentRoundWhileTheVolumeHungIsMissingForThat() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(101);
        recording.heldUp(HANGS, false);
        assertThat(recording.status().cause()).contains(GapCause.DISK_SLOW);
        camera.frames(3000);
        work();
        assertThat(sink.gaps).singleElement().satisfies(gap -> {
            assertThat(gap.cause()).isEqualTo(GapCause.DISK_SLOW);
            assertThat(gap.fromUs()).isEqualTo(camera.wallUs(100));
        });

        framesOneByOne(51);
        assertThat(recording.status().recording()).isTrue();
        camera.frames(3000);
        work();
        assertThat(causes()).as("what is lost later has its own reason").endsWith(GapCause.RECORDER_OVERRUN);
    }

    /** The oldest is kept in a ring of its own, what came after it goes round. */
    @Test
    void aLossBehindWhatIsHeldIsSaidAtOnceAndIsAllThatIsMissingAfterwards() {
        // Little enough that it goes round before it is told for the time alone.
        StreamHub large = Hubs.hub(16, 4);
        camera = new TestCamera(large, 20_000);
        readers = ReaderSource.of(large);
        recording = recorder();
        camera.startRun(TestCamera.VIDEO);
        long small = ringBytes(large);
        doUntil("the ring has its size", () -> framesOneByOne(1), () -> ringBytes(large) > small);
        framesTo(camera.next + 2 * TestCamera.GOP - camera.next % TestCamera.GOP + 1);
        int from = camera.next - 1;
        long usual = ringBytes(large);
        refuse(GapCause.DISK_FULL);
        sink.failures = 1;
        framesOneByOne(90);
        doUntil("more memory is there", Thread::onSpinWait, () -> ringBytes(large) > usual);
        int keptTo = camera.next;
        assertThat(sink.gaps).isEmpty();

        doUntil("a loss is said", () -> framesOneByOne(1), () -> !sink.gaps.isEmpty());
        assertThat(sink.gaps.get(0))
                .isEqualTo(new FakeSink.Missing(camera.wallUs(from), GapCause.DISK_FULL, "not now"));
        int lossSaidAt = camera.next;

        sink.refusal = Optional.empty();
        later(3);
        framesOneByOne(51);
        List<Integer> frames = sink.frames();
        int kept = frames.indexOf(from);
        assertThat(frames).containsAll(range(0, keptTo));
        FakeSink.Missing last = sink.gaps.get(sink.gaps.size() - 1);
        assertThat(last.cause()).isEqualTo(GapCause.DISK_FULL);
        assertThat(last.fromUs()).as("behind what was kept").isGreaterThanOrEqualTo(camera.wallUs(keptTo));
        assertThat(kept).isEqualTo(from);
        assertThat(frames.get(frames.size() - 1)).isGreaterThan(lossSaidAt);
    }

    private long ringBytes(StreamHub of) {
        return of.statistics(camera.stream).orElseThrow().ringBytes();
    }

    /** The hub makes memory on a thread of its own. */
    private static void doUntil(String what, Runnable step, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("waited for: " + what).isNegative();
            step.run();
        }
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

    /** It is switched off, or its ingest is exchanged, in the moment in which the recording goes back to write again. */
    @Test
    void aFailedWriteIsRepeatedThoughTheCameraGoesBeforeTheCursorIsBack() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(70);
        sink.failures = 1;
        while (sink.failures > 0) {
            framesOneByOne(1);
        }
        camera.endRun(GapCause.CAMERA_UNREACHABLE);
        camera.writer.close();
        later(1);

        assertThat(sink.runs).hasSize(2);
        assertThat(sink.runs.get(1).frames()).isEqualTo(range(TestCamera.GOP, camera.next));
        assertThat(causes()).containsExactly(GapCause.CAMERA_UNREACHABLE);
        assertThat(sink.gaps.get(0).fromUs()).isEqualTo(camera.wallUs(camera.next));
        assertThat(recording.status().accessUnitsLost()).isZero();
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
    void aDiskThatWasFullIsTheCauseUntilTheCameraIsDisabled() {
        camera.startRun(TestCamera.VIDEO);
        framesOneByOne(101);
        refuse(GapCause.DISK_FULL);
        sink.failures = 1;
        framesOneByOne(100);
        assertThat(sink.gaps).as("it is still held in the ring").isEmpty();
        recording.release(OFF);
        work();

        assertThat(sink.gaps)
                .containsExactly(
                        new FakeSink.Missing(camera.wallUs(100), GapCause.DISK_FULL, "not now"),
                        new FakeSink.Missing(camera.wallUs(201), OFF.cause(), OFF.detail()));
    }
}
