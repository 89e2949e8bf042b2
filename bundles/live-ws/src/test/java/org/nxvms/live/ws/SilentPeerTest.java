// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nxvms.media.StreamId;
import org.nxvms.test.kit.Awaiting;

/** Machines that have vanished: their sockets take what little is sent, and nobody is behind them. */
@Timeout(120)
class SilentPeerTest extends ServletScene {
    private static final String WALL = "/ws/v1/live";
    private static final String WRONG =
            "{\"type\":\"subscribe\",\"cameraId\":\"" + Stage.OTHER + "\",\"stream\":\"third\"}";

    /** Of the server; it stands still unless it is moved. */
    private static final AtomicLong CLOCK = new AtomicLong(1_000_000);

    SilentPeerTest() {
        super(new LivePump.Limits(20, 10, 8 << 20, 32 << 20, 2), CLOCK::get);
    }

    private RawPeer wall() throws Exception {
        RawPeer peer = new RawPeer(address(), WALL, "good");
        peer.send(RawPeer.TEXT, "{\"type\":\"subscribe\",\"cameraId\":\"" + Stage.CAMERA + "\"}");
        peer.untilTold("init");
        return peer;
    }

    @Test
    void whoAnswersNoPingLosesItsPlacesAndWhoAnswersKeepsThem() throws Exception {
        Stage.Camera camera = new Stage.Camera(hub, StreamId.main(Stage.CAMERA), 10, 1_000);
        camera.startRun(Stage.H264);
        camera.pictures(3);
        try (RawPeer silentWall = wall();
                RawPeer silent = new RawPeer(address(), WALL + "/" + Stage.CAMERA, "good");
                RawPeer there = wall()) {
            silent.untilTold("init");
            silent.send(RawPeer.TEXT, "{\"type\":\"pause\"}");
            assertThat(servlet.pump().places()).isEqualTo(5);
            for (int ping = 1; ping <= SocketSender.UNANSWERED_MAX; ping++) {
                CLOCK.addAndGet(LivePump.PING_MS);
                silentWall.until(RawPeer.PING);
                silent.until(RawPeer.PING);
                answer(there);
            }
            CLOCK.addAndGet(LivePump.PING_MS);
            for (RawPeer gone : new RawPeer[] {silentWall, silent}) {
                RawPeer.Frame end = gone.until(RawPeer.CLOSE);
                assertThat(end.closeCode()).isEqualTo(CloseCode.TRY_AGAIN);
                assertThat(end.text()).contains(SocketSender.SILENT);
            }
            answer(there);
            untilPlacesAre(2);
        }
        Awaiting.until("who went has left", () -> {
            CLOCK.addAndGet(LivePump.PING_MS);
            return servlet.pump().places() == 0;
        });
    }

    /** What is said behind the pong is answered behind it: then it has been heard. */
    private static void answer(RawPeer there) throws Exception {
        there.until(RawPeer.PING);
        there.send(RawPeer.PONG, "");
        there.send(RawPeer.TEXT, WRONG);
        there.untilTold("third");
    }
}
