// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.simulator.rtsp.PictureChoice.Choice.LEAVE_OUT;
import static org.nxvms.simulator.rtsp.PictureChoice.Choice.SEND;
import static org.nxvms.simulator.rtsp.PictureChoice.Choice.WAIT;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.clip.Clip;
import org.nxvms.simulator.clip.TestClips;
import org.nxvms.simulator.rtp.LiveTrack;
import org.nxvms.simulator.rtp.PacketTrack;

/** From the loop to live pictures and back, at key pictures; the loop has one at each tenth. */
class PictureChoiceTest {
    private static final int GOP = TestClips.SPEC.gopFrames();

    private PacketTrack loop;
    private PictureChoice choice;

    @BeforeEach
    void start() throws IOException {
        loop = Media.of(TestClips.open()).main();
        choice = new PictureChoice(loop);
    }

    private static Clip.AccessUnit picture(boolean key) {
        return new Clip.AccessUnit(new byte[] {0, 0, 1, (byte) (key ? 0x65 : 0x41), 1, 2, 3}, key);
    }

    private PictureChoice.Choice at(long unit, LiveTrack live) {
        return choice.choose(loop, unit, Optional.ofNullable(live));
    }

    private boolean isLive() {
        return choice.packets() != loop;
    }

    @Test
    void whileTheHeadLooksStraightTheLoopIsSent() {
        assertThat(at(3, null)).isEqualTo(SEND);
        assertThat(isLive()).isFalse();
    }

    @Test
    void theFirstLivePictureIsWaitedForAndFollowed() {
        LiveTrack live = new LiveTrack(loop, 13);
        assertThat(at(12, live)).isEqualTo(SEND);
        assertThat(isLive()).isFalse();
        assertThat(at(13, live)).isEqualTo(WAIT);
        live.add(13, picture(true));
        assertThat(at(13, live)).isEqualTo(SEND);
        assertThat(isLive()).isTrue();
        assertThat(at(14, live)).isEqualTo(WAIT);
        live.add(14, picture(false));
        assertThat(at(14, live)).isEqualTo(SEND);
        assertThat(isLive()).isTrue();
    }

    @Test
    void whoHasMissedItsBeginningComesInAtAKeyPicture() {
        LiveTrack live = new LiveTrack(loop, 13);
        live.add(13, picture(true));
        live.add(14, picture(false));
        assertThat(at(14, live)).isEqualTo(SEND);
        assertThat(isLive()).as("the loop goes on").isFalse();
        assertThat(at(15, live)).as("it cannot be what is waited for").isEqualTo(SEND);
        assertThat(at(2 * GOP, live)).isEqualTo(WAIT);
        live.add(2 * GOP, picture(true));
        assertThat(at(2 * GOP, live)).isEqualTo(SEND);
        assertThat(isLive()).isTrue();
    }

    @Test
    void whatIsLeftOutIsNotSentAndTheNextOneIs() {
        LiveTrack live = new LiveTrack(loop, 13);
        live.add(13, picture(true));
        assertThat(at(13, live)).isEqualTo(SEND);
        live.add(16, picture(false));
        assertThat(at(14, live)).isEqualTo(LEAVE_OUT);
        assertThat(at(15, live)).isEqualTo(LEAVE_OUT);
        assertThat(at(16, live)).isEqualTo(SEND);
        assertThat(isLive()).isTrue();
    }

    @Test
    void whoBeginsWhereAKeyPictureWasLeftOutBeginsAtTheNextOne() {
        LiveTrack live = new LiveTrack(loop, 13);
        live.add(13, picture(true));
        live.add(2 * GOP + 2, picture(true));
        assertThat(at(2 * GOP, live)).isEqualTo(LEAVE_OUT);
        assertThat(at(2 * GOP + 1, live)).isEqualTo(LEAVE_OUT);
        assertThat(at(2 * GOP + 2, live)).isEqualTo(SEND);
        assertThat(isLive()).isTrue();
    }

    @Test
    void itEndsWhereTheLoopHasAKeyPicture() {
        LiveTrack live = new LiveTrack(loop, 18);
        live.add(18, picture(true));
        assertThat(at(18, live)).isEqualTo(SEND);
        live.add(19, picture(false));
        live.end(2 * GOP);
        assertThat(at(19, null)).as("who follows does so to the end").isEqualTo(SEND);
        assertThat(isLive()).isTrue();
        assertThat(at(2 * GOP, null)).isEqualTo(SEND);
        assertThat(isLive()).isFalse();
    }

    @Test
    void afterAnEndElsewhereNothingIsSentUntilThere() {
        LiveTrack live = new LiveTrack(loop, 13);
        live.add(13, picture(true));
        assertThat(at(13, live)).isEqualTo(SEND);
        live.end(14);
        assertThat(at(14, null)).isEqualTo(LEAVE_OUT);
        assertThat(at(2 * GOP - 1, null)).isEqualTo(LEAVE_OUT);
        assertThat(at(2 * GOP, null)).isEqualTo(SEND);
        assertThat(isLive()).isFalse();
    }

    @Test
    void whoeverMakesNothingAnyMoreIsLeft() {
        LiveTrack live = new LiveTrack(loop, 13);
        live.add(13, picture(true));
        assertThat(at(13, live)).isEqualTo(SEND);
        for (long unit : new long[] {14, 2 * GOP}) {
            for (int asked = 0; asked < PictureChoice.WAITS_MAX; asked++) {
                assertThat(at(unit, live)).isEqualTo(WAIT);
            }
            assertThat(at(unit, live)).isEqualTo(unit == 14 ? LEAVE_OUT : SEND);
        }
        assertThat(isLive()).isFalse();
    }

    @Test
    void whatIsKeptNoLongerBreaksThePicturesBehindIt() {
        LiveTrack live = new LiveTrack(loop, 13);
        live.add(13, picture(true));
        assertThat(at(13, live)).isEqualTo(SEND);
        for (long unit = 14; unit < 14 + 400; unit++) {
            live.add(unit, picture(unit % GOP == 0));
        }
        assertThat(at(14, live)).isEqualTo(LEAVE_OUT);
        assertThat(at(14 + 399, live)).as("a picture that refers to others").isEqualTo(LEAVE_OUT);
        assertThat(at(410, live)).isEqualTo(SEND);
        assertThat(isLive()).isTrue();
    }

    @Test
    void otherLoopsAreNotMixed() {
        PacketTrack other = Media.of(clip()).sub();
        LiveTrack live = new LiveTrack(other, 10);
        live.add(10, picture(true));
        assertThat(at(10, live)).isEqualTo(SEND);
        assertThat(isLive()).isFalse();
    }

    private static Clip clip() {
        try {
            return TestClips.open();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
