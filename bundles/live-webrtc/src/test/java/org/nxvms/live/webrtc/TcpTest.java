// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.live.webrtc.secure.SrtpProfile;
import org.nxvms.test.kit.Awaiting;

/** Players whose network lets no UDP through come by one TCP port; what strangers may do there is little. */
class TcpTest {
    private static final int GOP = 25;
    /** Far less than what a connection holds, so that none of it is left out, however late it is read. */
    private static final int FEW = 5;

    private static final int WAIT_MS_MAX = 60_000;

    private final Stage stage = new Stage();
    private final List<Socket> strangers = new ArrayList<>();

    @AfterEach
    void end() throws IOException {
        for (Socket stranger : strangers) {
            stranger.close();
        }
        stage.close();
    }

    private Stage.Camera camera() {
        Stage.Camera camera = stage.new Camera(GOP, Stage.H264);
        camera.pictures(5);
        return camera;
    }

    private String answer() {
        return stage.watch(Player.offer(true, false)).sdp();
    }

    private Socket stranger() throws IOException {
        Awaiting.until("ports are open", stage.live::isListening);
        Socket stranger = new Socket(InetAddress.getLoopbackAddress(), stage.live.tcpPort());
        stranger.setSoTimeout(WAIT_MS_MAX);
        strangers.add(stranger);
        return stranger;
    }

    /** Waits until the server closes it. */
    private static void awaitClosed(Socket stranger) throws IOException {
        try {
            assertThat(stranger.getInputStream().read())
                    .as("nothing is said to strangers")
                    .isEqualTo(-1);
        } catch (SocketException reset) {
            // Closed while something of ours had not been read.
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    // ---- players

    @Test
    void allPicturesComeByTheOnePortForAll() throws Exception {
        Stage.Camera camera = camera();
        try (Player one = Player.overTcp();
                Player other = Player.overTcp()) {
            String answer = answer();
            assertThat(answer)
                    .containsPattern("a=candidate:2\\d+ 1 tcp \\d+ 127\\.0\\.0\\.1 " + stage.live.tcpPort()
                            + " typ host tcptype passive\r\n");
            one.connect(answer);
            one.playOut(camera);
            other.connect(answer());
            other.playOut(camera);
            one.playOut(camera);
            for (int round = 0; round < 20; round++) {
                camera.pictures(FEW);
                one.playOut(camera);
                other.playOut(camera);
            }
            assertSame(one, camera);
            assertSame(other, camera);
            assertThat(stage.live.tcpConnections()).isEqualTo(2);
        }
    }

    /** What came is what the camera wrote, from the first picture on. */
    private static void assertSame(Player player, Stage.Camera camera) {
        List<byte[]> come = player.pictures().units();
        for (int i = 0; i < come.size(); i++) {
            assertThat(Arrays.equals(come.get(i), camera.pictures.get(i)))
                    .as("picture %d of %d is that of the camera", i, come.size())
                    .isTrue();
        }
    }

    @Test
    void theEndOfAViewIsTheEndOfItsConnection() throws Exception {
        Stage.Camera camera = camera();
        try (Player player = Player.overTcp()) {
            LiveWebRtc.Answered answered = stage.watch(Player.offer(true, false));
            player.connect(answered.sdp());
            player.play(camera, 5);
            stage.live.end(Stage.CAMERA, answered.id(), Stage.USER.id());
            player.takeUntil("a goodbye", player::goodbye);
            Awaiting.until("its connection is closed", () -> stage.live.tcpConnections() == 0);
        }
    }

    @Test
    void aPlayerWhoseConnectionBreaksComesAgainByAnother() throws Exception {
        Stage.Camera camera = camera();
        try (Player player = Player.overTcp()) {
            player.connect(answer());
            player.play(camera, 5);
            player.reconnect();
            // What was on its way is sent again.
            for (int round = 0; round < 10; round++) {
                camera.pictures(FEW);
                player.play(camera, camera.pictures.size() - 1);
            }
            assertSame(player, camera);
            Awaiting.until("the broken one is gone", () -> stage.live.tcpConnections() == 1);
        }
    }

    /** Who does not read for a while misses whole groups of pictures, goes on with a key frame, and holds up nobody. */
    @Test
    void whoIsTooSlowGoesOnWithAKeyFrameAndOthersMissNothing() throws Exception {
        Stage.Camera camera = camera();
        try (Player slow = Player.overTcp();
                Player quick = new Player(0, 1, SrtpProfile.values())) {
            slow.connect(answer());
            slow.playOut(camera);
            quick.connect(answer());
            quick.playOut(camera);
            for (int round = 0; round < 20; round++) {
                slow.stayHeard();
                camera.pictures(GOP);
                quick.playOut(camera);
            }
            byte[] newest = camera.pictures.get(camera.pictures.size() - 1);
            slow.takeUntil(
                    "the newest picture",
                    () -> Arrays.equals(
                            newest,
                            slow.pictures().units().get(slow.pictures().units().size() - 1)));
            assertSame(quick, camera);
            assertThat(slow.pictures().units()).hasSizeLessThan(camera.pictures.size() - GOP);
            assertOnlyGroupsAreMissing(slow.pictures().units(), camera.pictures);
        }
    }

    private static void assertOnlyGroupsAreMissing(List<byte[]> come, List<byte[]> sent) {
        int next = 0;
        for (byte[] picture : come) {
            int at = next;
            while (at < sent.size() && !Arrays.equals(sent.get(at), picture)) {
                at++;
            }
            if (at == sent.size()) {
                // Half a picture, the rest of which was left out: what follows is a key frame.
                next += (GOP - next % GOP) % GOP;
                continue;
            }
            assertThat(at == next || at % GOP == 0)
                    .as("picture %d after %d", at, next - 1)
                    .isTrue();
            next = at + 1;
        }
    }

    // ---- strangers

    @Test
    void whoSaysNothingOrHalfAFrameIsSentAway() throws Exception {
        Socket silent = stranger();
        Socket half = stranger();
        half.getOutputStream().write(new byte[] {1, 0, 0, 1});
        Awaiting.until("both are in", () -> stage.live.tcpConnections() == 2);
        stage.later(TcpSockets.STRANGER_MS_MAX + 1_000);
        awaitClosed(silent);
        awaitClosed(half);
        Awaiting.until("both are forgotten", () -> stage.live.tcpConnections() == 0);
    }

    @Test
    void aLengthThatIsNoPlayersEndsIt() throws Exception {
        Socket hostile = stranger();
        hostile.getOutputStream().write(new byte[] {(byte) 0xFF, (byte) 0xFF, 0, 1});
        awaitClosed(hostile);
    }

    @Test
    void whoSaysMuchAndProvesNothingIsSentAway() throws Exception {
        Socket talker = stranger();
        byte[] frames = new byte[2 * TcpPath.STRANGER_BYTES_MAX];
        for (int at = 0; at < frames.length; at += 128) {
            ByteBuffer.wrap(frames, at, 2).putShort((short) 126);
        }
        try {
            talker.getOutputStream().write(frames);
        } catch (SocketException closedAlready) {
            assertThat(closedAlready).isNotNull();
        }
        awaitClosed(talker);
    }

    @Test
    void theOldestStrangerMakesRoomAndPlayersComeIn() throws Exception {
        Stage.Camera camera = camera();
        Socket oldest = stranger();
        Awaiting.until("it is in", () -> stage.live.tcpConnections() == 1);
        for (int i = 0; i < TcpSockets.STRANGERS_PER_ADDRESS_MAX; i++) {
            stranger();
        }
        awaitClosed(oldest);
        try (Player player = Player.overTcp()) {
            player.connect(answer());
            player.play(camera, 5);
            for (int i = 0; i < 2 * TcpSockets.STRANGERS_PER_ADDRESS_MAX; i++) {
                stranger();
            }
            awaitClosed(strangers.get(2 * TcpSockets.STRANGERS_PER_ADDRESS_MAX));
            Awaiting.until(
                    "who has proved itself is no stranger",
                    () -> stage.live.tcpConnections() == TcpSockets.STRANGERS_PER_ADDRESS_MAX + 1);
            camera.pictures(FEW);
            player.playOut(camera);
        }
    }
}
