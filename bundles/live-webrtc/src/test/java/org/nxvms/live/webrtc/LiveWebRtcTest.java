// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.live.webrtc.secure.SrtpProfile;
import org.nxvms.media.StreamRole;
import org.nxvms.media.TrackFormat;
import org.nxvms.rest.kit.problem.ProblemException;

/** A whole view over real sockets: what the camera wrote is what the player has, whatever gets lost; and what is not begun. */
class LiveWebRtcTest {
    private static final SrtpProfile[] ALL = SrtpProfile.values();
    private static final int GOP = 25;

    private final Stage stage = new Stage();

    @AfterEach
    void end() {
        stage.close();
    }

    private static void assertSame(List<byte[]> sent, List<byte[]> come, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(come.get(i)).as("picture %d", i).isEqualTo(sent.get(i));
        }
    }

    /** {@return what the camera wrote since the picture that came first: a key frame, the newest one at that time} */
    private static List<byte[]> sinceFirst(Player player, Stage.Camera camera, int atLeast) {
        int first = indexOf(camera.pictures, player.pictures().units().get(0));
        assertThat(first).isGreaterThanOrEqualTo(atLeast);
        assertThat(first % GOP).as("a key frame").isZero();
        return camera.pictures.subList(first, camera.pictures.size());
    }

    @ParameterizedTest
    @EnumSource
    void thePlayerHasTheGroupOfPicturesAtOnceAndThenWhatComes(SrtpProfile profile) throws Exception {
        Stage.Camera camera = stage.new Camera(GOP, Stage.H264);
        camera.pictures(2 * GOP + 10);
        try (Player player = new Player(0, 1, profile)) {
            player.connect(stage.watch(Player.offer(true, false)).sdp());
            player.play(camera, 10);
            for (int pictures = GOP; pictures <= 3 * GOP; pictures += GOP) {
                camera.pictures(GOP);
                player.play(camera, pictures);
            }
            assertSame(sinceFirst(player, camera, 2 * GOP), player.pictures().units(), 3 * GOP);
            List<Long> times = player.pictures().timestamps();
            for (int i = 1; i < 3 * GOP; i++) {
                assertThat(times.get(i) - times.get(i - 1)).isEqualTo(3_600);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatGetsLostIsSentAgain(boolean apart) throws Exception {
        Stage.Camera camera = stage.new Camera(GOP, Stage.H264);
        camera.pictures(GOP);
        try (Player player = new Player(0.03, 42, ALL)) {
            player.connect(stage.watch(Player.offer(apart, false)).sdp());
            player.play(camera, 1);
            for (int round = 1; round <= 8; round++) {
                camera.pictures(GOP);
                player.play(camera, round * GOP);
            }
            assertThat(player.dropped).as("3 % of some thousand packets").isGreaterThan(20);
            assertThat(player.resent > 0)
                    .as("apart from the others, when that is agreed on")
                    .isEqualTo(apart);
            assertSame(sinceFirst(player, camera, 0), player.pictures().units(), 8 * GOP);
        }
    }

    @Test
    void aPlayerThatCannotDecodeGetsTheGroupAgainAsNewPictures() throws Exception {
        Stage.Camera camera = stage.new Camera(10_000, Stage.H264);
        camera.pictures(20);
        try (Player player = new Player(0, 1, ALL)) {
            player.connect(stage.watch(Player.offer(true, false)).sdp());
            player.playOut(camera);
            int group = camera.pictures.size();
            stage.later(Lane.KEY_AGAIN_MS);
            player.askForKey();
            player.takeUntil("the group again", () -> player.pictures().units().size() >= 2 * group);
            List<byte[]> come = player.pictures().units();
            assertSame(camera.pictures, come.subList(group, come.size()), group);
            List<Long> times = player.pictures().timestamps();
            for (int i = 1; i < times.size(); i++) {
                assertThat(times.get(i)).as("picture %d", i).isGreaterThan(times.get(i - 1));
            }
        }
    }

    private static List<Arguments> sounds() {
        return List.of(
                Arguments.of(Stage.G711, 0, "PCMU/8000", 160),
                Arguments.of(Stage.G711_A, 8, "PCMA/8000", 160),
                Arguments.of(Stage.OPUS, 111, "opus/48000/2", 960));
    }

    @ParameterizedTest
    @MethodSource("sounds")
    void soundGoesAlongAsTheCameraSentIt(TrackFormat track, int type, String encoding, int ticks) throws Exception {
        Stage.Camera camera = stage.new Camera(GOP, Stage.H264, track);
        camera.pictures(GOP);
        List<byte[]> sent = new ArrayList<>();
        Random random = new Random(3);
        try (Player player = new Player(0, 1, ALL)) {
            String answer = stage.watch(Player.offer(true, true)).sdp();
            assertThat(answer)
                    .contains(
                            "m=audio 9 UDP/TLS/RTP/SAVPF " + type + "\r\n",
                            "a=rtpmap:" + type + " " + encoding,
                            "BUNDLE 0 1");
            player.connect(answer);
            player.play(camera, GOP);
            long deadline = System.nanoTime() + 60_000_000_000L;
            while (player.sounds().size() < 50) {
                assertThat(System.nanoTime()).as("60 s for 50 packets").isLessThan(deadline);
                byte[] bytes = new byte[160];
                random.nextBytes(bytes);
                camera.sound(sent.size() * (long) ticks, bytes);
                sent.add(bytes);
                player.take(20);
            }
            List<byte[]> come = player.sounds();
            int first = indexOf(sent, come.get(0));
            assertThat(first).isNotNegative();
            assertSame(sent.subList(first, sent.size()), come, come.size());
        }
    }

    private static int indexOf(List<byte[]> all, byte[] one) {
        for (int i = 0; i < all.size(); i++) {
            if (java.util.Arrays.equals(all.get(i), one)) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void whoMayNotListenHearsNothing() {
        stage.new Camera(GOP, Stage.H264, Stage.G711).pictures(1);
        stage.guard.deaf = true;
        assertThat(stage.watch(Player.offer(true, true)).sdp())
                .contains("m=audio 0 UDP/TLS/RTP/SAVPF 111\r\n", "a=inactive", "a=group:BUNDLE 0\r\n");
    }

    @Test
    void theTimeOfTheWallIsToldOnceASecond() throws Exception {
        Stage.Camera camera = stage.new Camera(GOP, Stage.H264);
        camera.pictures(1);
        try (Player player = new Player(0, 1, ALL)) {
            player.connect(stage.watch(Player.offer(true, false)).sdp());
            player.takeUntil("a report", () -> player.reports == 1);
            stage.later(1_000);
            player.takeUntil("the next", () -> player.reports == 2);
        }
    }

    @Test
    void whatLooksLikeDtlsAndIsNotHurtsNobody() throws Exception {
        Stage.Camera camera = stage.new Camera(GOP, Stage.H264);
        camera.pictures(5);
        try (Player player = new Player(0, 1, ALL)) {
            player.connect(stage.watch(Player.offer(true, false)).sdp());
            player.playOut(camera);
            for (int round = 1; round <= 5; round++) {
                player.sendJunk(100);
                camera.pictures(GOP);
                player.playOut(camera);
            }
            assertSame(camera.pictures, player.pictures().units(), camera.pictures.size());
            player.sayGoodbye();
            player.takeUntil("what is DTLS is still heard", () -> stage.live.places() == 0);
        }
    }

    // ---- what is not begun

    private void assertRefused(int status, String part, String offer, StreamRole role) {
        assertThatThrownBy(() -> stage.watch(offer, Stage.USER, role))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.problem().status()).isEqualTo(status);
                    assertThat(refused.problem().detail()).contains(part);
                });
        assertThat(stage.live.places()).isZero();
    }

    @Test
    void anotherCodecIsRefusedWithTheWayOut() {
        stage.new Camera(GOP, Stage.HEVC).pictures(1);
        assertRefused(406, "stream=sub", Player.offer(true, false), StreamRole.MAIN);
    }

    @Test
    void picturesThatAreNotInOrderAreRefusedWithTheWayOut() {
        Stage.Camera camera = stage.new Camera(GOP, Stage.H264);
        for (long shown : new long[] {0, 3, 1, 2, 6, 4, 5}) {
            camera.picture(shown * 3_600);
        }
        assertRefused(406, "/ws/v1/live/", Player.offer(true, false), StreamRole.MAIN);
    }

    @Test
    void aStreamFromWhichNothingComesIsToBeTriedAgain() {
        assertRefused(503, "Nothing has come", Player.offer(true, false), StreamRole.SUB);
    }

    @Test
    void aPlayerWithoutH264IsRefused() {
        stage.new Camera(GOP, Stage.H264).pictures(1);
        String offer = Player.offer(true, false).replace("H264", "VP9");
        assertRefused(406, "H264/90000", offer, StreamRole.MAIN);
    }

    @Test
    void whatIsNoOfferIsMalformed() {
        assertRefused(400, "v=0", "{}", StreamRole.MAIN);
        assertRefused(400, "fingerprint", Player.offer(true, false).replace("sha-256", "sha-1"), StreamRole.MAIN);
    }

    @Test
    void aStreamForWhichThereIsNoMemoryIsRefused() throws Exception {
        Stage small = new Stage(new Pump.Limits(10, 8, 16 << 20, 1 << 20, 2), hub -> hub);
        try (small;
                Player player = new Player(0, 1, ALL)) {
            Stage.Camera camera = small.new Camera(GOP, Stage.H264);
            camera.pictures(5);
            small.new Camera(StreamRole.SUB, GOP, Stage.H264).pictures(5);
            player.connect(small.watch(Player.offer(true, false)).sdp());
            player.play(camera, 1);
            assertThatThrownBy(() -> small.watch(Player.offer(true, false), Stage.USER, StreamRole.SUB))
                    .isInstanceOfSatisfying(ProblemException.class, refused -> {
                        assertThat(refused.problem().status()).isEqualTo(503);
                        assertThat(refused.problem().detail()).contains("memory");
                    });
            small.watch(Player.offer(true, false), Stage.OTHER, StreamRole.MAIN);
            assertThat(small.live.places())
                    .as("of the stream that is watched there may be more")
                    .isEqualTo(2);
        }
    }

    @Test
    void placesAreBounded() {
        stage.new Camera(GOP, Stage.H264).pictures(1);
        for (int i = 0; i < 8; i++) {
            stage.watch(Player.offer(true, false));
        }
        assertThatThrownBy(() -> stage.watch(Player.offer(true, false)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().status()).isEqualTo(503));
        stage.watch(Player.offer(true, false), Stage.OTHER, StreamRole.MAIN);
        assertThat(stage.live.places()).isEqualTo(9);
    }
}
