// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.media.kit.live.PumpRest;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.rendition.RenditionStatus;
import org.nxvms.platform.api.rendition.Renditions;

/** Many streams, and what they share. */
class PumpTest extends Watching {
    @Test
    void aStreamThatStumblesEndsAloneAndBeginsAnew() {
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264);
        camera.seconds(9);
        StreamId broken = StreamId.sub(Stage.CAMERA);
        StreamHub stumbling = (StreamHub) Proxy.newProxyInstance(
                StreamHub.class.getClassLoader(), new Class<?>[] {StreamHub.class}, (self, method, arguments) -> {
                    if (arguments != null && broken.equals(arguments[0])) {
                        throw new IllegalStateException("out of order");
                    }
                    return method.invoke(hub, arguments);
                });
        pump = new Pump(() -> stumbling, limits, () -> nowMs, () -> nowMs);
        Feed feed = watch();
        Feed other = pump.watch(new Feed.Key(broken, true)).orElseThrow();
        tick();
        assertThat(other.isOver()).isTrue();
        assertThat(feed.isOver()).isFalse();
        follow(feed, camera, 3, 40_000);
        assertThat(pictures()).endsWith(camera.pictureCount() - 2);
        assertThat(pump.watch(new Feed.Key(broken, true))).get().isNotSameAs(other);
    }

    @Test
    void allStreamsTogetherKeepTheBoundAndFurtherOnesAreTurnedAway() {
        limits = new Pump.Limits(Stage.SHAPE, 6 << 20, 10, 10, 30_000, 2);
        pump = new Pump(() -> hub, limits, () -> nowMs, () -> nowMs);
        Stage.Camera main = new Stage.Camera(hub, 50, 20_000, 40_000).startRun(Stage.H264);
        Stage.Camera sub = new Stage.Camera(hub, StreamRole.SUB, 50, 5_000, 40_000).startRun(Stage.H264_SMALL);
        main.seconds(12);
        sub.seconds(12);
        Feed small = pump.watch(new Feed.Key(StreamId.sub(Stage.CAMERA), true)).orElseThrow();
        Feed large = watch();
        for (int i = 0; i < 600; i++) {
            main.pictures(1);
            sub.pictures(1);
            tick();
            assertThat(large.bytes() + small.bytes()).isLessThanOrEqualTo(6 << 20);
        }
        assertThat(small.timeline().held()).as("the smaller one keeps its own").hasSizeGreaterThanOrEqualTo(8);
        assertThat(large.timeline().isReady()).isTrue();
        assertThat(pump.watch(new Feed.Key(Stage.MAIN, false))).isEmpty();
    }

    @Test
    void manyThatComeAtOnceAreNotPromisedMoreMemoryThanThereIs() {
        limits = new Pump.Limits(Stage.SHAPE, 3 * Pump.BEGIN_BYTES, 10, 10, 30_000, 2);
        pump = new Pump(() -> hub, limits, () -> nowMs, () -> nowMs);
        for (int i = 0; i < 3; i++) {
            assertThat(pump.watch(new Feed.Key(StreamId.main(new UUID(1, i)), true)))
                    .isPresent();
        }
        assertThat(pump.watch(Stage.KEY)).isEmpty();
        tick();
        assertThat(pump.watch(Stage.KEY)).as("nothing of it has come yet").isEmpty();
        nowMs += Stage.LIMITS.lingerMs();
        tick();
        assertThat(pump.watch(Stage.KEY)).isPresent();
    }

    /** What is encoded anew is so while it is read: who waits for its turn has to go on wishing for it. */
    @Test
    void aStreamThatIsEncodedAnewIsWishedWhileItWaitsForItsTurn() {
        StreamId small = StreamId.of(Stage.CAMERA, "main~480p");
        Feed feed = pump.watch(new Feed.Key(small, true)).orElseThrow();
        tick();
        assertThat(hub.statistics(small).orElseThrow().readers()).hasSize(1);
        hub.remove(small);
        nowMs += 1_000;
        tick();
        assertThat(hub.statistics(small).orElseThrow().readers())
                .as("another encoding of that name")
                .hasSize(1);
        Feed main = watch();
        nowMs += Feed.RENDITION_LINGER_MS_MAX;
        tick();
        assertThat(main.isOver()).as("of a camera's stream there is no want").isFalse();
        assertThat(feed.isOver()).isTrue();
        assertThat(hub.statistics(small)).as("nobody wishes for it any more").isEmpty();
    }

    @Test
    void whoWaitsForAnEncodingIsToldSoAndNotThatTheCameraIsSilent() {
        StreamId small = StreamId.of(Stage.CAMERA, "main~480p");
        Feed feed = pump.watch(new Feed.Key(small, true)).orElseThrow();
        Services.Registry registry = new Services.Registry();
        CameraRegistry cameras = registry.service();
        String wait = "as many encodings run as this server allows";
        assertThat(Cameras.why(cameras, made(small, RenditionStatus.State.WAITING, wait), feed))
                .contains("main~480p", wait, "Try again")
                .doesNotContain("Nothing arrives");
        assertThat(Cameras.why(cameras, made(small, RenditionStatus.State.STARTING, ""), feed))
                .contains("main~480p", "just begun")
                .doesNotContain("Nothing arrives");
        assertThat(Cameras.why(cameras, made(StreamId.sub(Stage.CAMERA), RenditionStatus.State.WAITING, wait), feed))
                .contains("Nothing arrives");
        registry.cause = Optional.of(GapCause.CAMERA_UNREACHABLE);
        assertThat(Cameras.why(cameras, made(small, RenditionStatus.State.STARTING, ""), feed))
                .contains("It does not answer.");
    }

    /** One stream that is encoded anew, or waits for that. */
    private static Renditions made(StreamId stream, RenditionStatus.State state, String detail) {
        return (Renditions) Proxy.newProxyInstance(
                Renditions.class.getClassLoader(),
                new Class<?>[] {Renditions.class},
                (self, method, arguments) -> List.of(new RenditionStatus(stream, state, 0, 0, detail)));
    }

    /** A player that looks at each number below that of the newest break (hls.js does, at each reload) stands still for minutes else. */
    @Test
    void breaksHaveSmallNumbersWhichDoNotComeAgain() {
        nowMs = 1_760_000_000_000L;
        pump = new Pump(() -> hub, limits, () -> nowMs, () -> nowMs);
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264);
        camera.seconds(9);
        Feed feed = watch();
        long first = read(feed).last().discontinuity();
        assertThat(first).isLessThan(1_000);
        nowMs += Stage.LIMITS.lingerMs();
        tick();
        assertThat(feed.isOver()).isTrue();
        rules = new PlaylistRules();
        assertThat(read(watch()).last().discontinuity()).isGreaterThan(first);
    }

    /** The camera goes four times as fast as the clock here. */
    @Test
    void numbersThatRoseFasterThanTheClockDoNotComeAgainEither() {
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264);
        camera.seconds(9);
        Feed feed = watch();
        long last = follow(feed, camera, 200, 40_000).last().number();
        nowMs += Stage.LIMITS.lingerMs();
        tick();
        assertThat(last).isGreaterThan(nowMs / 1_000 + 10);
        camera.seconds(9);
        Feed again = watch();
        // The ring holds minutes, which are looked through bit by bit.
        for (int i = 0; i < 50; i++) {
            tick();
        }
        assertThat(again.timeline().held().get(0).number()).isGreaterThan(last);
    }

    @Test
    void whatNobodyWatchesIsForgottenAndGoesOnWithHigherNumbers() {
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264);
        camera.seconds(9);
        Feed feed = watch();
        long last = follow(feed, camera, 4, 40_000).last().number();
        nowMs += Stage.LIMITS.lingerMs();
        tick();
        assertThat(pump.watched()).isZero();
        assertThat(hub.statistics(Stage.MAIN).orElseThrow().readers())
                .as("nothing is read any more")
                .isEmpty();
        camera.seconds(9);
        Feed again = watch();
        assertThat(again.timeline().held().get(0).number()).isGreaterThan(last);
    }

    @Test
    void aStreamThatIsCutWakesThePumpAndOneThatIsNotKnownYetIsLookedFor() {
        pump.watch(Stage.KEY);
        tick();
        assertThat(pump.pauseNs()).as("no camera yet").isEqualTo(limits.tickMs() * 1_000_000L);
        Stage.Camera camera = new Stage.Camera(hub, 50, 2_000, 40_000).startRun(Stage.H264);
        camera.seconds(9);
        nowMs += 1_000;
        Feed feed = watch();
        assertThat(feed.timeline().isReady()).isTrue();
        assertThat(pump.pauseNs()).isEqualTo(new PumpRest().nsMax());
    }
}
