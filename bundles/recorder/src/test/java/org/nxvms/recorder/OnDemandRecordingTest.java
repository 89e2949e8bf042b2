// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.recording.RecordingOrder;
import org.nxvms.platform.api.recording.RecordingOrder.OnDemand;

/** Footage of the time around events; a frame lasts 40 ms, a GOP two seconds, the test is the clock. */
class OnDemandRecordingTest extends RecordingScene {
    private static final Explanation AWAY = new Explanation(GapCause.CAMERA_UNREACHABLE, "no answer");

    OnDemandRecordingTest() {
        super(WAITING);
    }

    @Test
    void withoutAnEventNothingIsWrittenAndTheTimeSaysWhy() {
        camera.startRun(TestCamera.VIDEO);
        framesTo(1_000);

        assertThat(sink.runs).isEmpty();
        assertThat(causes()).containsExactly(GapCause.NO_EVENT);
        assertThat(sink.gaps.get(0).fromUs()).isEqualTo(camera.wallUs(0));
        assertThat(recording.status().recording()).isFalse();
        assertThat(recording.status().cause()).contains(GapCause.NO_EVENT);
        assertThat(recording.status().accessUnitsLost()).isZero();
    }

    @Test
    void footageBeginsWithTheKeyFrameBeforeThePreBuffer() {
        camera.startRun(TestCamera.VIDEO);
        framesTo(710);
        recording.order(event(700, 930));
        framesTo(1_000);

        // 700 - 5 s = 575: its GOP begins at 550; 930 lies in the GOP that ends before 950.
        assertThat(sink.frames()).isEqualTo(range(550, 950));
        assertThat(sink.runs).hasSize(1);
        assertThat(causes()).containsExactly(GapCause.NO_EVENT, GapCause.NO_EVENT);
        assertThat(sink.gaps.get(1).fromUs()).isEqualTo(camera.wallUs(950));
    }

    @Test
    void anEventRightAfterTheLastOneLeavesNoHole() {
        camera.startRun(TestCamera.VIDEO);
        framesTo(710);
        recording.order(event(700, 930));
        framesTo(1_010);
        recording.order(event(1_005, 1_100));
        framesTo(1_200);

        assertThat(sink.frames()).isEqualTo(range(550, 1_100));
    }

    @Test
    void anEventThatLastsLengthensTheRecording() {
        camera.startRun(TestCamera.VIDEO);
        framesTo(710);
        recording.order(event(700, 800));
        framesTo(790);
        recording.order(event(700, 1_000));
        framesTo(1_100);

        assertThat(sink.frames()).isEqualTo(range(550, 1_000));
        assertThat(sink.runs).hasSize(1);
    }

    @Test
    void twoEventsFarApartAreTwoRecordings() {
        camera.startRun(TestCamera.VIDEO);
        framesTo(410);
        recording.order(event(400, 500));
        framesTo(1_010);
        recording.order(event(1_000, 1_100));
        framesTo(1_200);

        assertThat(sink.frames())
                .isEqualTo(IntStream.concat(IntStream.range(250, 500), IntStream.range(850, 1_100))
                        .boxed()
                        .toList());
        assertThat(causes()).containsExactly(GapCause.NO_EVENT, GapCause.NO_EVENT, GapCause.NO_EVENT);
    }

    @Test
    void fromAlwaysToEventsAndBackEndsAndBeginsAtKeyFrames() {
        recording = recorder(ALWAYS);
        camera.startRun(TestCamera.VIDEO);
        framesTo(120);
        recording.order(WAITING);
        framesTo(520);
        recording.order(ALWAYS);
        framesTo(601);

        List<Integer> frames = sink.frames();
        assertThat(frames.subList(0, 150)).isEqualTo(range(0, 150));
        assertThat(frames.get(150)).as("the newest key frame").isEqualTo(500);
        assertThat(causes()).containsExactly(GapCause.NO_EVENT);
        assertThat(sink.gaps.get(0).fromUs()).isEqualTo(camera.wallUs(150));
    }

    @Test
    void aNewRecorderGoesOnWithTheEventToItsEnd() {
        camera.startRun(TestCamera.VIDEO);
        framesTo(710);
        RecordingOrder order = event(700, 930);
        recording.order(order);
        framesTo(780);
        recording.drain(now + TimeUnit.SECONDS.toNanos(10));
        framesTo(810);
        assertThat(recording.drained(now)).isTrue();
        recording.close();

        recording = recorder(order);
        framesTo(1_000);

        assertThat(sink.frames()).isEqualTo(range(550, 950));
    }

    @Test
    void aRecorderThatComesAfterTheEventWritesNothingAgain() {
        camera.startRun(TestCamera.VIDEO);
        framesTo(710);
        RecordingOrder order = event(700, 930);
        recording.order(order);
        framesTo(1_000);
        recording.drain(now + TimeUnit.SECONDS.toNanos(10));
        assertThat(recording.drained(now))
                .as("nothing is open, nothing is waited for")
                .isTrue();
        recording.close();

        recording = recorder(order);
        framesTo(1_100);

        assertThat(sink.frames()).isEqualTo(range(550, 950));
    }

    @Test
    void aCameraThatIsAwayMeanwhileMissesNothing() {
        camera.startRun(TestCamera.VIDEO);
        framesTo(100);
        camera.endRun(GapCause.CAMERA_UNREACHABLE);
        ingest = Optional.of(AWAY);
        camera.next = 600;
        later(20);
        ingest = Optional.empty();
        camera.startRun(TestCamera.VIDEO);
        framesTo(1_000);

        assertThat(causes()).containsExactly(GapCause.NO_EVENT);
        assertThat(recording.status().cause()).contains(GapCause.NO_EVENT);
    }

    @Test
    void fromTheMomentAtWhichFootageIsWantedACameraThatIsAwayIsMissing() {
        camera.startRun(TestCamera.VIDEO);
        framesTo(100);
        camera.endRun(GapCause.CAMERA_UNREACHABLE);
        ingest = Optional.of(AWAY);
        camera.next = 600;
        work();
        recording.order(ALWAYS);
        work();
        camera.next = 800;
        later(3);
        later(3);
        assertThat(causes()).containsExactly(GapCause.NO_EVENT, GapCause.CAMERA_UNREACHABLE);
        assertThat(sink.gaps.get(1).fromUs()).isEqualTo(camera.wallUs(600));

        recording.order(WAITING);
        work();
        later(3);
        assertThat(causes()).containsExactly(GapCause.NO_EVENT, GapCause.CAMERA_UNREACHABLE, GapCause.NO_EVENT);
        assertThat(sink.gaps.get(2).fromUs()).isEqualTo(camera.wallUs(800));
    }

    @Test
    void anEventOfACameraThatIsAwayIsMissingWithItsPreBufferThoughNobodyKnowsWhy() {
        camera.startRun(TestCamera.VIDEO);
        framesTo(100);
        camera.endRun(GapCause.CAMERA_UNREACHABLE);
        camera.next = 600;
        later(3);
        recording.order(event(600, 900));
        later(3);
        assertThat(causes()).containsExactly(GapCause.NO_EVENT, GapCause.CAMERA_UNREACHABLE);
        assertThat(sink.gaps.get(1).fromUs()).isEqualTo(camera.wallUs(600 - PRE_SECONDS * 25));
    }

    /** The recorder came when the camera was away already. */
    @Test
    void aCameraOfWhichNothingWasHeardIsMissingOnceItIsWanted() {
        later(20);
        camera.next = 600;
        work();
        recording.order(ALWAYS);
        later(20);
        assertThat(causes()).containsExactly(GapCause.NO_EVENT, GapCause.STREAM_STALLED);
        assertThat(sink.gaps.get(1).fromUs()).isEqualTo(camera.wallUs(600));
    }

    @Test
    void theReasonWhyNothingIsWantedMayChangeMeanwhile() {
        camera.startRun(TestCamera.VIDEO);
        framesTo(100);
        recording.order(
                new RecordingOrder(FootageTerms.days(30), Optional.of(OnDemand.waiting(0, GapCause.NOT_SCHEDULED))));
        work();
        assertThat(causes()).containsExactly(GapCause.NO_EVENT, GapCause.NOT_SCHEDULED);
        assertThat(sink.gaps.get(1).fromUs()).isEqualTo(camera.wallUs(100));
    }

    @Test
    void theEndOfAnEventIsFoundAlsoWhenNothingComesAnyMore() {
        camera.startRun(TestCamera.VIDEO);
        framesTo(710);
        recording.order(event(700, 800));
        framesTo(750);
        camera.endRun(GapCause.CAMERA_UNREACHABLE);
        work();
        camera.next = 900;
        work();
        assertThat(sink.frames()).isEqualTo(range(550, 750));
        assertThat(recording.status().recording()).isFalse();
        camera.startRun(TestCamera.VIDEO);
        framesTo(1_200);
        assertThat(sink.frames()).isEqualTo(range(550, 750));
        assertThat(recording.status().cause()).contains(GapCause.NO_EVENT);
    }

    @Test
    void aRingThatDoesNotReachBackGivesWhatItHas() {
        camera = new TestCamera(hub, 12_000);
        recording = recorder(WAITING);
        camera.startRun(TestCamera.VIDEO);
        camera.frames(700);
        work();
        recording.order(event(700, 800));
        framesTo(900);

        assertThat(sink.frames()).isNotEmpty().last().isEqualTo(799);
        assertThat(sink.frames().get(0) % TestCamera.GOP).isZero();
        assertThat(causes()).containsOnly(GapCause.NO_EVENT);
    }
}
