// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;

/** Events on bad days: what is missing of an event is said, and nothing bad is said of the time between events. */
class OnDemandTroubleTest extends RecordingScene {
    /** Entries of {@link TestCamera#SMALL}. */
    private static final int RING_FRAMES = 1024;

    OnDemandTroubleTest() {
        super(WAITING);
    }

    @Test
    void whatTheRingLostWhileNothingWasWantedIsNoOverrun() {
        recording = recorder(ALWAYS);
        camera.startRun(TestCamera.VIDEO);
        framesTo(101);
        recording.order(WAITING);
        framesTo(400);
        // The recorder's thread does not come to run before the event, and the ring goes round.
        camera.frames(2 * RING_FRAMES);
        recording.order(event(camera.next, camera.next + 100));
        int first = camera.next - PRE_SECONDS * 25;
        framesTo(camera.next + 300);

        assertThat(causes()).containsOnly(GapCause.NO_EVENT);
        assertThat(recording.status().accessUnitsLost()).isZero();
        assertThat(sink.runs).hasSize(2);
        assertThat(sink.runs.get(1).frames().get(0)).isBetween(first - TestCamera.GOP, first);
    }

    @Test
    void aRingThatIsSmallerThanThePreBufferIsNoOverrun() {
        camera = new TestCamera(hub, 12_000);
        recording = recorder(ALWAYS);
        camera.startRun(TestCamera.VIDEO);
        framesTo(101);
        recording.order(WAITING);
        framesTo(200);
        camera.frames(500);
        recording.order(event(camera.next, camera.next + 100));
        framesTo(900);

        assertThat(causes()).containsOnly(GapCause.NO_EVENT);
        assertThat(recording.status().accessUnitsLost()).isZero();
        assertThat(sink.runs).hasSize(2);
        List<Integer> frames = sink.runs.get(1).frames();
        assertThat(frames).isEqualTo(range(frames.get(0), 800));
    }

    @Test
    void aRingThatGoesRoundBeforeItsEventIsReadIsAnOverrunFromTheBeginOfTheEvent() {
        readers = new RoundAfterTheLook();
        recording = recorder(WAITING);
        camera.startRun(TestCamera.VIDEO);
        framesTo(710);
        recording.order(event(700, 2_400));
        work();
        framesTo(2_500);

        List<Integer> frames = sink.frames();
        assertThat(frames.get(0) % TestCamera.GOP).isZero();
        assertThat(frames).isEqualTo(range(frames.get(0), 2_400));
        assertThat(recording.status().accessUnitsLost())
                .as("from the key frame on with which the event begins")
                .isEqualTo(frames.get(0) - 550L);
        assertThat(causes()).containsExactly(GapCause.NO_EVENT, GapCause.RECORDER_OVERRUN, GapCause.NO_EVENT);
        assertThat(sink.gaps.get(1).fromUs()).isEqualTo(camera.wallUs(575));
    }

    /** Another stream keeps the thread for long, between the look for the key frame and the first read. */
    private final class RoundAfterTheLook implements ReaderSource {
        private final ReaderSource real = ReaderSource.of(hub);

        @Override
        public ResumePoint.Start open(StreamId stream, long limitUs) {
            return real.open(stream, limitUs);
        }

        @Override
        public long keyAt(StreamId stream, long wallUs) {
            long key = real.keyAt(stream, wallUs);
            camera.frames(RING_FRAMES + 200);
            return key;
        }
    }

    @Test
    void anEventThatTheArchiveRefusesIsMissingFromItsOwnBeginOn() {
        anEventAt700AndARefusedOneAt1600();

        assertThat(causes())
                .startsWith(GapCause.NO_EVENT, GapCause.NO_EVENT, GapCause.DISK_FULL)
                .endsWith(GapCause.NO_EVENT);
        assertThat(missing(GapCause.DISK_FULL)).containsOnly(camera.wallUs(1_475));
        assertThat(sink.gaps.get(sink.gaps.size() - 1).fromUs())
                .as("the post-buffer's end")
                .isBetween(camera.wallUs(1_700), camera.wallUs(1_750));
    }

    @Test
    void theTimeBetweenARefusedEventAndTheNextIsNotTheArchivesFault() {
        anEventAt700AndARefusedOneAt1600();
        sink.refusal = Optional.empty();
        framesTo(4_010);
        recording.order(event(4_000, 4_100));
        framesTo(4_300);

        assertThat(sink.runs.get(1).frames()).isEqualTo(range(3_850, 4_100));
        assertThat(missing(GapCause.DISK_FULL)).containsOnly(camera.wallUs(1_475));
    }

    @Test
    void aCameraThatIsReleasedBetweenEventsIsNotTheArchivesFaultEither() {
        anEventAt700AndARefusedOneAt1600();
        framesTo(3_700);
        recording.release(OFF);
        work();

        assertThat(missing(GapCause.DISK_FULL)).containsOnly(camera.wallUs(1_475));
        assertThat(sink.gaps).last().isEqualTo(new FakeSink.Missing(camera.wallUs(3_700), OFF.cause(), OFF.detail()));
    }

    /** The thread that would begin it hangs, and does not know of it. */
    @Test
    void anEventWhileTheVolumeHangsIsMissingForThatFromItsBeginOn() {
        Explanation hangs = new Explanation(GapCause.DISK_SLOW, "volume main hangs");
        camera.startRun(TestCamera.VIDEO);
        framesTo(710);
        recording.heldUp(hangs, true);
        assertThat(causes()).as("nothing is wanted").containsOnly(GapCause.NO_EVENT);
        recording.order(event(700, 800));
        recording.heldUp(hangs, false);
        assertThat(causes()).containsOnly(GapCause.NO_EVENT);
        recording.heldUp(hangs, true);
        recording.heldUp(hangs, true);
        assertThat(sink.gaps)
                .last()
                .isEqualTo(new FakeSink.Missing(
                        camera.wallUs(700 - PRE_SECONDS * 25), GapCause.DISK_SLOW, "volume main hangs"));
        assertThat(causes()).containsOnlyOnce(GapCause.DISK_SLOW);
        assertThat(recording.status().cause()).contains(GapCause.DISK_SLOW);
    }

    private void anEventAt700AndARefusedOneAt1600() {
        camera.startRun(TestCamera.VIDEO);
        framesTo(710);
        recording.order(event(700, 800));
        framesTo(1_610);
        refuse(GapCause.DISK_FULL);
        recording.order(event(1_600, 1_700));
        framesTo(1_600 + 2 * RING_FRAMES);
        assertThat(sink.frames()).isEqualTo(range(550, 800));
        assertThat(recording.status().accessUnitsLost()).isPositive();
    }

    private List<Long> missing(GapCause cause) {
        return sink.gaps.stream()
                .filter(gap -> gap.cause() == cause)
                .map(FakeSink.Missing::fromUs)
                .toList();
    }
}
