// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.Codec;
import org.nxvms.media.ReaderBell;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.TrackFormat;

/** By what a watched stream wakes the pump, and when somebody has to look all the same. */
class FeedTest {
    private static final TrackFormat AAC =
            new TrackFormat(Codec.AAC, 16_000, "mp4a.40.2", 0, 0, 1, 0, new byte[] {0x14, 0x08});
    private static final long BYTES_MAX = 8 << 20;

    private final Stage stage = new Stage();
    private final ReaderBell bell = new ReaderBell();
    private final Feed feed = new Feed(StreamId.main(Stage.CAMERA), bell, 0);

    @AfterEach
    void end() {
        feed.close();
        stage.close();
    }

    private void take() {
        bell.heard();
        feed.take(stage.hub, BYTES_MAX);
    }

    @Test
    void aStreamIsLookedAtWhenItHasSomething() {
        assertThat(feed.rings()).as("nobody has looked yet").isFalse();
        take();
        assertThat(feed.rings()).as("the camera has not come yet").isTrue();
        Stage.Camera camera = stage.new Camera(25, Stage.H264);
        camera.pictures(1);
        assertThat(bell.isRung()).isTrue();
        take();
        assertThat(feed.rings()).isTrue();
        assertThat(bell.isRung()).isFalse();
        feed.close();
        assertThat(feed.rings()).as("nobody would tell").isFalse();
    }

    @Test
    void soundWakesThePumpOnlyWhenItIsSent() {
        Stage.Camera camera = stage.new Camera(25, Stage.H264, AAC);
        camera.pictures(1);
        take();
        camera.sound(0, new byte[100]);
        assertThat(bell.isRung()).as("AAC is not sent").isFalse();
        camera.startRun(Stage.H264, Stage.OPUS);
        camera.pictures(1);
        take();
        camera.sound(0, new byte[100]);
        assertThat(bell.isRung()).as("Opus is").isTrue();
    }

    @Test
    void whatIsTooMuchForOneLookIsLookedForAgain() {
        Stage.Camera camera = stage.new Camera(10_000, Stage.H264, Stage.OPUS);
        camera.pictures(1);
        for (int i = 0; i < 700; i++) {
            camera.sound(i, new byte[10]);
        }
        take();
        assertThat(feed.rings()).isFalse();
        take();
        assertThat(feed.rings()).isTrue();
    }

    /** Who encodes waits for reloads: more of that keeps others from the place. */
    @Test
    void whatIsEncodedAnewIsLetGoWithItsLastViewerAndWhatACameraSendsIsKeptForAReload() {
        Feed made = new Feed(StreamId.of(Stage.CAMERA, "main~480p"), bell, 0);
        for (Feed one : List.of(made, feed)) {
            one.join();
            one.join();
            one.leave(1_000);
            assertThat(one.isForgotten(99_000)).as("one watches still").isFalse();
            one.leave(2_000);
        }
        assertThat(made.isForgotten(2_000)).isTrue();
        assertThat(feed.isForgotten(2_000 + Feed.UNUSED_MS_MAX - 1)).isFalse();
        assertThat(feed.isForgotten(2_000 + Feed.UNUSED_MS_MAX)).isTrue();
    }

    @Test
    void whereAllBellsHangThePumpLooksByItself() {
        StreamId stream = StreamId.main(Stage.CAMERA);
        List<StreamReader> others = new ArrayList<>();
        boolean hangs = true;
        while (hangs) {
            StreamReader other = stage.hub.openReader(stream, "other", ReaderStart.NEXT);
            others.add(other);
            hangs = other.ringAt(new ReaderBell(), false);
        }
        take();
        assertThat(feed.rings()).isFalse();
        others.forEach(StreamReader::close);
    }
}
