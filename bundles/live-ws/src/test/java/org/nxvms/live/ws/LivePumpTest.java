// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamRole;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.media.kit.live.PumpRest;

/** What viewers get, tick by tick, out of the real stream hub. */
class LivePumpTest extends PumpScene {
    private static final long TICK_NS = 5_000_000;

    @Test
    void aViewerBeginsWithAllSinceTheNewestKeyFrame() throws Exception {
        Stage.Camera camera = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
        camera.startRun(Stage.H264);
        camera.pictures(27);
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.MAIN);
        tick();
        assertThat((String) socket.received.get(0))
                .contains("\"type\":\"init\"", "\"codecs\":\"avc1.640028\"", "\"width\":1920", "\"hasAudio\":false")
                .contains("\"stream\":\"main\"", "\"run\":1", "\"initId\":\"", "\"serverTimeMs\":");
        InitReader.Init init = InitReader.read(((ByteBuffer) socket.received.get(1)).duplicate());
        assertThat(init.format().tracks()).containsExactly(Stage.H264);
        assertThat(socket.pictures()).isEqualTo(numbers(20, 27));
        camera.pictures(2);
        tick();
        assertThat(socket.pictures()).isEqualTo(numbers(20, 29));
    }

    @Test
    void timesTellWhenAPictureWasTakenAndWhenToShowIt() {
        Stage.Camera camera = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
        camera.startRun(Stage.H264);
        camera.pictures(5);
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.MAIN);
        tick();
        List<ByteBuffer> fragments = socket.fragments();
        assertThat(fragments).hasSize(5);
        for (int i = 0; i < 5; i++) {
            SampleTable samples = Read.samples(fragments.get(i));
            assertThat(samples.count()).isOne();
            assertThat(samples.decodeTime()[0]).isEqualTo(i * 3_600L);
            assertThat(samples.duration()[0]).isEqualTo(3_600);
            assertThat(samples.key()[0]).isEqualTo(i == 0);
            assertThat(samples.size()[0]).isEqualTo(1_000);
            assertThat(Read.wallUs(fragments.get(i))).isEqualTo(Stage.START_US + i * 40_000);
        }
    }

    @Test
    void viewersOfAStreamShareItsBytes() {
        Stage.Camera camera = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
        camera.startRun(Stage.H264);
        camera.pictures(3);
        Stage.Socket one = new Stage.Socket();
        Stage.Socket two = new Stage.Socket();
        watch(one, StreamRole.MAIN);
        watch(two, StreamRole.MAIN);
        camera.pictures(3);
        tick();
        assertThat(two.pictures()).isEqualTo(one.pictures()).isEqualTo(numbers(0, 6));
        for (int i = 0; i < 6; i++) {
            assertThat(two.fragments().get(i).array())
                    .isSameAs(one.fragments().get(i).array());
        }
        assertThat(hub.statistics().get(0).readers()).as("readers in the hub").hasSize(1);
    }

    @Test
    void aSlowViewerJumpsToAKeyFrameAndTheOthersDoNotNotice() {
        Stage.Camera camera = new Stage.Camera(hub, StreamRole.MAIN, 10, 40_000);
        camera.startRun(Stage.H264);
        camera.pictures(1);
        Stage.Socket fast = new Stage.Socket();
        Stage.Socket slow = new Stage.Socket();
        watch(fast, StreamRole.MAIN);
        Viewer lagging = watch(slow, StreamRole.MAIN);
        slow.stuck = true;
        for (int i = 0; i < 64; i++) {
            camera.picture();
            tick();
        }
        assertThat(fast.pictures()).isEqualTo(numbers(0, 65));
        assertThat(fast.texts("drop")).isEmpty();
        int held = slow.pictures().size();
        assertThat(slow.pendingBytes()).as("handed over to the socket").isLessThan(Viewer.WINDOW_BYTES + 41_000);
        slow.unstick();
        tick();
        assertThat(slow.texts("drop")).containsExactly("{\"type\":\"drop\",\"skipped\":" + (60 - held) + "}");
        assertThat(slow.pictures().subList(held, slow.pictures().size())).isEqualTo(numbers(60, 65));
        assertThat(Read.samples(slow.fragments().get(held)).key()[0]).isTrue();
        assertThat(lagging.skippedTotal()).isEqualTo(60 - held);
        assertThat(slow.texts("init")).as("same run, same format").hasSize(1);
    }

    @Test
    void nobodyLooksBetweenTwoPicturesUnlessAViewerHasToCatchUp() {
        Stage.Camera camera = new Stage.Camera(hub, StreamRole.MAIN, 10, 40_000);
        camera.startRun(Stage.H264);
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.MAIN);
        assertThat(pump.pauseNs()).as("nothing was written yet").isEqualTo(new PumpRest().nsMax());
        camera.pictures(2);
        tick();
        assertThat(pump.pauseNs()).as("until the next one rings").isEqualTo(new PumpRest().nsMax());
        socket.stuck = true;
        while (socket.pendingBytes() < Viewer.WINDOW_BYTES) {
            camera.picture();
            nowMs += 40;
            pump.tick();
        }
        camera.picture();
        nowMs += 40;
        pump.tick();
        assertThat(pump.pauseNs()).as("as soon as the socket takes more").isEqualTo(TICK_NS);
    }

    @Test
    void aNewFormatBeginsWithANewInitialisation() {
        Stage.Camera camera = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
        camera.startRun(Stage.H264);
        camera.pictures(3);
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.MAIN);
        camera.startRun(Stage.H264_SMALL);
        camera.pictures(2);
        tick();
        assertThat(socket.texts("init")).hasSize(2);
        assertThat(socket.texts("init").get(1)).contains("avc1.42c01e", "\"width\":640", "\"run\":2");
        assertThat(socket.pictures()).isEqualTo(numbers(0, 5));
        int second = socket.received.indexOf(socket.texts("init").get(1));
        assertThat(((ByteBuffer) socket.received.get(second + 1)).getInt(4)).isEqualTo(0x66747970);
    }

    @Test
    void soundThatBrowsersKnowIsSentAndOtherSoundIsLeftOut() {
        Stage.Camera main = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
        main.startRun(Stage.H264, Stage.G711, Stage.AAC);
        main.picture();
        main.sound(1, 0);
        main.sound(2, 0);
        main.sound(2, 1_024);
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.MAIN);
        tick();
        assertThat(socket.texts("init").get(0)).contains("avc1.640028,mp4a.40.2", "\"hasAudio\":true");
        assertThat(socket.fragments()).hasSize(3);
        SampleTable sound = Read.samples(socket.fragments().get(2));
        assertThat(sound.trackId()).isEqualTo(2);
        assertThat(sound.decodeTime()[0]).isEqualTo(1_024);
        assertThat(sound.duration()[0]).isEqualTo(1_024);
    }

    /** What a player takes for the time of its first picture is that of a picture. */
    @Test
    void aViewerBeginsWithAPictureAndEachFragmentTellsTheTimeOfItsOwnTrack() {
        Stage.Camera main = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
        main.startRun(Stage.H264, Stage.AAC);
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.MAIN);
        main.sound(1, 0);
        main.sound(1, 1_024);
        tick();
        assertThat(socket.fragments()).as("sound before the first picture").isEmpty();
        main.picture();
        main.sound(1, 2_048);
        main.picture();
        tick();
        assertThat(socket.fragments())
                .extracting(Read::timed)
                .containsExactly(
                        new Read.Timed(1, Stage.START_US),
                        new Read.Timed(2, Stage.START_US + 40_000),
                        new Read.Timed(1, Stage.START_US + 40_000));
        assertThat(Read.samples(socket.fragments().get(0)).key()[0]).isTrue();
    }

    @Test
    void whoMayNotListenGetsThePicturesBesideThoseWhoMay() {
        Stage.Camera main = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
        main.startRun(Stage.H264, Stage.AAC);
        main.picture();
        main.sound(1, 0);
        Stage.Socket hears = new Stage.Socket();
        Stage.Socket sees = new Stage.Socket();
        watch(hears, StreamRole.MAIN, true);
        watch(sees, StreamRole.MAIN, false);
        tick();
        assertThat(hears.texts("init").get(0)).contains("\"hasAudio\":true");
        assertThat(sees.texts("init").get(0)).contains("\"hasAudio\":false").doesNotContain("mp4a");
        assertThat(hears.fragments()).hasSize(2);
        assertThat(sees.fragments()).hasSize(1);
    }

    @Test
    void whenMemoryIsUsedUpFurtherStreamsAreRefusedWithAReasonAndWatchedOnesGoOn() {
        Stage.Camera main = new Stage.Camera(hub, StreamRole.MAIN, 100, 200_000);
        main.startRun(Stage.H264);
        main.picture();
        Stage.Socket first = new Stage.Socket();
        watch(first, StreamRole.MAIN);
        for (int i = 0; i < 39; i++) {
            main.picture();
            tick();
        }
        pump.limit(new LivePump.Limits(10, 10, 8 << 20, 10 << 20, 5));
        tick();
        Stage.Socket second = new Stage.Socket();
        watch(second, StreamRole.SUB);
        assertThat(second.closeCode).isEqualTo(CloseCode.TRY_AGAIN);
        assertThat(second.closeReason).contains("memoryMebibytesMax");
        main.picture();
        tick();
        assertThat(first.pictures()).hasSize(41);
        assertThat(first.isOpen()).isTrue();
    }

    @Test
    void aCodecThatDoesNotPlayIsSaidWithTheWayOut() {
        Stage.Camera camera = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
        camera.startRun(Stage.HEVC);
        camera.picture();
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.MAIN);
        tick();
        assertThat(socket.closeCode).isEqualTo(4409);
        assertThat(socket.closeReason).contains("HEVC", "H.264");
        pass(500);
        assertThat(pump.places()).isZero();
    }

    @Test
    void theStreamChangesAtTheNextKeyFrameAndTheOldOneGoesOnUntilThen() {
        Stage.Camera main = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
        Stage.Camera sub = new Stage.Camera(hub, StreamRole.SUB, 10, 500);
        main.startRun(Stage.H264);
        sub.startRun(Stage.H264_SMALL);
        main.pictures(5);
        sub.pictures(5);
        Stage.Socket socket = new Stage.Socket();
        Viewer viewer = watch(socket, StreamRole.MAIN);
        Messages.apply(Messages.read("{\"type\":\"stream\",\"stream\":\"sub\"}"), viewer);
        for (int i = 5; i < 13; i++) {
            main.picture();
            sub.picture();
            tick();
        }
        assertThat(socket.texts("init")).hasSize(2);
        assertThat(socket.texts("init").get(1)).contains("\"stream\":\"sub\"", "\"width\":640");
        assertThat(socket.pictures()).isEqualTo(numbers(0, 13));
        assertThat(Read.samples(socket.fragments().get(9)).size()[0]).isEqualTo(1_000);
        assertThat(Read.samples(socket.fragments().get(10)).size()[0]).isEqualTo(500);
    }

    @Test
    void aPausedViewerGetsNothingAndResumesAtAKeyFrame() {
        Stage.Camera camera = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
        camera.startRun(Stage.H264);
        camera.pictures(2);
        Stage.Socket socket = new Stage.Socket();
        Viewer viewer = watch(socket, StreamRole.MAIN);
        Messages.apply(Messages.read("{\"type\":\"pause\"}"), viewer);
        camera.pictures(30);
        tick();
        assertThat(socket.pictures()).isEqualTo(numbers(0, 2));
        Messages.apply(Messages.read("{\"type\":\"resume\"}"), viewer);
        tick();
        assertThat(socket.pictures()).containsExactly(0, 1, 30, 31);
    }

    @Test
    void silenceIsExplained() {
        Stage.Camera camera = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
        camera.startRun(Stage.H264);
        camera.pictures(2);
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.MAIN);
        camera.endRun(GapCause.AUTH, "The password is wrong.");
        pass(2_500);
        assertThat(socket.texts("waiting"))
                .containsExactly("{\"type\":\"waiting\",\"cause\":\"auth\",\"detail\":\"The password is wrong.\"}");
        registry.cause = Optional.of(GapCause.CAMERA_UNREACHABLE);
        pass(3_000);
        assertThat(socket.texts("waiting")).hasSize(2);
        assertThat(socket.texts("waiting").get(1)).contains("camera_unreachable", "It does not answer.");
        camera.startRun(Stage.H264);
        camera.pictures(2);
        pass(300);
        assertThat(socket.pictures()).isEqualTo(numbers(0, 4));
        pass(2_500);
        assertThat(socket.texts("waiting")).hasSize(3);
    }

    @Test
    void pingsComeEveryFiveSeconds() {
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.MAIN);
        pass(15_500);
        assertThat(socket.texts("ping")).hasSize(3);
    }

    @Test
    void aStreamNobodyWatchesIsLetGo() {
        Stage.Camera camera = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
        camera.startRun(Stage.H264);
        camera.pictures(2);
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.MAIN);
        socket.close(1000, "bye");
        pass(Feed.UNUSED_MS_MAX + 1_000);
        assertThat(hub.statistics().get(0).readers()).isEmpty();
    }

    @Test
    void aRemovedStreamIsReadAgainWhenItReturns() {
        Stage.Camera camera = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
        camera.startRun(Stage.H264);
        camera.pictures(2);
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.MAIN);
        hub.remove(new org.nxvms.media.StreamId(Stage.CAMERA, StreamRole.MAIN));
        tick();
        Stage.Camera again = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
        again.startRun(Stage.H264);
        again.pictures(3);
        tick();
        tick();
        assertThat(socket.pictures()).containsExactly(0, 1, 0, 1, 2);
    }

    @Test
    void anEndlessGroupOfPicturesCostsBoundedMemory() {
        Stage.Camera camera = new Stage.Camera(hub, StreamRole.MAIN, 1_000_000, 100_000);
        camera.startRun(Stage.H264);
        camera.picture();
        Stage.Socket early = new Stage.Socket();
        watch(early, StreamRole.MAIN);
        for (int i = 0; i < 200; i++) {
            camera.picture();
            tick();
        }
        assertThat(early.pictures()).as("a viewer that keeps up sees all").isEqualTo(numbers(0, 201));
        Stage.Socket late = new Stage.Socket();
        watch(late, StreamRole.MAIN);
        camera.picture();
        tick();
        assertThat(late.pictures())
                .as("20 MB were sent since the key frame, 8 are kept")
                .isEmpty();
    }
}
