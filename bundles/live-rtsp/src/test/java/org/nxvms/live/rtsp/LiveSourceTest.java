// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.nxvms.media.ReaderBell;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.kit.live.PumpRest;
import org.nxvms.test.kit.Awaiting;

/** Who is slow, and a hub that is exchanged. */
class LiveSourceTest {
    private static final StreamFormat FORMAT = new StreamFormat(List.of(Stage.H264));

    private final AtomicReference<StreamHub> hub = new AtomicReference<>(Stage.hub());
    private final Unit unit = new Unit();

    private int number(LiveSource source) {
        assertThat(source.next(unit)).isEqualTo(Source.UNIT);
        return unit.bytes().getInt(6);
    }

    @Test
    void whoIsOvertakenGoesOnAtTheNewestKeyFrame() {
        Stage.Camera camera = new Stage.Camera(hub.get(), 1 << 20, 20_000);
        camera.startRun(0, Stage.H264);
        camera.pictures(3);
        try (LiveSource source = new LiveSource(hub::get, Stage.MAIN, FORMAT)) {
            assertThat(number(source)).isZero();

            camera.pictures(1_002);

            assertThat(number(source)).as("the key frame of the newest group").isEqualTo(1_000);
            assertThat(unit.key).isTrue();
            assertThat(source.skipped()).isEqualTo(999);
            assertThat(number(source)).isEqualTo(1_001);
        }
    }

    @Test
    void aHubThatIsExchangedIsWaitedFor() {
        Stage.Camera camera = new Stage.Camera(hub.get(), 1 << 20, 1_000);
        camera.startRun(0, Stage.H264);
        camera.pictures(1);
        try (LiveSource source = new LiveSource(hub::get, Stage.MAIN, FORMAT)) {
            assertThat(number(source)).isZero();
            long run = unit.run;
            hub.set(null);
            assertThat(source.next(unit)).isEqualTo(Source.NOTHING);
            hub.set(Stage.hub());
            assertThat(source.next(unit)).isEqualTo(Source.NOTHING);
            Stage.Camera again = new Stage.Camera(hub.get(), 1 << 20, 1_000);
            again.startRun(7, Stage.H264);
            again.pictures(1);

            assertThat(number(source)).isZero();
            assertThat(unit.run).as("a run of its own").isGreaterThan(run);
        }
    }

    /** The rest lasts an hour unless a picture ends it. */
    @Test
    void whoWaitsIsWokenByTheNextPicture() throws Exception {
        Stage.Camera camera = new Stage.Camera(hub.get(), 1 << 20, 1_000);
        camera.startRun(0, Stage.H264);
        camera.pictures(1);
        long hourNs = TimeUnit.HOURS.toNanos(1);
        try (LiveSource source = new LiveSource(hub::get, Stage.MAIN, FORMAT, new PumpRest(hourNs))) {
            assertThat(number(source)).isZero();
            assertThat(source.next(unit)).isEqualTo(Source.NOTHING);
            Thread player = new Thread(() -> source.await(hourNs), "nxvms-player");
            player.setDaemon(true);
            player.start();
            Awaiting.until("the player rests", () -> LockSupport.getBlocker(player) instanceof ReaderBell);
            camera.pictures(1);
            player.join();
            assertThat(number(source)).isOne();
        }
    }
}
