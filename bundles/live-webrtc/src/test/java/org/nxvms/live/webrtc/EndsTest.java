// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.live.webrtc.secure.RecordQueue;
import org.nxvms.live.webrtc.secure.SrtpProfile;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.test.kit.Awaiting;

/** Every way that a view ends, and that what ends one is not felt by others. */
class EndsTest {
    private static final SrtpProfile[] ALL = SrtpProfile.values();
    private static final int GOP = 25;

    /** What others in this process have left is theirs. */
    private final Set<Thread> before = threads();

    private final Stage stage = new Stage();

    @AfterEach
    void end() {
        stage.close();
    }

    private Stage.Camera camera() {
        Stage.Camera camera = stage.new Camera(GOP, Stage.H264);
        camera.pictures(5);
        return camera;
    }

    private static void awaitGoodbye(Player player, Stage stage) throws Exception {
        player.takeUntil("a goodbye", player::goodbye);
        Awaiting.until("its place is free", () -> stage.live.places() == 0);
    }

    @Test
    void deleteEndsIt() throws Exception {
        Stage.Camera camera = camera();
        try (Player player = new Player(0, 1, ALL)) {
            LiveWebRtc.Answered answered = stage.watch(Player.offer(true, false));
            player.connect(answered.sdp());
            player.play(camera, 5);
            assertThat(stage.live.end(Stage.CAMERA, answered.id(), Stage.OTHER.id()))
                    .as("nobody ends another's view")
                    .isFalse();
            assertThat(stage.live.end(Stage.CAMERA, answered.id(), Stage.USER.id()))
                    .isTrue();
            awaitGoodbye(player, stage);
            assertThat(stage.live.end(Stage.CAMERA, answered.id(), Stage.USER.id()))
                    .isFalse();
        }
    }

    @Test
    void aRightThatIsTakenAwayEndsIt() throws Exception {
        Stage.Camera camera = camera();
        try (Player player = new Player(0, 1, ALL)) {
            player.connect(stage.watch(Player.offer(true, false)).sdp());
            player.play(camera, 5);
            stage.guard.closed = true;
            stage.later(2_000);
            awaitGoodbye(player, stage);
        }
    }

    @Test
    void aCameraThatIsRemovedEndsItWhateverOneMay() throws Exception {
        Stage.Camera camera = camera();
        try (Player player = new Player(0, 1, ALL)) {
            player.connect(stage.watch(Player.offer(true, false)).sdp());
            player.play(camera, 5);
            stage.cameraRemoved = true;
            stage.hub.remove(StreamId.main(Stage.CAMERA));
            stage.later(2_000);
            awaitGoodbye(player, stage);
        }
    }

    /** The player goes on checking the way, so that nothing but its goodbye can end the view. */
    @Test
    void thePlayersGoodbyeEndsIt() throws Exception {
        Stage.Camera camera = camera();
        try (Player player = new Player(0, 1, ALL)) {
            player.connect(stage.watch(Player.offer(true, false)).sdp());
            player.play(camera, 5);
            player.sayGoodbye();
            player.takeUntil("its place is free", () -> stage.live.places() == 0);
        }
    }

    @Test
    void aPlayerThatIsNotHeardAnyMoreIsGivenUp() throws Exception {
        Stage.Camera camera = camera();
        try (Player player = new Player(0, 1, ALL)) {
            player.connect(stage.watch(Player.offer(true, false)).sdp());
            player.play(camera, 5);
            assertThat(stage.live.places()).isEqualTo(1);
            player.fallSilent();
            stage.later(Viewer.CONSENT_MS_MAX + 1_000);
            Awaiting.until("its place is free", () -> stage.live.places() == 0);
        }
    }

    @Test
    void aPlayerThatNeverComesIsGivenUp() {
        camera();
        stage.watch(Player.offer(true, false));
        assertThat(stage.live.places()).isEqualTo(1);
        stage.later(Viewer.REACH_MS_MAX + 1_000);
        Awaiting.until("its place is free", () -> stage.live.places() == 0);
    }

    @Test
    void aPlayerThatComesAndAgreesOnNoKeysIsGivenUp() throws Exception {
        camera();
        try (Player player = new Player(0, 1, ALL)) {
            String answer = stage.watch(Player.offer(true, false)).sdp();
            long stepMs = 4_000;
            for (long ms = 0; ms + stepMs < Viewer.KEYS_MS_MAX - 10_000; ms += stepMs) {
                // It is still waited for.
                player.knockUntilHeard(answer);
                stage.later(stepMs);
            }
            long deadline = System.nanoTime() + 60_000_000_000L;
            while (stage.live.places() > 0) {
                assertThat(System.nanoTime()).as("60 s for its place").isLessThan(deadline);
                player.knock(answer);
                stage.later(1_000);
            }
        }
    }

    @Test
    void aCameraThatChangesToAnotherCodecEndsIt() throws Exception {
        Stage.Camera camera = camera();
        try (Player player = new Player(0, 1, ALL)) {
            player.connect(stage.watch(Player.offer(true, false)).sdp());
            player.play(camera, 5);
            camera.startRun(Stage.HEVC);
            camera.pictures(1);
            awaitGoodbye(player, stage);
        }
    }

    @Test
    void aPlayerWithAnotherCertificateGetsNoPicture() throws Exception {
        camera();
        String offer = Player.offer(true, false).replaceFirst("sha-256 ..", "sha-256 00");
        String second = Player.offer(true, false).replaceFirst("sha-256 ..", "sha-256 01");
        try (Player player = new Player(0, 1, ALL)) {
            // One of the two differs from the certificate for sure.
            String wrong = offer.equals(Player.offer(true, false)) ? second : offer;
            String answer = stage.watch(wrong).sdp();
            assertThatThrownBy(() -> player.connect(answer)).isInstanceOf(java.io.IOException.class);
            Awaiting.until("its place is free", () -> stage.live.places() == 0);
        }
    }

    // ---- the others go on

    @Test
    void whatGoesWrongWithOneViewerEndsThatOne() throws Exception {
        Stage.Camera camera = camera();
        try (Player one = new Player(0, 1, ALL);
                Player other = new Player(0, 2, ALL)) {
            one.connect(stage.watch(Player.offer(true, false)).sdp());
            other.connect(stage.watch(Player.offer(true, false), Stage.OTHER, StreamRole.MAIN)
                    .sdp());
            one.play(camera, 5);
            other.play(camera, 5);
            stage.guard.stumblesAt = Stage.OTHER.id();
            stage.later(2_000);
            other.takeUntil("a goodbye", other::goodbye);
            Awaiting.until("its place is free", () -> stage.live.places() == 1);
            camera.pictures(GOP);
            one.play(camera, one.pictures().units().size() + GOP);
            assertThat(one.goodbye()).isFalse();
        }
    }

    @Test
    void whatGoesWrongWithOneStreamEndsThatOnesViews() throws Exception {
        Stage torn = new Stage(new Pump.Limits(10, 8, 16 << 20, 64 << 20, 2), EndsTest::tornAtSub);
        try (torn;
                Player one = new Player(0, 1, ALL)) {
            Stage.Camera camera = torn.new Camera(GOP, Stage.H264);
            camera.pictures(5);
            torn.new Camera(StreamRole.SUB, GOP, Stage.H264).pictures(5);
            one.connect(torn.watch(Player.offer(true, false)).sdp());
            one.play(camera, 5);
            torn.watch(Player.offer(true, false), Stage.OTHER, StreamRole.SUB);
            Awaiting.until("the view of the torn stream has ended", () -> torn.live.places() == 1);
            camera.pictures(GOP);
            one.play(camera, one.pictures().units().size() + GOP);
            assertThat(one.goodbye()).isFalse();
        }
    }

    /** A hub whose sub streams cannot be followed. */
    private static StreamHub tornAtSub(StreamHub hub) {
        return (StreamHub) Proxy.newProxyInstance(
                EndsTest.class.getClassLoader(), new Class<?>[] {StreamHub.class}, (self, method, arguments) -> {
                    if (method.getName().equals("openReader")
                            && arguments[1].equals("live-webrtc")
                            && ((StreamId) arguments[0]).role() == StreamRole.SUB) {
                        throw new IllegalStateException("a torn stream, as this test wants it");
                    }
                    try {
                        return method.invoke(hub, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    // ---- the part stops

    @Test
    void whoWatchesIsToldThatThePartStopsAndNothingOfItIsLeft() throws Exception {
        Stage.Camera camera = camera();
        try (Player player = new Player(0, 1, ALL);
                Player halfWay = new Player(0, 2, ALL)) {
            player.connect(stage.watch(Player.offer(true, false)).sdp());
            player.play(camera, 5);
            halfWay.knockUntilHeard(stage.watch(Player.offer(true, false)).sdp());
            halfWay.sendJunk(1);
            Awaiting.until("its handshake waits for what follows", this::isHandshakeWaiting);
            stage.close();
            awaitGoodbye(player, stage);
            Awaiting.until("no thread is left", () -> before.containsAll(threads()));
            // Somebody else on this machine may have it for a moment.
            Awaiting.until("the port is free", () -> isFree(player.serverPort()));
        }
    }

    private static boolean isFree(int port) {
        try (DatagramSocket again = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
            return again.isBound();
        } catch (SocketException taken) {
            return false;
        }
    }

    /** The pump looks after records, too; a handshake waits for them. */
    private boolean isHandshakeWaiting() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(one ->
                        one.getKey().getName().startsWith("nxvms-webrtc-dtls-") && !before.contains(one.getKey()))
                .flatMap(one -> Arrays.stream(one.getValue()))
                .anyMatch(frame -> frame.getClassName().equals(RecordQueue.class.getName()));
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && thread.getName().startsWith("nxvms-webrtc-"))
                .collect(Collectors.toSet());
    }
}
